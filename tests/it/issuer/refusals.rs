//! What owners read about requests that got nothing.

use super::world::{SECRET, World, assert_refused};
use crate::support::logs;

/// The kinds that were noted, as `place error detail`.
async fn noted(world: &World) -> Vec<String> {
    let listed = world.app.state.issuer.list_refusals(&world.client.id).await.expect("a query");
    let mut told: Vec<_> =
        listed.into_iter().map(|own| format!("{} {} {} {}", own.kind.place, own.kind.error, own.times, own.kind.detail)).collect();
    told.sort();
    told
}

#[actix_web::test]
async fn as_01_an_owner_reads_in_what_a_refused_address_differs() {
    let world = World::new().await;

    for address in ["https://app.example/callback/", "https://app.example/callback/", "https://evil.example/secret"] {
        let page = world.browser.open(&world.authorize(&[("redirect_uri", address)])).await;
        assert_eq!(page.status, 400, "{page:?}");
        assert!(!page.text.contains("slash"), "strangers are not told");
    }

    let told = noted(&world).await;
    assert_eq!(
        told,
        [
            "authorize redirect_uri 1 redirect_uri leads to a host that is not registered",
            "authorize redirect_uri 2 redirect_uri differs from a registered one in the slash at its end"
        ]
    );
    assert!(logs::all_text().contains("redirect_uri differs from a registered one in the slash at its end"));
}

#[actix_web::test]
async fn tk_06_an_owner_reads_why_a_client_was_not_believed_and_nobody_else_does() {
    let world = World::new().await;
    let id = world.client.id.to_string();
    let form = [("grant_type", "client_credentials"), ("client_id", &id), ("client_secret", SECRET)];
    let request = world.app.browser().request(reqwest::Method::POST, "/oauth/token");

    let page = crate::support::browser::Page::read(request.form(&form)).await;

    assert_refused(&page, 401, "invalid_client");
    assert!(!page.text.contains("client_secret_basic"), "{page:?}");
    assert_eq!(
        noted(&world).await,
        ["client_authentication invalid_client 1 the request used client_secret_post, but client_secret_basic is registered"]
    );
}

#[actix_web::test]
async fn tk_01_a_client_is_told_what_is_wrong_with_its_code() {
    let world = World::new().await;
    let code = world.allow(&[]).await.get("code");
    let told = |page: crate::support::browser::Page| page.json()["error_description"].as_str().unwrap_or_default().to_owned();

    assert!(told(world.redeem_with(&code, &[("code_verifier", "wrong")]).await).contains("code_challenge"));
    assert!(told(world.redeem_with(&code, &[("redirect_uri", "https://app.example/other")]).await).starts_with("redirect_uri"));
    assert_eq!(world.redeem(&code).await.status, 200);
    assert!(told(world.redeem(&code).await).contains("redeemed before"));
    let late = world.allow(&[]).await.get("code");
    world.app.clock.advance(std::time::Duration::from_secs(61));
    assert!(told(world.redeem(&late).await).contains("expired"));
    assert_eq!(noted(&world).await.len(), 4);
}

#[actix_web::test]
async fn lg_10_nothing_of_a_request_is_noted() {
    let world = World::new().await;
    world.ask("/oauth/token", &[("grant_type", "client_credentials"), ("scope", "hanako@example.com")]).await;
    world.ask("/oauth/par", &[("redirect_uri", "https://evil.example/hanako"), ("response_type", "token")]).await;
    world.ask("/oauth/device_authorization", &[("scope", "hanako")]).await;

    let told = noted(&world).await.join("\n");

    assert!(!told.is_empty() && !told.contains("hanako"), "{told}");
}
