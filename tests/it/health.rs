//! Alive, ready, and what happens when the database is not.

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use reqwest::Method;
use serde_json::json;

use super::support::app::{PASSWORD, TestApp};

#[actix_web::test]
async fn ht_05_a_running_server_is_alive_and_ready() {
    let app = TestApp::spawn().await;
    let browser = app.browser();

    let (alive, ready) = (browser.open("/healthz").await, browser.open("/readyz").await);

    assert_eq!((alive.status, ready.status), (200, 200));
    assert_eq!(alive.header("cache-control"), "no-store");
    assert!(alive.set_cookies().is_empty());
}

#[actix_web::test]
async fn ht_05_db_08_without_database_it_is_alive_and_not_ready() {
    let app = TestApp::spawn().await;
    app.break_database();
    let browser = app.browser();

    let (alive, ready) = (browser.open("/healthz").await, browser.open("/readyz").await);

    assert_eq!((alive.status, ready.status), (200, 503));
}

#[actix_web::test]
async fn db_08_a_database_that_is_away_is_503_with_retry_after_and_tells_nothing() {
    let app = TestApp::spawn().await;
    let browser = app.browser_of("hanako").await;
    let page = browser.open("/login?again=1").await;
    app.break_database();
    app.clock.advance(Duration::from_secs(60));

    let form = browser.submit(&page, "/login", &[("identifier", "hanako"), ("password", "not the password")]).await;
    let me = browser.open("/api/me").await;
    let api = browser.send_json(Method::POST, "/api/session", &json!({ "username": "hanako", "password": "x" })).await;

    for answer in [form, me, api] {
        assert_eq!(answer.status, 503, "{answer:?}");
        assert!(!answer.header("retry-after").is_empty(), "{answer:?}");
        assert!(!answer.text.contains("database") && !answer.text.contains("sqlite"), "{answer:?}");
        assert!(!answer.set_cookies().iter().any(|cookie| cookie.starts_with("jwt=")), "never signed out by an outage: {answer:?}");
    }
}

#[actix_web::test]
async fn db_07_db_08_a_stuck_database_is_503_for_all_and_recovers_without_restart() {
    let app = TestApp::with(|config| {
        config.database.max_connections = 1;
        config.database.wait_timeout_secs = 1;
    });
    let app = app.await;
    app.browser_of("hanako").await;
    let browsers = [app.browser(), app.browser(), app.browser()];
    let lock = app.lock_database();

    let started = Instant::now();
    let stuck = join_all(browsers.iter().map(|browser| browser.sign_in("hanako", PASSWORD))).await;
    let page = app.browser().open("/login").await;
    drop(lock);

    assert!(started.elapsed() < Duration::from_secs(10), "{:?}", started.elapsed());
    for answer in stuck {
        assert_eq!(answer.status, 503, "{answer:?}");
        assert!(!answer.header("retry-after").is_empty(), "{answer:?}");
    }
    assert_eq!(page.status, 200, "what needs no database goes on");
    assert_eq!(app.browser().sign_in("hanako", PASSWORD).await.location(), "/account");
}
