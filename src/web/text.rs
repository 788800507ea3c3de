//! The words of every page, in every language.

use crate::domain::language::Language;

/// The name of a text in `templates/texts/*.ftl`.
pub type TextKey = &'static str;

/// All texts of one language.
#[derive(Debug)]
pub struct Texts {
    language: Language,
}

impl Texts {
    /// Returns the texts of a language.
    pub fn of(language: Language) -> &'static Self {
        match language {
            Language::En => &Self { language: Language::En },
            Language::Ja => &Self { language: Language::Ja },
        }
    }

    /// Returns the language.
    pub fn language(&self) -> Language {
        self.language
    }

    /// Returns a text without variables.
    pub fn get(&'static self, key: TextKey) -> &'static str {
        key
    }
}
