//! The corpus on the lab's page, and what comes of each case.

use genkan::lab::case::{Case, Strike};
use genkan::lab::corpus::{self, Play};
use genkan::lab::{Answer, Expectation};

use super::*;
use crate::support::app::TestApp;
use crate::support::trip::Trip;

fn cases() -> impl Iterator<Item = &'static Case> {
    corpus::all().iter().filter_map(|entry| match &entry.play {
        Play::Lab(case) => Some(case),
        Play::ByHand { .. } => None,
    })
}

#[tokio::test]
async fn every_case_of_the_corpus_is_on_the_page_by_name() {
    let lab = start();

    let page = open(authorization_url(&lab, &[])).await.text().await.expect("text");
    let first = open(Url::parse(&lab.issuer()).expect("an address")).await.text().await.expect("text");

    for entry in corpus::all() {
        let on_page = match &entry.play {
            Play::Lab(case) => format!("name=\"case\" value=\"{}\">{}<", case.name, entry.id),
            Play::ByHand { .. } => format!("<strong>{}</strong>", entry.id),
        };
        assert!(page.contains(&on_page), "{} is not offered", entry.id);
        assert!(first.contains(entry.id), "{} is not listed", entry.id);
    }
}

#[test]
fn the_whole_corpus_is_there_and_what_cannot_be_played_says_what_to_do() {
    let by_hand: Vec<_> = corpus::all().iter().filter(|entry| matches!(entry.play, Play::ByHand { .. })).collect();

    assert!(corpus::all().len() >= 252, "{}", corpus::all().len());
    assert!(by_hand.len() <= 62, "{}: {:?}", by_hand.len(), by_hand.iter().map(|entry| entry.id).collect::<Vec<_>>());
    for entry in by_hand {
        let Play::ByHand { how, what } = &entry.play else { continue };
        assert!(!how.en.is_empty() && !how.ja.is_ascii() && !what.is_empty(), "{}", entry.id);
    }
}

#[tokio::test]
async fn every_playable_case_sends_the_browser_back_with_nothing_left_open() {
    let lab = start();

    for case in cases() {
        let back = open(authorization_url(&lab, &[("lab_case", case.name)])).await;

        let url = location(&back);
        assert!(url.as_str().starts_with(CALLBACK), "{}: {url}", case.name);
        assert!(!url.as_str().contains(['{', '}']) && !url.as_str().contains("%7B"), "{}: {url}", case.name);
    }
}

#[tokio::test]
async fn the_token_endpoint_answers_each_case_of_the_corpus_to_the_byte() {
    let lab = start();

    for case in cases() {
        let Strike::Token(Answer::Http { status, body, headers, .. }) = &case.strike else { continue };
        let code = code(&lab, case.name).await;
        let response = exchange(&lab, &code).await.expect("an answer");

        assert_eq!(response.status(), *status, "{}", case.name);
        assert!(headers.iter().all(|(name, value)| response.headers()[*name] == *value), "{}", case.name);
        assert_eq!(response.text().await.expect("text"), *body, "{}", case.name);
    }
}

#[tokio::test]
async fn a_case_that_breaks_discovery_does_so_for_a_minute_or_until_the_next_choice() {
    let lab = start();
    let status =
        async || open(Url::parse(&format!("{}/.well-known/openid-configuration", lab.issuer())).expect("an address")).await.status();
    lab.set_clock(|| 1_000_000);

    come_back(&lab, "corpus:discovery-5xx").await;

    assert_eq!(status().await, 503);
    come_back(&lab, "approve").await;
    assert_eq!(status().await, 200);
    come_back(&lab, "corpus:discovery-5xx").await;
    lab.set_clock(|| 1_000_060);
    assert_eq!(status().await, 200);
}

#[actix_web::test]
async fn what_the_browser_brings_back_is_taken_for_what_the_corpus_says() {
    let (app, _lab) = TestApp::with_lab().await;
    let callbacks = corpus::all().iter().filter(|entry| !entry.needs_dialect).filter_map(|entry| match &entry.play {
        Play::Lab(case) if matches!(case.strike, Strike::Callback(_)) => Some((case.name, category(entry.expects))),
        _ => None,
    });

    let mut wrong = Vec::new();
    for (case, category) in callbacks {
        let browser = app.browser();
        let answer = Trip::begin(&browser, "lab", "").await.answer(case, "x-1").await.open().await;
        let flash = browser.follow(&answer).await.flash();
        if flash.as_ref().is_none_or(|flash| flash.category != category) {
            wrong.push(format!("{case}: {flash:?} is not {category}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn category(expects: Expectation) -> &'static str {
    match expects {
        Expectation::SignedIn => "",
        Expectation::Cancelled => "user_cancelled",
        Expectation::Browser => "browser_environment",
        Expectation::Outage => "idp_outage",
        Expectation::Other => "other",
    }
}
