//! A case as it stands in `tests/corpus/*.json`.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value};

/// One way in which a sign-in goes wrong, and what it is to be called.
#[derive(Clone, Debug, Deserialize)]
pub struct Case {
    pub id: String,
    /// A provider's name, or `any`.
    pub provider: String,
    pub category: String,
    pub remedy: String,
    /// What decides: `generic_rule`, `provider_rule`, `state_machine`, `never_reaches_us`.
    pub decided_by: String,
    pub wire: Wire,
}

/// What is played.
#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Wire {
    /// The browser comes back with this query.
    CallbackQuery { query: String, precondition: String },
    /// The browser comes back with this form.
    CallbackForm { body: String },
    /// An endpoint answers this.
    HttpResponse(HttpResponse),
    /// An endpoint answers these bytes, one per character (ISO 8859-1), and closes.
    HttpBytes { endpoint: String, bytes: String },
    /// The connection does this.
    Transport { endpoint: String, fault: String, detail: String },
    /// We are in this state.
    ServerState {},
    /// The ID Token is changed like this.
    IdToken {
        #[serde(default)]
        claims: Map<String, Value>,
        #[serde(default)]
        header: Map<String, Value>,
    },
}

/// An answer of an endpoint.
#[derive(Clone, Debug, Deserialize)]
pub struct HttpResponse {
    pub endpoint: String,
    pub status: u16,
    #[serde(default)]
    pub content_type: Option<String>,
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    #[serde(default)]
    pub body: String,
    pub body_generator: Option<Generator>,
}

/// A body that is too long to write down.
#[derive(Clone, Debug, Deserialize)]
pub struct Generator {
    pub prefix: String,
    pub fill: String,
    /// How long it is in all.
    pub bytes: usize,
}

impl Case {
    /// Reads a file of cases.
    pub fn read_all(json: &str) -> Vec<Self> {
        serde_json::from_str(json).expect("cases")
    }

    /// Tells whether it is an answer that a plain OAuth 2.0 provider can give.
    pub fn is_for_plain_oauth(&self) -> bool {
        match &self.wire {
            Wire::HttpResponse(HttpResponse { endpoint, .. }) | Wire::HttpBytes { endpoint, .. } | Wire::Transport { endpoint, .. } => {
                matches!(endpoint.as_str(), "token" | "userinfo")
            }
            Wire::CallbackQuery { .. } | Wire::CallbackForm { .. } | Wire::ServerState {} | Wire::IdToken { .. } => false,
        }
    }

    /// Tells whether the provider answers in forms.
    pub fn is_answered_by_form(&self) -> bool {
        self.provider == "apple"
    }

    /// Returns the words that nobody may read with us, in the log neither.
    pub fn foreign_words(&self) -> Vec<String> {
        let mut words = Vec::new();
        match &self.wire {
            Wire::CallbackQuery { query, .. } => {
                words.extend(url::form_urlencoded::parse(query.as_bytes()).map(|(_, value)| value.into_owned()));
            }
            Wire::HttpResponse(answer) => collect_words(&answer.body, &mut words),
            Wire::HttpBytes { bytes, .. } => collect_words(bytes.rsplit("\r\n\r\n").next().unwrap_or_default(), &mut words),
            _ => {}
        }
        // What has no blank in it may be an error code, and short words are everybody's.
        words.retain(|word| word.len() >= 10 && word.contains(' '));
        words
    }
}

/// Collects the texts of a JSON body, or all of what is none.
fn collect_words(body: &str, words: &mut Vec<String>) {
    match serde_json::from_str(body) {
        Ok(value) => collect_texts(&value, words),
        Err(_) => words.push(body.to_owned()),
    }
}

fn collect_texts(value: &Value, words: &mut Vec<String>) {
    match value {
        Value::String(text) => words.push(text.clone()),
        Value::Array(values) => values.iter().for_each(|value| collect_texts(value, words)),
        Value::Object(object) => object.values().for_each(|value| collect_texts(value, words)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
