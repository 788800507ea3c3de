//! What strangers make us keep is bounded for each place it comes from.

use std::time::Duration;

use reqwest::Method;

use super::world::{World, assert_refused, register};
use crate::support::app::TestApp;
use crate::support::browser::Page;

/// A genkan that keeps two requests of one place in a window.
async fn world() -> World {
    let app = TestApp::with(|config| config.throttle.requests_per_address = 2).await;
    let client = register(&app, |_| {}).await;
    let browser = app.browser_of("hanako").await;
    World { app, client, browser }
}

#[actix_web::test]
async fn ht_02_requests_that_wait_for_somebody_are_counted_by_address() {
    let world = world().await;
    let stranger = world.app.browser();

    for _ in 0..2 {
        assert_eq!(stranger.open(&world.authorize(&[])).await.status, 303);
    }
    let page = stranger.open(&world.authorize(&[])).await;

    assert_eq!(page.status, 429, "{page:?}");
    assert!(page.header("retry-after").parse::<u64>().is_ok_and(|secs| secs > 0), "{page:?}");
    let posted = stranger.request(Method::POST, "/oauth/authorize").header("content-type", "application/x-www-form-urlencoded");
    let page = Page::read(posted.body(world.request(&[]))).await;
    assert_eq!(page.status, 429, "a posted one is one more: {page:?}");
    world.app.clock.advance(Duration::from_secs(901));
    assert_eq!(stranger.open(&world.authorize(&[])).await.status, 303);
}

#[actix_web::test]
async fn ht_02_pushed_requests_and_waiting_devices_are_counted_with_them() {
    let world = world().await;
    let device = [("scope", "openid")];
    assert_eq!(world.ask("/oauth/device_authorization", &device).await.status, 200);
    assert_eq!(world.ask("/oauth/device_authorization", &device).await.status, 200);

    assert_refused(&world.ask("/oauth/device_authorization", &device).await, 429, "too_many_requests");
    let (redirect_uri, challenge) = ("https://app.example/callback", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    let pushed = [
        ("response_type", "code"),
        ("redirect_uri", redirect_uri),
        ("scope", "openid"),
        ("code_challenge", challenge),
        ("code_challenge_method", "S256"),
    ];
    assert_refused(&world.ask("/oauth/par", &pushed).await, 429, "too_many_requests");
}

#[actix_web::test]
async fn ht_02_whoever_has_allowed_before_leaves_nothing_behind_and_is_not_counted() {
    let world = world().await;
    world.allow(&[]).await;

    for _ in 0..4 {
        let page = world.browser.open(&world.authorize(&[])).await;
        assert!(page.location().starts_with("https://app.example/callback"), "{page:?}");
    }
}
