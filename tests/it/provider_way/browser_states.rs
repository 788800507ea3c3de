//! What a browser loses, keeps or mixes up on the way.

use std::time::Duration;

use genkan::config::Config;
use genkan::signin::failure::Cause;
use reqwest::Method;

use crate::support::app::{TestApp, lab_provider};
use crate::support::browser::{Page, TestBrowser};
use crate::support::trip::{Trip, expect_failure};

/// Opens a page as the browser that calls itself so, without cookies.
async fn open_as(app: &TestApp, agent: &str, path: &str) -> Page {
    Page::read(app.browser().request(Method::GET, path).header("user-agent", agent)).await
}

/// Opens an answer and says which failure, at the callback, it is.
async fn expect_at_callback(browser: &TestBrowser, path: &str, cause: Cause) {
    let answer = browser.open(path).await;
    expect_failure(browser, &answer, cause, "callback").await;
}

#[actix_web::test]
async fn so_02_an_attempt_that_took_too_long_is_told_where_it_began() {
    let (app, lab) = TestApp::with_lab().await;
    let browser = app.browser_of("hanako").await;
    for (query, landing) in [("?purpose=link", "/account"), ("?return_to=%2Faccount%3Ftab%3D1", "/login?return_to=%2Faccount%3Ftab%3D1")] {
        let back = Trip::begin(&browser, "lab", query).await.answer("approve", "late").await;
        app.clock.advance(Duration::from_secs(601));

        let answer = back.open().await;

        assert_eq!(answer.location(), landing);
        let told = expect_failure(&browser, &answer, Cause::AttemptExpired, "callback").await;
        assert_ne!(told.line.field("attempt"), "None");
        assert_eq!(back.times_sent(&lab), 0);
        assert!(browser.is_signed_in().await);
    }
}

#[actix_web::test]
async fn so_02_without_cookies_the_flash_comes_once_and_to_this_browser_only() {
    let (app, lab) = TestApp::with_lab().await;
    let browser = app.browser();
    let back = Trip::begin(&browser, "lab", "").await.answer("approve", "cookieless").await;

    let answer = open_as(&app, "Firefox", &back.url).await;
    let elsewhere = open_as(&app, "Chrome", answer.location()).await;
    let here = open_as(&app, "Firefox", answer.location()).await;
    let again = open_as(&app, "Firefox", answer.location()).await;

    let told = [elsewhere, here, again].map(|page| page.flash().map(|flash| flash.cause));
    assert_eq!(told, [None, Some("cookie_missing".to_owned()), None]);
    assert_eq!(back.times_sent(&lab), 0);
    assert_eq!(back.open().await.location(), "/account", "the attempt is its browser's still");
}

#[actix_web::test]
async fn si_10_a_page_that_is_looked_at_ahead_keeps_its_flash() {
    let (app, _lab) = TestApp::with_lab().await;
    let browser = app.browser();
    let answer = Trip::begin(&browser, "lab", "").await.answer("cancel", "ahead").await.open().await;

    for (method, header, value) in [(Method::GET, "sec-purpose", "prefetch;prerender"), (Method::HEAD, "accept", "*/*")] {
        let ahead = Page::read(browser.request(method, answer.location()).header(header, value)).await;
        assert_eq!((ahead.status, ahead.flash()), (200, None), "{header}");
    }

    assert_eq!(browser.follow(&answer).await.flash().map(|flash| flash.cause).as_deref(), Some("consent_denied"));
}

#[actix_web::test]
async fn a_flash_in_the_address_is_gone_after_some_minutes() {
    let (app, _lab) = TestApp::with_lab().await;
    let answer = app.browser().open("/auth/lab/callback?code=c&state=s").await;

    app.clock.advance(Duration::from_secs(151));

    assert_eq!(app.browser().open(answer.location()).await.flash(), None);
}

#[actix_web::test]
async fn so_02_a_cookie_that_cannot_be_read_holds_no_attempt() {
    let (app, lab) = TestApp::with_lab().await;
    let browser = app.browser();
    let back = Trip::begin(&browser, "lab", "").await.answer("approve", "scrambled").await;
    browser.set_cookie("genkan=bm8gY29va2llIG9mIG91cnM=; Path=/");

    expect_at_callback(&browser, &back.url, Cause::StateUnknown).await;

    assert_eq!(back.times_sent(&lab), 0);
    assert!(!browser.is_signed_in().await);
}

#[actix_web::test]
async fn so_01_so_02_a_state_is_good_on_its_own_providers_path_only() {
    let lab_two = |config: &mut Config| {
        let mut two = config.providers[0].clone();
        two.id = "two".to_owned();
        config.providers.push(two);
    };
    let (app, lab) = TestApp::with_lab_and(lab_two).await;
    let browser = app.browser();
    let back = Trip::begin(&browser, "lab", "").await.answer("approve", "mixed-up").await;

    expect_at_callback(&browser, &back.path().replace("/lab/", "/two/"), Cause::StateOfOtherProvider).await;

    assert_eq!(back.times_sent(&lab), 0);
    assert!(!browser.is_signed_in().await);
    assert_eq!(back.open().await.location(), "/account", "a stranger's link ends nobody's attempt");
}

#[actix_web::test]
async fn lg_06_an_error_of_a_strangers_state_says_nothing_but_that() {
    let (app, _lab) = TestApp::with_lab().await;
    let browser = app.browser();
    Trip::begin(&browser, "lab", "").await;

    for error in ["access_denied", "server_error", "temporarily_unavailable", "made_up"] {
        expect_at_callback(&browser, &format!("/auth/lab/callback?error={error}&state=strange"), Cause::StateUnknown).await;
    }
}

#[actix_web::test]
async fn lg_06_a_cancel_without_state_counts_while_an_attempt_waits_and_leaves_it_alive() {
    let (app, lab) = TestApp::with_lab().await;
    let (browser, idle) = (app.browser(), app.browser());
    idle.open("/login").await;
    let cancel = "/auth/lab/callback?error=access_denied";
    let back = Trip::begin(&browser, "lab", "").await.answer("approve", "undecided").await;

    expect_at_callback(&browser, cancel, Cause::ConsentDenied).await;
    expect_at_callback(&idle, cancel, Cause::StateMissing).await;
    expect_at_callback(&browser, "/auth/lab/callback?error=server_error", Cause::StateMissing).await;

    assert_eq!(back.open().await.location(), "/account");
    assert_eq!(back.times_sent(&lab), 1);
}

#[actix_web::test]
async fn so_01_every_attempt_has_secrets_of_its_own() {
    let (app, _lab) = TestApp::with_lab().await;
    let browser = app.browser();

    let urls = [Trip::begin(&browser, "lab", "").await.url, Trip::begin(&browser, "lab", "").await.url];

    for name in ["state", "nonce", "code_challenge"] {
        let values = urls.each_ref().map(|url| url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned()));
        assert!(values.iter().all(|value| value.as_ref().is_some_and(|value| value.len() == 43)), "{name}: {values:?}");
        assert_ne!(values[0], values[1], "{name}");
    }
    assert!(urls.iter().all(|url| url.as_str().contains("code_challenge_method=S256")));
}

#[actix_web::test]
async fn a_disabled_provider_forgets_its_attempts() {
    let (app, lab) = TestApp::with_lab().await;
    let browser = app.browser();
    let back = Trip::begin(&browser, "lab", "").await.answer("approve", "too-late").await;
    let mut off = lab_provider(&lab);
    off.enabled = false;
    let without = app.twin_with(|config| config.providers = vec![off]).await;

    let answer = browser.open(&without.address(back.path())).await;

    assert_eq!((answer.status, answer.flash().map(|flash| flash.cause)), (404, Some("provider_unknown".to_owned())));
    assert_eq!(back.times_sent(&lab), 0);
}
