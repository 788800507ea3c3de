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
