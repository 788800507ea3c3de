//! Every door of the issuer without its database: none opens (security.md TK-13).

use std::time::Duration;

use genkan::domain::client::AccessTokenFormat;
use reqwest::{Method, RequestBuilder};
use serde_json::json;

use super::world::{CALLBACK, CHALLENGE, SECRET, VERIFIER, World};
use crate::support::app::{PASSWORD, TestApp};
use crate::support::browser::Page;

/// A world in which everything that could be used is there, and nothing of it is remembered.
async fn world() -> World {
    let app = TestApp::with(|config| {
        config.issuer.password_grant = true;
        config.issuer.dynamic_registration = true;
    });
    let app = app.await;
    let client = super::world::register(&app, |_| {}).await;
    let browser = app.browser_of("hanako").await;
    World { app, client, browser }
}

/// Takes the database away, and lets what was remembered be forgotten.
fn cut_off(world: &World) {
    world.app.break_database();
    world.app.clock.advance(Duration::from_secs(5));
}

async fn assert_shut(name: &str, request: RequestBuilder) {
    let page = Page::read(request).await;
    assert!(page.status >= 500, "{name}: {page:?}");
    assert_eq!(page.header("location"), "", "{name}");
    for word in ["access_token", "request_uri", "device_code", "\"active\"", "\"sub\"", "code="] {
        assert!(!page.text.contains(word), "{name}: {page:?}");
    }
}

#[actix_web::test]
async fn tk_13_without_the_database_no_grant_gives_a_token() {
    let world = world().await;
    let tokens = world.tokens("openid offline_access").await;
    let code = world.allow(&[]).await.get("code");
    let device = world.ask("/oauth/device_authorization", &[("scope", "openid")]).await.json();
    let (refresh, device) = (tokens["refresh_token"].as_str().expect("a token"), device["device_code"].as_str().expect("a code"));
    cut_off(&world);

    for fields in [
        vec![("grant_type", "authorization_code"), ("code", &*code), ("redirect_uri", CALLBACK), ("code_verifier", VERIFIER)],
        vec![("grant_type", "refresh_token"), ("refresh_token", refresh)],
        vec![("grant_type", "client_credentials")],
        vec![("grant_type", "urn:ietf:params:oauth:grant-type:device_code"), ("device_code", device)],
        vec![("grant_type", "password"), ("username", "hanako"), ("password", PASSWORD)],
        vec![("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"), ("assertion", "e30.e30.e30")],
    ] {
        let request = world.app.browser().request(Method::POST, "/oauth/token").form(&fields);
        assert_shut(fields[0].1, request.basic_auth(world.client.id.as_str(), Some(SECRET))).await;
    }
}

#[actix_web::test]
async fn tk_13_without_the_database_no_question_about_a_token_is_answered() {
    for format in [AccessTokenFormat::Jwt, AccessTokenFormat::Opaque] {
        let mut world = world().await;
        world.client = super::world::register(&world.app, |client| client.metadata.access_token_format = format).await;
        let tokens = world.tokens("openid profile offline_access").await;
        let (access, refresh) = (tokens["access_token"].as_str().expect("a token"), tokens["refresh_token"].as_str().expect("a token"));
        cut_off(&world);

        for path in ["/oauth/introspect", "/oauth/revoke"] {
            for token in [access, refresh] {
                let request = world.app.browser().request(Method::POST, path).form(&[("token", token)]);
                assert_shut(path, request.basic_auth(world.client.id.as_str(), Some(SECRET))).await;
            }
        }
        for path in ["/oauth/userinfo", "/api/me", "/api/session"] {
            assert_shut(path, world.app.browser().request(Method::GET, path).bearer_auth(access)).await;
        }
        for path in ["/api/me", "/api/session", "/api/verify", "/api/verify?redirect=true", "/api/verify?group=editors"] {
            assert_shut(path, world.browser.request(Method::GET, path)).await;
        }
    }
}

#[actix_web::test]
async fn tk_13_without_the_database_nobody_is_sent_anywhere() {
    let world = world().await;
    let page = world.browser.open(&world.authorize(&[])).await;
    let path = page.location().to_owned();
    let question = world.browser.follow(&page).await;
    let fields = question.hidden_fields(&path);
    let client = [("client_id", world.client.id.as_str())];
    let pushed = [("redirect_uri", CALLBACK), ("response_type", "code"), ("scope", "openid"), ("code_challenge", CHALLENGE)];
    cut_off(&world);

    let (stranger, own) = (world.app.browser(), &world.browser);
    let post = |path: &str, fields: &[(String, String)]| {
        let base = format!("http://127.0.0.1:{}", world.app.port);
        own.request(Method::POST, path).header("origin", base).header("sec-fetch-site", "same-origin").form(fields)
    };
    for (name, request) in [
        ("a stranger's request", stranger.request(Method::GET, &world.authorize(&[]))),
        ("a silent request", stranger.request(Method::GET, &world.authorize(&[("prompt", "none")]))),
        ("a request", own.request(Method::GET, &world.authorize(&[]))),
        ("going on", own.request(Method::GET, &path)),
        ("a yes", post(&path, &fields)),
        ("a no", post(&format!("{path}/cancel"), &fields)),
        ("a posted request", stranger.request(Method::POST, "/oauth/authorize").form(&client)),
        ("a pushed request", stranger.request(Method::POST, "/oauth/par").form(&pushed).basic_auth(client[0].1, Some(SECRET))),
        ("a sign-out", own.request(Method::GET, &format!("/oauth/logout?client_id={}", client[0].1))),
        ("a device", own.request(Method::GET, "/device?user_code=WDJB-MJHT")),
        ("a registration", stranger.request(Method::POST, "/oauth/register").json(&json!({ "redirect_uris": [CALLBACK] }))),
        ("applications", own.request(Method::GET, "/applications")),
        ("an application", own.request(Method::GET, &format!("/applications/{}", client[0].1))),
        ("a consent", post("/account/applications/revoke", &fields)),
    ] {
        assert_shut(name, request).await;
    }
}
