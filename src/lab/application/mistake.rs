//! What the application can do wrong.

use crate::lab::language::Text;

/// A mistake that developers make, or none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mistake {
    /// Everything as it should be.
    None,
    /// A redirect address with one slash too many.
    RedirectUri,
    /// No `code_challenge`.
    Challenge,
    /// A scope that is not registered.
    Scope,
    /// `prompt=none`, whoever is signed in.
    NoQuestion,
    /// A wrong secret.
    Secret,
    /// A `code_verifier` that does not fit.
    Verifier,
    /// The code is redeemed twice.
    Twice,
}

/// Each with its word in the form and what it is called.
const ALL: [(Mistake, &str, Text); 7] = [
    (
        Mistake::RedirectUri,
        "redirect_uri",
        Text { en: "A redirect address with one slash too many", ja: "リダイレクト先の末尾に余分なスラッシュ" },
    ),
    (Mistake::Challenge, "challenge", Text { en: "No code_challenge", ja: "code_challenge がない" }),
    (Mistake::Scope, "scope", Text { en: "A scope that is not registered", ja: "登録されていないスコープ" }),
    (
        Mistake::NoQuestion,
        "no_question",
        Text { en: "prompt=none, before you are signed in or were asked", ja: "サインインや許可の前に prompt=none" },
    ),
    (Mistake::Secret, "secret", Text { en: "A wrong secret", ja: "間違ったシークレット" }),
    (Mistake::Verifier, "verifier", Text { en: "A code_verifier that does not fit", ja: "合わない code_verifier" }),
    (Mistake::Twice, "twice", Text { en: "The same code twice", ja: "同じコードを 2 回使う" }),
];

impl Mistake {
    /// Reads the word in the form.
    pub(super) fn parse(word: &str) -> Option<Self> {
        ALL.iter().find(|(_, known, _)| *known == word).map(|(mistake, _, _)| *mistake)
    }

    /// Lists words and names.
    pub(in crate::lab) fn list() -> impl Iterator<Item = (&'static str, Text)> {
        ALL.iter().map(|(_, word, name)| (*word, *name))
    }
}
