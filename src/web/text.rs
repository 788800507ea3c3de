//! The words of every page: one Fluent file per language in `templates/texts`.
//!
//! The build fails unless both files hold the same keys in the same order. Texts
//! without variables are formatted once, when a language is first asked for.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::LazyLock;

use chrono::{DateTime, Utc};
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};

use super::text_keys;
use crate::domain::language::Language;

/// The name of a text in `templates/texts/*.ftl`.
pub type TextKey = &'static str;

pub(super) const EN: &str = include_str!("../../templates/texts/en.ftl");
pub(super) const JA: &str = include_str!("../../templates/texts/ja.ftl");

const _: () = assert!(text_keys::are_the_same(EN.as_bytes(), JA.as_bytes()), "en.ftl and ja.ftl must hold the same keys in the same order");

static ENGLISH: LazyLock<Texts> = LazyLock::new(|| Texts::build(Language::En, EN));
static JAPANESE: LazyLock<Texts> = LazyLock::new(|| Texts::build(Language::Ja, JA));

/// All texts of one language.
pub struct Texts {
    language: Language,
    /// What needs no variable, ready to be written.
    plain: BTreeMap<&'static str, String>,
    bundle: FluentBundle<FluentResource>,
}

impl Texts {
    /// Returns the texts of a language.
    pub fn of(language: Language) -> &'static Self {
        match language {
            Language::En => &ENGLISH,
            Language::Ja => &JAPANESE,
        }
    }

    /// Reads a file; a message that cannot be read is left out, which a test would notice.
    fn build(language: Language, source: &'static str) -> Self {
        let resource = FluentResource::try_new(source.to_owned()).unwrap_or_else(|(readable, _)| readable);
        let mut bundle = FluentBundle::new_concurrent(vec![language.tag().parse().unwrap_or_default()]);
        // Isolation marks would stand in titles and in what people copy.
        bundle.set_use_isolating(false);
        bundle.add_resource_overriding(resource);
        let mut texts = Self { language, plain: BTreeMap::new(), bundle };
        texts.plain = text_keys::list(source).filter_map(|key| Some((key, texts.try_format(key, None)?.into_owned()))).collect();
        texts
    }

    /// Returns the language.
    pub fn language(&self) -> Language {
        self.language
    }

    /// Returns a text without variables; the key itself if there is none.
    pub fn get(&'static self, key: TextKey) -> &'static str {
        self.plain.get(key).map_or(key, String::as_str)
    }

    /// Returns a text with one word filled in.
    pub fn with(&self, key: &str, variable: &'static str, word: &str) -> String {
        self.fill(key, variable, word.into())
    }

    /// Returns a text with one number filled in.
    pub fn number(&self, key: &str, variable: &'static str, number: impl Into<FluentValue<'static>>) -> String {
        self.fill(key, variable, number.into())
    }

    fn fill(&self, key: &str, variable: &'static str, value: FluentValue<'_>) -> String {
        if let Some(plain) = self.plain.get(key) {
            return plain.clone();
        }
        let mut args = FluentArgs::with_capacity(1);
        args.set(variable, value);
        self.try_format(key, Some(&args)).map_or_else(|| key.to_owned(), Cow::into_owned)
    }

    /// Formats a message; `None` if it does not exist or lacks a variable.
    fn try_format<'a>(&'a self, key: &str, args: Option<&'a FluentArgs<'_>>) -> Option<Cow<'a, str>> {
        let pattern = self.bundle.get_message(key)?.value()?;
        let mut errors = Vec::new();
        let text = self.bundle.format_pattern(pattern, args, &mut errors);
        errors.is_empty().then_some(text)
    }

    /// Returns a day, as people write it.
    pub fn day(&self, at: DateTime<Utc>) -> String {
        at.format(match self.language {
            Language::En => "%-d %b %Y",
            Language::Ja => "%Y年%-m月%-d日",
        })
        .to_string()
    }

    /// Returns a day and a time of it, in UTC.
    pub fn time(&self, at: DateTime<Utc>) -> String {
        at.format(match self.language {
            Language::En => "%-d %b %Y, %H:%M UTC",
            Language::Ja => "%Y年%-m月%-d日 %H:%M（UTC）",
        })
        .to_string()
    }
}

impl std::fmt::Debug for Texts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Texts").field(&self.language).finish()
    }
}
