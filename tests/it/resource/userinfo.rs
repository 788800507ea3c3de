//! `/oauth/userinfo`

use reqwest::Method;
use serde_json::json;

use crate::issuer::world::World;
use crate::support::browser::Page;

async fn ask(world: &World, token: &str) -> Page {
    Page::read(world.app.browser().request(Method::GET, "/oauth/userinfo").bearer_auth(token)).await
}

async fn access_token(world: &World, scope: &str) -> String {
    world.tokens(scope).await["access_token"].as_str().expect("a token").to_owned()
}

#[actix_web::test]
async fn tk_15_scopes_open_claims() {
    let world = World::new().await;

    let little = ask(&world, &access_token(&world, "openid").await).await.json();
    let all = ask(&world, &access_token(&world, "openid profile email").await).await;

    assert_eq!(little.as_object().map(serde_json::Map::len), Some(1), "{little}");
    let sub = &little["sub"];
    let expected =
        json!({ "sub": sub, "name": "Hanako", "preferred_username": "hanako", "email": "hanako@example.com", "email_verified": true });
    assert_eq!((all.status, all.json()), (200, expected));
    assert_eq!(all.header("cache-control"), "no-store");
}

#[actix_web::test]
async fn tk_15_claims_that_were_asked_for_by_name_are_there() {
    let world = World::new().await;
    let answer = world.allow(&[("scope", "openid"), ("claims", r#"{"userinfo":{"email":null,"shoe_size":null}}"#)]).await;
    let tokens = world.redeem(&answer.get("code")).await.json();

    let info = ask(&world, tokens["access_token"].as_str().expect("a token")).await.json();

    assert_eq!(info["email"], "hanako@example.com");
    assert_eq!(info.as_object().map(serde_json::Map::len), Some(2), "{info}");
}

#[actix_web::test]
async fn tk_15_the_token_comes_in_the_header_or_in_the_form_and_in_one_of_them() {
    let world = World::new().await;
    let token = access_token(&world, "openid").await;
    let post = || world.app.browser().request(Method::POST, "/oauth/userinfo");

    assert_eq!(ask(&world, &token).await.status, 200);
    assert_eq!(Page::read(post().bearer_auth(&token)).await.status, 200);
    assert_eq!(Page::read(post().form(&[("access_token", &token)])).await.status, 200);
    let both = Page::read(post().bearer_auth(&token).form(&[("access_token", &token)])).await;
    assert_eq!((both.status, both.json()["error"].as_str()), (400, Some("invalid_request")));
    let in_query = Page::read(world.app.browser().request(Method::GET, &format!("/oauth/userinfo?access_token={token}"))).await;
    assert_eq!((in_query.status, in_query.json()["error"].as_str()), (400, Some("invalid_request")));
}

#[actix_web::test]
async fn tk_08_tokens_of_other_kinds_are_no_access_tokens() {
    let world = World::new().await;
    let tokens = world.tokens("openid offline_access").await;
    let session = world.browser.cookie("jwt").expect("a session");
    let kinds = [tokens["id_token"].as_str(), tokens["refresh_token"].as_str(), Some(session.as_str()), Some("x"), Some("a.b.c")];

    for token in kinds.into_iter().flatten() {
        let page = ask(&world, token).await;
        assert_eq!((page.status, page.json()["error"].as_str()), (401, Some("invalid_token")), "{token}");
    }
}

#[actix_web::test]
async fn tk_08_an_access_token_is_no_session() {
    let world = World::new().await;
    let token = access_token(&world, "openid profile").await;
    let stranger = world.app.browser();

    stranger.set_cookie(&format!("jwt={token}"));

    assert!(!stranger.is_signed_in().await);
    assert_eq!(stranger.open("/api/verify").await.header("x-genkan-reason"), "invalid");
}

#[actix_web::test]
async fn tk_09_a_client_on_its_own_behalf_learns_of_nobody() {
    let world = World::new().await;
    let tokens = world.token(&[("grant_type", "client_credentials")]).await.json();

    let page = ask(&world, tokens["access_token"].as_str().expect("a token")).await;

    assert_eq!((page.status, page.json()["error"].as_str()), (401, Some("invalid_token")), "{page:?}");
}

#[actix_web::test]
async fn tk_15_without_openid_there_is_no_userinfo() {
    let world = World::new().await;
    let answer = world.allow(&[("scope", "profile"), ("nonce", "")]).await;
    let tokens = world.redeem(&answer.get("code")).await.json();

    let page = ask(&world, tokens["access_token"].as_str().expect("a token")).await;

    assert_eq!((page.status, page.json()["error"].as_str()), (403, Some("insufficient_scope")));
    assert!(page.header("www-authenticate").contains("scope=\"openid\""), "{page:?}");
}
