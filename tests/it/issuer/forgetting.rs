//! What is remembered of a token goes at once when its client or its person changes.
//!
//! The clock of these tests stands still: nothing is forgotten because its time is over.

use genkan::domain::identifier::Identifier;
use genkan::store::clients::ClientSwitch;
use reqwest::Method;

use super::world::{SECRET, World};
use crate::support::browser::Page;

/// The status of `/api/me` with a token.
async fn me(world: &World, token: &str) -> u16 {
    Page::read(world.app.browser().request(Method::GET, "/api/me").bearer_auth(token)).await.status
}

/// A world with a token that was used a moment ago and is remembered.
async fn with_token() -> (World, String) {
    let world = World::new().await;
    let token = world.tokens("openid profile").await["access_token"].as_str().expect("a token").to_owned();
    assert_eq!(me(&world, &token).await, 200);
    (world, token)
}

/// Tells whether a client proves itself with the secret of the tests.
async fn knows_secret(world: &World) -> bool {
    world.token(&[("grant_type", "client_credentials")]).await.status == 200
}

#[actix_web::test]
async fn tk_14_a_disabled_client_and_its_tokens_are_nothing_at_once() {
    let (world, token) = with_token().await;
    assert!(knows_secret(&world).await);

    world.app.state.issuer.switch_client(&world.client.id, ClientSwitch::Disabled(true)).await.expect("a client");

    assert_eq!((me(&world, &token).await, knows_secret(&world).await), (401, false));
    world.app.state.issuer.switch_client(&world.client.id, ClientSwitch::Disabled(false)).await.expect("a client");
    assert_eq!((me(&world, &token).await, knows_secret(&world).await), (200, true));
}

#[actix_web::test]
async fn tk_14_a_deleted_client_and_its_tokens_are_nothing_at_once() {
    let (world, token) = with_token().await;
    assert!(knows_secret(&world).await);

    world.app.state.issuer.delete_client(&world.client.id, None).await.expect("a client");

    assert_eq!((me(&world, &token).await, knows_secret(&world).await), (401, false));
}

#[actix_web::test]
async fn tk_14_a_secret_that_was_taken_away_counts_no_more_at_once() {
    let world = World::new().await;
    let issuer = &world.app.state.issuer;
    assert!(knows_secret(&world).await);

    issuer.rotate_client_secret(&world.client.id, None).await.expect("a client");
    assert!(knows_secret(&world).await, "it overlaps");
    issuer.end_old_client_secrets(&world.client.id, None).await.expect("a client");

    assert!(!knows_secret(&world).await, "{SECRET}");
}

#[actix_web::test]
async fn tk_14_a_scope_that_a_client_lost_is_not_given_any_more_at_once() {
    let world = World::new().await;
    let issuer = &world.app.state.issuer;
    let ask = || world.token(&[("grant_type", "client_credentials"), ("scope", "tea:pour")]);
    assert_eq!(ask().await.status, 200);

    let mut draft = genkan::issuer::registration::Draft::from(&world.client.metadata);
    draft.scopes = "openid profile".to_owned();
    issuer.change_client(&world.client.id, None, &draft).await.expect("changed");

    assert_eq!(ask().await.json()["error"], "invalid_scope");
}

#[actix_web::test]
async fn tk_14_the_tokens_of_a_user_who_is_shut_out_are_nothing_at_once() {
    let (world, token) = with_token().await;
    let operator = world.app.operator("operator").await;
    let store = &world.app.state.signin.store;
    let hanako = store.find_user_by_identifier(&Identifier::parse("hanako")).await.expect("a query").expect("a user").id;

    let page = operator.open(&format!("/ops/users/{hanako}")).await;
    operator.submit(&page, &format!("/ops/users/{hanako}/disable"), &[]).await;

    assert_eq!(me(&world, &token).await, 401);
}

#[actix_web::test]
async fn tk_14_tokens_that_hang_on_a_session_end_with_it_at_once() {
    let (world, token) = with_token().await;

    let page = world.browser.open("/account").await;
    world.browser.submit(&page, "/logout", &[]).await;

    assert_eq!(me(&world, &token).await, 401);
}
