//! What stands on every answer.

use reqwest::Method;

use super::support::app::TestApp;
use super::support::browser::Page;

#[actix_web::test]
async fn wb_04_wb_05_every_page_carries_the_whole_set_error_pages_too() {
    let (app, lab) = TestApp::with_lab().await;
    let browser = app.browser();

    for path in ["/login", "/register", "/forgot", "/auth/lab", "/auth/none", "/no-such-page", "/reset/none", "/logout"] {
        let page = browser.open(path).await;
        let policy = page.header("content-security-policy");
        for part in ["default-src 'none'", "script-src 'none'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"] {
            assert!(policy.contains(part), "{path}: {policy}");
        }
        assert!(policy.contains(&format!("form-action 'self' https: {}", lab.issuer())), "{path}: {policy}");
        assert_eq!(page.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(page.header("referrer-policy"), "no-referrer", "{path}");
        assert_eq!(page.header("cross-origin-opener-policy"), "same-origin", "{path}");
        assert_eq!(page.header("cross-origin-resource-policy"), "same-origin", "{path}");
        assert_eq!(page.header("cache-control"), "no-store", "{path}");
        assert_eq!(page.header("server"), "", "{path}");
        assert_eq!(page.header("strict-transport-security"), "", "{path}: only under https");
    }
}

#[actix_web::test]
async fn wb_08_pages_hold_nothing_from_elsewhere_and_no_script() {
    let (app, _lab) = TestApp::with_lab().await;
    let browser = app.browser_of("hanako").await;

    for path in ["/account", "/forgot", "/auth/lab", "/no-such-page"] {
        let page = browser.open(path).await;
        assert!(page.attributes("script", "src").is_empty() && !page.text.contains("<script"), "{path}");
        for address in page.attributes("link", "href").into_iter().chain(page.attributes("img", "src")) {
            assert!(address.starts_with("/static/"), "{path}: {address}");
        }
        assert!(page.text.len() < 50_000, "{path}: {} bytes", page.text.len());
    }
}

#[actix_web::test]
async fn static_files_are_kept_for_a_year_and_pages_never() {
    let app = TestApp::spawn().await;
    let browser = app.browser();
    let page = browser.open("/login").await;

    for address in page.attributes("link", "href") {
        let file = browser.open(&address).await;
        assert_eq!(file.status, 200, "{address}");
        assert_eq!(file.header("cache-control"), "public, max-age=31536000, immutable", "{address}");
        assert_eq!(file.header("x-content-type-options"), "nosniff", "{address}");
    }
    assert_eq!(browser.open("/static/../Cargo.toml").await.status, 404);
    assert_eq!(browser.open("/static/style.css").await.status, 404);
    assert_eq!(browser.open("/favicon.ico").await.status, 301);
}

#[actix_web::test]
async fn a_request_gets_an_id_of_ours_and_never_a_strangers() {
    let app = TestApp::spawn().await;
    let browser = app.browser();

    let ask = || browser.request(Method::GET, "/login").header("x-request-id", "chosen-by-a-stranger");
    let (one, two) = (Page::read(ask()).await, Page::read(ask()).await);

    assert_eq!(one.header("x-request-id").len(), 12, "{one:?}");
    assert_ne!(one.header("x-request-id"), two.header("x-request-id"));
}

#[actix_web::test]
async fn wb_06_no_answer_invites_other_origins() {
    let app = TestApp::spawn().await;
    let browser = app.browser();

    for (method, path) in [(Method::GET, "/api/me"), (Method::OPTIONS, "/api/session"), (Method::GET, "/login")] {
        let request = browser.request(method, path).header("origin", "https://evil.example");
        let page = Page::read(request.header("access-control-request-method", "POST")).await;
        assert_eq!(page.header("access-control-allow-origin"), "", "{path}");
    }
}
