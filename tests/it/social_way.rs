//! The road through a provider as a browser walks it; what each failure means is the failure matrix's.

use genkan::signin::failure::Cause;
use reqwest::Method;

use super::support::app::{PASSWORD, TestApp};
use super::support::browser::{Page, TestBrowser};
use super::support::logs;
use super::support::trip::{Trip, expect_failure};

/// Starts at the interstitial and returns where the lab sends the browser back to.
async fn walk(browser: &TestBrowser, query: &str) -> String {
    let page = browser.open(&format!("/auth/lab{query}")).await;
    let page = browser.submit(&page, "/auth/lab", &[]).await;
    browser.follow(&page).await.location().to_owned()
}

#[actix_web::test]
async fn wb_08_a_sign_in_lands_on_a_clean_address_with_a_session() {
    let (app, lab) = TestApp::with_lab().await;
    let browser = app.browser();
    lab.script("approve");

    let back = walk(&browser, "?return_to=%2Faccount%3Ftab%3D1").await;
    let page = browser.open(&back).await;

    assert_eq!(page.location(), "/account?tab=1");
    assert!(browser.is_signed_in().await);
    assert_eq!(browser.follow(&page).await.attributes(".notice", "role"), ["status"], "a new person is welcome");
}

#[actix_web::test]
async fn wb_02_a_bare_link_starts_nothing() {
    let (app, lab) = TestApp::with_lab().await;
    let browser = app.browser();

    let page = browser.open("/auth/lab?return_to=%2Faccount").await;

    assert_eq!(page.status, 200, "{page:?}");
    assert_eq!(page.hidden_fields("/auth/lab").len(), 3, "{page:?}");
    assert_eq!(lab.requests("authorize") + lab.requests("discovery"), 0);
}

#[actix_web::test]
async fn wb_03_the_trip_begins_with_303() {
    let (app, lab) = TestApp::with_lab().await;
    let browser = app.browser();
    let page = browser.open("/login").await;

    let page = browser.submit(&page, "/auth/lab", &[]).await;

    assert!(page.location().starts_with(&lab.issuer()), "{page:?}");
    assert_eq!(page.header("referrer-policy"), "no-referrer");
}

#[actix_web::test]
async fn si_10_looking_ahead_uses_nothing_up() {
    let (app, lab) = TestApp::with_lab().await;
    let browser = app.browser();
    lab.script("approve");
    let back = walk(&browser, "").await;

    for (method, header, value) in [
        (Method::HEAD, "accept", "*/*"),
        (Method::OPTIONS, "accept", "*/*"),
        (Method::GET, "sec-purpose", "prefetch;prerender"),
        (Method::GET, "purpose", "prefetch"),
        (Method::GET, "x-purpose", "preview"),
        (Method::GET, "x-moz", "prefetch"),
    ] {
        let page = Page::read(browser.request(method, &back).header(header, value)).await;
        assert_eq!((page.status, page.text.len(), page.set_cookies().len()), (204, 0, 0), "{header}: {page:?}");
    }

    assert_eq!(lab.requests("token"), 0);
    assert_eq!(browser.open(&back).await.location(), "/account");
}

#[actix_web::test]
async fn so_02_reload_and_back_do_no_harm_to_whoever_is_signed_in() {
    let (app, lab) = TestApp::with_lab().await;
    let browser = app.browser();
    lab.script("approve");
    let back = walk(&browser, "").await;
    browser.open(&back).await;

    let again = browser.open(&back).await;

    assert_eq!(again.location(), "/account");
    assert_eq!(browser.follow(&again).await.flash(), None);
    assert_eq!(lab.requests("token"), 1);
}

#[actix_web::test]
async fn so_02_an_answer_in_another_browser_calls_nobody_and_signs_nobody_in() {
    let (app, lab) = TestApp::with_lab().await;
    let (browser, other) = (app.browser(), app.browser_of("taro").await);
    lab.script("approve");
    let back = walk(&browser, "").await;

    let page = other.open(&back).await;

    let flash = other.follow(&page).await.flash().expect("a flash");
    assert_eq!((flash.category.as_str(), flash.cause.as_str()), ("browser_environment", "state_unknown"));
    assert_eq!(lab.requests("token"), 0);
    assert!(other.open("/account").await.text.contains("taro"), "whoever was signed in stays signed in");
}

#[actix_web::test]
async fn a_cancel_comes_back_to_where_it_began_and_stands_in_the_log() {
    let (app, lab) = TestApp::with_lab().await;
    let browser = app.browser();
    lab.script("cancel");

    let back = walk(&browser, "?return_to=%2Faccount%3Ftab%3D1").await;
    let page = browser.open(&back).await;

    assert_eq!(page.location(), "/login?return_to=%2Faccount%3Ftab%3D1");
    let flash = browser.follow(&page).await.flash().expect("a flash");
    assert_eq!(flash.category, "user_cancelled");
    let lines = logs::with("reference", &flash.reference);
    assert_eq!((lines.len(), lines[0].level), (1, log::Level::Debug), "{lines:?}");
}

#[actix_web::test]
async fn a_failed_link_comes_back_to_the_account() {
    let (app, lab) = TestApp::with_lab().await;
    let browser = app.browser_of("hanako").await;
    lab.script("cancel");

    let back = walk(&browser, "?purpose=link").await;
    let page = browser.open(&back).await;

    assert_eq!(page.location(), "/account");
    assert_eq!(browser.follow(&page).await.flash().map(|flash| flash.category).as_deref(), Some("user_cancelled"));
    assert!(browser.is_signed_in().await);
}

#[actix_web::test]
async fn a_linked_provider_is_listed_and_lets_its_owner_in() {
    let (app, lab) = TestApp::with_lab().await;
    let browser = app.browser_of("hanako").await;
    lab.script("approve");
    let back = walk(&browser, "?purpose=link").await;

    let page = browser.open(&back).await;

    assert_eq!(page.location(), "/account");
    assert!(browser.follow(&page).await.text.contains("Lab"));
    let other = app.browser();
    lab.script("approve");
    let back = walk(&other, "").await;
    assert_eq!(other.open(&back).await.location(), "/account");
    assert!(other.open("/account").await.text.contains("hanako"));
}

#[actix_web::test]
async fn so_14_a_cross_site_form_is_posted_once_more_by_our_own_page() {
    let (app, lab) = TestApp::with_lab().await;
    let browser = app.browser();
    lab.script("approve");
    let back = walk(&browser, "").await;
    let url = reqwest::Url::parse(&back).expect("an address");
    let fields: Vec<(String, String)> = url.query_pairs().into_owned().collect();

    let cross_site = app.browser().request(Method::POST, url.path()).header("origin", lab.issuer()).form(&fields);
    let page = Page::read(cross_site).await;
    let done = browser.submit(&page, url.path(), &[]).await;

    assert_eq!(page.status, 200, "{page:?}");
    assert_eq!(done.location(), "/account");
    assert_eq!(lab.requests("token"), 1);
}

#[actix_web::test]
async fn so_14_it_goes_round_only_once() {
    let (app, _lab) = TestApp::with_lab().await;
    let browser = app.browser();
    let fields = [("code".to_owned(), "c".to_owned()), ("state".to_owned(), "s".to_owned())];

    let page = browser.post("/auth/lab/callback", &fields).await;
    let without_cookies = app.browser();
    let page = without_cookies.post("/auth/lab/callback", &page.hidden_fields("/auth/lab/callback")).await;

    let flash = app.browser().open(page.location()).await.flash().expect("a flash that needs no cookie");
    assert_eq!(flash.cause, "cookie_missing");
}

#[actix_web::test]
async fn so_04_a_parameter_that_comes_twice_is_refused_in_query_and_form() {
    let (app, lab) = TestApp::with_lab().await;
    let browser = app.browser();
    lab.script("approve");
    let back = walk(&browser, "").await;

    let page = browser.open(&format!("{back}&code=another")).await;

    assert_eq!(browser.follow(&page).await.flash().map(|flash| flash.cause).as_deref(), Some("parameter_repeated"));
    assert_eq!(lab.requests("token"), 0);
    let fields = [("state".to_owned(), "a".to_owned()), ("state".to_owned(), "b".to_owned())];
    let page = app.browser().post("/auth/lab/callback", &fields).await;
    assert_eq!(app.browser().follow(&page).await.flash().map(|flash| flash.cause).as_deref(), Some("parameter_repeated"));
}

#[actix_web::test]
async fn so_04_ht_01_an_answer_beyond_every_bound_is_told_as_a_failure() {
    let (app, _lab) = TestApp::with_lab().await;
    let browser = app.browser();
    let code = "a".repeat(20_000);

    let get = browser.open(&format!("/auth/lab/callback?code={code}")).await;
    let post = app.browser().post("/auth/lab/callback", &[("code".to_owned(), code)]).await;

    for page in [get, post] {
        assert_eq!(app.browser().follow(&page).await.flash().map(|flash| flash.cause).as_deref(), Some("parameter_too_long"));
    }
    assert_eq!(browser.open(&format!("/auth/lab/callback?code={}", "a".repeat(40_000))).await.status, 414);
}

#[actix_web::test]
async fn lg_02_every_attempt_ends_in_exactly_one_line() {
    let (app, lab) = TestApp::with_lab().await;
    for case in ["approve", "cancel", "html", "wrong_nonce", "no_state"] {
        let browser = app.browser();
        lab.script(case);

        let back = walk(&browser, "").await;
        let page = browser.open(&back).await;

        let ended = ["signin_failed", "signin_succeeded"];
        let lines = logs::with("request", page.header("x-request-id"));
        let lines: Vec<_> = lines.iter().filter(|line| ended.contains(&line.field("event"))).collect();
        assert_eq!(lines.len(), 1, "{case}: {lines:?}");
        assert_eq!(lines[0].field("provider"), "lab", "{case}: {lines:?}");
    }
}

#[actix_web::test]
async fn a_purpose_that_is_not_known_is_refused_and_begins_nothing() {
    let (app, lab) = TestApp::with_lab().await;
    let browser = app.browser();
    assert_eq!(browser.open("/auth/lab?purpose=zzz").await.status, 400);
    let page = browser.open("/auth/lab").await;

    let refused = browser.submit(&page, "/auth/lab", &[("purpose", "zzz")]).await;

    assert_eq!((refused.status, lab.requests("discovery")), (400, 0), "{refused:?}");
}

#[actix_web::test]
async fn nobody_is_sent_on_to_an_address_that_has_no_page() {
    let app = TestApp::spawn().await;
    app.browser_of("hanako").await;
    for (target, landing) in [
        ("/logout", "/account"),
        ("/account/password", "/account"),
        ("/account/links/1/remove?x=1", "/account"),
        ("/language", "/account"),
        ("/api/auth/lab", "/account"),
        ("/auth/lab/callback?code=x&state=y", "/account"),
        ("/account", "/account"),
        ("/auth/lab?purpose=link", "/auth/lab?purpose=link"),
        ("/somewhere/behind/the/proxy", "/somewhere/behind/the/proxy"),
    ] {
        let browser = app.browser();
        let path: String = url::form_urlencoded::byte_serialize(target.as_bytes()).collect();
        let page = browser.open(&format!("/login?return_to={path}")).await;

        let answer = browser.submit(&page, "/login", &[("identifier", "hanako"), ("password", PASSWORD)]).await;

        assert_eq!(answer.location(), landing, "{target}");
        assert_eq!(browser.open(&format!("/login?return_to={path}")).await.location(), landing, "signed in already: {target}");
    }
}

#[actix_web::test]
async fn a_reload_after_sign_out_is_known_for_what_it_is() {
    let (app, _lab) = TestApp::with_lab().await;
    let browser = app.browser();
    let back = Trip::begin(&browser, "lab", "").await.answer("approve", "reloader").await;
    back.open().await;
    let page = browser.open("/account").await;
    browser.submit(&page, "/logout", &[]).await;

    let answer = back.open().await;

    expect_failure(&browser, &answer, Cause::AttemptRepeated, "callback").await;
}
