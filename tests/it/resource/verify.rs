//! `/api/verify`: what a reverse proxy is told.

use genkan::domain::group::Group;
use genkan::domain::identifier::Identifier;
use genkan::domain::user::User;
use reqwest::Method;

use crate::support::app::TestApp;
use crate::support::browser::{Page, TestBrowser};

async fn verify(browser: &TestBrowser, query: &str, headers: &[(&str, &str)]) -> Page {
    let request = browser.request(Method::GET, &format!("/api/verify{query}"));
    Page::read(headers.iter().fold(request, |request, (name, value)| request.header(*name, *value))).await
}

async fn user(app: &TestApp, username: &str) -> User {
    let found = app.state.signin.store.find_user_by_identifier(&Identifier::parse(username)).await;
    found.expect("a query").expect("a user")
}

#[actix_web::test]
async fn who_is_signed_in_passes_and_is_named() {
    let app = TestApp::spawn().await;
    let browser = app.browser_of("hanako").await;
    app.execute("UPDATE users SET name = '山田 花子'");
    app.clock.advance(std::time::Duration::from_secs(1));

    let passed = verify(&browser, "", &[]).await;

    assert_eq!((passed.status, passed.text.as_str()), (200, ""));
    assert_eq!(passed.header("x-genkan-user"), user(&app, "hanako").await.id.to_string());
    assert_eq!(passed.header("x-genkan-email"), "hanako@example.com");
    assert_eq!(passed.header("x-genkan-name"), "%E5%B1%B1%E7%94%B0 %E8%8A%B1%E5%AD%90");
    assert_eq!(passed.header("cache-control"), "no-store");
}

#[actix_web::test]
async fn why_there_is_no_session_is_told() {
    let app = TestApp::spawn().await;
    let reason = async |browser: &TestBrowser| {
        let refused = verify(browser, "", &[]).await;
        assert_eq!(refused.status, 401, "{refused:?}");
        assert!(refused.header("x-genkan-user").is_empty() && !refused.json()["error"].is_null(), "{refused:?}");
        refused.header("x-genkan-reason").to_owned()
    };
    assert_eq!(reason(&app.browser()).await, "missing");
    let stranger = app.browser();
    stranger.set_cookie("jwt=abc");
    assert_eq!(reason(&stranger).await, "invalid");

    let ended = app.browser_of("taro").await;
    app.execute("DELETE FROM sessions");
    assert_eq!(reason(&ended).await, "ended");

    let disabled = app.browser_of("jiro").await;
    app.execute("UPDATE users SET disabled_at = '2026-01-01 00:00:00'");
    assert_eq!(reason(&disabled).await, "disabled");
}

#[actix_web::test]
async fn sessions_that_are_over_or_idle_are_told_apart() {
    let app = TestApp::with(|config| config.session.idle_secs = 3_600).await;
    let (idle, expired) = (app.browser_of("hanako").await, app.browser_of("taro").await);

    app.clock.advance(std::time::Duration::from_secs(7_200));
    assert_eq!(verify(&idle, "", &[]).await.header("x-genkan-reason"), "idle");
    app.clock.advance(std::time::Duration::from_secs(172_800));
    assert_eq!(verify(&expired, "", &[]).await.header("x-genkan-reason"), "expired");
}

#[actix_web::test]
async fn whoever_has_to_sign_in_is_sent_there_where_asked_for() {
    let app = TestApp::spawn().await;
    let nobody = app.browser();
    let login = format!("{}?return_to=%2Fapp%3Fa%3Db%26c", app.address("/login"));

    let told = verify(&nobody, "", &[("x-original-uri", "/app?a=b&c")]).await;
    let sent = verify(&nobody, "?redirect=true", &[("x-forwarded-uri", "/app?a=b&c")]).await;

    assert_eq!((told.status, told.header("x-genkan-login")), (401, login.as_str()));
    assert_eq!((sent.location(), sent.header("x-genkan-reason")), (login.as_str(), "missing"));
    for foreign in [("x-forwarded-host", "elsewhere.example"), ("x-forwarded-method", "POST")] {
        let sent = verify(&nobody, "?redirect=true", &[("x-forwarded-uri", "/app"), foreign]).await;
        assert_eq!(sent.location(), app.address("/login"), "{foreign:?}");
    }
}

#[actix_web::test]
async fn what_is_wanted_beyond_a_session_keeps_people_out() {
    let app = TestApp::spawn().await;
    let browser = app.browser_of("hanako").await;
    let status = async |query: &str| {
        let page = verify(&browser, query, &[]).await;
        (page.status, page.header("x-genkan-reason").to_owned())
    };
    assert_eq!(status("?require=verified_email").await, (200, String::new()));
    assert_eq!(status("?group=editors&redirect=true").await, (403, "not_in_group".to_owned()), "signing in does not help");

    let group = Group::parse("editors").expect("a group");
    app.state.signin.store.insert_group_member(user(&app, "hanako").await.id, &group, app.clock.now()).await.expect("joined");
    assert_eq!(status("?group=editors").await.0, 200);
    app.execute("UPDATE users SET is_email_proven = 0");
    app.clock.advance(std::time::Duration::from_secs(61));
    assert_eq!(status("?require=verified_email").await, (403, "email_unverified".to_owned()));
    assert_eq!(status("?max_age_secs=60").await, (401, "too_old".to_owned()));
    assert_eq!(status("?grop=editors").await.0, 400, "what is not understood lets nobody in");
}

#[actix_web::test]
async fn tk_13_a_database_that_is_away_lets_nobody_pass() {
    let app = TestApp::spawn().await;
    let browser = app.browser_of("hanako").await;
    app.break_database();

    app.clock.advance(std::time::Duration::from_secs(1));

    let refused = verify(&browser, "?redirect=true", &[]).await;
    assert!(refused.status >= 500 && refused.header("x-genkan-user").is_empty(), "{refused:?}");
}
