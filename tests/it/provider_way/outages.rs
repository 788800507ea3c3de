//! A provider that is down, slow or strange, before the trip and after it.

use std::borrow::Cow;

use genkan::lab::{Answer, Endpoint, Lab, Outage};
use genkan::signin::failure::{Category, Cause};

use crate::support::app::TestApp;
use crate::support::browser::TestBrowser;
use crate::support::trip::{Trip, expect_failure};

/// What discovery answers, and what that is at the start and at the callback.
fn discovery_faults() -> [(Answer, Cause); 7] {
    let other_issuer = r#"{"issuer":"https://another.example","authorization_endpoint":"https://another.example/a"}"#;
    [
        (Outage::Down.into(), Cause::DiscoveryUnreachable),
        (Outage::Slow.into(), Cause::DiscoveryTimeout),
        (Outage::Html.into(), Cause::DiscoveryUnreadable),
        (Outage::ServerError.into(), Cause::DiscoveryUnreachable),
        (Answer::Drip, Cause::DiscoveryTimeout),
        (Answer::json(404, "{}"), Cause::DiscoveryRefused),
        (Answer::json(200, other_issuer), Cause::DiscoveryInvalid),
    ]
}

/// What the keys answer where no copy is at hand.
fn key_faults() -> [(Answer, Cause); 6] {
    [
        (Outage::Down.into(), Cause::KeysUnreachable),
        (Outage::Slow.into(), Cause::KeysTimeout),
        (Outage::Html.into(), Cause::KeysUnreadable),
        (Outage::ServerError.into(), Cause::KeysUnreachable),
        (Answer::json(200, r#"{"keys":[]}"#), Cause::KeysUnreadable),
        (Answer::json(404, "{}"), Cause::KeysRefused),
    ]
}

async fn hasty_app() -> (TestApp, Lab) {
    TestApp::with_lab_and(|config| config.http.total_timeout_secs = 2).await
}

/// Signs in and says that it worked.
async fn expect_success(browser: &TestBrowser, lab: &Lab, sub: &str) {
    let back = Trip::begin(browser, "lab", "").await.answer("approve", sub).await;
    assert_eq!(back.open().await.location(), "/account");
    assert_eq!(back.times_sent(lab), 1);
}

#[actix_web::test]
async fn dp_02_discovery_that_fails_at_the_start_keeps_the_person_here() {
    futures_util::future::join_all(discovery_faults().into_iter().map(|(answer, cause)| async move {
        let (app, lab) = hasty_app().await;
        lab.set_answer(Endpoint::Discovery, Some(answer));
        let browser = app.browser_of("hanako").await;
        let page = browser.open("/auth/lab?purpose=link&return_to=%2Faccount%3Ftab%3D1").await;

        let answer = browser.submit(&page, "/auth/lab", &[]).await;

        assert_eq!(answer.location(), "/account");
        let told = expect_failure(&browser, &answer, cause, "start").await;
        assert_eq!((told.line.field("purpose"), lab.requests("authorize")), ("link", 0));
        assert!(browser.is_signed_in().await);
    }))
    .await;
}

#[actix_web::test]
async fn so_11_discovery_that_fails_at_the_callback_costs_no_code() {
    futures_util::future::join_all(discovery_faults().into_iter().map(|(answer, cause)| async move {
        let (app, lab) = hasty_app().await;
        let (browser, other) = (app.browser(), app.twin().await);
        let back = Trip::begin(&browser, "lab", "").await.answer("approve", "discovery").await;
        lab.set_answer(Endpoint::Discovery, Some(answer));

        let answer = browser.open(&other.address(back.path())).await;

        expect_failure(&browser, &answer, cause, "token").await;
        assert_eq!(back.times_sent(&lab), 0);
    }))
    .await;
}

#[actix_web::test]
async fn so_12_keys_that_cannot_be_had_let_nobody_in() {
    futures_util::future::join_all(key_faults().into_iter().map(|(answer, cause)| async move {
        let (app, lab) = hasty_app().await;
        let browser = app.browser();
        let back = Trip::begin(&browser, "lab", "").await.answer("approve", "keys").await;
        lab.set_answer(Endpoint::Jwks, Some(answer));

        let answer = back.open().await;

        expect_failure(&browser, &answer, cause, "profile").await;
        assert!(!browser.is_signed_in().await);
        assert_eq!(back.times_sent(&lab), 1);
    }))
    .await;
}

#[actix_web::test]
async fn so_12_a_copy_of_keys_and_discovery_bridges_an_outage_of_theirs() {
    let (app, lab) = TestApp::with_lab().await;
    expect_success(&app.browser(), &lab, "before").await;
    for endpoint in [Endpoint::Discovery, Endpoint::Jwks] {
        lab.set_answer(endpoint, Some(Answer::DOWN));
    }

    expect_success(&app.browser(), &lab, "meanwhile").await;

    assert_eq!((lab.requests("discovery"), lab.requests("jwks")), (1, 1));
}

#[actix_web::test]
async fn so_12_a_rotated_key_is_fetched_once() {
    let (app, lab) = TestApp::with_lab().await;
    expect_success(&app.browser(), &lab, "before").await;

    lab.rotate_keys();

    expect_success(&app.browser(), &lab, "after").await;
    expect_success(&app.browser(), &lab, "later").await;
    assert_eq!(lab.requests("jwks"), 2);
}

#[actix_web::test]
async fn a_whole_outage_and_its_end_need_no_restart() {
    for outage in [Outage::Down, Outage::Html, Outage::ServerError] {
        let (app, lab) = TestApp::with_lab().await;
        let browser = app.browser();
        let back = Trip::begin(&browser, "lab", "").await.answer("approve", "outage").await;
        lab.set_outage(Some(outage));
        let answer = back.open().await;
        let flash = browser.follow(&answer).await.flash().expect("a flash");
        assert_eq!(flash.category, Category::IdpOutage.as_str(), "{outage:?}");

        lab.set_outage(None);

        expect_success(&browser, &lab, "outage").await;
    }
}

#[actix_web::test]
async fn a_provider_that_nobody_can_reach_is_told_so() {
    let (app, lab) = TestApp::with_lab().await;
    let browser = app.browser();
    let back = Trip::begin(&browser, "lab", "").await.answer("approve", "stopped").await;
    lab.stop();

    let answer = back.open().await;

    let told = expect_failure(&browser, &answer, Cause::TokenUnreachable, "token").await;
    assert!(told.page.text.contains("Lab"), "it names the provider: {:?}", told.page);
}

#[actix_web::test]
async fn so_13_an_error_code_reaches_the_log_cleaned_and_cut() {
    let (app, lab) = TestApp::with_lab().await;
    let browser = app.browser();
    let back = Trip::begin(&browser, "lab", "").await.answer("approve", "noisy").await;
    let error = format!("bad\\r\\n<b>{}", "x".repeat(200));
    let body = Cow::Owned(format!(r#"{{"error":"{error}","error_description":"<script>"}}"#));
    let content_type = Cow::Borrowed("application/json");
    lab.set_answer(Endpoint::Token, Some(Answer::Http { status: 400, content_type, headers: &[], body }));

    let answer = back.open().await;

    let told = expect_failure(&browser, &answer, Cause::TokenRefused, "token").await;
    assert_eq!(told.line.field("provider_error"), format!("badb{}", "x".repeat(60)));
    assert_eq!(told.line.field("http_status"), "400");
    assert!(!told.page.text.contains("xxx"), "{:?}", told.page);
}
