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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ui_locales_goes_before_the_browsers_languages_and_english_is_the_last_resort() {
        let table = [
            ("ui_locales=ja-JP", Some("en"), Language::Japanese),
            ("ui_locales=fr+en", Some("ja"), Language::English),
            ("ui_locales=fr", Some("de, ja;q=0.8, en;q=0.5"), Language::Japanese),
            ("", Some("é"), Language::English),
            ("", None, Language::English),
        ];

        for (query, accepted, language) in table {
            let form = Form::read(query.as_bytes()).expect("no name twice");

            assert_eq!(Language::choose(&form, accepted), language, "{query} {accepted:?}");
        }
    }
}
