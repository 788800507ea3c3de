//! `prompt`, `max_age`, hints and claims (OIDC Core §3.1.2.1).

use std::time::Duration;

use super::world::{Answer, World, claims};
use crate::support::app::PASSWORD;

#[actix_web::test]
async fn as_07_prompt_none_shows_nothing() {
    let world = World::new().await;
    let silent = [("prompt", "none")];

    let stranger = world.app.browser().open(&world.authorize(&silent)).await;
    assert_eq!(Answer::of(stranger.location()).get("error"), "login_required");
    let unasked = world.browser.open(&world.authorize(&silent)).await;
    assert_eq!(Answer::of(unasked.location()).get("error"), "consent_required");
    world.allow(&[]).await;
    let page = world.browser.open(&world.authorize(&silent)).await;
    assert!(Answer::of(page.location()).find("code").is_some(), "{page:?}");
    let mixed = world.browser.open(&world.authorize(&[("prompt", "none login")])).await;
    assert_eq!(Answer::of(mixed.location()).get("error"), "invalid_request");
}

#[actix_web::test]
async fn as_07_prompt_login_asks_for_a_sign_in_of_now() {
    let world = World::new().await;
    world.allow(&[]).await;

    let page = world.browser.open(&world.authorize(&[("prompt", "login")])).await;
    assert!(page.location().starts_with("/login?again=1"), "{page:?}");
    let back = page.location().split("return_to=").nth(1).expect("a way back").replace("%2F", "/");
    let unchanged = world.browser.open(&back).await;
    assert!(unchanged.location().starts_with("/login?again=1"), "coming back is not enough: {unchanged:?}");
    let login = world.browser.follow(&page).await;
    let page = world.browser.submit(&login, "/login", &[("identifier", "hanako"), ("password", PASSWORD)]).await;
    let answer = world.agree(page).await;

    assert!(answer.find("code").is_some(), "{answer:?}");
}

#[actix_web::test]
async fn as_07_max_age_asks_again_when_the_sign_in_is_older() {
    let world = World::new().await;
    world.allow(&[]).await;
    world.app.clock.advance(Duration::from_secs(100));

    let young = world.browser.open(&world.authorize(&[("max_age", "100")])).await;
    let code = Answer::of(young.location()).get("code");
    let id = world.redeem(&code).await.json()["id_token"].as_str().map(claims).expect("an ID Token");
    assert_eq!(id["auth_time"].as_i64(), Some(world.app.clock.now().timestamp() - 100), "{id}");

    for age in ["99", "0"] {
        let page = world.browser.open(&world.authorize(&[("max_age", age)])).await;
        assert!(page.location().starts_with("/login?again=1"), "{age}: {page:?}");
    }
    let silent = world.browser.open(&world.authorize(&[("max_age", "99"), ("prompt", "none")])).await;
    assert_eq!(Answer::of(silent.location()).get("error"), "login_required");
}

#[actix_web::test]
async fn as_07_select_account_asks_who_one_is() {
    let world = World::new().await;
    world.allow(&[]).await;

    let page = world.browser.open(&world.authorize(&[("prompt", "select_account")])).await;
    let page = world.browser.follow(&page).await;
    let switch = page.attributes("a[href^='/login?again=1']", "href").remove(0);
    let page = world.browser.open(&switch).await;

    assert!(page.text.contains("<form class=\"stack\" method=\"post\" action=\"/login\">"), "{page:?}");
    assert!(page.text.contains("Back to Tea House"), "{page:?}");
}

#[actix_web::test]
async fn as_07_an_id_token_hint_says_who_one_has_to_be() {
    let world = World::new().await;
    let hint = world.tokens("openid").await["id_token"].as_str().expect("an ID Token").to_owned();

    let same = world.browser.open(&world.authorize(&[("scope", "openid"), ("id_token_hint", &hint), ("prompt", "none")])).await;
    assert!(Answer::of(same.location()).find("code").is_some(), "{same:?}");
    let other = world.app.browser_of("taro").await;
    let silent = other.open(&world.authorize(&[("id_token_hint", &hint), ("prompt", "none")])).await;
    assert_eq!(Answer::of(silent.location()).get("error"), "login_required");
    let asked = other.open(&world.authorize(&[("id_token_hint", &hint)])).await;
    assert!(asked.location().starts_with("/login?again=1"), "{asked:?}");
    let forged = world.browser.open(&world.authorize(&[("id_token_hint", "a.b.c")])).await;
    assert_eq!(Answer::of(forged.location()).get("error"), "invalid_request");
}

#[actix_web::test]
async fn as_07_a_subject_in_claims_says_who_one_has_to_be() {
    let world = World::new().await;
    let claims = r#"{"id_token":{"sub":{"value":"somebody else"}}}"#;

    let page = world.browser.open(&world.authorize(&[("claims", claims), ("prompt", "none")])).await;

    assert_eq!(Answer::of(page.location()).get("error"), "login_required");
}

#[actix_web::test]
async fn as_07_display_locales_and_voluntary_contexts_do_no_harm() {
    let world = World::new().await;
    let stranger = world.app.browser();
    let wishes = [("display", "popup"), ("ui_locales", "fr ja"), ("acr_values", "urn:mace:incommon:iap:silver")];

    let answer = world.allow(&wishes).await;
    assert!(answer.find("code").is_some(), "{answer:?}");
    let page = stranger.open(&world.authorize(&wishes)).await;
    assert!(stranger.follow(&page).await.text.contains("<html lang=\"ja\">"));
    let essential = r#"{"id_token":{"acr":{"essential":true,"values":["2"]}}}"#;
    let page = world.browser.open(&world.authorize(&[("claims", essential)])).await;
    assert_eq!(Answer::of(page.location()).get("error"), "unmet_authentication_requirements");
}
