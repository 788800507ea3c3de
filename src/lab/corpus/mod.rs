//! The failures of real providers, played by the lab.
//!
//! The cases are those of `tests/corpus/`, the one copy in the repository:
//! whatever is added there is offered here, without a line of code. `wire` reads
//! a case, `strike` decides how it is played, or what somebody has to do by hand
//! where the lab cannot play it.

mod id_token;
mod strike;
mod transport;
mod wire;

use std::sync::LazyLock;

use super::case::{Case, Expectation, Strike, Text};
use wire::Raw;

/// The given cases, and those that were found missing.
const FILES: [&str; 2] = [include_str!("../../../tests/corpus/failures.json"), include_str!("../../../tests/corpus/more.json")];

/// The case names begin with this, so that none is taken for one of the lab's own.
const PREFIX: &str = "corpus:";

/// A case of the corpus.
#[derive(Debug)]
pub struct Entry {
    /// Its name in the corpus.
    pub id: &'static str,
    /// Whose failure it is; `any` where everybody may have it.
    pub provider: &'static str,
    /// Where it strikes: `A` to `D`, or `S` for the client's own side.
    pub stage: &'static str,
    /// Why it is what it is taken for; in English.
    pub reason: &'static str,
    /// What a good client makes of it.
    pub expects: Expectation,
    /// Whether only a client that knows the provider's dialect can tell.
    pub needs_dialect: bool,
    /// How it comes about.
    pub play: Play,
}

/// How a case comes about.
#[derive(Debug)]
pub enum Play {
    /// The lab plays it.
    Lab(Case),
    /// Somebody has to bring it about.
    ByHand {
        /// How.
        how: Text,
        /// What exactly; in English.
        what: &'static str,
    },
}

/// The stages in the order in which a sign-in comes by.
pub const STAGES: [(&str, Text); 5] = [
    ("A", Text { en: "Before anybody could choose", ja: "本人が選ぶ前に" }),
    ("B", Text { en: "On the person's choice", ja: "本人が選んだときに" }),
    ("C", Text { en: "At the token endpoint", ja: "トークンエンドポイントで" }),
    ("D", Text { en: "At the profile", ja: "プロフィールで" }),
    ("S", Text { en: "On the site's own side", ja: "サイトの側で" }),
];

/// Read once, and kept as long as the process lives.
static ENTRIES: LazyLock<Vec<Entry>> = LazyLock::new(|| {
    let read = |file| serde_json::from_str::<Vec<Raw>>(file).expect("the corpus is JSON of this shape: the tests read it");
    let mut entries: Vec<Entry> = FILES.into_iter().flat_map(read).map(entry).collect();
    entries.sort_by_key(|entry| (entry.stage, entry.provider != "any", entry.provider));
    entries
});

/// Lists the corpus by stage and provider, `any` first.
pub fn all() -> &'static [Entry] {
    &ENTRIES
}

/// Lists what the lab can play.
pub(super) fn cases() -> impl Iterator<Item = &'static Case> {
    all().iter().filter_map(|entry| match &entry.play {
        Play::Lab(case) => Some(case),
        Play::ByHand { .. } => None,
    })
}

impl Entry {
    /// Whether it is of no use without an ID Token.
    pub(super) fn needs_openid(&self) -> bool {
        self.is_about_metadata() || matches!(&self.play, Play::Lab(Case { strike: Strike::IdToken(_), .. }))
    }

    /// Whether discovery or keys are what fails.
    pub(super) fn is_about_metadata(&self) -> bool {
        matches!(&self.play, Play::Lab(Case { strike: Strike::Metadata(..), .. }))
    }
}

fn entry(raw: Raw) -> Entry {
    let expects = expectation(&raw);
    let needs_dialect = raw.decided_by == "provider_rule";
    let (id, provider, stage, reason) = (keep(raw.id), keep(raw.provider), keep(raw.stage), keep(raw.reason));
    let same = |text| Text { en: text, ja: text };
    let play = match strike::of(raw.wire, provider) {
        Ok(strike) => Play::Lab(Case { name: keep(format!("{PREFIX}{id}")), title: same(id), explanation: same(reason), expects, strike }),
        Err((how, what)) => Play::ByHand { how, what: keep(what) },
    };
    Entry { id, provider, stage, reason, expects, needs_dialect, play }
}

/// Reads the category; a case that asks to show nothing lets the person in.
fn expectation(raw: &Raw) -> Expectation {
    match raw.category.as_str() {
        "user_cancelled" => Expectation::Cancelled,
        "browser_environment" => Expectation::Browser,
        "idp_outage" => Expectation::Outage,
        _ => Expectation::Other,
    }
}

/// Keeps a text as long as the process lives: the table of cases is made of such texts.
fn keep(text: String) -> &'static str {
    text.leak()
}
