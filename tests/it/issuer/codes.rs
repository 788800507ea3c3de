//! Codes: once, soon, by whom they were made for.

use std::time::Duration;

use super::world::{SECRET, World, assert_refused, claims, register};
use crate::support::logs;

#[actix_web::test]
async fn tk_01_a_code_gives_tokens_once_and_a_second_use_ends_them() {
    let world = World::new().await;
    let code = world.allow(&[]).await.get("code");

    let tokens = world.redeem(&code).await;
    assert_eq!((tokens.status, tokens.header("cache-control")), (200, "no-store"), "{tokens:?}");
    let tokens = tokens.json();
    assert_eq!((tokens["token_type"].as_str(), tokens["expires_in"].as_u64()), (Some("Bearer"), Some(600)), "{tokens}");
    assert_eq!(tokens["scope"], "openid profile");
    let id = claims(tokens["id_token"].as_str().expect("an ID Token"));
    assert_eq!((&id["nonce"], &id["aud"]), (&"the nonce".into(), &world.client.id.to_string().into()), "{id}");
    assert_refused(&world.redeem(&code).await, 400, "invalid_grant");
}

#[actix_web::test]
async fn tk_02_a_second_use_of_a_code_revokes_everything_issued_from_it() {
    let world = World::new().await;
    let code = world.allow(&[("scope", "openid offline_access")]).await.get("code");
    let first = world.redeem(&code).await.json();
    let refresh = first["refresh_token"].as_str().expect("a refresh token");

    assert_refused(&world.redeem(&code).await, 400, "invalid_grant");

    assert_refused(&world.refresh(refresh).await, 400, "invalid_grant");
    assert!(logs::all_text().contains("code_reused"));
}

#[actix_web::test]
async fn tk_01_of_parallel_uses_of_a_code_one_counts_and_all_ends() {
    let world = World::new().await;
    let code = world.allow(&[("scope", "openid offline_access")]).await.get("code");

    let answers = futures_util::future::join_all((0..8).map(|_| world.redeem(&code))).await;

    let given: Vec<_> = answers.iter().filter(|page| page.status == 200).collect();
    assert!(given.len() <= 1, "{answers:?}");
    for page in given {
        let refresh = page.json()["refresh_token"].as_str().expect("a refresh token").to_owned();
        assert_refused(&world.refresh(&refresh).await, 400, "invalid_grant");
    }
}

#[actix_web::test]
async fn tk_01_a_code_is_bound_to_client_address_and_verifier() {
    let world = World::new().await;
    let code = world.allow(&[]).await.get("code");

    for (changed, error) in [
        (("redirect_uri", ""), "invalid_request"),
        (("redirect_uri", "https://app.example/other"), "invalid_grant"),
        (("code_verifier", ""), "invalid_grant"),
        (("code_verifier", "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXX"), "invalid_grant"),
        (("code_verifier", "short"), "invalid_grant"),
        (("code", ""), "invalid_request"),
        (("code", "unknown"), "invalid_grant"),
    ] {
        assert_refused(&world.redeem_with(&code, &[changed]).await, 400, error);
    }
    let other = register(&world.app, |_| {}).await;
    let World { app, client, browser } = world;
    let thief = World { app, client: other, browser };
    assert_refused(&thief.redeem(&code).await, 400, "invalid_grant");
    let world = World { client, ..thief };
    assert_eq!(world.redeem(&code).await.status, 200, "what others try uses nothing up");
}

#[actix_web::test]
async fn as_03_a_verifier_without_a_challenge_is_refused() {
    let world = World::with(|client| client.metadata.requires_pkce = false).await;
    let code = world.allow(&[("code_challenge", ""), ("code_challenge_method", "")]).await.get("code");

    assert_refused(&world.redeem(&code).await, 400, "invalid_grant");
}

#[actix_web::test]
async fn tk_01_a_code_is_good_for_a_minute() {
    let world = World::new().await;
    let code = world.allow(&[]).await.get("code");

    world.app.clock.advance(Duration::from_secs(60));

    assert_refused(&world.redeem(&code).await, 400, "invalid_grant");
}

#[actix_web::test]
async fn tk_01_a_code_ends_with_the_session_it_was_made_in() {
    let world = World::new().await;
    let code = world.allow(&[]).await.get("code");
    let page = world.browser.open("/account").await;

    world.browser.submit(&page, "/logout", &[]).await;

    assert_refused(&world.redeem(&code).await, 400, "invalid_grant");
}

#[actix_web::test]
async fn tk_07_the_token_endpoint_takes_forms_by_post_and_nothing_else() {
    let world = World::new().await;
    let browser = world.app.browser();
    let ask = |method: &str| browser.request(reqwest::Method::from_bytes(method.as_bytes()).expect("a method"), "/oauth/token");

    let got = crate::support::browser::Page::read(ask("GET")).await;
    assert_eq!((got.status, got.json()["error"].as_str()), (405, Some("method_not_allowed")), "{got:?}");
    let json =
        ask("POST").basic_auth(world.client.id.as_str(), Some(SECRET)).json(&serde_json::json!({"grant_type": "client_credentials"}));
    assert_refused(&crate::support::browser::Page::read(json).await, 400, "invalid_request");
    let query = browser.request(reqwest::Method::POST, "/oauth/token?grant_type=client_credentials").form(&[("a", "b")]);
    assert_refused(&crate::support::browser::Page::read(query).await, 400, "invalid_request");
    for (fields, error) in [
        (vec![], "invalid_request"),
        (vec![("grant_type", "implicit")], "unsupported_grant_type"),
        (vec![("grant_type", "client_credentials"), ("grant_type", "client_credentials")], "invalid_request"),
    ] {
        assert_refused(&world.token(&fields).await, 400, error);
    }
}

#[actix_web::test]
async fn tk_05_a_client_uses_the_grants_it_registered() {
    let world = World::with(|client| client.metadata.grants.clear()).await;

    for grant in genkan::domain::client::Grant::ALL {
        assert_refused(&world.token(&[("grant_type", grant.as_str())]).await, 400, "unauthorized_client");
    }
    let page = world.browser.open(&world.authorize(&[])).await;
    assert_eq!(super::world::Answer::of(page.location()).get("error"), "unauthorized_client");
}

#[actix_web::test]
async fn tk_14_whoever_is_disabled_meanwhile_gets_nothing() {
    let world = World::new().await;
    let code = world.allow(&[("scope", "openid offline_access")]).await.get("code");

    world.app.execute("UPDATE users SET disabled_at = '2026-11-20 12:00:00'");
    assert_refused(&world.redeem(&code).await, 400, "invalid_grant");
    world.app.execute_elsewhere("UPDATE users SET disabled_at = NULL; UPDATE clients SET disabled_at = '2026-11-20 12:00:00'");
    assert_refused(&world.redeem(&code).await, 401, "invalid_client");
}

#[actix_web::test]
async fn lg_03_neither_codes_nor_tokens_are_logged() {
    let world = World::new().await;
    let code = world.allow(&[("state", "an-unloggable-state")]).await.get("code");
    let tokens = world.redeem(&code).await.json();

    let log = logs::all_text();

    for secret in [code.as_str(), "an-unloggable-state", "the nonce", SECRET] {
        assert!(!log.contains(secret), "{secret}");
    }
    for name in ["access_token", "refresh_token", "id_token"] {
        assert!(!log.contains(tokens[name].as_str().expect("a token")), "{name}");
    }
}
