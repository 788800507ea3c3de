//! Signing out because an application says so.

use super::world::{World, register};

async fn hint(world: &World) -> String {
    world.tokens("openid").await["id_token"].as_str().expect("an ID Token").to_owned()
}

fn address(parameters: &[(&str, &str)]) -> String {
    format!("/oauth/logout?{}", url::form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters).finish())
}

#[actix_web::test]
async fn as_11_a_hint_of_this_session_signs_out_and_leads_back() {
    let world = World::new().await;
    let hint = hint(&world).await;

    let target = [("id_token_hint", hint.as_str()), ("post_logout_redirect_uri", "https://app.example/bye"), ("state", "a b")];
    let page = world.browser.open(&address(&target)).await;

    assert_eq!(page.location(), "https://app.example/bye?state=a+b");
    assert!(!world.browser.is_signed_in().await);
}

#[actix_web::test]
async fn as_11_without_a_hint_the_person_is_asked_first() {
    let world = World::new().await;

    for parameters in [vec![], vec![("client_id", world.client.id.as_str())]] {
        let page = world.browser.open(&address(&parameters)).await;
        assert_eq!(page.status, 200, "{page:?}");
        assert!(world.browser.is_signed_in().await);
    }
    let id = world.client.id.as_str();
    let page = world.browser.open(&address(&[("client_id", id), ("post_logout_redirect_uri", "https://app.example/bye")])).await;
    let page = world.browser.submit(&page, "/oauth/logout/confirm", &[]).await;
    assert_eq!(page.location(), "https://app.example/bye");
    assert!(!world.browser.is_signed_in().await);
}

#[actix_web::test]
async fn as_11_a_hint_of_another_session_or_person_is_no_proof() {
    let world = World::new().await;
    let hint = hint(&world).await;
    let other = world.app.browser_of("taro").await;

    let page = other.open(&address(&[("id_token_hint", &hint)])).await;
    assert_eq!(page.status, 200, "{page:?}");
    assert!(other.is_signed_in().await);
    let page = world.browser.open("/account").await;
    world.browser.submit(&page, "/logout", &[]).await;
    world.browser.sign_in("hanako", crate::support::app::PASSWORD).await;
    assert_eq!(world.browser.open(&address(&[("id_token_hint", &hint)])).await.status, 200);
    assert!(world.browser.is_signed_in().await);
}

#[actix_web::test]
async fn as_11_only_registered_targets_are_gone_to() {
    let world = World::new().await;
    let hint = hint(&world).await;
    let other = register(&world.app, |_| {}).await;
    let hint = ("id_token_hint", hint.as_str());

    for parameters in [
        vec![hint, ("post_logout_redirect_uri", "https://evil.example/")],
        vec![hint, ("post_logout_redirect_uri", "https://app.example/bye?x=1")],
        vec![("post_logout_redirect_uri", "https://app.example/bye")],
        vec![hint, ("client_id", other.id.as_str())],
        vec![("id_token_hint", "a.b.c")],
        vec![hint, hint],
    ] {
        let page = world.browser.open(&address(&parameters)).await;
        assert_eq!((page.status, page.header("location")), (400, ""), "{parameters:?}: {page:?}");
        assert!(world.browser.is_signed_in().await);
    }
}

#[actix_web::test]
async fn as_11_another_site_cannot_confirm() {
    let world = World::new().await;

    let page = world.browser.post("/oauth/logout/confirm", &[("request".to_owned(), String::new())]).await;

    assert!(page.status == 303 && world.browser.is_signed_in().await, "{page:?}");
}

#[actix_web::test]
async fn a_posted_request_to_sign_out_works_too() {
    let world = World::new().await;
    let hint = hint(&world).await;

    let page = world.browser.post("/oauth/logout", &[("id_token_hint".to_owned(), hint)]).await;
    let page = world.browser.follow(&page).await;

    assert_eq!(page.location(), "/login");
    assert!(!world.browser.is_signed_in().await);
}

#[actix_web::test]
async fn ht_01_what_is_too_long_for_an_address_is_not_made_one() {
    let world = World::new().await;

    for length in [8_180, 9_000, 17_000] {
        let page = world.browser.post("/oauth/logout", &[("state".to_owned(), "a".repeat(length))]).await;

        assert_eq!((page.status, page.header("location")), (413, ""), "{length}");
    }
    let page = world.browser.post("/oauth/logout", &[("state".to_owned(), "a".repeat(8_000))]).await;
    assert_eq!(world.browser.follow(&page).await.status, 200);
}
