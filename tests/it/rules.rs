//! The operators' rules, from the inbox to every replica.

use std::time::{Duration, Instant};

use genkan::ops::rules::{Gives, Matcher, add_rule, end_rule, inbox, list_rules, try_rule};
use genkan::signin::failure::{Category, Cause, ProviderErrorCode, Stage};
use genkan::store::failures::FailureFilter;

use super::support::app::TestApp;
use super::support::browser::Flash;
use super::support::logs;
use super::support::trip::Trip;

/// What "token refused" comes to in these tests.
fn matcher() -> Matcher {
    Matcher { stage: Some(Stage::Token), provider_error: ProviderErrorCode::clean("invalid_request"), ..Matcher::default() }
}

async fn add(app: &TestApp, category: Category) -> genkan::ops::rules::Rule {
    let signin = &app.state.signin;
    add_rule(&signin.store, &signin.clock, (matcher(), Gives::Category(category)), "seen", "hanako").await.expect("a rule")
}

/// Begins at `app`, fails at the token endpoint seen from `replica`; returns flash, role and page.
async fn fail_at(app: &TestApp, replica: &TestApp) -> (Flash, String, String) {
    let browser = app.browser();
    let back = Trip::begin(&browser, "lab", "").await.answer("invalid_request", "rules").await;
    let answer = browser.open(&replica.address(back.path())).await;
    let page = browser.follow(&answer).await;
    let flash = page.flash().expect("a flash");
    let role = page.attributes("div.flash", "role").remove(0);
    (flash, role, page.text)
}

/// Waits until a failure is judged as `category`; the rules travel to every replica by themselves.
async fn wait_for(app: &TestApp, replica: &TestApp, category: &str) -> (Flash, String, String) {
    let started = Instant::now();
    loop {
        let found = fail_at(app, replica).await;
        if found.0.category == category {
            return found;
        }
        assert!(started.elapsed() < Duration::from_secs(10), "{found:?}");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

#[actix_web::test]
async fn an_understood_failure_leaves_the_inbox_by_a_rule_on_every_replica_without_a_restart() {
    let (app, _lab) = TestApp::with_lab().await;
    let twin = app.twin().await;
    let store = &app.state.signin.store;
    let (before, ..) = fail_at(&app, &app).await;
    app.state.signin.watch.recorder.write_out(store).await.expect("the record is written");
    let entries = inbox(store, app.clock.now() - chrono::TimeDelta::days(1), 10).await.expect("a query");
    let told: Vec<_> = entries.iter().map(|entry| (entry.kind.fingerprint.as_str(), entry.kind.count, entry.samples.len())).collect();
    assert_eq!((before.category.as_str(), told), ("other", vec![("lab/token/token_refused/invalid_request", 1, 1)]));
    let trial =
        try_rule(store, &matcher(), Category::BrowserEnvironment, app.clock.now() - chrono::TimeDelta::days(1)).await.expect("a trial");
    assert_eq!(trial.moved.iter().map(|failure| failure.reference.as_str()).collect::<Vec<_>>(), [before.reference.as_str()]);

    let rule = add(&app, Category::BrowserEnvironment).await;

    for replica in [&app, &twin] {
        let (flash, role, text) = wait_for(&app, replica, "browser_environment").await;
        assert_eq!((flash.cause.as_str(), role.as_str()), ("token_refused", "status"));
        assert!(text.contains("got interrupted on the way") && !text.contains("our side"), "{text}");
        let line = logs::with("reference", &flash.reference).remove(0);
        assert_eq!(
            (line.level, line.field("category"), line.field("rule")),
            (log::Level::Info, "browser_environment", rule.id.to_string().as_str())
        );
        replica.state.signin.watch.recorder.write_out(store).await.expect("the record is written");
        let found = store.list_failures(FailureFilter { reference: Some(flash.reference), ..FailureFilter::default() }, 1).await;
        let found = found.expect("a query").remove(0);
        assert_eq!((found.category.as_str(), found.rule), ("browser_environment", Some(rule.id)));
    }
    let old = FailureFilter { reference: Some(before.reference), ..FailureFilter::default() };
    assert_eq!(store.list_failures(old, 1).await.expect("a query")[0].category, "other", "history stays as it was");
    end_rule(store, &app.clock, rule.id, "taro").await.expect("it holds");
    wait_for(&app, &twin, "other").await;
    let ended = list_rules(store).await.expect("a query").remove(0);
    assert_eq!((ended.made_by.as_str(), ended.ended.map(|(by, _)| by).as_deref()), ("hanako", Some("taro")));
}

#[actix_web::test]
async fn a_second_delivery_is_told_the_same_category() {
    let (app, _lab) = TestApp::with_lab().await;
    add(&app, Category::IdpOutage).await;
    wait_for(&app, &app, "idp_outage").await;
    let browser = app.browser();
    let back = Trip::begin(&browser, "lab", "").await.answer("invalid_request", "rules").await;

    let pages = super::support::trip::open_at_once(&browser, &[&back.url, &back.url]).await;

    for page in pages {
        let flash = browser.follow(&page).await.flash();
        assert!(flash.is_none_or(|flash| flash.category == "idp_outage" && flash.cause == Cause::TokenRefused.as_str()));
    }
}

#[actix_web::test]
async fn programs_are_told_the_category_of_the_rule_too() {
    let (app, _lab) = TestApp::with_lab().await;
    add(&app, Category::IdpOutage).await;
    let (flash, ..) = wait_for(&app, &app, "idp_outage").await;

    let line = logs::with("reference", &flash.reference).remove(0);

    assert_eq!((line.level, line.field("cause")), (log::Level::Warn, "token_refused"));
}
