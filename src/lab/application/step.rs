//! What the application did and got, to be shown.

use serde_json::Value;

use crate::lab::language::Text;

/// How much of a token or code is shown, in characters.
const SHOWN: usize = 12;
/// What opens something, and is shown in part only.
const KEYS: [&str; 4] = ["access_token", "refresh_token", "id_token", "code"];

/// One step of a trip.
#[derive(Clone, Debug)]
pub struct Step {
    /// What it is.
    pub title: Text,
    /// What was sent, in a line.
    pub request: String,
    /// Whether it went well.
    pub is_good: bool,
    /// What came of it.
    pub answer: String,
}

impl Step {
    /// The browser was sent to the site.
    pub(super) fn sent(url: &str) -> Self {
        let title = Text { en: "Your browser was sent to the site", ja: "ブラウザーをサイトへ案内しました" };
        Self { title, request: format!("GET {}", lines_of(url)), is_good: true, answer: String::new() }
    }

    /// Something was answered with JSON.
    pub(super) fn answered(title: Text, request: &str, is_good: bool, answer: &Value) -> Self {
        Self { title, request: request.to_owned(), is_good, answer: format!("{:#}", with_short_keys(answer)) }
    }

    /// Something was found, or not.
    pub(super) fn found(title: Text, is_good: bool, answer: impl Into<String>) -> Self {
        Self { title, request: String::new(), is_good, answer: answer.into() }
    }
}

/// Puts each parameter of an address on a line of its own.
fn lines_of(url: &str) -> String {
    url.replace('?', "\n    ?").replace('&', "\n    &")
}

/// Cuts what opens something.
fn with_short_keys(answer: &Value) -> Value {
    let Value::Object(members) = answer else { return answer.clone() };
    let short = |name: &String, value: &Value| match value.as_str() {
        Some(text) if KEYS.contains(&name.as_str()) => format!("{}…", text.chars().take(SHOWN).collect::<String>()).into(),
        _ => value.clone(),
    };
    members.iter().map(|(name, value)| (name.clone(), short(name, value))).collect()
}
