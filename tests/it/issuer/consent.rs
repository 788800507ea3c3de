//! Consent: asked in words, remembered, listed, taken back.

use super::world::{Answer, World, assert_refused};

#[actix_web::test]
async fn as_08_the_question_names_client_host_scopes_and_lifetime() {
    let world = World::with(|client| client.is_verified = false).await;

    let page = world.browser.open(&world.authorize(&[("scope", "openid email offline_access tea:pour")])).await;
    let page = world.browser.follow(&page).await;

    for words in
        ["Tea House", "app.example", "e-mail address", "while you are away", "tea:pour", "90 days", "Nobody at this site has checked"]
    {
        assert!(page.text.contains(words), "{words}: {page:?}");
    }
    assert!(page.header("content-security-policy").contains("form-action 'self' https://app.example "), "{page:?}");
}

#[actix_web::test]
async fn as_08_a_consent_is_remembered_and_asked_anew_for_wider_scopes() {
    let world = World::new().await;
    world.allow(&[("scope", "openid profile")]).await;

    let narrower = world.browser.open(&world.authorize(&[("scope", "openid")])).await;
    assert!(Answer::of(narrower.location()).find("code").is_some(), "nobody is asked: {narrower:?}");

    let wider = world.browser.open(&world.authorize(&[("scope", "openid profile email")])).await;
    let wider = world.browser.follow(&wider).await;
    assert!(wider.text.contains(">new<"), "{wider:?}");
    world.press(&wider).await;
    let again = world.browser.open(&world.authorize(&[("scope", "openid profile email")])).await;
    assert!(Answer::of(again.location()).find("code").is_some(), "{again:?}");
}

#[actix_web::test]
async fn as_08_public_and_unverified_clients_ask_every_time() {
    let unverified = World::with(|client| client.is_verified = false).await;
    let public = World::with(|client| client.metadata.authentication = genkan::domain::client::ClientAuthentication::None).await;

    for world in [unverified, public] {
        world.allow(&[]).await;
        let page = world.browser.open(&world.authorize(&[])).await;
        assert!(page.location().starts_with("/oauth/continue/"), "{page:?}");
        let silent = world.browser.open(&world.authorize(&[("prompt", "none")])).await;
        assert_eq!(Answer::of(silent.location()).get("error"), "consent_required");
    }
}

#[actix_web::test]
async fn as_08_only_an_operators_word_leaves_the_question_out() {
    let own = World::with(|client| client.skips_consent = true).await;
    let page = own.browser.open(&own.authorize(&[])).await;
    assert!(Answer::of(page.location()).find("code").is_some(), "{page:?}");

    let asked = own.browser.open(&own.authorize(&[("prompt", "consent")])).await;
    assert!(asked.location().starts_with("/oauth/continue/"), "{asked:?}");
}

#[actix_web::test]
async fn as_09_a_consent_is_listed_and_taken_back_with_all_that_came_of_it() {
    let world = World::new().await;
    let tokens = world.tokens("openid offline_access").await;
    let page = world.browser.open("/account").await;
    assert!(page.text.contains("Tea House"), "{page:?}");

    let done = world.browser.submit(&page, "/account/applications/revoke", &[]).await;
    assert_eq!(done.location(), "/account");

    assert_refused(&world.refresh(tokens["refresh_token"].as_str().expect("a token")).await, 400, "invalid_grant");
    assert!(!world.browser.open("/account").await.text.contains("Tea House"));
    let page = world.browser.open(&world.authorize(&[])).await;
    assert!(page.location().starts_with("/oauth/continue/"), "asked again: {page:?}");
}

#[actix_web::test]
async fn as_09_nobody_takes_back_what_another_has_given() {
    let world = World::new().await;
    let tokens = world.tokens("openid offline_access").await;
    let other = world.app.browser_of("taro").await;
    let token = other.open("/account").await.csrf_token();

    let fields = [("csrf_token".to_owned(), token), ("client".to_owned(), world.client.id.to_string())];
    assert_eq!(other.post("/account/applications/revoke", &fields).await.status, 404);

    assert_eq!(world.refresh(tokens["refresh_token"].as_str().expect("a token")).await.status, 200);
}

#[actix_web::test]
async fn wb_01_another_site_cannot_say_yes() {
    let world = World::new().await;
    let page = world.browser.open(&world.authorize(&[])).await;
    let path = page.location().to_owned();
    let page = world.browser.follow(&page).await;
    let mut fields = page.hidden_fields(&path);
    fields.retain(|(name, _)| name != "csrf_token");

    let forged = world.browser.post(&path, &fields).await;

    assert!(forged.status != 303 || !forged.location().contains("code="), "{forged:?}");
}

#[actix_web::test]
async fn a_yes_counts_for_the_person_who_was_asked() {
    let world = World::new().await;
    let page = world.browser.open(&world.authorize(&[])).await;
    let path = page.location().to_owned();
    let page = world.browser.follow(&page).await;
    let mut fields = page.hidden_fields(&path);
    fields.iter_mut().filter(|(name, _)| name == "user").for_each(|(_, value)| "somebody else".clone_into(value));

    let answer = world.browser.post(&path, &fields).await;

    assert_eq!(answer.location(), path);
}

#[actix_web::test]
async fn as_10_the_request_is_checked_again_at_the_end() {
    let world = World::new().await;
    let page = world.browser.open(&world.authorize(&[])).await;
    let question = world.browser.follow(&page).await;

    world.app.execute_elsewhere("UPDATE clients SET metadata = replace(metadata, ' profile', '')");
    let answer = Answer::of(world.press(&question).await.location());
    assert_eq!(answer.get("error"), "invalid_scope");

    let page = world.browser.open(&world.authorize(&[("scope", "openid")])).await;
    let question = world.browser.follow(&page).await;
    world.app.execute_elsewhere("UPDATE clients SET disabled_at = '2026-11-20 12:00:00'");
    let page = world.press(&question).await;
    assert_eq!((page.status, page.header("location")), (400, ""), "{page:?}");
}

#[actix_web::test]
async fn as_10_a_question_is_answered_once() {
    let world = World::new().await;
    let page = world.browser.open(&world.authorize(&[])).await;
    let question = world.browser.follow(&page).await;

    let first = world.press(&question).await;
    let second = world.press(&question).await;

    assert!(Answer::of(first.location()).find("code").is_some());
    assert_eq!(second.status, 400, "{second:?}");
}
