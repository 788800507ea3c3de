//! One answer that comes several times, and several answers at once.

use std::time::{Duration, Instant};

use genkan::domain::language::Language;
use genkan::lab::Lab;
use genkan::signin::attempt::{Attempts, Purpose};
use genkan::signin::failure::Cause;
use genkan::signin::social::{BeginRequest, Begun, FinishRequest};
use genkan::signin::visitor::Visitor;

use crate::support::app::TestApp;
use crate::support::browser::{Flash, Page};
use crate::support::database::{Backend, TestDatabase};
use crate::support::logs;
use crate::support::trip::{Back, Trip, expect_failure, open_at_once};

/// Asserts that each answer signs in, after one exchange.
fn assert_all_signed_in(answers: &[Page], back: &Back<'_>, lab: &Lab) {
    for answer in answers {
        assert_eq!(answer.location(), "/account");
        assert!(answer.set_cookies().iter().any(|cookie| cookie.starts_with("jwt=")), "{answer:?}");
    }
    assert_eq!(back.times_sent(lab), 1);
}

/// Returns the flash that an answer brings, whatever its siblings have brought.
async fn flash_of(app: &TestApp, answer: &Page) -> Flash {
    let browser = app.browser();
    for cookie in answer.set_cookies() {
        browser.set_cookie(cookie);
    }
    browser.follow(answer).await.flash().expect("a flash")
}

#[actix_web::test]
async fn so_01_ten_tabs_end_in_any_order_and_the_eleventh_pushed_the_oldest_out() {
    let (app, lab) = TestApp::with_lab().await;
    let browser = app.browser();
    let mut backs = Vec::new();
    for _ in 0..11 {
        backs.push(Trip::begin(&browser, "lab", "").await.answer("approve", "akari").await);
    }

    for back in backs[1..].iter().rev() {
        assert_eq!(back.open().await.location(), "/account");
        assert_eq!(back.times_sent(&lab), 1);
    }

    let answer = backs[0].open().await;
    expect_failure(&browser, &answer, Cause::StateUnknown, "callback").await;
    assert_eq!(backs[0].times_sent(&lab), 0);
    assert!(browser.is_signed_in().await);
}

#[actix_web::test]
async fn so_02_db_01_an_answer_that_is_delivered_at_once_signs_in_each_time_with_one_exchange() {
    let (app, lab) = TestApp::with_lab().await;
    for count in 2..=5 {
        let browser = app.browser();
        let back = Trip::begin(&browser, "lab", "").await.answer("approve", "akari").await;

        let answers = open_at_once(&browser, &vec![back.url.as_str(); count]).await;

        assert_all_signed_in(&answers, &back, &lab);
        assert!(browser.is_signed_in().await);
    }
}

/// Delivers answers to two instances at once that share a database; each is exchanged once.
async fn deliver_to_two_instances(backend: Backend) {
    let Some(database) = TestDatabase::create(backend) else { return };
    let (app, lab) = TestApp::with_lab_and(|config| config.database = database.config()).await;
    let other = app.twin().await;
    for round in 0..3 {
        let browser = app.browser();
        let back = Trip::begin(&browser, "lab", "").await.answer("approve", &format!("person-{round}")).await;
        let there = other.address(back.path());

        let answers = open_at_once(&browser, &[&back.url, &there, &back.url, &there]).await;

        assert_all_signed_in(&answers, &back, &lab);
        assert!(browser.is_signed_in().await);
    }
}

#[cfg(feature = "sqlite")]
#[actix_web::test]
async fn so_02_db_01_two_instances_on_sqlite_exchange_one_answer_once() {
    deliver_to_two_instances(Backend::Sqlite).await;
}

#[cfg(feature = "postgres")]
#[actix_web::test]
async fn so_02_db_01_two_instances_on_postgres_exchange_one_answer_once() {
    deliver_to_two_instances(Backend::Postgres).await;
}

#[cfg(feature = "mysql")]
#[actix_web::test]
async fn so_02_db_01_two_instances_on_mysql_exchange_one_answer_once() {
    deliver_to_two_instances(Backend::Mysql).await;
}

#[actix_web::test]
async fn so_02_whoever_missed_the_first_answer_gets_its_session_for_two_minutes() {
    let (app, lab) = TestApp::with_lab().await;
    let browser = app.browser();
    let back = Trip::begin(&browser, "lab", "").await.answer("approve", "akari").await;
    let cookie = format!("genkan={}; Path=/", browser.cookie("genkan").expect("a cookie"));
    back.open().await;
    for (wait, location, is_signed_in) in [(0, "/account", true), (120, "/account", true), (1, "/login", false)] {
        let same = app.browser();
        same.set_cookie(&cookie);
        app.clock.advance(Duration::from_secs(wait));

        let answer = same.open(&back.url).await;

        assert_eq!(answer.location(), location);
        assert_eq!(same.is_signed_in().await, is_signed_in);
    }
    assert_eq!(back.times_sent(&lab), 1);
}

#[actix_web::test]
async fn so_02_a_link_that_is_delivered_at_once_is_made_once() {
    let (app, lab) = TestApp::with_lab().await;
    let browser = app.browser_of("hanako").await;
    let back = Trip::begin(&browser, "lab", "?purpose=link").await.answer("approve", "akari").await;

    let answers = open_at_once(&browser, &[back.url.as_str(); 3]).await;

    assert!(answers.iter().all(|answer| answer.location() == "/account"), "{answers:?}");
    assert_eq!(back.times_sent(&lab), 1);
    assert_eq!(browser.open("/account").await.flash(), None);
}

#[actix_web::test]
async fn lg_02_a_failure_that_is_delivered_at_once_is_one_failure() {
    let (app, lab) = TestApp::with_lab().await;
    for case in ["invalid_grant", "status_500", "wrong_nonce", "profile_500"] {
        let browser = app.browser();
        let back = Trip::begin(&browser, "lab", "").await.answer(case, "akari").await;

        let answers = open_at_once(&browser, &[back.url.as_str(); 3]).await;

        let told = futures_util::future::join_all(answers.iter().map(|answer| flash_of(&app, answer))).await;
        assert!(told.iter().all(|flash| *flash == told[0]), "{case}: {told:?}");
        assert_eq!(logs::with("reference", &told[0].reference).len(), 1, "{case}");
        assert_eq!(back.times_sent(&lab), 1, "{case}");
    }
}

#[actix_web::test]
async fn so_02_a_first_delivery_that_died_is_waited_for_but_not_for_ever() {
    let (app, lab) = TestApp::with_lab_and(|config| config.http.total_timeout_secs = 1).await;
    let (signin, origin, visitor) = (&app.state.signin, app.address(""), Visitor::default());
    let (provider, purpose, language) = ("lab", Purpose::SignIn, Language::default());
    let begin = BeginRequest {
        provider,
        origin: &origin,
        purpose,
        return_to: None,
        who: None,
        attempts: &Attempts::NONE,
        language,
        visitor: &visitor,
    };
    let Begun::Away { attempt, .. } = signin.begin(begin).await.expect("an attempt") else { panic!("nobody links") };
    let iss = lab.issuer();
    let raw = format!("code=c&state={}&iss={iss}", attempt.state());
    signin.store.consume_attempt(attempt.id, app.clock.now() + Duration::from_secs(600)).await.expect("consumed");
    let mut attempts = Attempts::default();
    attempts.push(*attempt.clone());
    let started = Instant::now();

    let finish = FinishRequest {
        provider,
        origin: &origin,
        raw: raw.as_bytes(),
        is_query: true,
        attempts: Some(&attempts),
        who: None,
        language: None,
        visitor: &visitor,
    };
    let reported = signin.finish(finish).await.expect_err("nobody is signed in");

    assert_eq!((reported.cause, reported.attempt), (Cause::AttemptRepeated, Some(attempt.id)));
    assert!(started.elapsed() < Duration::from_secs(5), "{:?}", started.elapsed());
    assert!(lab.codes_sent().is_empty());
}
