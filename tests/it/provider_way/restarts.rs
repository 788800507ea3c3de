//! Another trip by itself, where a provider's answer means "try again": once, and never by a stranger's link.

use genkan::signin::failure::Cause;
use reqwest::Method;
use serde_json::json;

use crate::presets::{behave, samples};
use crate::support::browser::{Page, TestBrowser};
use crate::support::logs;
use crate::support::trip::expect_failure;
use crate::support::upstream::{Departed, Upstream};

/// What a provider says that means "try again", and the cause if it says so twice.
const ANSWERS: [(&str, &str, Cause); 3] = [
    ("keycloak", "error=temporarily_unavailable&error_description=authentication_expired", Cause::AttemptExpired),
    ("cognito", "error=invalid_request&error_description=Already+found+an+entry+for+username+x", Cause::InteractionRequired),
    ("line", "error=login_required", Cause::AutoLoginFailed),
];

async fn start() -> Upstream {
    let providers = ANSWERS.map(|(name, ..)| (name.to_owned(), json!({ "preset": name })));
    let upstream = Upstream::of(&providers, |_| {}).await;
    for (name, ..) in ANSWERS {
        upstream.publish(name, &upstream.base(name));
    }
    upstream
}

/// Comes back with an answer; returns what that leads to.
async fn come_back(upstream: &Upstream, browser: &TestBrowser, name: &str, departed: &Departed, answer: &str) -> Page {
    upstream.come_back(browser, name, &departed.fill(&format!("{answer}&state={{state}}"))).await
}

fn lines_of(page: &Page) -> usize {
    logs::with("request", page.header("x-request-id")).len()
}

#[actix_web::test]
async fn an_answer_that_means_try_again_is_followed_by_another_trip_and_then_goes_well() {
    let upstream = start().await;
    for (name, answer, _) in ANSWERS {
        let browser = upstream.app.browser();
        let path = format!("/auth/{name}");
        let page = browser.open(&format!("{path}?return_to=%2Faccount%3Fx%3D1")).await;
        let first = Departed::read(&browser.submit(&page, &path, &[]).await);

        let again = come_back(&upstream, &browser, name, &first, answer).await;
        let second = Departed::read(&again);
        behave(&upstream, name, &samples()[name], second.nonce());
        let done = come_back(&upstream, &browser, name, &second, "code={code}").await;

        assert_eq!((again.status, lines_of(&again)), (303, 0), "{name}: nothing has ended yet");
        for parameter in ["state", "nonce", "code_challenge"] {
            assert_ne!(first.sent[parameter], second.sent[parameter], "{name}");
        }
        assert_eq!(second.sent.get("disable_auto_login").map(String::as_str), (name == "line").then_some("true"));
        assert_eq!(done.location(), "/account?x=1", "{name}: the return target is kept");
    }
}

#[actix_web::test]
async fn whoever_says_it_twice_is_believed() {
    let upstream = start().await;
    for (name, answer, cause) in ANSWERS {
        let browser = upstream.app.browser();
        let first = upstream.leave(&browser, name).await;
        let second = Departed::read(&come_back(&upstream, &browser, name, &first, answer).await);

        let failed = come_back(&upstream, &browser, name, &second, answer).await;

        let told = expect_failure(&browser, &failed, cause, "authorization").await;
        assert_eq!(logs::with("attempt", told.line.field("attempt")).len(), 1, "{name}: one line for both trips");
        let fresh = upstream.leave(&browser, name).await;
        assert!(
            come_back(&upstream, &browser, name, &fresh, answer).await.location().contains("/authorize"),
            "another attempt has its own"
        );
    }
}

#[actix_web::test]
async fn whoever_does_not_navigate_is_told_at_once() {
    let upstream = start().await;
    for (name, answer, cause) in ANSWERS {
        let browser = upstream.app.browser();
        let departed = upstream.leave(&browser, name).await;
        let path = format!("/auth/{name}/callback?{}", departed.fill(&format!("{answer}&state={{state}}")));

        let failed = Page::read(browser.request(Method::GET, &path)).await;

        expect_failure(&browser, &failed, cause, "authorization").await;
    }
}

#[actix_web::test]
async fn the_state_of_the_first_trip_is_worth_nothing_after_it() {
    let upstream = start().await;
    let (name, answer, _) = ANSWERS[0];
    let browser = upstream.app.browser();
    let first = upstream.leave(&browser, name).await;
    come_back(&upstream, &browser, name, &first, answer).await;

    let failed = come_back(&upstream, &browser, name, &first, answer).await;

    expect_failure(&browser, &failed, Cause::StateUnknown, "callback").await;
}

#[actix_web::test]
async fn wb_02_no_link_of_a_stranger_begins_a_trip() {
    let upstream = start().await;
    for (name, answer, _) in ANSWERS {
        let (browser, stranger) = (upstream.app.browser(), upstream.app.browser());
        let foreign = upstream.leave(&stranger, name).await;
        browser.open("/login").await;
        upstream.leave(&browser, name).await;

        for query in [format!("{answer}&state={}", foreign.sent["state"]), format!("{answer}&state=x"), answer.to_owned()] {
            let page = browser.open(&format!("/auth/{name}/callback?{query}")).await;

            assert_eq!(page.location(), "/login", "{name} {query}");
        }
        let contradictory = upstream.leave(&browser, name).await;
        let page = come_back(&upstream, &browser, name, &contradictory, &format!("{answer}&code=x")).await;
        assert_eq!(page.location(), "/login", "{name}: with a code beside it");
    }
}

#[actix_web::test]
async fn lk_01_whoever_began_to_link_and_is_somebody_else_now_is_not_sent_on() {
    let upstream = start().await;
    let (name, answer, _) = ANSWERS[0];
    let browser = upstream.app.browser_of("hanako").await;
    let departed = upstream.leave_to_link(&browser, name).await;
    let page = browser.open("/account").await;
    let again = come_back(&upstream, &browser, name, &departed, answer).await;
    let second = Departed::read(&again);
    browser.submit(&page, "/logout", &[]).await;

    let failed = come_back(&upstream, &browser, name, &second, answer).await;

    assert!(!failed.header("location").contains("/authorize"), "{failed:?}");
}

#[actix_web::test]
async fn a_program_is_told_at_once() {
    let upstream = start().await;
    let browser = upstream.app.browser();
    let departed = upstream.leave(&browser, "line").await;

    let told = browser
        .send_json(reqwest::Method::POST, "/api/auth/line/callback", &json!({ "state": departed.sent["state"], "error": "login_required" }))
        .await;

    assert!(told.text.contains("auto_login_failed"), "{told:?}");
}
