//! The person's browser tells applications that a session has ended (OIDC Front-Channel Logout 1.0).

use super::world::{World, claims, register};
use crate::support::browser::Page;

const ADDRESS: &str = "https://app.example/cleared?from=us";

async fn world() -> World {
    World::with(|client| client.metadata.frontchannel_logout_uri = Some(url::Url::parse(ADDRESS).expect("an address"))).await
}

/// Signs out with the proof of the application, which goes on to its own page.
async fn sign_out(world: &World, hint: &str) -> Page {
    let target = [("id_token_hint", hint), ("post_logout_redirect_uri", "https://app.example/bye"), ("state", "s")];
    let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(target).finish();
    world.browser.open(&format!("/oauth/logout?{query}")).await
}

#[actix_web::test]
async fn the_page_of_farewell_loads_an_address_of_the_application_and_goes_on() {
    let world = world().await;
    let hint = world.tokens("openid").await["id_token"].as_str().expect("an ID Token").to_owned();
    let claims = claims(&hint);

    let page = sign_out(&world, &hint).await;

    assert_eq!(page.status, 200, "{page:?}");
    let frame = page.attributes("iframe[sandbox='allow-scripts allow-same-origin'][hidden]", "src").remove(0);
    let frame = url::Url::parse(&frame).expect("an address");
    let fields: Vec<_> = frame.query_pairs().into_owned().collect();
    let text = |value: &serde_json::Value| value.as_str().expect("a text").to_owned();
    let expected = [("from", "us".to_owned()), ("iss", text(&claims["iss"])), ("sid", text(&claims["sid"]))];
    assert_eq!(fields, expected.map(|(name, value)| (name.to_owned(), value)));
    assert_eq!(page.attributes("a#onward", "href"), ["https://app.example/bye?state=s"]);
    assert!(page.header("content-security-policy").contains("frame-src https://app.example; form-action 'self'"), "{page:?}");
    assert!(!page.header("clear-site-data").is_empty() && !world.browser.is_signed_in().await);
}

#[actix_web::test]
async fn whoever_signs_out_at_our_own_page_has_the_applications_told_too() {
    let world = world().await;
    world.tokens("openid").await;
    let page = world.browser.open("/account").await;

    let page = world.browser.submit(&page, "/logout", &[]).await;

    assert_eq!((page.status, page.attributes("iframe", "src").len()), (200, 1), "{page:?}");
    assert_eq!(page.attributes("a#onward", "href"), ["/login"]);
    let landing = world.browser.open("/login").await;
    assert!(landing.text.contains("signed out"), "{landing:?}");
}

#[actix_web::test]
async fn nobody_is_told_who_was_not_used_or_is_disabled_or_does_not_want_to_know() {
    let world = World::new().await;
    register(&world.app, |client| client.metadata.frontchannel_logout_uri = Some(url::Url::parse(ADDRESS).expect("an address"))).await;
    let hint = world.tokens("openid").await["id_token"].as_str().expect("an ID Token").to_owned();
    assert_eq!(sign_out(&world, &hint).await.location(), "https://app.example/bye?state=s");

    let world = self::world().await;
    world.tokens("openid").await;
    world.app.execute("UPDATE clients SET disabled_at = '2026-11-20 12:00:00'");
    let page = world.browser.open("/account").await;
    assert_eq!(world.browser.submit(&page, "/logout", &[]).await.location(), "/login");
}

#[actix_web::test]
async fn what_the_browser_was_told_is_not_kept_for_later() {
    let world = world().await;
    let hint = world.tokens("openid").await["id_token"].as_str().expect("an ID Token").to_owned();
    sign_out(&world, &hint).await;

    assert_eq!(world.app.state.issuer.tell_ended_sessions().await.expect("a look"), 0);

    let due = world.app.state.signin.store.list_due_logouts(world.app.clock.now(), 10).await.expect("a query");
    assert_eq!(due, []);
}
