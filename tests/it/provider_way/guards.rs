//! What operators are told when a provider fails every time.

use genkan::lab::Lab;

use crate::support::app::TestApp;
use crate::support::browser::TestBrowser;
use crate::support::logs::{self, Record};
use crate::support::trip::Trip;

/// Starts a genkan whose one provider has a name of its own, to be found in the common log.
async fn app_with(provider: &str) -> (TestApp, Lab) {
    TestApp::with_lab_and(|config| provider.clone_into(&mut config.providers[0].id)).await
}

async fn walk(browser: &TestBrowser, provider: &str, case: &str) {
    let back = Trip::begin(browser, provider, "").await.answer(case, "guarded").await;
    browser.follow(&back.open().await).await;
}

/// Returns the lines of an event about a provider.
fn lines(event: &str, provider: &str) -> Vec<Record> {
    logs::with("event", event).into_iter().filter(|line| line.field("provider") == provider).collect()
}

fn guards(provider: &str) -> Vec<String> {
    lines("provider_suspect", provider).iter().map(|line| line.field("guard").to_owned()).collect()
}

#[actix_web::test]
async fn a_provider_that_fails_every_time_is_told_once_until_it_works_again() {
    let (app, _lab) = app_with("always").await;
    let browser = app.browser();
    walk(&app.browser(), "always", "approve").await;
    for _ in 0..22 {
        walk(&browser, "always", "status_503").await;
    }

    let told = lines("provider_suspect", "always");
    assert_eq!(told.len(), 1, "{told:?}");
    let fields = ["guard", "category", "failures"].map(|name| told[0].field(name));
    assert_eq!((told[0].level, fields), (log::Level::Error, ["hundred_per_cent", "idp_outage", "20"]));
    let failed = lines("signin_failed", "always");
    assert!(failed.iter().all(|line| line.level == log::Level::Warn), "people and their lines notice nothing: {failed:?}");

    walk(&browser, "always", "approve").await;
    walk(&app.browser(), "always", "approve").await;
    let recovered = lines("provider_recovered", "always");
    assert_eq!((recovered.len(), recovered[0].level, recovered[0].field("failures")), (1, log::Level::Info, "22"));
}

#[actix_web::test]
async fn a_provider_that_has_never_worked_is_told_after_three_failures() {
    let (app, _lab) = app_with("never").await;
    let browser = app.browser();
    walk(&browser, "never", "cancel").await;
    for expected in [0, 0, 1, 1] {
        walk(&browser, "never", "wrong_nonce").await;
        assert_eq!(guards("never").len(), expected);
    }
    assert_eq!(guards("never"), ["first_contact"]);
}

#[actix_web::test]
async fn lg_07_forged_callbacks_raise_no_alarm() {
    let (app, _lab) = app_with("forged").await;
    let (browser, owner) = (app.browser(), app.browser());
    let back = Trip::begin(&owner, "forged", "").await.answer("approve", "owner").await;

    for _ in 0..30 {
        browser.open("/auth/forged/callback?code=c&state=s").await;
        browser.open(&back.url).await;
        browser.open("/auth/forged/callback").await;
    }

    assert_eq!(guards("forged"), Vec::<String>::new());
}
