//! Who comes back: one person, two people, and where they wanted to go.

use genkan::config::Config;
use genkan::domain::ids::UserId;
use genkan::signin::failure::Cause;

use crate::support::app::TestApp;
use crate::support::browser::TestBrowser;
use crate::support::database::{Backend, TestDatabase};
use crate::support::logs;
use crate::support::trip::{Trip, expect_failure};

/// Signs somebody in and returns whose account it is.
async fn sign_in(browser: &TestBrowser, sub: &str) -> UserId {
    let back = Trip::begin(browser, "lab", "").await.answer("approve", sub).await;
    assert_eq!(back.open().await.location(), "/account");
    browser.open("/api/me").await.json()["id"].as_str().expect("an id").parse().expect("an id")
}

#[actix_web::test]
async fn so_08_the_first_sign_in_makes_the_user_and_the_second_finds_it() {
    let (app, _lab) = TestApp::with_lab().await;

    let (first, second) = (sign_in(&app.browser(), "akari").await, sign_in(&app.browser(), "akari").await);

    assert_eq!(first, second);
    let identities = app.state.signin.store.list_identities(first).await.expect("identities");
    assert_eq!(identities.iter().map(|identity| identity.provider.as_str()).collect::<Vec<_>>(), ["lab"]);
    let mut lines = logs::with("user", &first.to_string());
    lines.retain(|line| line.field("event") == "signin_succeeded");
    assert_eq!(lines.iter().map(|line| line.field("new_user")).collect::<Vec<_>>(), ["true", "false"]);
    assert!(lines.iter().all(|line| line.level == log::Level::Info && line.field("provider") == "lab"), "{lines:?}");
}

#[actix_web::test]
async fn so_08_two_people_and_two_providers_stay_apart() {
    let second_provider = |config: &mut Config| {
        let mut two = config.providers[0].clone();
        two.id = "two".to_owned();
        config.providers.push(two);
    };
    let (app, _lab) = TestApp::with_lab_and(second_provider).await;
    let browser = app.browser();
    let (akari, ben) = (sign_in(&browser, "akari").await, sign_in(&browser, "ben").await);

    let back = Trip::begin(&browser, "two", "").await.answer("approve", "akari").await;
    assert_eq!(back.open().await.location(), "/account");
    let elsewhere: UserId = browser.open("/api/me").await.json()["id"].as_str().expect("an id").parse().expect("an id");

    assert_ne!(akari, ben);
    assert!(![akari, ben].contains(&elsewhere), "the same subject at another provider is another person");
}

/// Lets one new person come in several browsers at once to two instances that share a database.
async fn arrive_at_once(backend: Backend) {
    let Some(database) = TestDatabase::create(backend) else { return };
    let settings = |config: &mut Config| {
        config.database = database.config();
        config.providers[0].trust_email = true;
    };
    let (app, _lab) = TestApp::with_lab_and(settings).await;
    let other = app.twin().await;
    let browsers: Vec<_> = (0..6).map(|_| app.browser()).collect();
    let arrive = async |(number, browser): (usize, _)| {
        let back = Trip::begin(browser, "lab", "").await.answer("approve", "akari").await;
        let instance = if number % 2 == 0 { &app } else { &other };
        browser.open(&instance.address(back.path())).await.location().to_owned()
    };

    let landings = futures_util::future::join_all(browsers.iter().enumerate().map(arrive)).await;

    assert_eq!(landings, ["/account"; 6]);
    assert_eq!(app.state.signin.store.list_users(None, 10).await.expect("users").len(), 1);
}

#[cfg(feature = "sqlite")]
#[actix_web::test]
async fn lk_05_one_new_person_who_comes_twice_at_once_is_one_user_on_sqlite() {
    arrive_at_once(Backend::Sqlite).await;
}

#[cfg(feature = "postgres")]
#[actix_web::test]
async fn lk_05_one_new_person_who_comes_twice_at_once_is_one_user_on_postgres() {
    arrive_at_once(Backend::Postgres).await;
}

#[cfg(feature = "mysql")]
#[actix_web::test]
async fn lk_05_one_new_person_who_comes_twice_at_once_is_one_user_on_mysql() {
    arrive_at_once(Backend::Mysql).await;
}

#[actix_web::test]
async fn after_signing_out_the_old_answer_signs_nobody_in() {
    let (app, lab) = TestApp::with_lab().await;
    let browser = app.browser();
    let back = Trip::begin(&browser, "lab", "").await.answer("approve", "akari").await;
    back.open().await;
    let page = browser.open("/account").await;
    assert_eq!(browser.submit(&page, "/logout", &[]).await.status, 303);

    let answer = back.open().await;

    expect_failure(&browser, &answer, Cause::AttemptRepeated, "callback").await;
    assert!(!browser.is_signed_in().await);
    assert_eq!(back.times_sent(&lab), 1);
}

#[actix_web::test]
async fn so_02_whose_session_has_ended_is_not_signed_in_by_the_old_answer() {
    let (app, lab) = TestApp::with_lab().await;
    let browser = app.browser();
    let back = Trip::begin(&browser, "lab", "").await.answer("approve", "akari").await;
    back.open().await;
    browser.set_cookie("jwt=; Max-Age=0; Path=/");

    let answer = back.open().await;

    expect_failure(&browser, &answer, Cause::AttemptRepeated, "callback").await;
    assert!(!browser.is_signed_in().await);
    assert_eq!(back.times_sent(&lab), 1);
}

#[actix_web::test]
async fn where_somebody_wanted_to_go_survives_a_failure_and_the_next_try() {
    let (app, _lab) = TestApp::with_lab().await;
    let browser = app.browser();
    let cancelled = Trip::begin(&browser, "lab", "?return_to=%2Faccount%3Ftab%3D1").await.answer("cancel", "akari").await;
    let answer = cancelled.open().await;

    let page = browser.follow(&answer).await;
    let url = browser.submit(&page, "/auth/lab", &[]).await.location().parse().expect("an address");
    let back = Trip { browser: &browser, url }.answer("approve", "akari").await;

    assert_eq!(back.open().await.location(), "/account?tab=1");
}
