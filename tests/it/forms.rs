//! Forms are sent by pages of ours in the browser they were shown to, or not at all.

use reqwest::Method;

use super::support::app::{PASSWORD, TestApp};
use super::support::browser::{Page, TestBrowser};
use super::support::logs;

/// Sends the sign-in form with headers of its own.
async fn send(browser: &TestBrowser, headers: &[(&str, &str)], csrf_token: &str) -> Page {
    let request = browser.request(Method::POST, "/login");
    let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
    Page::read(request.form(&[("identifier", "hanako"), ("password", PASSWORD), ("csrf_token", csrf_token)])).await
}

#[actix_web::test]
async fn lg_05_wb_01_another_sites_form_is_refused_and_logged() {
    let app = TestApp::spawn().await;
    app.browser_of("hanako").await;
    let browser = app.browser();
    let csrf_token = browser.open("/login").await.csrf_token();

    for headers in [&[("origin", "https://evil.example")][..], &[("origin", "null")], &[("sec-fetch-site", "cross-site")]] {
        let page = send(&browser, headers, &csrf_token).await;
        assert_eq!(page.status, 403, "{page:?}");
        let lines = logs::with("request", page.header("x-request-id"));
        assert!(lines.iter().any(|line| line.field("cause") == "cross_site_request"), "{lines:?}");
        assert!(!browser.is_signed_in().await);
    }
}

#[actix_web::test]
async fn wb_01_forms_of_our_own_pages_pass_as_browsers_send_them() {
    let app = TestApp::spawn().await;
    app.browser_of("hanako").await;

    for headers in [&[("origin", "null"), ("sec-fetch-site", "same-origin")][..], &[("sec-fetch-site", "same-origin")], &[]] {
        let browser = app.browser();
        let csrf_token = browser.open("/login").await.csrf_token();
        assert_eq!(send(&browser, headers, &csrf_token).await.location(), "/account", "{headers:?}");
    }
}

#[actix_web::test]
async fn wb_01_a_wrong_token_is_an_expired_form() {
    let app = TestApp::spawn().await;
    let (browser, other) = (app.browser(), app.browser());
    browser.open("/login").await;
    let foreign = other.open("/login").await.csrf_token();

    for token in ["", "wrong", &foreign] {
        let page = send(&browser, &[], token).await;
        let flash = browser.follow(&page).await.flash().expect("a flash");
        assert_eq!((flash.category.as_str(), flash.cause.as_str()), ("browser_environment", "form_expired"));
    }
}

#[actix_web::test]
async fn a_refused_cookie_is_told_without_cookies_once_and_to_this_browser_only() {
    let app = TestApp::spawn().await;
    let (browser, reader, other) = (app.browser(), app.browser(), app.browser());

    let page = send(&browser, &[], "").await;
    let location = page.location().to_owned();
    let stranger = Page::read(other.request(Method::GET, &location).header("user-agent", "another browser")).await;
    let shown = reader.open(&location).await;
    let again = reader.open(&location).await;

    assert_eq!(stranger.flash(), None, "nobody can pass it on");
    assert_eq!(shown.flash().map(|flash| flash.cause).as_deref(), Some("cookie_missing"), "{shown:?}");
    assert_eq!(again.flash(), None, "a reload does not repeat it");
}

#[actix_web::test]
async fn every_way_in_tells_of_a_refused_cookie() {
    let (app, _lab) = TestApp::with_lab().await;

    for path in ["/login", "/register", "/auth/lab"] {
        let page = app.browser().post(path, &[("return_to".to_owned(), "/account?tab=1".to_owned())]).await;
        assert!(page.location().starts_with("/login?return_to=%2Faccount%3Ftab%3D1&flash="), "{path}: {page:?}");
        let flash = app.browser().open(page.location()).await.flash().expect("a flash");
        assert_eq!(flash.cause, "cookie_missing", "{path}");
        let lines = logs::with("reference", &flash.reference);
        assert_eq!((lines.len(), lines[0].field("stage")), (1, "start"), "{path}: {lines:?}");
    }
}

#[actix_web::test]
async fn nobody_can_make_a_flash_or_keep_one() {
    let app = TestApp::spawn().await;
    let browser = app.browser();
    let page = send(&browser, &[], "").await;
    let location = page.location().to_owned();

    app.clock.advance(std::time::Duration::from_secs(151));

    assert_eq!(browser.open(&location).await.flash(), None, "it is short-lived");
    for forged in ["state_unknown", "AAAA", "%ff", ""] {
        assert_eq!(browser.open(&format!("/login?flash={forged}")).await.flash(), None, "{forged}");
    }
}

#[actix_web::test]
async fn a_flash_in_the_session_is_shown_once_and_its_reference_stands_in_the_log() {
    let app = TestApp::spawn().await;
    let browser = app.browser();
    browser.open("/login").await;

    let page = send(&browser, &[], "wrong").await;
    assert_eq!(page.location(), "/login");
    let flash = browser.follow(&page).await.flash().expect("a flash");

    assert_eq!(browser.open("/login").await.flash(), None);
    let lines = logs::with("reference", &flash.reference);
    assert_eq!(lines.len(), 1, "lg_02: {lines:?}");
    assert_eq!((lines[0].field("event"), lines[0].field("stage")), ("signin_failed", "start"));
    assert_eq!(lines[0].level, log::Level::Info);
}

#[actix_web::test]
async fn wb_01_no_form_works_without_its_token() {
    let (app, _lab) = TestApp::with_lab().await;
    let browser = app.browser_of("hanako").await;

    for path in [
        "/login",
        "/register",
        "/logout",
        "/auth/lab",
        "/account/profile",
        "/account/password",
        "/account/sessions/end",
        "/account/sessions/end-others",
        "/language",
        "/reset/token",
    ] {
        let page = browser.post(path, &[("return_to".to_owned(), "/account".to_owned())]).await;
        let flash = browser.follow(&page).await.flash().unwrap_or_else(|| panic!("no flash after {path}"));
        assert_eq!(flash.cause, "form_expired", "{path}");
        assert!(browser.is_signed_in().await, "{path}");
    }
}

#[actix_web::test]
async fn wb_02_no_get_changes_anything() {
    let (app, lab) = TestApp::with_lab().await;
    let browser = app.browser_of("hanako").await;

    for path in ["/logout", "/account/profile", "/account/password", "/account/sessions/end-others", "/language", "/auth/lab"] {
        let page = browser.open(path).await;
        assert!(matches!(page.status, 200 | 405), "{path}: {page:?}");
        assert!(browser.is_signed_in().await, "{path}");
    }
    assert_eq!(lab.requests("authorize"), 0);
}

#[actix_web::test]
async fn rs_03_a_field_that_comes_twice_is_refused() {
    let app = TestApp::spawn().await;
    let browser = app.browser();
    let csrf_token = browser.open("/login").await.csrf_token();

    let fields = [("csrf_token", csrf_token.as_str()), ("identifier", "a"), ("identifier", "b"), ("password", "x")];
    let page = Page::read(browser.request(Method::POST, "/login").form(&fields)).await;

    assert_eq!(page.status, 400, "{page:?}");
}
