//! Whoever gives up goes back to the application, which is told so.

use super::world::{Answer, World};
use crate::support::app::TestApp;

#[actix_web::test]
async fn a_no_is_told_to_the_client() {
    let world = World::new().await;
    let page = world.browser.open(&world.authorize(&[])).await;
    let cancel = format!("{}/cancel", page.location());
    let question = world.browser.follow(&page).await;

    let page = world.browser.submit(&question, &cancel, &[]).await;

    let answer = Answer::of(page.location());
    assert_eq!((answer.get("error"), answer.get("state")), ("access_denied".to_owned(), "the state".to_owned()));
    assert!(answer.find("iss").is_some());
    assert_eq!(world.browser.submit(&question, &cancel, &[]).await.status, 400, "and once only");
}

#[actix_web::test]
async fn every_page_of_the_sign_in_offers_the_way_back() {
    let world = World::new().await;
    let browser = world.app.browser();
    let login = browser.open(&world.authorize(&[])).await;
    let target = login.location().trim_start_matches("/login?").to_owned();

    for path in ["/login", "/register"] {
        let page = browser.open(&format!("{path}?{target}")).await;
        assert!(page.text.contains("Back to Tea House"), "{path}: {page:?}");
    }
    let page = browser.follow(&login).await;
    let wrong = browser.submit(&page, "/login", &[("identifier", "hanako"), ("password", "wrong")]).await;
    assert_eq!(wrong.status, 422);
    let cancel = wrong.attributes("form[action$='/cancel']", "action").remove(0);
    let page = browser.submit(&wrong, &cancel, &[]).await;
    assert_eq!(Answer::of(page.location()).get("error"), "access_denied");
}

#[actix_web::test]
async fn a_failure_of_a_provider_leads_back_to_the_client_if_the_person_gives_up() {
    let (app, lab) = TestApp::with_lab().await;
    let client = super::world::register(&app, |_| {}).await;
    let world = World { browser: app.browser(), client, app };
    let page = world.browser.open(&world.authorize(&[])).await;
    let page = world.browser.follow(&page).await;

    lab.script("cancel");
    let away = world.browser.submit(&page, "/auth/lab", &[]).await;
    let back = world.browser.follow(&away).await.location().to_owned();
    let landed = world.browser.open(&back).await;
    let page = world.browser.follow(&landed).await;
    assert!(page.flash().is_some(), "{page:?}");
    let cancel = page.attributes("form[action$='/cancel']", "action").remove(0);
    let page = world.browser.submit(&page, &cancel, &[]).await;

    assert_eq!(Answer::of(page.location()).get("error"), "access_denied");
}

#[actix_web::test]
async fn whoever_signs_in_with_a_provider_comes_back_to_the_request() {
    let (app, lab) = TestApp::with_lab().await;
    let client = super::world::register(&app, |_| {}).await;
    let world = World { browser: app.browser(), client, app };
    let page = world.browser.open(&world.authorize(&[])).await;
    let page = world.browser.follow(&page).await;

    lab.script("approve");
    let away = world.browser.submit(&page, "/auth/lab", &[]).await;
    let back = world.browser.follow(&away).await.location().to_owned();
    let landed = world.browser.open(&back).await;
    let answer = world.agree(landed).await;

    assert!(answer.find("code").is_some(), "{answer:?}");
}

#[actix_web::test]
async fn a_request_that_took_too_long_is_told_on_a_page() {
    let world = World::new().await;
    let page = world.browser.open(&world.authorize(&[])).await;

    world.app.clock.advance(std::time::Duration::from_secs(1_800));

    let page = world.browser.follow(&page).await;
    assert_eq!(page.status, 400, "{page:?}");
    assert!(page.text.contains("This sign-in is over"), "{page:?}");
}
