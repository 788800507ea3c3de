//! Devices without a browser (RFC 8628).

use std::time::Duration;

use serde_json::Value;

use super::world::{World, assert_refused, register};
use crate::support::browser::Page;

const DEVICE: &str = "urn:ietf:params:oauth:grant-type:device_code";

async fn begin(world: &World) -> Value {
    let page = world.ask("/oauth/device_authorization", &[("scope", "openid offline_access")]).await;
    assert_eq!(page.status, 200, "{page:?}");
    page.json()
}

async fn poll(world: &World, device: &Value) -> Page {
    world.app.clock.advance(Duration::from_secs(5));
    poll_now(world, device).await
}

async fn poll_now(world: &World, device: &Value) -> Page {
    let code = device["device_code"].as_str().expect("a code");
    world.token(&[("grant_type", DEVICE), ("device_code", code)]).await
}

/// Types the code and presses a button of the page that asks.
async fn decide(world: &World, device: &Value, decision: &str) -> Page {
    let page = world.browser.open("/device").await;
    let code = device["user_code"].as_str().expect("a code");
    let page = world.browser.submit(&page, "/device", &[("user_code", &code.to_lowercase().replace('-', " "))]).await;
    assert!(page.text.contains("Tea House"), "{page:?}");
    world.browser.submit(&page, "/device", &[("decision", decision)]).await
}

#[actix_web::test]
async fn a_device_gets_its_tokens_once_somebody_has_said_yes() {
    let world = World::new().await;
    let device = begin(&world).await;
    assert_eq!((device["interval"].as_u64(), device["expires_in"].as_u64()), (Some(5), Some(600)), "{device}");

    assert_refused(&poll(&world, &device).await, 400, "authorization_pending");
    assert_eq!(decide(&world, &device, "allow").await.status, 200);

    let tokens = poll(&world, &device).await;
    assert_eq!(tokens.status, 200, "{tokens:?}");
    assert!(tokens.json()["refresh_token"].is_string() && tokens.json()["id_token"].is_string(), "{tokens:?}");
    assert_refused(&poll(&world, &device).await, 400, "invalid_grant");
}

#[actix_web::test]
async fn as_09_what_a_device_was_allowed_is_listed_and_taken_back() {
    let world = World::new().await;
    let device = begin(&world).await;
    decide(&world, &device, "allow").await;
    let tokens = poll(&world, &device).await.json();
    let page = world.browser.open("/account").await;

    world.browser.submit(&page, "/account/applications/revoke", &[]).await;

    assert_refused(&world.refresh(tokens["refresh_token"].as_str().expect("a token")).await, 400, "invalid_grant");
}

#[actix_web::test]
async fn a_no_is_told_to_the_device() {
    let world = World::new().await;
    let device = begin(&world).await;

    decide(&world, &device, "deny").await;

    assert_refused(&poll(&world, &device).await, 400, "access_denied");
}

#[actix_web::test]
async fn a_device_that_asks_too_often_is_slowed_down() {
    let world = World::new().await;
    let device = begin(&world).await;

    assert_refused(&poll(&world, &device).await, 400, "authorization_pending");
    assert_refused(&poll_now(&world, &device).await, 400, "slow_down");
    assert_refused(&poll(&world, &device).await, 400, "slow_down");
    world.app.clock.advance(Duration::from_secs(15));
    assert_refused(&poll_now(&world, &device).await, 400, "authorization_pending");
}

#[actix_web::test]
async fn a_device_that_waits_too_long_is_told() {
    let world = World::new().await;
    let device = begin(&world).await;

    world.app.clock.advance(Duration::from_secs(600));

    assert_refused(&poll(&world, &device).await, 400, "expired_token");
    let page = world.browser.open("/device").await;
    let page = world.browser.submit(&page, "/device", &[("user_code", device["user_code"].as_str().expect("a code"))]).await;
    assert_eq!(page.status, 422, "{page:?}");
}

#[actix_web::test]
async fn a_device_code_is_its_clients() {
    let world = World::new().await;
    let device = begin(&world).await;
    decide(&world, &device, "allow").await;
    let other = register(&world.app, |_| {}).await;
    let World { app, client, browser } = world;

    let thief = World { app, client: other, browser };
    assert_refused(&poll(&thief, &device).await, 400, "invalid_grant");
    let world = World { client, ..thief };
    assert_eq!(poll(&world, &device).await.status, 200);
}

#[actix_web::test]
async fn whoever_guesses_user_codes_is_held_up() {
    let world = World::new().await;
    let device = begin(&world).await;
    let page = world.browser.open("/device").await;

    for _ in 0..10 {
        let wrong = world.browser.submit(&page, "/device", &[("user_code", "BBBB-BBBB")]).await;
        assert_eq!(wrong.status, 422, "{wrong:?}");
    }
    let held = world.browser.submit(&page, "/device", &[("user_code", device["user_code"].as_str().expect("a code"))]).await;

    assert_eq!(held.status, 429, "{held:?}");
}

#[actix_web::test]
async fn a_link_with_a_code_decides_nothing() {
    let world = World::new().await;
    let device = begin(&world).await;
    let address = device["verification_uri_complete"].as_str().expect("an address").to_owned();

    let signed_out = world.app.browser().open(&address).await;
    assert!(signed_out.location().starts_with("/login?return_to="), "{signed_out:?}");
    let page = world.browser.open(&address).await;

    assert_eq!(page.attributes("#user_code", "value"), [device["user_code"].as_str().expect("a code")]);
    assert_refused(&poll(&world, &device).await, 400, "authorization_pending");
}

#[actix_web::test]
async fn tk_05_a_device_asks_for_scopes_of_its_client() {
    let world = World::new().await;

    for (scope, error) in [("openid admin", "invalid_scope"), ("", "invalid_scope")] {
        assert_refused(&world.ask("/oauth/device_authorization", &[("scope", scope)]).await, 400, error);
    }
}
