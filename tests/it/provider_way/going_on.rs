//! Pages that go on: what a failed sign-in offers next.

use genkan::config::Config;
use reqwest::Method;

use crate::support::app::{PASSWORD, TestApp};
use crate::support::browser::{Page, TestBrowser};
use crate::support::trip::Trip;

const RETRY: &str = ".flash form[action='/auth/lab']";

/// Adds a second provider, after the lab.
fn add_second(config: &mut Config) {
    let mut second = config.providers[0].clone();
    "second".clone_into(&mut second.id);
    config.providers.push(second);
}

/// Fails as a case of the lab and returns the page that tells it.
async fn fail(browser: &TestBrowser, query: &str, case: &str, sub: &str) -> Page {
    let answer = Trip::begin(browser, "lab", query).await.answer(case, sub).await.open().await;
    browser.follow(&answer).await
}

#[actix_web::test]
async fn a_cancelled_attempt_can_be_begun_again_where_it_was_going() {
    let (app, lab) = TestApp::with_lab().await;
    let browser = app.browser();
    let page = fail(&browser, "?return_to=%2Faccount%3Ftab%3D1", "cancel", "again").await;
    let field = |name: &str| page.attributes(&format!("{RETRY} input[name={name}]"), "value");

    assert_eq!((field("return_to"), field("purpose")), (vec!["/account?tab=1".to_owned()], vec!["sign_in".to_owned()]));
    lab.script("approve");
    let away = browser.submit(&page, "/auth/lab", &[]).await;
    let back = browser.follow(&away).await;
    assert_eq!(browser.follow(&back).await.location(), "/account?tab=1");
}

#[actix_web::test]
async fn a_failed_link_is_begun_again_as_a_link() {
    let (app, _lab) = TestApp::with_lab().await;
    let browser = app.browser_of("hanako").await;

    let page = fail(&browser, "?purpose=link&return_to=%2Faccount%3Ftab%3D2", "cancel", "link-again").await;

    assert_eq!(page.attributes(&format!("{RETRY} input[name=purpose]"), "value"), ["link"]);
    assert_eq!(page.attributes(&format!("{RETRY} input[name=return_to]"), "value"), ["/account?tab=2"]);
}

#[actix_web::test]
async fn in_an_outage_the_other_ways_come_first() {
    let (app, _lab) = TestApp::with_lab_and(add_second).await;
    let browser = app.browser();

    let page = fail(&browser, "", "status_503", "outage").await;

    assert_eq!(page.attributes(".ways form", "action"), ["/auth/second", "/auth/lab"], "{page:?}");
    assert_eq!(page.attributes(&format!("{RETRY} button"), "class"), ["later"]);
    assert!(page.text.contains("having trouble"));
    assert_eq!(browser.open("/login").await.attributes(".ways form", "action"), ["/auth/lab", "/auth/second"], "once");
}

#[actix_web::test]
async fn what_would_fail_again_offers_no_button() {
    let (app, _lab) = TestApp::with_lab().await;

    let page = fail(&app.browser(), "", "wrong_nonce", "no-button").await;

    assert_eq!(page.flash().map(|flash| flash.cause).as_deref(), Some("nonce_mismatch"));
    assert_eq!(page.attributes(RETRY, "action"), Vec::<String>::new());
}

#[actix_web::test]
async fn lk_01_a_taken_address_leads_through_the_old_way_to_the_account() {
    let (app, _lab) = TestApp::with_lab().await;
    let owner = app.browser();
    let page = owner.open("/register").await;
    let fields = [("name", "Hanako"), ("username", "hanako"), ("email", "taken@people.example"), ("password", PASSWORD)];
    owner.submit(&page, "/register", &fields).await;
    let browser = app.browser();

    let page = fail(&browser, "?return_to=%2Felsewhere", "approve", "taken").await;

    assert_eq!(page.flash().map(|flash| flash.cause).as_deref(), Some("email_taken"), "{page:?}");
    let signed_in = browser.submit(&page, "/login", &[("identifier", "hanako"), ("password", PASSWORD)]).await;
    assert_eq!(signed_in.location(), "/account");
}

#[actix_web::test]
async fn a_browser_inside_an_app_is_told_so_before_the_trip() {
    let (app, _lab) = TestApp::with_lab().await;
    let line = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 Safari Line/15.1.0";

    for path in ["/login", "/register", "/auth/lab"] {
        let page = Page::read(app.browser().request(Method::GET, path).header("user-agent", line)).await;
        assert_eq!(page.attributes(".notice[role=note]", "role").len(), 1, "{path}");
        assert!(!page.attributes("form[action='/auth/lab']", "action").is_empty(), "{path} still lets people try");
        assert!(app.browser().open(path).await.attributes(".notice[role=note]", "role").is_empty(), "{path}");
    }
}
