//! Two clocks that do not agree.

use std::time::Duration;

use genkan::signin::failure::Cause;

use crate::support::app::TestApp;
use crate::support::trip::{Trip, expect_failure};

#[actix_web::test]
async fn dp_04_a_token_that_clocks_made_invalid_is_logged_with_their_difference() {
    for (ours_is_ahead, cause) in [(4_000, Cause::IdTokenExpired), (-300, Cause::IdTokenFromFuture)] {
        let (app, lab) = TestApp::with_lab().await;
        let now = app.clock.now().timestamp();
        lab.set_clock(move || now - ours_is_ahead);
        let browser = app.browser();
        let back = Trip::begin(&browser, "lab", "").await.answer("approve", "skewed").await;

        let answer = back.open().await;

        let told = expect_failure(&browser, &answer, cause, "profile").await;
        assert_eq!(told.line.field("clock_difference_secs"), ours_is_ahead.to_string());
    }
}

#[actix_web::test]
async fn dp_04_less_than_a_minute_keeps_nobody_out() {
    let (app, lab) = TestApp::with_lab().await;
    let now = app.clock.now().timestamp();
    lab.set_clock(move || now + 50);
    let browser = app.browser();

    let answer = Trip::begin(&browser, "lab", "").await.answer("approve", "in-time").await.open().await;

    assert_eq!(answer.location(), "/account");
}

#[actix_web::test]
async fn other_failures_say_nothing_of_clocks() {
    let (app, _lab) = TestApp::with_lab().await;
    app.clock.advance(Duration::from_secs(10));
    let browser = app.browser();

    let answer = Trip::begin(&browser, "lab", "").await.answer("wrong_nonce", "timely").await.open().await;

    let told = expect_failure(&browser, &answer, Cause::NonceMismatch, "profile").await;
    assert_eq!(told.line.field("clock_difference_secs"), "None");
}

#[actix_web::test]
async fn dp_04_replicas_whose_clocks_are_90_seconds_apart_work_as_one() {
    for app_is_ahead in [true, false] {
        let (app, lab) = TestApp::with_lab().await;
        let twin = app.twin().await;
        (if app_is_ahead { &app } else { &twin }).clock.advance(Duration::from_secs(90));
        let now = twin.clock.now().timestamp();
        lab.set_clock(move || now);
        let browser = app.browser();

        let back = Trip::begin(&browser, "lab", "?return_to=%2Faccount").await.answer("approve", "elsewhere").await;
        let answer = browser.open(&twin.address(back.path())).await;
        assert_eq!(answer.location(), "/account", "begun here, finished there");
        for place in [&app, &twin] {
            assert_eq!(browser.open(&place.address("/api/me")).await.status, 200, "signed in at both");
        }
        assert_eq!(browser.open(&app.address(back.path())).await.location(), "/account", "a reload at the other");

        let page = browser.open(&twin.address("/account")).await;
        browser.submit(&page, "/logout", &[]).await;
        assert_eq!(browser.open(&twin.address("/api/me")).await.status, 401);
    }
}

#[actix_web::test]
async fn dp_04_an_explanation_without_cookies_reaches_the_other_replica() {
    for twin_is_ahead in [true, false] {
        let (app, _lab) = TestApp::with_lab().await;
        let twin = app.twin().await;
        (if twin_is_ahead { &twin } else { &app }).clock.advance(Duration::from_secs(90));
        let browser = app.browser();

        let answer = browser.open("/auth/lab/callback?code=x&state=x").await;
        let page = browser.open(&twin.address(answer.header("location"))).await;

        assert_eq!(page.flash().map(|flash| flash.cause).as_deref(), Some("cookie_missing"));
    }
}

#[actix_web::test]
async fn dp_04_a_clock_that_is_set_back_or_forward_signs_nobody_out_and_ends_no_trip() {
    for step in [Step::Back, Step::Forward] {
        let (app, lab) = TestApp::with_lab().await;
        app.clock.advance(Duration::from_secs(3_600));
        let browser = app.browser_of("hanako").await;
        let stranger = app.browser();
        let trip = Trip::begin(&stranger, "lab", "").await;

        // A clock that a test has made cannot run backwards, but another replica's can be behind.
        let twin = app.twin().await;
        twin.clock.advance(Duration::from_secs(if matches!(step, Step::Back) { 3_000 } else { 4_100 }));
        let now = twin.clock.now().timestamp();
        lab.set_clock(move || now);

        assert_eq!(browser.open(&twin.address("/api/me")).await.status, 200);
        let back = trip.answer("approve", "stepped").await;
        assert_eq!(stranger.open(&twin.address(back.path())).await.location(), "/account");
    }
}

/// Which way a clock is set, by some ten minutes.
enum Step {
    Back,
    Forward,
}
