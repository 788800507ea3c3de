//! Alarms: one alert per incident, and none that a single person can raise.

use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

use genkan::domain::ids::AttemptId;
use genkan::signin::failure::{Cause, SigninFailure, Stage};
use genkan::signin::visitor::Visitor;

use super::{Scene, lab, walk};
use crate::support::app::TestApp;

fn visitor(client: u8) -> Visitor {
    Visitor { address: IpAddr::V4(Ipv4Addr::new(192, 0, 2, client)), ..Visitor::default() }
}

/// Tells the watch of a genuine failure of a client.
pub(super) fn fail(app: &TestApp, cause: Cause, client: u8) {
    let (attempt, stage) = (Some(AttemptId::new(&app.clock)), cause.stages().last().copied().unwrap_or(Stage::Token));
    let failure = SigninFailure { provider: Some(lab()), attempt, ..SigninFailure::new(cause, stage) };
    app.state.signin.watch.failed(&failure, &app.state.signin.watch.rules.judge(&failure), "K7Q2-9F3M", &visitor(client));
}

/// Tells the watch that somebody leaves, and perhaps comes back.
pub(super) fn trip(app: &TestApp, client: u8, comes_back: bool) {
    let watch = &app.state.signin.watch;
    watch.attempt_begun(&lab(), &visitor(client));
    if comes_back {
        watch.provider_worked(&lab(), AttemptId::new(&app.clock), &visitor(client));
    }
}

#[actix_web::test]
async fn a_rise_of_what_browsers_lose_is_one_alert_until_it_is_over() {
    let scene = Scene::new().await;
    for client in 0..100 {
        trip(&scene.app, client, true);
    }
    scene.pass(1_800).await;
    for client in 0..15 {
        fail(&scene.app, Cause::CodeUnusable, client);
        trip(&scene.app, client, true);
    }

    scene.pass(60).await;
    scene.until("the alert", async |scene| scene.told("browser_environment").0 > 0).await;
    scene.pass(1_800).await;
    scene.until("the end", async |scene| scene.told("browser_environment").1 > 0).await;
    assert_eq!(scene.told("browser_environment"), (1, 1));
}

#[actix_web::test]
async fn lg_07_one_client_raises_no_rise_however_often_it_fails() {
    let scene = Scene::new().await;
    for _ in 0..200 {
        fail(&scene.app, Cause::CodeUnusable, 1);
        trip(&scene.app, 1, false);
    }

    scene.pass(7_200).await;

    let kinds: Vec<_> = scene.bodies().iter().map(|body| body["kind"].clone()).collect();
    assert!(kinds.is_empty(), "{kinds:?}");
}

#[actix_web::test]
async fn attempts_that_never_end_are_told_once_they_cannot_end_any_more() {
    let scene = Scene::new().await;
    for client in 0..60 {
        trip(&scene.app, client, client % 10 == 0);
    }

    scene.pass(600).await;
    assert_eq!(scene.told("lost_attempts"), (0, 0), "they may still come back");
    scene.pass(900).await;
    scene.until("the alert", async |scene| scene.told("lost_attempts").0 > 0).await;
    scene.pass(7_200).await;
    scene.until("the end", async |scene| scene.told("lost_attempts").1 > 0).await;
    assert_eq!(scene.told("lost_attempts"), (1, 1));
}

#[actix_web::test]
async fn the_first_failure_of_its_kind_is_told_and_no_other_of_that_kind() {
    let scene = Scene::new().await;
    let twin = scene.app.twin().await;
    scene.walk().await;

    for app in [&scene.app, &twin] {
        fail(app, Cause::NonceMismatch, 1);
        fail(app, Cause::NonceMismatch, 2);
    }
    futures_util::future::join(scene.app.patrol.tick(), twin.patrol.tick()).await;
    scene.until("the alert", async |scene| scene.told("other").0 > 0).await;
    scene.pass(3_700).await;
    scene.until("the end", async |scene| scene.told("other").1 > 0).await;
    walk(&scene.app.browser(), "wrong_nonce").await;
    scene.pass(60).await;

    assert_eq!(scene.told("other"), (1, 1));
    let subject = scene.bodies()[0]["subject"].clone();
    assert_eq!(subject, "nonce_mismatch at profile");
}

#[actix_web::test]
async fn a_guard_that_many_clients_trip_is_told_and_over_with_the_next_success() {
    let scene = Scene::new().await;
    for client in 0..3 {
        fail(&scene.app, Cause::CodeUnusable, client);
    }

    scene.until("the alert", async |scene| scene.told("first_contact").0 > 0).await;
    scene.app.clock.advance(Duration::from_secs(5));
    scene.walk().await;
    scene.until("the end", async |scene| scene.told("first_contact").1 > 0).await;
    assert_eq!(scene.told("first_contact"), (1, 1));
}

#[actix_web::test]
async fn lg_06_a_guard_that_one_client_trips_is_told_if_the_provider_refuses_us_too() {
    let scene = Scene::with(|config| config.providers[0].client_secret = Some("another secret".into())).await;
    for _ in 0..3 {
        scene.walk().await;
    }

    scene.until("the alert", async |scene| scene.told("first_contact").0 > 0).await;
}
