//! Clients on their own behalf, and the password grant that nobody should want.

use super::world::{World, assert_refused, claims, register};
use crate::support::app::{PASSWORD, TestApp};

#[actix_web::test]
async fn tk_09_a_client_on_its_own_behalf_names_no_person() {
    let world = World::new().await;

    let page = world.token(&[("grant_type", "client_credentials")]).await;
    let tokens = page.json();
    assert_eq!((page.status, tokens["scope"].as_str()), (200, Some("tea:pour")), "{page:?}");
    assert_eq!((tokens.get("refresh_token"), tokens.get("id_token")), (None, None), "{tokens}");
    let access = claims(tokens["access_token"].as_str().expect("a token"));
    assert_eq!(access["sub"], world.client.id.to_string());

    for scope in ["openid", "profile", "tea:pour email", "other"] {
        assert_refused(&world.token(&[("grant_type", "client_credentials"), ("scope", scope)]).await, 400, "invalid_scope");
    }
}

#[actix_web::test]
async fn tk_09_a_public_client_has_no_own_behalf() {
    let world = World::with(|client| client.metadata.authentication = genkan::domain::client::ClientAuthentication::None).await;

    let page = world.token(&[("grant_type", "client_credentials"), ("client_id", world.client.id.as_str())]).await;

    assert_refused(&page, 400, "unauthorized_client");
}

async fn world_with_passwords() -> World {
    let app = TestApp::with(|config| config.issuer.password_grant = true).await;
    let client = register(&app, |_| {}).await;
    let browser = app.browser_of("hanako").await;
    World { app, client, browser }
}

#[actix_web::test]
async fn tk_11_passwords_are_taken_from_nobody_by_default() {
    let world = World::new().await;

    let page = world.token(&[("grant_type", "password"), ("username", "hanako"), ("password", PASSWORD)]).await;

    assert_refused(&page, 400, "unauthorized_client");
}

#[actix_web::test]
async fn tk_11_a_client_that_is_allowed_it_sends_a_form_like_fastapis() {
    let world = world_with_passwords().await;
    let ask = async |username: &str, password: &str| {
        world.token(&[("grant_type", "password"), ("username", username), ("password", password)]).await
    };

    let page = ask("hanako", PASSWORD).await;
    assert_eq!(page.status, 200, "{page:?}");
    for (username, password) in [("hanako", "wrong"), ("nobody", PASSWORD), ("hanako", &"x".repeat(600))] {
        assert_refused(&ask(username, password).await, 400, "invalid_grant");
    }
    world.app.execute("UPDATE users SET disabled_at = '2026-11-20 12:00:00'");
    assert_refused(&ask("hanako", PASSWORD).await, 400, "invalid_grant");
}

#[actix_web::test]
async fn tk_11_guesses_are_counted_with_the_forms_and_by_themselves() {
    let world = world_with_passwords().await;
    let guess = async || world.token(&[("grant_type", "password"), ("username", "hanako"), ("password", "wrong")]).await;

    for _ in 0..5 {
        assert_refused(&guess().await, 400, "invalid_grant");
    }
    let held = guess().await;
    assert_eq!(held.status, 429, "its own counter is half as long: {held:?}");
    let browser = world.app.browser();
    for _ in 0..5 {
        assert_eq!(browser.sign_in("hanako", "wrong").await.status, 422);
    }
    assert_eq!(browser.sign_in("hanako", PASSWORD).await.status, 429, "the form's counter counted them too");
}
