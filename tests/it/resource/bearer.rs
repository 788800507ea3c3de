//! Tokens at `/api/me` and `/api/session`: missing, invalid, expired, revoked, of too little scope.

use reqwest::Method;

use crate::issuer::world::World;
use crate::support::browser::Page;
use crate::support::logs;

async fn me(world: &World, token: &str) -> Page {
    Page::read(world.app.browser().request(Method::GET, "/api/me").bearer_auth(token)).await
}

async fn access_token(world: &World, scope: &str) -> String {
    world.tokens(scope).await["access_token"].as_str().expect("a token").to_owned()
}

/// Checks status, word and challenge of a refusal.
#[track_caller]
fn assert_refused(page: &Page, status: u16, error: &str, challenge: &str) {
    assert_eq!((page.status, page.json()["error"].as_str()), (status, Some(error)), "{page:?}");
    assert!(page.header("www-authenticate").starts_with("Bearer realm=\"genkan\""), "{page:?}");
    assert!(page.header("www-authenticate").contains(challenge), "{page:?}");
}

#[actix_web::test]
async fn the_holder_of_a_token_learns_whose_it_is() {
    let world = World::new().await;

    let little = me(&world, &access_token(&world, "openid profile").await).await.json();
    let all = me(&world, &access_token(&world, "openid profile email").await).await.json();

    assert_eq!((little["username"].as_str(), little["email"].is_null()), (Some("hanako"), true), "{little}");
    assert_eq!(all["email"], "hanako@example.com");
}

#[actix_web::test]
async fn what_is_wrong_with_a_token_is_told_apart() {
    let world = World::new().await;
    let (token, narrow) = (access_token(&world, "openid profile").await, access_token(&world, "openid").await);

    let missing = Page::read(world.app.browser().request(Method::GET, "/api/me")).await;
    assert_refused(&missing, 401, "missing_authorization", "Bearer realm=\"genkan\"");
    assert!(!missing.header("www-authenticate").contains("error="), "RFC 6750 §3.1");
    assert_refused(&me(&world, "nonsense").await, 401, "invalid_token", "error=\"invalid_token\"");
    assert_refused(&me(&world, &narrow).await, 403, "insufficient_scope", "scope=\"profile\"");
    let basic = Page::read(world.app.browser().request(Method::GET, "/api/me").basic_auth("a", Some("b"))).await;
    assert_refused(&basic, 400, "invalid_request", "error=\"invalid_request\"");

    world.ask("/oauth/revoke", &[("token", &token)]).await;
    let revoked = me(&world, &token).await;
    assert_refused(&revoked, 401, "invalid_token", "has been revoked");
    world.app.clock.advance(std::time::Duration::from_secs(600));
    assert_refused(&me(&world, &narrow).await, 401, "invalid_token", "has expired");
}

#[actix_web::test]
async fn a_token_decides_even_where_somebody_is_signed_in() {
    let world = World::new().await;

    let page = Page::read(world.browser.request(Method::GET, "/api/me").bearer_auth("nonsense")).await;

    assert_eq!(page.status, 401);
    assert_eq!(world.browser.open("/api/me").await.status, 200);
}

#[actix_web::test]
async fn asking_for_a_session_with_a_token_tells_whether_it_counts() {
    let world = World::new().await;
    let token = access_token(&world, "openid").await;
    let ask = async |token: &str| Page::read(world.app.browser().request(Method::GET, "/api/session").bearer_auth(token)).await;

    assert_eq!(ask(&token).await.json()["signed_in"], true);
    assert_refused(&ask("nonsense").await, 401, "invalid_token", "error=\"invalid_token\"");
}

#[actix_web::test]
async fn a_refused_token_is_logged_with_its_reason_and_without_itself() {
    let world = World::new().await;

    let page = me(&world, "a-token-nobody-made").await;

    let lines = logs::with("request", page.header("x-request-id"));
    let refused: Vec<_> = lines.iter().filter(|line| line.field("event") == "bearer_refused").collect();
    assert!(refused.len() == 1 && refused[0].field("reason") == "invalid", "{lines:?}");
    assert!(!format!("{lines:?}").contains("nobody-made"), "{lines:?}");
}
