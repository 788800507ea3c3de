//! Recorded failures as JSON and CSV, the same for the command line and the pages.

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};

use crate::store::failures::Failure;

/// The columns of the table, in their order.
const COLUMNS: [&str; 14] = [
    "reference",
    "at",
    "provider",
    "category",
    "cause",
    "stage",
    "purpose",
    "provider_error",
    "http_status",
    "duration_ms",
    "genuine",
    "attempt",
    "request",
    "detail",
];
/// What makes a spreadsheet take a cell for a formula.
const FORMULA_STARTS: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// Writes a time as logs do: RFC 3339, UTC, seconds.
pub fn time(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// Writes a failure as JSON, in the words of the log.
pub fn to_json(failure: &Failure) -> Value {
    let story = &failure.story;
    json!({
        "reference": failure.reference,
        "at": time(failure.failed_at),
        "provider": failure.provider,
        "category": failure.category,
        "cause": failure.cause,
        "stage": failure.stage,
        "purpose": failure.purpose,
        "provider_error": failure.provider_error,
        "http_status": failure.http_status,
        "clock_difference_secs": story.clock_difference_secs,
        "detail": story.detail,
        "duration_ms": story.duration_ms,
        "attempt": failure.attempt,
        "began_at": failure.attempt.map(|attempt| time(attempt.made_at())),
        "request": story.request_id,
        "genuine": failure.is_genuine,
        "rule": failure.rule.map(|rule| rule.to_string()),
        "fingerprint": failure.fingerprint,
        "steps": story.steps,
    })
}

/// Writes failures as CSV with a head line (RFC 4180 §2); no cell is taken for a formula (security.md WB-10).
pub fn to_csv<'a>(failures: impl IntoIterator<Item = &'a Failure>) -> String {
    failures.into_iter().fold(csv_head(), |text, failure| text + &csv_line(failure))
}

/// Writes the head line, for a table that is made piece by piece.
pub fn csv_head() -> String {
    COLUMNS.join(",") + "\r\n"
}

/// Writes the line of one failure.
pub fn csv_line(failure: &Failure) -> String {
    let json = to_json(failure);
    let cells: Vec<_> = COLUMNS.iter().map(|column| cell(&json[*column])).collect();
    cells.join(",") + "\r\n"
}

fn cell(value: &Value) -> String {
    let text = match value {
        Value::Null => return String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let guard = if text.starts_with(FORMULA_STARTS) { "'" } else { "" };
    format!("\"{guard}{}\"", text.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wb_10_no_cell_is_taken_for_a_formula_and_none_breaks_out() {
        for (text, expected) in [
            ("=1+1", "\"'=1+1\""),
            ("-2", "\"'-2\""),
            ("+a", "\"'+a\""),
            ("@b", "\"'@b\""),
            ("\tc", "\"'\tc\""),
            ("a,\"b\"", "\"a,\"\"b\"\"\""),
            ("invalid_grant", "\"invalid_grant\""),
        ] {
            assert_eq!(cell(&text.into()), expected);
        }
        assert_eq!((cell(&Value::Null), cell(&7.into())), (String::new(), "\"7\"".to_owned()));
    }
}
