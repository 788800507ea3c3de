//! Bad input on every address: never a 5xx, never a word of the inside, never the input itself.

use reqwest::Method;

use super::support::app::TestApp;
use super::support::browser::Page;
use super::support::logs;

/// Words that belong into no answer.
const INSIDE: [&str; 12] =
    ["panicked", "src/", ".rs:", "sqlite", "diesel", "SELECT ", "StoreError", "actix", "askama", "serde", "Cargo", "unwrap"];
/// What a stranger would love to see again.
const PROBE: &str = "<script>alert(1)</script>";

const PATHS: [&str; 26] = [
    "/",
    "/login",
    "/register",
    "/logout",
    "/auth/lab",
    "/auth/lab/callback",
    "/auth/none/callback",
    "/auth/%00",
    "/account",
    "/account/profile",
    "/account/sessions/end",
    "/forgot",
    "/reset/%ff%00",
    "/language",
    "/api/users",
    "/api/session",
    "/api/me",
    "/api/auth/none",
    "/healthz",
    "/readyz",
    "/.well-known/genkan-failures",
    "/status",
    "/status.json",
    "/status.atom",
    "/static/..%2f..%2fCargo.toml",
    "/no/such/page",
];

#[track_caller]
fn check(page: &Page, what: &str) {
    assert!(page.status < 500, "ht_04 {what}: {page:?}");
    assert!(!page.text.contains(PROBE), "wb_09 {what}: {page:?}");
    for word in INSIDE {
        assert!(!page.text.contains(word), "lg_10 {what} says {word:?}: {page:?}");
    }
    if page.status >= 400 && page.header("content-type").starts_with("text/html") && !page.text.is_empty() {
        assert!(page.text.contains("<html lang="), "{what}: {page:?}");
    }
}

#[actix_web::test]
async fn ht_04_lg_10_bad_queries_are_answered_calmly() {
    let (app, _lab) = TestApp::with_lab().await;
    let browser = app.browser();
    let probe = url::form_urlencoded::byte_serialize(PROBE.as_bytes()).collect::<String>();

    for path in PATHS {
        for query in ["%ff=%00&&==", "return_to=%00", &format!("return_to={probe}&flash={probe}&error={probe}&error_description={probe}")] {
            let path = format!("{path}?{query}");
            check(&browser.open(&path).await, &path);
        }
    }
}

#[actix_web::test]
async fn ht_04_lg_10_bad_bodies_are_answered_calmly() {
    let (app, _lab) = TestApp::with_lab().await;
    let browser = app.browser();
    browser.open("/login").await;
    let types = ["application/x-www-form-urlencoded", "application/json", "text/plain", "multipart/form-data", ";;;", ""];

    for path in PATHS {
        for content_type in types {
            for body in [b"\xff\xfe\x00".as_slice(), b"a=1&a=2", b"{\"a\":", PROBE.as_bytes()] {
                let request = browser.request(Method::POST, path).header("content-type", content_type).body(body.to_vec());
                check(&Page::read(request.header("origin", format!("http://127.0.0.1:{}", app.port))).await, path);
            }
        }
    }
}

#[actix_web::test]
async fn ht_04_odd_methods_and_headers_are_answered_calmly() {
    let (app, _lab) = TestApp::with_lab().await;
    let browser = app.browser();

    for path in PATHS {
        for method in ["PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND", "A"] {
            let request = browser.request(Method::from_bytes(method.as_bytes()).expect("a token"), path);
            let request = request.header("cookie", "a; =; genkan; jwt=\u{e9}").header("accept-language", ";q=;;,,*");
            check(&Page::read(request.header("x-forwarded-for", "not, an, address")).await, &format!("{method} {path}"));
        }
    }
}

#[actix_web::test]
async fn lg_03_se_10_neither_secrets_nor_names_are_logged() {
    let (app, lab) = TestApp::with_lab().await;
    let browser = app.browser_of("unloggable-name").await;
    app.browser().sign_in("unloggable-name", "unloggable-password").await;
    lab.script("approve");
    let page = browser.open("/auth/lab?purpose=link").await;
    let page = browser.submit(&page, "/auth/lab", &[]).await;
    let back = browser.follow(&page).await.location().to_owned();
    let page = browser.open(&back).await;
    assert_eq!(page.location(), "/account");

    let log = logs::all_text();

    let url = reqwest::Url::parse(&back).expect("an address");
    let secrets = url.query_pairs().filter(|(name, _)| name != "iss").map(|(_, value)| value.into_owned());
    let cookies = ["jwt", "genkan"].into_iter().filter_map(|name| browser.cookie(name));
    for secret in secrets.chain(cookies).chain(["unloggable-name".to_owned(), "unloggable-password".to_owned()]) {
        assert!(!log.contains(&secret), "{secret}");
    }
}

#[actix_web::test]
async fn se_10_pages_hold_neither_cookie() {
    let app = TestApp::spawn().await;
    let browser = app.browser_of("hanako").await;

    let page = browser.open("/account").await;

    for name in ["jwt", "genkan"] {
        let value = browser.cookie(name).expect("a cookie");
        assert!(!page.text.contains(&value), "{name}");
    }
}
