//! A provider that is not there: 404 and a flash at once, whichever way one comes.

use genkan::config::Config;
use genkan::signin::failure::Cause;
use reqwest::{Method, RequestBuilder};

use crate::support::app::TestApp;
use crate::support::browser::{Page, TestBrowser};
use crate::support::logs;

/// Asserts that an answer is the page that says so, and that one line does.
#[track_caller]
fn assert_unknown(page: &Page, stage: &str) {
    let flash = page.flash().unwrap_or_else(|| panic!("no flash: {page:?}"));
    assert_eq!((page.status, flash.category.as_str(), flash.cause.as_str()), (404, "other", Cause::ProviderUnknown.as_str()));
    let lines = logs::with("request", page.header("x-request-id"));
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert_eq!((lines[0].field("event"), lines[0].field("stage"), lines[0].level), ("signin_failed", stage, log::Level::Error));
    assert_eq!(lines[0].field("reference"), flash.reference);
}

/// Every way to an unknown provider, and the stage that it is.
fn ways(browser: &TestBrowser, provider: &str) -> [(RequestBuilder, &'static str); 5] {
    let (start, callback) = (format!("/auth/{provider}"), format!("/auth/{provider}/callback"));
    let answer = [("code", "c"), ("state", "s")];
    [
        (browser.request(Method::GET, &start), "start"),
        (browser.request(Method::POST, &start).form(&[("return_to", "/account")]), "start"),
        (browser.request(Method::GET, &format!("{callback}?code=c&state=s")), "callback"),
        (browser.request(Method::GET, &callback), "callback"),
        (browser.request(Method::POST, &callback).form(&answer), "callback"),
    ]
}

#[actix_web::test]
async fn lg_02_an_unknown_or_disabled_provider_is_404_with_a_flash() {
    let disabled = |config: &mut Config| config.providers[0].enabled = false;
    let (app, _lab) = TestApp::with_lab_and(disabled).await;
    for browser in [app.browser(), app.browser_of("hanako").await] {
        for provider in ["none", "lab", "%00", "Lab"] {
            for (request, stage) in ways(&browser, provider) {
                assert_unknown(&Page::read(request).await, stage);
            }
        }
    }
}

#[actix_web::test]
async fn its_flash_is_on_that_page_only_and_leaves_another_waiting() {
    let (app, _lab) = TestApp::with_lab().await;
    let browser = app.browser();
    browser.open("/login").await;
    let waiting = browser.open("/auth/lab/callback?code=c&state=s").await;

    let page = browser.open("/auth/none").await;

    assert_unknown(&page, "start");
    assert_eq!(browser.follow(&waiting).await.flash().map(|flash| flash.cause).as_deref(), Some("state_unknown"));
    assert_eq!(browser.open("/login").await.flash(), None);
}

#[actix_web::test]
async fn si_10_looking_ahead_at_it_is_no_failure() {
    let app = TestApp::spawn().await;
    let browser = app.browser();

    let head = Page::read(browser.request(Method::HEAD, "/auth/none/callback?code=c")).await;
    let ahead = Page::read(browser.request(Method::GET, "/auth/none/callback?code=c").header("sec-purpose", "prefetch")).await;

    for page in [head, ahead] {
        assert_eq!(page.status, 204);
        assert!(logs::with("request", page.header("x-request-id")).is_empty());
    }
}
