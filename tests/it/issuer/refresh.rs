//! Refresh tokens: each once, for its client, never for more.

use std::time::Duration;

use serde_json::Value;

use super::world::{World, assert_refused, register};

#[track_caller]
fn refresh_token(tokens: &Value) -> String {
    tokens["refresh_token"].as_str().unwrap_or_else(|| panic!("no refresh token: {tokens}")).to_owned()
}

#[actix_web::test]
async fn tk_03_every_use_replaces_the_token_and_reuse_ends_the_family() {
    let world = World::new().await;
    let first = refresh_token(&world.tokens("openid offline_access").await);

    let second = refresh_token(&world.refresh(&first).await.json());
    let third = refresh_token(&world.refresh(&second).await.json());
    assert!(first != second && second != third);

    assert_refused(&world.refresh(&first).await, 400, "invalid_grant");
    assert_refused(&world.refresh(&third).await, 400, "invalid_grant");
    assert!(crate::support::logs::all_text().contains("refresh_token_reused"));
}

#[actix_web::test]
async fn tk_03_of_parallel_uses_one_counts_at_most() {
    let world = World::new().await;
    let token = refresh_token(&world.tokens("openid offline_access").await);

    let answers = futures_util::future::join_all((0..8).map(|_| world.refresh(&token))).await;

    assert!(answers.iter().filter(|page| page.status == 200).count() <= 1, "{answers:?}");
    for page in answers.iter().filter(|page| page.status == 200) {
        assert_refused(&world.refresh(&refresh_token(&page.json())).await, 400, "invalid_grant");
    }
}

#[actix_web::test]
async fn tk_03_a_refresh_token_ends_when_nobody_uses_it_and_at_last_in_any_case() {
    let world = World::with(|client| client.metadata.refresh_token_ttl_secs = Some(3_000_000)).await;
    let idle = refresh_token(&world.tokens("openid offline_access").await);
    let mut used = refresh_token(&world.tokens("openid offline_access").await);

    for _ in 0..2 {
        world.app.clock.advance(Duration::from_secs(13 * 86_400));
        used = refresh_token(&world.refresh(&used).await.json());
    }

    assert_refused(&world.refresh(&idle).await, 400, "invalid_grant");
    world.app.clock.advance(Duration::from_secs(13 * 86_400));
    assert_refused(&world.refresh(&used).await, 400, "invalid_grant");
}

#[actix_web::test]
async fn tk_04_scope_is_never_widened_and_may_be_narrowed_for_once() {
    let world = World::new().await;
    let token = refresh_token(&world.tokens("openid profile offline_access").await);
    let ask =
        async |token: &str, scope: &str| world.token(&[("grant_type", "refresh_token"), ("refresh_token", token), ("scope", scope)]).await;

    assert_refused(&ask(&token, "openid email").await, 400, "invalid_scope");
    let narrow = ask(&token, "profile").await.json();
    assert_eq!((&narrow["scope"], narrow.get("id_token")), (&"profile".into(), None), "{narrow}");
    let whole = world.refresh(&refresh_token(&narrow)).await.json();
    assert_eq!(whole["scope"], "offline_access openid profile");
}

#[actix_web::test]
async fn tk_04_a_refresh_token_works_for_its_client_alone() {
    let world = World::new().await;
    let token = refresh_token(&world.tokens("openid offline_access").await);
    let other = register(&world.app, |_| {}).await;
    let World { app, client, browser } = world;

    let thief = World { app, client: other, browser };
    assert_refused(&thief.refresh(&token).await, 400, "invalid_grant");

    let world = World { client, ..thief };
    assert_eq!(world.refresh(&token).await.status, 200, "what others try uses nothing up");
}

#[actix_web::test]
async fn tk_04_scopes_taken_from_the_client_are_not_given_any_more() {
    let world = World::new().await;
    let token = refresh_token(&world.tokens("openid profile offline_access").await);
    world.app.execute_elsewhere("UPDATE clients SET metadata = replace(metadata, ' profile', '')");

    let tokens = world.refresh(&token).await.json();

    assert_eq!(tokens["scope"], "offline_access openid");
}

#[actix_web::test]
async fn without_offline_access_it_ends_with_the_session_and_with_it_it_does_not() {
    let world = World::new().await;
    let bound = refresh_token(&world.tokens("openid").await);
    let lasting = refresh_token(&world.tokens("openid offline_access").await);
    let page = world.browser.open("/account").await;

    world.browser.submit(&page, "/logout", &[]).await;

    assert_refused(&world.refresh(&bound).await, 400, "invalid_grant");
    assert_eq!(world.refresh(&lasting).await.status, 200);
}

#[actix_web::test]
async fn a_new_password_ends_what_was_given_with_the_old_one() {
    let world = World::new().await;
    let lasting = refresh_token(&world.tokens("openid offline_access").await);
    let page = world.browser.open("/account").await;

    let fields = [("current_password", crate::support::app::PASSWORD), ("new_password", "quite another horse battery")];
    let page = world.browser.submit(&page, "/account/password", &fields).await;
    assert_eq!(page.location(), "/account");

    assert_refused(&world.refresh(&lasting).await, 400, "invalid_grant");
}

#[actix_web::test]
async fn tk_14_a_disabled_users_refresh_tokens_end_for_good() {
    let world = World::new().await;
    let lasting = refresh_token(&world.tokens("openid offline_access").await);
    let (store, now) = (&world.app.state.signin.store, world.app.clock.now());
    let user = store.list_users(None, 10).await.expect("users").remove(0).id;

    store.set_user_disabled(user, true, now).await.expect("disabled");
    store.set_user_disabled(user, false, now).await.expect("enabled");

    assert_refused(&world.refresh(&lasting).await, 400, "invalid_grant");
}

#[actix_web::test]
async fn tk_13_a_failing_database_gives_nothing_and_says_so() {
    let world = World::new().await;
    let token = refresh_token(&world.tokens("openid offline_access").await);

    world.app.break_database();

    let page = world.refresh(&token).await;
    assert!(page.status >= 500, "{page:?}");
    assert_eq!(page.json().get("access_token"), None, "{page:?}");
}
