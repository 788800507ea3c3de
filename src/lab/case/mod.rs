//! The table of everything that the lab can make happen at a sign-in.
//!
//! One row per case, in the file of the place where it strikes; a new case is a
//! new row. The page, the texts and the tests are made from the table.

mod callback;
mod id_token;
mod token;
mod userinfo;

use serde_json::Value;

use super::answer::Answer;
use super::corpus;
use super::state::Endpoint;
pub(super) use callback::APPROVAL;

pub use super::language::Text;

/// One thing that can happen.
#[derive(Debug)]
pub struct Case {
    /// The name in forms and in `lab_case`.
    pub name: &'static str,
    /// A few words for the button.
    pub title: Text,
    /// One sentence on what happens.
    pub explanation: Text,
    /// What kind of failure a good client makes of it.
    pub expects: Expectation,
    /// Where and how it strikes.
    pub strike: Strike,
}

/// What a good client makes of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expectation {
    /// The person is signed in.
    SignedIn,
    /// The person did not want to.
    Cancelled,
    /// Something got lost on the way through the browser.
    Browser,
    /// The provider is out of order.
    Outage,
    /// Anything else; nothing that the person could have done.
    Other,
}

/// Where a case strikes, and with what.
#[derive(Debug)]
pub enum Strike {
    /// The browser comes back with this query; `{code}`, `{state}`, `{other_state}` and `{iss}` are filled in.
    Callback(&'static str),
    /// The sign-in is approved, but its link waits to be carried to another browser.
    OtherBrowser,
    /// The code has been exchanged before it gets to the client.
    SpentCode,
    /// The tokens come as a form, whatever was asked for.
    FormTokens,
    /// The token endpoint takes the code and answers this.
    Token(Answer),
    /// The ID Token is not as it should be.
    IdToken(Forgery),
    /// The userinfo endpoint answers this.
    Userinfo(Answer),
    /// The profile lacks these claims.
    ProfileWithout(&'static [&'static str]),
    /// The discovery document or the key set answers this for a while; a key that is not among those read before makes the client look.
    Metadata(Endpoint, Answer),
}

/// What is wrong with an ID Token.
#[derive(Debug)]
pub struct Forgery {
    /// Claims that are changed before signing.
    pub claims: &'static [(&'static str, Claim)],
    /// Header parameters that are set before signing, or left out where they are null.
    pub header: &'static [(&'static str, Value)],
    /// How it is signed.
    pub seal: Seal,
}

/// What becomes of a claim.
#[derive(Clone, Debug)]
pub enum Claim {
    /// It is left out.
    Removed,
    /// It has this text.
    Text(&'static str),
    /// It has this time, in seconds from now.
    FromNow(i64),
    /// It is this, after `now+SECONDS` and `{client_id}` are filled in.
    Template(Value),
}

/// How an ID Token is signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seal {
    /// As it should be.
    Sound,
    /// With the right key, and then one bit is changed.
    Broken,
    /// With a key that is not published.
    UnknownKey,
    /// Not at all: `alg` is `none` (RFC 7519 §6).
    Unsigned,
    /// There is no ID Token.
    Absent,
    /// As it should be, but the dots between the parts are gone.
    Undotted,
    /// Put into an envelope that nobody agreed on (RFC 7516 §7.1).
    Encrypted,
    /// With a key that is not published and that the header does not name.
    Unnamed,
}

impl Case {
    /// Makes a row; texts are (English, Japanese).
    const fn new(
        name: &'static str,
        title: (&'static str, &'static str),
        explanation: (&'static str, &'static str),
        expects: Expectation,
        strike: Strike,
    ) -> Self {
        let title = Text { en: title.0, ja: title.1 };
        let explanation = Text { en: explanation.0, ja: explanation.1 };
        Self { name, title, explanation, expects, strike }
    }
}

impl Expectation {
    /// Returns the kind in words for the page.
    pub fn words(self) -> Text {
        match self {
            Self::SignedIn => Text { en: "the person is signed in", ja: "サインインできます" },
            Self::Cancelled => Text { en: "the person cancelled", ja: "本人がやめました" },
            Self::Browser => Text { en: "something got lost in the browser", ja: "ブラウザーで何かが失われました" },
            Self::Outage => Text { en: "the provider is out of order", ja: "プロバイダーの障害です" },
            Self::Other => Text { en: "something else is wrong", ja: "その他の問題です" },
        }
    }
}

/// The table, by place of the strike, in the order in which a sign-in comes by.
pub const GROUPS: [(Text, &[Case]); 4] = [
    (Text { en: "On the way back", ja: "戻り道で" }, &callback::CASES),
    (Text { en: "At the token endpoint", ja: "トークンエンドポイントで" }, &token::CASES),
    (Text { en: "In the ID Token", ja: "ID トークンの中で" }, &id_token::CASES),
    (Text { en: "At the profile", ja: "プロフィールで" }, &userinfo::CASES),
];

/// Lists every case of the table; those of the corpus stand in [`corpus`].
pub fn all() -> impl Iterator<Item = &'static Case> {
    GROUPS.iter().flat_map(|(_, cases)| cases.iter())
}

/// Finds a case by its name, also one of the corpus.
pub fn find(name: &str) -> Option<&'static Case> {
    all().chain(corpus::cases()).find(|case| case.name == name)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_case_has_a_name_of_its_own_and_texts_in_both_languages() {
        let names: BTreeSet<_> = all().map(|case| case.name).collect();

        assert_eq!(names.len(), all().count());
        for case in all() {
            for text in [case.title, case.explanation] {
                assert!(text.en.is_ascii() && !text.en.is_empty() && !text.ja.is_ascii(), "{}: {text:?}", case.name);
            }
        }
    }
}
