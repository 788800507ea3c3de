//! The words of every page and mail: one Fluent file per language in `templates/texts`.
//!
//! The build fails unless both files hold the same keys in the same order. Texts
//! without variables are formatted once, when a language is first asked for.

pub(crate) mod keys;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::LazyLock;

use chrono::{DateTime, Utc};
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};

use crate::domain::language::Language;

/// The name of a text in `templates/texts/*.ftl`.
pub type TextKey = &'static str;

pub(crate) const EN: &str = include_str!("../templates/texts/en.ftl");
const JA: &str = include_str!("../templates/texts/ja.ftl");

const _: () = assert!(keys::are_the_same(EN.as_bytes(), JA.as_bytes()), "en.ftl and ja.ftl must hold the same keys in the same order");

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
        texts.plain = keys::list(source).filter_map(|key| Some((key, texts.try_format(key, None)?.into_owned()))).collect();
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
            Language::Ja => "%Y年%-m月%-d日 %H:%M UTC",
        })
        .to_string()
    }
}

impl std::fmt::Debug for Texts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Texts").field(&self.language).finish()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeSet, HashSet};
    use std::fs;
    use std::path::Path;

    use super::*;
    use crate::signin::failure::Cause;
    use crate::web::flash_view::FlashView;

    const MISSING: &str = "no-such-text";

    /// Returns every message with its continued lines.
    fn messages(source: &str) -> Vec<(&str, String)> {
        let mut messages: Vec<(&str, String)> = Vec::new();
        for line in source.lines() {
            match line.split_once(" =") {
                Some((key, text)) if line.starts_with(|c: char| c.is_ascii_lowercase()) => messages.push((key, text.to_owned())),
                _ if line.starts_with(' ') => messages.last_mut().expect("a message to continue").1.push_str(line),
                _ => assert!(line.is_empty() || line.starts_with('#'), "{line}"),
            }
        }
        messages
    }

    fn variables(message: &str) -> BTreeSet<&str> {
        message.split('$').skip(1).filter_map(|rest| rest.split(|c: char| !c.is_ascii_lowercase()).next()).collect()
    }

    fn read_all(folder: &Path, extension: &str) -> String {
        let entries = fs::read_dir(folder).expect("a readable folder").map(|entry| entry.expect("a readable entry").path());
        entries.fold(String::new(), |text, path| match path.is_dir() {
            true => text + &read_all(&path, extension),
            false if path.extension().is_some_and(|e| e == extension) => text + &fs::read_to_string(path).expect("a readable file"),
            false => text,
        })
    }

    /// Returns all of `templates/`, `src/web/` and `src/mail/`.
    fn sources() -> String {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        read_all(&root.join("templates"), "html") + &read_all(&root.join("src/web"), "rs") + &read_all(&root.join("src/mail"), "rs")
    }

    #[test]
    fn both_languages_use_the_same_variables_and_no_text_is_empty() {
        for ((key, english), (_, japanese)) in messages(EN).into_iter().zip(messages(JA)) {
            assert_eq!(variables(&english), variables(&japanese), "{key}");
            assert!(!english.trim().is_empty() && !japanese.trim().is_empty(), "{key}");
        }
    }

    #[test]
    fn every_text_is_there_once_and_can_be_formatted() {
        for (language, source) in [(Language::En, EN), (Language::Ja, JA)] {
            let texts = Texts::of(language);
            let all = messages(source);
            assert_eq!(all.iter().map(|(key, _)| key).collect::<HashSet<_>>().len(), all.len(), "{language}");
            for (key, message) in all {
                let variable = variables(&message).into_iter().next().unwrap_or("none").to_owned();
                let text = texts.number(key, variable.leak(), 3);
                assert!(text != key && !text.contains('{'), "{key} in {language}: {text}");
            }
        }
    }

    #[test]
    fn every_cause_is_explained_and_nothing_else_is() {
        let causes: Vec<String> = Cause::ALL.iter().map(|cause| format!("cause-{}", cause.as_str())).collect();
        let explained: Vec<&str> = keys::list(EN).filter(|key| key.starts_with("cause-")).collect();
        assert_eq!(explained.iter().collect::<HashSet<_>>(), causes.iter().map(String::as_str).collect::<Vec<_>>().iter().collect());

        for (language, cause) in Language::ALL.into_iter().flat_map(|language| Cause::ALL.iter().map(move |cause| (language, *cause))) {
            let flash =
                FlashView { cause, category: cause.category(), reference: String::new(), provider: None, retry: None, return_to: None };
            let texts = Texts::of(language);
            let told = [flash.headline(texts), flash.explanation(texts), flash.advice(texts, true).to_owned()].join(" ");
            assert!(!["cause-", "flash-", "remedy-", "{"].iter().any(|left_over| told.contains(left_over)), "{cause:?}: {told}");
        }
    }

    #[test]
    fn no_text_is_unused() {
        let sources = sources();
        for key in keys::list(EN).filter(|key| !key.starts_with("cause-")) {
            assert!(sources.contains(&format!("\"{key}\"")), "nobody uses {key}");
        }
    }

    #[test]
    fn every_text_that_is_used_exists() {
        let keys: HashSet<&str> = keys::list(EN).collect();
        let sources = sources();
        for call in ["page.text(\"", "texts.get(\"", "texts.with(\"", "texts.number(\""] {
            for key in sources.split(call).skip(1).filter_map(|rest| rest.split('"').next()) {
                assert!(keys.contains(key), "there is no {key}");
            }
        }
        for literal in sources.split('"').filter(|text| ["fault-", "notice-", "remedy-", "error-"].iter().any(|p| text.starts_with(p))) {
            assert!(
                literal.contains(' ') || literal.ends_with('-') || literal == "fault-box" || keys.contains(literal),
                "there is no {literal}"
            );
        }
    }

    #[test]
    fn numbers_and_words_are_filled_in() {
        let texts = Texts::of(Language::En);
        assert!(texts.number("fault-throttled", "minutes", 1).contains("wait a minute and"));
        assert!(texts.number("fault-throttled", "minutes", 5).contains("wait 5 minutes and"));
        assert_eq!(texts.with("provider-continue", "name", "GitHub"), "Continue with GitHub");
        assert_eq!(Texts::of(Language::Ja).with("provider-continue", "name", "GitHub"), "GitHubで続ける");
    }

    #[test]
    fn a_text_that_is_missing_shows_its_key_and_breaks_nothing() {
        let texts = Texts::of(Language::En);
        assert_eq!(texts.get(MISSING), MISSING);
        assert_eq!(texts.with(MISSING, "name", "x"), MISSING);
        assert_eq!(texts.with("provider-continue", "wrong", "x"), "provider-continue");
    }

    #[test]
    fn days_are_written_as_people_write_them() {
        let at = DateTime::UNIX_EPOCH;
        assert_eq!((Texts::of(Language::En).day(at), Texts::of(Language::Ja).day(at)), ("1 Jan 1970".into(), "1970年1月1日".into()));
        assert!(Texts::of(Language::En).time(at).ends_with("00:00 UTC"));
    }
}
