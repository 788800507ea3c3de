//! The JSON of the contract.

use reqwest::Method;
use serde_json::json;

use super::support::app::{PASSWORD, TestApp};
use super::support::browser::{Page, TestBrowser};
use super::support::logs;

fn new_user(username: &str) -> serde_json::Value {
    json!({ "name": "Hanako", "email": format!("{username}@example.com"), "username": username, "password": PASSWORD })
}

async fn sign_in(browser: &TestBrowser, password: &str) -> Page {
    browser.send_json(Method::POST, "/api/session", &json!({ "username": "hanako", "password": password })).await
}

#[actix_web::test]
async fn a_user_is_made_and_signed_in() {
    let app = TestApp::spawn().await;
    let browser = app.browser();

    let made = browser.send_json(Method::POST, "/api/users", &new_user("hanako")).await;
    let me = browser.open("/api/me").await;

    assert_eq!((made.status, me.status), (201, 200), "{made:?} {me:?}");
    assert_eq!(made.json(), me.json());
    assert_eq!((&me.json()["name"], &me.json()["username"]), (&json!("Hanako"), &json!("hanako")));
    assert_eq!(me.header("cache-control"), "no-store");
}

#[actix_web::test]
async fn signing_in_and_out_and_asking() {
    let app = TestApp::spawn().await;
    app.browser_of("hanako").await;
    let browser = app.browser();

    assert_eq!(browser.open("/api/session").await.json(), json!({ "signed_in": false }));
    assert_eq!(sign_in(&browser, PASSWORD).await.status, 200);
    assert_eq!(browser.open("/api/session").await.json(), json!({ "signed_in": true }));
    let out = Page::read(browser.request(Method::DELETE, "/api/session").header("origin", format!("http://127.0.0.1:{}", app.port))).await;
    assert_eq!((out.status, out.text.as_str()), (204, ""));
    assert_eq!(out.header("clear-site-data"), "\"cache\", \"storage\"");
    assert_eq!(browser.open("/api/session").await.json(), json!({ "signed_in": false }));
}

#[actix_web::test]
async fn errors_have_the_words_of_the_contract() {
    let app = TestApp::spawn().await;
    let browser = app.browser();

    let me = browser.open("/api/me").await;
    let wrong = sign_in(&browser, "not the password").await;
    let missing = browser.open("/api/no-such").await;
    let method = Page::read(browser.request(Method::PUT, "/api/session")).await;

    for (answer, status, error) in [
        (me, 401, "missing_authorization"),
        (wrong, 401, "invalid_credentials"),
        (missing, 404, "not_found"),
        (method, 405, "method_not_allowed"),
    ] {
        assert_eq!((answer.status, &answer.json()["error"]), (status, &json!(error)), "{answer:?}");
        assert!(answer.json()["error_description"].is_string(), "{answer:?}");
        assert!(answer.set_cookies().is_empty(), "{answer:?}");
    }
}

#[actix_web::test]
async fn faults_of_a_registration_are_told_by_field() {
    let app = TestApp::spawn().await;
    app.browser_of("hanako").await;
    let body = json!({ "name": "", "email": "nobody", "username": "Hanako", "password": "short" });

    let answer = app.browser().send_json(Method::POST, "/api/users", &body).await;

    assert_eq!((answer.status, &answer.json()["error"]), (422, &json!("validation_failed")), "{answer:?}");
    let fields = json!({ "name": "empty", "email": "malformed", "password": "too_short" });
    for (field, word) in fields.as_object().expect("fields") {
        assert_eq!(&answer.json()["fields"][field], word, "{answer:?}");
    }
}

#[actix_web::test]
async fn wb_01_changes_need_json_and_an_origin_of_ours() {
    let app = TestApp::spawn().await;
    app.browser_of("hanako").await;
    let browser = app.browser();
    let body = json!({ "username": "hanako", "password": PASSWORD });
    let ours = format!("http://127.0.0.1:{}", app.port);
    let post = || browser.request(Method::POST, "/api/session");

    let no_origin = Page::read(post().json(&body)).await;
    let foreign = Page::read(post().header("origin", "https://evil.example").json(&body)).await;
    let form = Page::read(post().header("origin", &ours).form(&[("username", "hanako"), ("password", PASSWORD)])).await;
    let text = Page::read(post().header("origin", &ours).header("content-type", "text/plain").body(body.to_string())).await;
    let delete = Page::read(browser.request(Method::DELETE, "/api/session")).await;

    assert_eq!([no_origin.status, foreign.status, form.status, text.status, delete.status], [403, 403, 415, 415, 403]);
    assert_eq!(foreign.json()["error"], "cross_site_request");
    let lines = logs::with("request", foreign.header("x-request-id"));
    assert_eq!((lines.len(), lines[0].level), (1, log::Level::Info), "lg_05: {lines:?}");
    assert!(!browser.is_signed_in().await);
}

#[actix_web::test]
async fn ht_04_garbage_is_400_and_never_500() {
    let app = TestApp::spawn().await;
    let browser = app.browser();
    let deep = "[".repeat(10_000);

    for body in ["", "{", "null", "[]", "{\"username\":1}", "{\"username\":\"a\",\"username\":\"b\",\"password\":\"c\"}", "\u{0}", &deep] {
        let request = browser.request(Method::POST, "/api/session").header("origin", format!("http://127.0.0.1:{}", app.port));
        let answer = Page::read(request.header("content-type", "application/json").body(body.to_owned())).await;
        assert_eq!((answer.status, &answer.json()["error"]), (400, &json!("invalid_request")), "{body:.40} {answer:?}");
    }
}

#[actix_web::test]
async fn a_single_page_application_signs_in_with_a_provider() {
    let (app, lab) = TestApp::with_lab().await;
    let browser = app.browser();
    lab.script("approve");

    let start = browser.send_json(Method::POST, "/api/auth/lab", &json!({})).await;
    let url = start.json()["authorization_url"].as_str().expect("an address").to_owned();
    let back = reqwest::Url::parse(browser.open(&url).await.location()).expect("an address");
    let answer: serde_json::Map<_, _> = back.query_pairs().map(|(name, value)| (name.into_owned(), json!(value))).collect();
    let first = browser.send_json(Method::POST, "/api/auth/lab/callback", &serde_json::Value::Object(answer.clone())).await;
    let again = browser.send_json(Method::POST, "/api/auth/lab/callback", &serde_json::Value::Object(answer)).await;

    assert_eq!(first.status, 201, "{first:?}");
    assert_eq!(browser.open("/api/me").await.json(), first.json());
    assert_eq!(again.status, 200, "a second delivery in a signed-in browser goes on: {again:?}");
}

#[actix_web::test]
async fn a_failed_sign_in_tells_category_cause_and_reference() {
    let (app, _lab) = TestApp::with_lab().await;

    let answer = app.browser().send_json(Method::POST, "/api/auth/lab/callback", &json!({ "code": "c", "state": "s" })).await;

    assert_eq!(answer.status, 400, "{answer:?}");
    let json = answer.json();
    assert_eq!((&json["error"], &json["category"]), (&json!("signin_failed"), &json!("browser_environment")));
    assert_eq!(json["cause"], "cookie_missing");
    assert_eq!(json["reference"].as_str().map(str::len), Some(9));
}
