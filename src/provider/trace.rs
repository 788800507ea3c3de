//! What happened on the way through one request: which calls, how long, what came back.
//!
//! A trace follows the task, not the parameters: calls are made deep below caches and
//! crates, and only who tells the story needs to know. It holds names, numbers and
//! media types, never a value that a provider or a browser sent (security.md LG-03).

use std::cell::RefCell;
use std::fmt::Debug;
use std::time::{Duration, Instant};

use openidconnect::http::header;
use serde::de::IgnoredAny;

use super::error::{Endpoint, ProviderError};
use super::http::Answer;

/// How many steps one trace holds at most.
const MAX_STEPS: usize = 16;
/// How many names of members are kept of one answer.
const MAX_FIELDS: usize = 20;
/// The longest name of a member that is kept, in characters.
const MAX_FIELD_CHARS: usize = 32;
/// The largest answer that is looked into, in bytes.
const MAX_READ_BYTES: usize = 64 * 1024;

tokio::task_local! {
    static TRACE: Trace;
}

struct Trace {
    started: Instant,
    steps: RefCell<Vec<TraceStep>>,
}

/// One step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TraceStep {
    /// What was done: the word of an endpoint, or of a check.
    pub name: &'static str,
    /// How long after the request came.
    pub at: Duration,
    /// How long it took.
    pub took: Duration,
    /// `answered`, `ok`, or what broke.
    pub result: String,
    /// The HTTP status of the answer.
    pub http_status: Option<u16>,
    /// The media type of the answer.
    pub content_type: Option<String>,
    /// The length of the answer, in bytes.
    pub bytes: Option<usize>,
    /// The names of the answer's members.
    pub fields: Vec<String>,
}

/// Does `work` and returns its steps with its result.
pub async fn collect<T>(work: impl Future<Output = T>) -> (T, Vec<TraceStep>) {
    let trace = Trace { started: Instant::now(), steps: RefCell::default() };
    TRACE.scope(trace, async { (work.await, TRACE.with(|trace| trace.steps.take())) }).await
}

/// Notes a step that was no call, such as a check; outside of [`collect`] nothing happens.
pub fn note(name: &'static str, started: Instant, result: &str) {
    push(name, started, |step| result.clone_into(&mut step.result));
}

/// Notes what was wrong with an answer, which the call itself did not tell.
pub fn note_fault(error: &ProviderError) {
    let is_told = TRACE.try_with(|trace| {
        let steps = trace.steps.borrow();
        steps.last().is_some_and(|step| step.name == error.endpoint.as_str() && step.result == word(&error.fault))
    });
    if is_told == Ok(false) {
        note(error.endpoint.as_str(), Instant::now(), &word(&error.fault));
    }
}

/// Writes a variant's name as a word: `TimedOut` as `timed_out`.
pub fn word(variant: &impl Debug) -> String {
    let mut word = String::new();
    for c in format!("{variant:?}").chars() {
        if c.is_uppercase() && !word.is_empty() {
            word.push('_');
        }
        word.push(c.to_ascii_lowercase());
    }
    word
}

/// Notes a call to a provider.
pub(super) fn note_call(endpoint: Endpoint, started: Instant, result: &Result<Answer, ProviderError>) {
    push(endpoint.as_str(), started, |step| match result {
        Ok(answer) => {
            "answered".clone_into(&mut step.result);
            step.http_status = Some(answer.status.as_u16());
            step.content_type = answer.header(header::CONTENT_TYPE.as_str()).and_then(media_type);
            step.bytes = Some(answer.body.len());
            step.fields = fields_of(&answer.body);
        }
        Err(error) => {
            step.result = word(&error.fault);
            step.http_status = error.http_status;
        }
    });
}

fn push(name: &'static str, started: Instant, fill: impl FnOnce(&mut TraceStep)) {
    // Without a trace there is nobody to tell.
    let _ = TRACE.try_with(|trace| {
        let mut steps = trace.steps.borrow_mut();
        if steps.len() == MAX_STEPS {
            return;
        }
        let at = started.saturating_duration_since(trace.started);
        let result = String::new();
        let mut step =
            TraceStep { name, at, took: started.elapsed(), result, http_status: None, content_type: None, bytes: None, fields: Vec::new() };
        fill(&mut step);
        steps.push(step);
    });
}

/// Keeps a media type without its parameters, if it looks like one (RFC 9110 §8.3.1).
fn media_type(value: &str) -> Option<String> {
    let essence = value.split(';').next()?.trim().to_ascii_lowercase();
    let is_kept = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '+' | '.' | '-');
    (!essence.is_empty() && essence.len() <= 64 && essence.chars().all(is_kept)).then_some(essence)
}

/// Lists the names of a JSON object's members; one that does not look like a name becomes `?`.
fn fields_of(body: &[u8]) -> Vec<String> {
    if body.len() > MAX_READ_BYTES {
        return Vec::new();
    }
    #[expect(clippy::zero_sized_map_values, reason = "a map is how serde reads an object, and the values are not to be read")]
    let object: std::collections::BTreeMap<String, IgnoredAny> = serde_json::from_slice(body).unwrap_or_default();
    object.into_keys().take(MAX_FIELDS).map(|name| if is_name(&name) { name } else { "?".to_owned() }).collect()
}

fn is_name(text: &str) -> bool {
    let is_kept = |c: char| c.is_ascii_alphabetic() || matches!(c, '_' | '-');
    text.len() <= MAX_FIELD_CHARS && text.chars().all(is_kept)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn steps_are_collected_in_order_and_only_where_somebody_listens() {
        super::note("account", Instant::now(), "ok");

        let (value, steps) = collect(async {
            super::note("consume", Instant::now(), "ok");
            super::note("account", Instant::now(), "refused");
            7
        })
        .await;

        let told: Vec<_> = steps.iter().map(|step| (step.name, step.result.as_str())).collect();
        assert_eq!((value, told), (7, vec![("consume", "ok"), ("account", "refused")]));
    }

    #[test]
    fn lg_03_of_an_answer_only_names_are_kept() {
        let body = br#"{"error":"invalid_grant","hanako@example.org":1,"0901234567":2,"nested":{"secret":1}}"#;

        assert_eq!(fields_of(body), ["?", "error", "?", "nested"]);
        assert_eq!(fields_of(b"access_token=secret"), [""; 0]);
        assert_eq!(media_type("text/html; charset=\"secret\"").as_deref(), Some("text/html"));
        assert_eq!(media_type("<script>"), None);
    }

    #[test]
    fn a_fault_is_told_in_one_word() {
        assert_eq!(word(&crate::provider::Fault::TimedOut), "timed_out");
    }
}
