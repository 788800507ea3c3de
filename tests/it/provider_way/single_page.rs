//! The same road for single-page applications, in JSON.

use reqwest::{Method, Url};
use serde_json::{Value, json};

use crate::support::app::TestApp;
use crate::support::browser::{Page, TestBrowser};
use crate::support::logs;
use crate::support::trip::{Back, Trip};

/// Begins a trip with a script.
async fn begin<'a>(browser: &'a TestBrowser, start: &Value) -> Trip<'a> {
    let answer = browser.send_json(Method::POST, "/api/auth/lab", start).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let url = answer.json()["authorization_url"].as_str().expect("an address").parse().expect("an address");
    Trip { browser, url }
}

/// Hands over what came back, as a script read it.
async fn hand_over(back: &Back<'_>) -> Page {
    let url = Url::parse(&back.url).expect("an address");
    let answer: serde_json::Map<_, _> = url.query_pairs().map(|(name, value)| (name.into_owned(), json!(value))).collect();
    back.browser.send_json(Method::POST, "/api/auth/lab/callback", &Value::Object(answer)).await
}

/// Asserts that an error has every word of the contract and stands in the log.
#[track_caller]
fn assert_failed(answer: &Page, status: u16, category: &str, cause: &str) {
    let error = answer.json();
    assert_eq!((answer.status, &error["error"]), (status, &json!("signin_failed")), "{error}");
    assert_eq!((&error["category"], &error["cause"]), (&json!(category), &json!(cause)));
    assert!(error["error_description"].is_string(), "{error}");
    let lines = logs::with("reference", error["reference"].as_str().expect("a reference"));
    assert_eq!((lines.len(), lines[0].field("cause")), (1, cause), "{lines:?}");
    assert!(!answer.set_cookies().iter().any(|cookie| cookie.starts_with("jwt=")), "{answer:?}");
}

#[actix_web::test]
async fn a_new_person_is_201_and_a_known_one_200() {
    let (app, lab) = TestApp::with_lab().await;
    let (first, second) = (app.browser(), app.browser());

    let made = hand_over(&begin(&first, &json!({})).await.answer("approve", "akari").await).await;
    let found = hand_over(&begin(&second, &json!({ "return_to": "/account" })).await.answer("approve", "akari").await).await;

    assert_eq!((made.status, found.status), (201, 200), "{made:?} {found:?}");
    assert_eq!(made.json(), found.json());
    assert_eq!(first.open("/api/me").await.json()["id"], made.json()["id"]);
    assert!(second.is_signed_in().await);
    assert_eq!(lab.requests("token"), 2);
}

#[actix_web::test]
async fn so_02_an_answer_handed_over_twice_is_answered_twice_and_exchanged_once() {
    let (app, lab) = TestApp::with_lab().await;
    let browser = app.browser();
    let back = begin(&browser, &json!({})).await.answer("approve", "akari").await;

    let (first, again) = (hand_over(&back).await, hand_over(&back).await);

    assert_eq!((first.status, again.status), (201, 200), "{again:?}");
    assert_eq!(back.times_sent(&lab), 1);
}

#[actix_web::test]
async fn lg_02_every_failure_has_the_words_of_the_contract() {
    let (app, _lab) = TestApp::with_lab().await;
    for (case, status, category, cause) in [
        ("cancel", 400, "user_cancelled", "consent_denied"),
        ("no_state", 400, "browser_environment", "state_missing"),
        ("query_lost", 400, "browser_environment", "query_missing"),
        ("status_503", 503, "idp_outage", "token_server_error"),
        ("invalid_client", 400, "other", "client_refused"),
    ] {
        let browser = app.browser();
        let back = begin(&browser, &json!({})).await.answer(case, "akari").await;

        assert_failed(&hand_over(&back).await, status, category, cause);
        assert!(!browser.is_signed_in().await);
    }
}

#[actix_web::test]
async fn lg_02_what_cannot_begin_says_why() {
    let (app, lab) = TestApp::with_lab().await;
    let browser = app.browser();

    let unknown = browser.send_json(Method::POST, "/api/auth/none", &json!({})).await;
    let unknown_back = browser.send_json(Method::POST, "/api/auth/none/callback", &json!({ "code": "c", "state": "s" })).await;
    let nobody = browser.send_json(Method::POST, "/api/auth/lab", &json!({ "purpose": "link" })).await;
    lab.set_outage(Some(genkan::lab::Outage::Down));
    let down = browser.send_json(Method::POST, "/api/auth/lab", &json!({})).await;

    assert_failed(&unknown, 404, "other", "provider_unknown");
    assert_failed(&unknown_back, 404, "other", "provider_unknown");
    assert_failed(&nobody, 400, "browser_environment", "link_session_changed");
    assert_failed(&down, 503, "idp_outage", "discovery_unreachable");
}

#[actix_web::test]
async fn lk_05_linking_works_and_conflicts_are_409() {
    let (app, _lab) = TestApp::with_lab().await;
    let (hanako, taro) = (app.browser_of("hanako").await, app.browser_of("taro").await);
    let link = json!({ "purpose": "link" });

    let linked = hand_over(&begin(&hanako, &link).await.answer("approve", "akari").await).await;
    let taken = hand_over(&begin(&taro, &link).await.answer("approve", "akari").await).await;

    assert_eq!((linked.status, &linked.json()["username"]), (200, &json!("hanako")));
    assert_failed(&taken, 409, "other", "identity_taken");
    assert!(taro.is_signed_in().await);
}

#[actix_web::test]
async fn wb_09_another_site_can_neither_begin_nor_end() {
    let (app, lab) = TestApp::with_lab().await;
    let browser = app.browser();
    for path in ["/api/auth/lab", "/api/auth/lab/callback"] {
        let request = browser.request(Method::POST, path).header("origin", "https://another.example").json(&json!({}));

        let answer = Page::read(request).await;

        assert_eq!(answer.status, 403, "{answer:?}");
    }
    assert_eq!(lab.requests("discovery"), 0);
}
