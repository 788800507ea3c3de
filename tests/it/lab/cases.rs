//! Each case does what its row says.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use genkan::lab::Answer;
use genkan::lab::case::{self, Strike};

use serde_json::json;

use super::*;

#[tokio::test]
async fn the_browser_brings_back_what_the_case_says() {
    let lab = start();
    let table: &[(&str, &[&str], Option<&str>)] = &[
        ("approve", &["code", "iss", "state"], None),
        ("other_browser", &["code", "iss", "state"], None),
        ("cancel", &["error", "error_description", "iss", "state"], Some("access_denied")),
        ("no_state", &["code", "iss"], None),
        ("query_lost", &[], None),
        ("code_lost", &["iss", "state"], None),
        ("server_error", &["error", "error_description", "iss", "state"], Some("server_error")),
        ("temporarily_unavailable", &["error", "iss", "state"], Some("temporarily_unavailable")),
        ("invalid_scope", &["error", "iss", "state"], Some("invalid_scope")),
        ("code_and_error", &["code", "error", "iss", "state"], Some("access_denied")),
        ("no_issuer", &["code", "state"], None),
    ];

    for (case, names, error) in table {
        let back = come_back(&lab, case).await;

        let mut found: Vec<_> = back.keys().map(String::as_str).collect();
        found.sort_unstable();
        assert_eq!(&found, names, "{case}");
        assert_eq!(back.get("error").map(String::as_str), *error, "{case}");
    }
}

#[tokio::test]
async fn state_issuer_and_code_are_somebody_elses_where_the_case_says_so() {
    let lab = start();

    assert_eq!(come_back(&lab, "approve").await["state"], "state-1");
    assert_ne!(come_back(&lab, "wrong_state").await["state"], "state-1");
    assert_eq!(come_back(&lab, "other_issuer").await["iss"], "https://another.example");
    let twice = location(&open(authorization_url(&lab, &[("lab_case", "code_twice")])).await);
    assert_eq!(twice.query_pairs().filter(|(name, _)| name == "code").count(), 2);
}

#[tokio::test]
async fn the_token_endpoint_answers_each_scripted_reply_to_the_byte() {
    let lab = start();

    for case in case::all() {
        let Strike::Token(Answer::Http { status, content_type, headers, body }) = &case.strike else { continue };
        let code = code(&lab, case.name).await;
        let response = exchange(&lab, &code).await.expect("an answer");

        assert_eq!(response.status(), *status, "{}", case.name);
        assert_eq!(response.headers()["content-type"], content_type.as_ref(), "{}", case.name);
        assert!(headers.iter().all(|(name, value)| response.headers()[*name] == *value), "{}", case.name);
        assert_eq!(response.text().await.expect("text"), *body, "{}", case.name);
        let again = exchange(&lab, &code).await.expect("an answer").text().await.expect("text");
        assert!(again.contains("used already"), "{} leaves the code good: {again}", case.name);
    }
}

#[tokio::test]
async fn the_profile_answers_each_scripted_reply_to_the_byte() {
    let lab = start();

    for case in case::all() {
        let Strike::Userinfo(Answer::Http { status, body, .. }) = &case.strike else { continue };
        let tokens = tokens(&lab, case.name).await;
        let response = userinfo(&lab, tokens["access_token"].as_str().expect("a token")).await.expect("an answer");

        assert_eq!(response.status(), *status, "{}", case.name);
        assert_eq!(response.text().await.expect("text"), *body, "{}", case.name);
    }
}

#[tokio::test]
async fn a_profile_lacks_what_the_case_hides() {
    let lab = start();

    for (case, hidden) in [("without_email", "email"), ("without_verification", "email_verified"), ("without_name", "name")] {
        let tokens = tokens(&lab, case).await;
        let profile = userinfo(&lab, tokens["access_token"].as_str().expect("a token")).await.expect("an answer");

        let profile: Value = profile.json().await.expect("JSON");
        assert!(profile.get(hidden).is_none() && profile["sub"] == "lab-akari", "{case}: {profile}");
    }
}

#[tokio::test]
async fn an_id_token_is_off_by_what_the_case_says() {
    let lab = start();
    lab.set_clock(|| 1_000_000);
    let table = [
        ("approve", "iat", json!(1_000_000)),
        ("expired", "exp", json!(1_000_000 - 3600)),
        ("from_future", "iat", json!(1_000_000 + 3600)),
        ("from_future", "nbf", json!(1_000_000 + 3600)),
        ("wrong_azp", "azp", json!("another-client")),
        ("no_nonce", "nonce", Value::Null),
        ("approve", "email", Value::Null),
    ];

    for (case, claim, value) in table {
        let tokens = tokens(&lab, case).await;
        let payload = tokens["id_token"].as_str().and_then(|token| token.split('.').nth(1)).expect("a payload");

        let claims: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).expect("base64url")).expect("JSON");
        assert_eq!(claims[claim], value, "{case}: {claim}");
    }
}

#[tokio::test]
async fn a_spent_code_is_refused_at_its_first_use() {
    let lab = start();
    let code = code(&lab, "spent_code").await;

    let response = exchange(&lab, &code).await.expect("an answer");

    assert_eq!(response.status(), 400);
    assert!(response.text().await.expect("text").contains("used already"));
}

#[tokio::test]
async fn a_connection_that_is_dropped_gives_no_byte_and_the_lab_goes_on() {
    let lab = start();

    for case in ["down", "not_http"] {
        let code = code(&lab, case).await;
        let error = exchange(&lab, &code).await.expect_err(case);

        assert!(error.is_request() && !error.is_timeout() && error.status().is_none(), "{case}: {error:?}");
    }
    assert!(tokens(&lab, "approve").await["id_token"].is_string());
}

#[tokio::test]
async fn an_answer_that_stops_in_the_middle_has_a_status_and_half_a_body() {
    let lab = start();
    let code = code(&lab, "truncated").await;

    let response = exchange(&lab, &code).await.expect("a status");

    assert_eq!(response.status(), 200);
    assert!(response.text().await.is_err());
}

#[tokio::test]
async fn slow_and_dripping_answers_outlast_a_client_and_end_with_the_stall() {
    let lab = start();
    let impatient = Duration::from_millis(250);
    for case in ["slow", "drip"] {
        let code = code(&lab, case).await;

        let outcome = tokio::time::timeout(impatient, async { exchange(&lab, &code).await?.bytes().await }).await;

        assert!(outcome.is_err(), "{case} answered: {outcome:?}");
    }

    lab.set_stall(Duration::ZERO);

    let code = code(&lab, "slow").await;
    assert_eq!(exchange(&lab, &code).await.expect("an answer").status(), 504);
}
