//! The oddities with which real providers succeed, through the real routes.
//!
//! `tests/corpus/quirks.json` has them. Each has a provider of its own within one
//! genkan, and ends with the right person signed in, with the right failure, or
//! with the request that the provider wants.

mod plan;
mod play;
mod requests;

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::{Value, json};

use self::plan::{FAILURES, NOT_PLAYED, plan};
use self::play::Play;
use super::presets::merge;
use super::support::upstream::Upstream;

/// One oddity.
#[derive(Clone, Deserialize)]
pub struct Quirk {
    pub id: String,
    pub provider: String,
    pub wire: Value,
    #[serde(default)]
    pub expected: Value,
}

impl Quirk {
    pub fn wire(&self, member: &str) -> &str {
        self.wire[member].as_str().unwrap_or_default()
    }

    /// Tells a quirk about addresses that count as proven: they are nobody else's, so no other provider's word counts here.
    fn is_about_proof(&self) -> bool {
        self.expected["email_verified"] == true || self.id == "entra-email-not-trustworthy"
    }

    fn is_request(&self) -> bool {
        self.wire("kind") == "request_requirement"
    }
}

fn quirks() -> Vec<Quirk> {
    let quirks: Vec<Quirk> = serde_json::from_str(include_str!("../../corpus/quirks.json")).expect("quirks");
    quirks.into_iter().filter(|quirk| NOT_PLAYED.iter().all(|(id, _)| *id != quirk.id)).collect()
}

/// Starts a genkan with a provider for each quirk; it is named after its place, for names are short.
async fn start(quirks: &[Quirk]) -> Upstream {
    let config = |quirk: &Quirk| merge(plan(quirk).config, &json!({ "trust_email": quirk.is_about_proof() }));
    let providers: Vec<_> = quirks.iter().enumerate().map(|(at, quirk)| (name(at), config(quirk))).collect();
    Upstream::of(&providers, |_| {}).await
}

fn name(at: usize) -> String {
    format!("q{at}")
}

#[actix_web::test]
async fn odd_answers_sign_in_the_right_person() {
    let is_failure = |quirk: &Quirk| FAILURES.iter().any(|(id, _)| *id == quirk.id);
    let mut quirks: Vec<_> = quirks().into_iter().filter(|quirk| !quirk.is_request() && !is_failure(quirk)).collect();
    quirks.sort_by_key(Quirk::is_about_proof);
    let upstream = start(&quirks).await;
    let mut problems = Vec::new();
    for (at, quirk) in quirks.iter().enumerate() {
        let play = Play::run(&upstream, &name(at), quirk).await;
        problems.extend(play.find_problem().await.map(|problem| format!("{}: {problem}", quirk.id)));
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[actix_web::test]
async fn odd_refusals_have_their_cause() {
    let quirks: Vec<_> = quirks().into_iter().filter(|quirk| FAILURES.iter().any(|(id, _)| *id == quirk.id)).collect();
    let upstream = start(&quirks).await;
    for (at, quirk) in quirks.iter().enumerate() {
        let play = Play::run(&upstream, &name(at), quirk).await;

        let expected = FAILURES.iter().find(|(id, _)| *id == quirk.id).map(|(_, cause)| *cause);
        assert_eq!(play.cause().await.as_deref(), expected, "{}", quirk.id);
    }
}

#[actix_web::test]
async fn what_a_provider_wants_to_be_sent_is_sent() {
    let quirks: Vec<_> = quirks().into_iter().filter(Quirk::is_request).collect();
    let upstream = start(&quirks).await;
    for (at, quirk) in quirks.iter().enumerate() {
        let play = Play::run(&upstream, &name(at), quirk).await;

        assert_eq!(play.find_problem().await, None, "{}", quirk.id);
        requests::check(&quirk.id, &play);
    }
}

#[test]
fn every_quirk_is_played_or_has_its_reason() {
    let all: Vec<Quirk> = serde_json::from_str(include_str!("../../corpus/quirks.json")).expect("quirks");
    let ids: BTreeSet<_> = all.iter().map(|quirk| quirk.id.as_str()).collect();

    assert_eq!(all.len(), 72);
    assert!(NOT_PLAYED.iter().all(|(id, reason)| ids.contains(id) && !reason.is_empty()));
    assert!(FAILURES.iter().all(|(id, _)| ids.contains(id)));
}
