//! A client is read once for many requests: what that may never lead to.
//!
//! What a change in the same process does to it is in [`super::forgetting`].

use std::time::Duration;

use genkan::domain::client::Client;
use reqwest::Method;
use secrecy::ExposeSecret as _;

use super::world::{SECRET, World, register};
use crate::support::app::TestApp;
use crate::support::browser::Page;

const MOMENT: Duration = Duration::from_millis(50);

/// The status that a client gets with a secret.
async fn with_secret(app: &TestApp, client: &Client, secret: &str) -> u16 {
    let request = app.browser().request(Method::POST, "/oauth/token").basic_auth(client.id.as_str(), Some(secret));
    Page::read(request.form(&[("grant_type", "client_credentials")])).await.status
}

async fn app_and_client() -> (TestApp, Client) {
    let app = TestApp::spawn().await;
    let client = register(&app, |_| {}).await;
    (app, client)
}

#[actix_web::test]
async fn tk_06_a_wrong_secret_is_never_remembered_as_a_right_one() {
    let (app, client) = app_and_client().await;
    let other = register(&app, |_| {}).await;

    for (secret, status) in [("wrong", 401), (SECRET, 200), ("wrong", 401), ("", 401), ("wrong", 401), (SECRET, 200)] {
        assert_eq!(with_secret(&app, &client, secret).await, status, "{secret}");
    }
    assert_eq!(with_secret(&app, &other, "wrong").await, 401);
}

#[actix_web::test]
async fn tk_06_an_old_secret_ends_on_time_although_its_client_is_remembered() {
    let app = TestApp::with(|config| (config.session.cache_ms, config.issuer.secret_overlap_secs) = (5_000, 1)).await;
    let client = register(&app, |_| {}).await;
    let new = app.state.issuer.rotate_client_secret(&client.id, None).await.expect("a client").secret.expect("a secret");
    assert_eq!(with_secret(&app, &client, SECRET).await, 200);

    app.clock.advance(Duration::from_secs(1));

    assert_eq!(with_secret(&app, &client, SECRET).await, 401);
    assert_eq!(with_secret(&app, &client, new.expose_secret()).await, 200);
}

#[actix_web::test]
async fn tk_13_without_the_database_a_client_is_known_for_its_moment_and_no_longer() {
    let (app, client) = app_and_client().await;
    assert_eq!(with_secret(&app, &client, SECRET).await, 200);
    app.break_database();
    assert_eq!(with_secret(&app, &client, SECRET).await, 200);

    app.clock.advance(MOMENT);

    assert!(with_secret(&app, &client, SECRET).await >= 500);
}

#[actix_web::test]
async fn tk_14_what_another_process_does_to_a_client_is_noticed_after_the_moment() {
    for change in [
        "UPDATE clients SET disabled_at = '2026-11-20 12:00:00'",
        "DELETE FROM clients",
        "UPDATE client_secrets SET secret_hash = 'another one'",
        "UPDATE client_secrets SET expires_at = '2026-11-20 12:00:00'",
    ] {
        let (app, client) = app_and_client().await;
        assert_eq!(with_secret(&app, &client, SECRET).await, 200);
        app.execute(change);

        app.clock.advance(MOMENT);

        assert_eq!(with_secret(&app, &client, SECRET).await, 401, "{change}");
    }
}

#[actix_web::test]
async fn tk_14_with_no_memory_every_change_elsewhere_counts_at_once() {
    let app = TestApp::with(|config| config.session.cache_ms = 0).await;
    let client = register(&app, |_| {}).await;
    assert_eq!(with_secret(&app, &client, SECRET).await, 200);

    app.execute("UPDATE clients SET disabled_at = '2026-11-20 12:00:00'");

    assert_eq!(with_secret(&app, &client, SECRET).await, 401);
}

#[actix_web::test]
async fn tk_14_a_client_that_was_disabled_gets_no_code_for_a_person_who_is_there() {
    let world = World::new().await;
    assert!(world.allow(&[]).await.find("code").is_some());

    let switch = genkan::store::clients::ClientSwitch::Disabled(true);
    world.app.state.issuer.switch_client(&world.client.id, switch).await.expect("a client");

    let page = world.browser.open(&world.authorize(&[])).await;
    assert_eq!((page.status, page.header("location")), (400, ""), "{page:?}");
}
