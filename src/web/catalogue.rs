//! The catalogue of failures, as programs and documents read it.
//!
//! Made from the table of [`crate::signin::failure::cause`] and the texts of the
//! pages, so that it cannot say anything else than they do.

use serde_json::{Map, Value, json};

use super::flash_view::{FlashView, capitalise};
use super::text::Texts;
use crate::domain::language::Language;
use crate::signin::failure::{Cause, Stage};

/// What stands where a page names the provider.
fn unnamed(language: Language) -> &'static str {
    match language {
        Language::En => "the provider",
        Language::Ja => "プロバイダ",
    }
}

/// Returns what the person reads: what happened, and what to do now.
pub fn what_the_person_reads(cause: Cause, language: Language) -> String {
    let provider = Some(unnamed(language).to_owned());
    let view = FlashView { cause, category: cause.category(), reference: String::new(), provider, retry: None, return_to: None };
    let texts = Texts::of(language);
    let gap = if language == Language::Ja { "" } else { " " };
    format!("{}{gap}{}", capitalise(&view.explanation(texts)), view.advice(texts, true))
}

/// Returns every cause as one JSON value.
pub fn to_json() -> Value {
    json!({ "genkan": env!("CARGO_PKG_VERSION"), "causes": Cause::ALL.iter().copied().map(entry).collect::<Vec<_>>() })
}

/// Returns one cause as a JSON value.
pub fn entry(cause: Cause) -> Value {
    let category = cause.category();
    let person: Map<String, Value> =
        Language::ALL.into_iter().map(|language| (language.tag().to_owned(), what_the_person_reads(cause, language).into())).collect();
    let elsewhere: Map<String, Value> =
        cause.elsewhere().systems().into_iter().map(|(key, _, names)| (key.to_owned(), names.into())).collect();
    json!({
        "cause": cause.as_str(),
        "category": category.as_str(),
        "level": category.level().as_str().to_lowercase(),
        "stages": cause.stages().iter().map(|stage: &Stage| stage.as_str()).collect::<Vec<_>>(),
        "remedy": cause.remedy().as_str(),
        "retryable": cause.remedy().is_retryable(),
        "meaning": cause.meaning(),
        "operator": cause.operator_advice(),
        "person": person,
        "elsewhere": elsewhere,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cause_has_an_entry_in_every_language_that_names_no_provider() {
        let catalogue = to_json();
        let causes = catalogue["causes"].as_array().expect("causes");

        assert_eq!(causes.len(), Cause::ALL.len());
        for entry in causes {
            for language in Language::ALL {
                let text = entry["person"][language.tag()].as_str().expect("a text");
                assert!(!text.is_empty() && !text.contains('{') && !text.starts_with("the provider"), "{entry}");
            }
            assert!(!entry["stages"].as_array().expect("stages").is_empty(), "{entry}");
        }
    }

    #[test]
    fn what_the_person_reads_is_what_the_page_says() {
        let text = what_the_person_reads(Cause::TokenTimeout, Language::En);

        assert!(text.starts_with("The provider took too long to answer"), "{text}");
        assert!(text.ends_with("or use one of the other ways below."), "{text}");
    }
}
