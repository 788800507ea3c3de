//! The two languages of the lab's pages.

use super::form::Form;

/// A language of the pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Language {
    English,
    Japanese,
}

impl Language {
    /// Chooses by `ui_locales` (OIDC Core §3.1.2.1), then by `Accept-Language`; English if neither fits.
    pub(super) fn choose(form: &Form, accept_language: Option<&str>) -> Self {
        let asked = form.get("ui_locales").and_then(|locales| first_known(locales.split(' ')));
        let accepted = || first_known(accept_language?.split(','));
        asked.or_else(accepted).unwrap_or(Self::English)
    }

    /// Returns the language tag.
    pub(super) fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Japanese => "ja",
        }
    }
}

/// Finds the first language that the lab speaks; weights are left aside, since browsers sort by them.
fn first_known<'a>(tags: impl Iterator<Item = &'a str>) -> Option<Language> {
    tags.into_iter().find_map(|tag| match tag.trim().get(..2).map(str::to_ascii_lowercase).as_deref() {
        Some("en") => Some(Language::English),
        Some("ja") => Some(Language::Japanese),
        _ => None,
    })
}

/// A text in both languages.
#[derive(Clone, Copy, Debug)]
pub struct Text {
    /// In English.
    pub en: &'static str,
    /// In Japanese.
    pub ja: &'static str,
}

impl Text {
    /// Returns the text in one language.
    pub(super) fn to(self, language: Language) -> &'static str {
        match language {
            Language::English => self.en,
            Language::Japanese => self.ja,
        }
    }
}
