//! The page on which a browser learns whether it keeps our cookies.

use reqwest::Method;

use crate::support::app::TestApp;
use crate::support::browser::Page;

/// What tells the two answers apart.
fn verdict(page: &Page) -> (u16, usize, usize) {
    (page.status, page.attributes("main .notice[role=status]", "role").len(), page.attributes("main .fault-box", "role").len())
}

#[actix_web::test]
async fn a_browser_that_keeps_cookies_is_told_so() {
    let app = TestApp::spawn().await;
    let browser = app.browser();

    let first = browser.open("/cookies?return_to=%2Faccount%3Ftab%3D1").await;
    let second = browser.follow(&first).await;

    assert_eq!(verdict(&second), (200, 1, 0), "{second:?}");
    assert_eq!(second.attributes("a.button", "href"), ["/login?return_to=%2Faccount%3Ftab%3D1"]);
    assert_eq!(second.header("cache-control"), "no-store");
    assert!(second.header("content-security-policy").contains("default-src 'none'"), "{second:?}");
}

#[actix_web::test]
async fn a_browser_that_refuses_them_is_told_after_one_redirect() {
    let app = TestApp::spawn().await;

    let first = app.browser().open("/cookies").await;
    let second = app.browser().open(first.location()).await;
    let reloaded = app.browser().open(first.location()).await;

    assert!(!first.set_cookies().is_empty(), "a probe is set");
    assert_eq!((verdict(&second), verdict(&reloaded)), ((200, 0, 1), (200, 0, 1)), "{second:?}");
    assert_eq!(second.attributes("a.button", "href"), ["/cookies"], "and can test anew");
}

#[actix_web::test]
async fn a_cookie_that_comes_back_unreadable_was_not_kept() {
    let app = TestApp::spawn().await;

    let page = Page::read(app.browser().request(Method::GET, "/cookies?probed=1").header("cookie", "genkan=garbled")).await;

    assert_eq!(verdict(&page), (200, 0, 1));
}

#[actix_web::test]
async fn a_form_without_any_cookie_points_to_the_test() {
    let (app, _lab) = TestApp::with_lab().await;
    let form = app.browser().open("/login?return_to=%2Faccount%3Ftab%3D1").await;
    let fields = form.hidden_fields("/auth/lab");

    let answer = app.browser().post("/auth/lab", &fields).await;
    let page = app.browser().open(answer.location()).await;

    assert_eq!(page.flash().map(|flash| flash.cause).as_deref(), Some("cookie_missing"), "{page:?}");
    assert_eq!(page.attributes(".flash a", "href"), ["/cookies?return_to=%2Faccount%3Ftab%3D1"]);
}
