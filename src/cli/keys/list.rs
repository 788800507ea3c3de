//! Keys as a table or as JSON.

use std::fmt::Write as _;

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};

use crate::keys::rotation::Listed;

/// Prints keys in one of the two forms.
pub(super) fn print(keys: &[Listed], json: bool) -> String {
    if json { json_of(keys) } else { table_of(keys) }
}

fn json_of(keys: &[Listed]) -> String {
    let of = |key: &Listed| {
        json!({
            "kid": key.kid,
            "purpose": key.purpose.as_str(),
            "algorithm": key.purpose.algorithm(),
            "state": key.state.as_str(),
            "created_at": time(key.created_at),
            "signs_at": time(key.signs_at),
            "gone_at": key.gone_at.map(time),
        })
    };
    format!("{:#}", keys.iter().map(of).collect::<Value>())
}

fn table_of(keys: &[Listed]) -> String {
    let mut text = format!("{:<28}  {:<9}  {:<10}  {:<20}  GONE AT", "KEY", "ALGORITHM", "STATE", "SIGNS FROM");
    for key in keys {
        let (algorithm, gone_at) = (format!("{:?}", key.purpose.algorithm()), key.gone_at.map_or_else(|| "-".to_owned(), time));
        let _ = write!(text, "\n{:<28}  {algorithm:<9}  {:<10}  {:<20}  {gone_at}", key.kid, key.state.as_str(), time(key.signs_at));
    }
    text
}

fn time(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}
