//! What somebody could try who knows the protocol well.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use genkan::domain::client::ClientAuthentication;
use serde_json::json;

use super::world::{Answer, CALLBACK, CHALLENGE, World, assert_refused, register};
use crate::support::app::{PASSWORD, TestApp};
use crate::support::browser::Page;
use crate::support::database::{Backend, TestDatabase};

/// Opens a request in a browser of its own in which nobody is signed in; returns the way on.
async fn begin_elsewhere(world: &World, changed: &[(&str, &str)]) -> String {
    let page = world.app.browser().open(&world.authorize(changed)).await;
    page.location().split("return_to=").nth(1).expect("a way back").replace("%2F", "/")
}

#[actix_web::test]
async fn as_07_a_request_begun_in_another_browser_makes_an_old_sign_in_no_younger() {
    let world = World::new().await;
    world.allow(&[]).await;

    for wish in [("prompt", "login"), ("max_age", "60")] {
        world.app.clock.advance(Duration::from_secs(3_600));
        let path = begin_elsewhere(&world, &[wish]).await;
        let page = world.browser.open(&path).await;
        assert!(page.location().starts_with("/login?again=1"), "{wish:?}: {page:?}");

        let login = world.browser.follow(&page).await;
        let page = world.browser.submit(&login, "/login", &[("identifier", "hanako"), ("password", PASSWORD)]).await;
        assert!(world.agree(page).await.find("code").is_some(), "{wish:?}");
    }
}

#[actix_web::test]
async fn dp_04_a_sign_in_for_a_request_counts_although_the_clocks_of_two_replicas_differ() {
    let world = World::new().await;
    let page = world.browser.open(&world.authorize(&[("prompt", "login")])).await;
    let login = world.browser.follow(&page).await;
    world.app.execute("UPDATE authorization_requests SET created_at = '2026-11-20 12:01:30'");

    let page = world.browser.submit(&login, "/login", &[("identifier", "hanako"), ("password", PASSWORD)]).await;

    assert!(world.agree(page).await.find("code").is_some());
}

#[actix_web::test]
async fn as_06_a_pushed_request_needs_its_client_named_once() {
    let world = World::new().await;
    let pushed = [
        ("redirect_uri", CALLBACK),
        ("response_type", "code"),
        ("scope", "openid"),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
    ];
    let page = world.ask("/oauth/par", &pushed).await;
    let uri = page.json()["request_uri"].as_str().expect("a name").to_owned();
    let id = world.client.id.as_str();

    for clients in [&[][..], &["", id], &[id, "app-23456789234567892345"], &[id, id]] {
        let pairs = clients.iter().map(|id| ("client_id", *id)).chain([("request_uri", uri.as_str())]);
        let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
        let page = world.browser.open(&format!("/oauth/authorize?{query}")).await;
        assert_eq!((page.status, page.header("location")), (400, ""), "{clients:?}: {page:?}");
    }
}

#[actix_web::test]
async fn wb_07_the_name_of_a_posted_request_leads_to_no_other_page() {
    let world = World::new().await;

    for name in ["\r\nset-cookie: a=b", "../../logout", "../..//evil.example", "x?y#z", "\u{0}", "é", &"a".repeat(4_000)] {
        let fields = [
            ("client_id".to_owned(), world.client.id.to_string()),
            ("request_uri".to_owned(), format!("urn:ietf:params:oauth:request_uri:{name}")),
        ];
        let page = world.browser.post("/oauth/authorize", &fields).await;
        assert_eq!((page.status, page.header("location")), (400, ""), "{name:?}: {page:?}");
    }
}

#[actix_web::test]
async fn tk_01_what_a_client_may_no_longer_do_a_code_of_before_does_not_do_either() {
    let without_challenge = [("code_challenge", ""), ("code_challenge_method", "")];
    let world = World::with(|client| client.metadata.requires_pkce = false).await;
    let replace = |old: &str, new: &str| {
        world.app.execute(&format!("UPDATE clients SET metadata = replace(metadata, '{old}', '{new}')"));
        // For as long is what was read of a client remembered.
        world.app.clock.advance(Duration::from_secs(1));
    };

    let code = world.allow(&without_challenge).await.get("code");
    replace("\"requires_pkce\":false", "\"requires_pkce\":true");
    assert_refused(&world.redeem_with(&code, &[("code_verifier", "")]).await, 400, "invalid_grant");

    let code = world.allow(&[]).await.get("code");
    replace("app.example/callback", "app.example/other");
    assert_refused(&world.redeem(&code).await, 400, "invalid_grant");
}

#[actix_web::test]
async fn tk_06_a_client_that_changes_its_way_of_authentication_has_no_way_back() {
    let world = World::with(|client| client.metadata.authentication = ClientAuthentication::ClientSecretPost).await;
    let fields = [("grant_type", "client_credentials")];
    assert_refused(&world.token(&fields).await, 401, "invalid_client");

    for (old, new) in [("client_secret_post", "private_key_jwt"), ("private_key_jwt", "none")] {
        world.app.execute(&format!("UPDATE clients SET metadata = replace(metadata, '{old}', '{new}')"));
        world.app.clock.advance(Duration::from_secs(1));
        assert_refused(&world.token(&fields).await, 401, "invalid_client");
    }
}

#[actix_web::test]
async fn as_11_whoever_is_signed_out_is_sent_to_nobody_unknown_unasked() {
    let world = World::with(|client| client.is_verified = false).await;
    let hint = world.tokens("openid").await["id_token"].as_str().expect("an ID Token").to_owned();
    let query = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("client_id", world.client.id.as_str())
        .append_pair("post_logout_redirect_uri", "https://app.example/bye")
        .append_pair("id_token_hint", &hint)
        .finish();
    let stranger = world.app.browser();

    let page = stranger.open(&format!("/oauth/logout?{query}")).await;
    assert!(page.status == 200 && page.text.contains("app.example"), "{page:?}");
    assert!(page.header("content-security-policy").contains("form-action 'self' https://app.example "), "{page:?}");
    let page = stranger.submit(&page, "/oauth/logout/confirm", &[]).await;
    assert_eq!(page.location(), "https://app.example/bye");

    world.app.execute("UPDATE clients SET is_verified = 1");
    let page = stranger.open(&format!("/oauth/logout?{query}")).await;
    assert_eq!(page.location(), "https://app.example/bye");
}

#[actix_web::test]
async fn a_yes_of_a_session_that_was_swapped_meanwhile_does_not_count() {
    let world = World::new().await;
    let page = world.browser.open(&world.authorize(&[])).await;
    let path = page.location().to_owned();
    let question = world.browser.follow(&page).await;
    let account = world.browser.open("/account").await;
    world.browser.submit(&account, "/logout", &[]).await;
    let page = world.browser.open("/register").await;
    let fields = [("name", "Taro"), ("username", "taro"), ("email", "taro@example.com"), ("password", PASSWORD)];
    world.browser.submit(&page, "/register", &fields).await;

    let answer = world.browser.post(&path, &question.hidden_fields(&path)).await;

    assert!(!answer.header("location").contains("code="), "{answer:?}");
    let own = world.browser.open(&path).await;
    assert!(own.text.contains("Taro"), "{own:?}");
    assert!(Answer::of(world.press(&own).await.location()).find("code").is_some());
}

#[actix_web::test]
async fn as_11_looking_ahead_signs_nobody_out() {
    let world = World::new().await;
    let hint = world.tokens("openid").await["id_token"].as_str().expect("an ID Token").to_owned();
    let path = format!("/oauth/logout?id_token_hint={hint}");

    for request in [
        world.browser.request(reqwest::Method::HEAD, &path),
        world.browser.request(reqwest::Method::GET, &path).header("sec-purpose", "prefetch;prerender"),
    ] {
        assert_eq!(Page::read(request).await.status, 204);
        assert!(world.browser.is_signed_in().await);
    }
}

/// Asks a genkan on each kind of database for things that not every one of them can store.
#[actix_web::test]
async fn ht_04_no_text_is_too_strange_for_any_database() {
    for backend in [Backend::Sqlite, Backend::Postgres, Backend::Mysql] {
        let Some(database) = TestDatabase::create(backend) else { continue };
        let app = TestApp::with(|config| config.database.url = database.url.clone().into()).await;
        let client = register(&app, |_| {}).await;
        let browser = app.browser_of("hanako").await;
        let world = World { app, client, browser };

        for strange in ["\u{0}", "a\u{0}b", "\u{1F600}", "\u{202E}", "\u{FFFF}", &"\u{1F600}".repeat(100)] {
            for name in ["nonce", "state", "login_hint", "claims", "ui_locales"] {
                let page = world.browser.open(&world.authorize(&[(name, strange)])).await;
                assert!(page.status < 500, "{backend:?} {name} {strange:?}: {page:?}");
                if page.status == 303 && page.location().starts_with('/') {
                    let answer = world.agree(page).await;
                    let code = answer.find("code").unwrap_or_default();
                    assert!(world.redeem(&code).await.status < 500, "{backend:?} {name} {strange:?}");
                }
            }
            let encode = |claims: &serde_json::Value| URL_SAFE_NO_PAD.encode(claims.to_string());
            let header = encode(&json!({ "alg": "ES256", "typ": "JWT" }));
            let assertion = format!("{header}.{}.AAAA", encode(&json!({ "iss": strange, "sub": strange, "jti": strange })));
            let bearer = "urn:ietf:params:oauth:grant-type:jwt-bearer";
            for fields in [
                [("grant_type", bearer), ("assertion", &*assertion)],
                [("grant_type", "password"), ("username", strange)],
                [("grant_type", "refresh_token"), ("refresh_token", strange)],
                [("grant_type", "client_credentials"), ("scope", strange)],
            ] {
                let page = world.token(&fields).await;
                assert!(page.status < 500, "{backend:?} {fields:?}: {page:?}");
            }
        }
    }
}
