//! `genkan client refusals`

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::Named;
use crate::cli::output::CommandError;
use crate::issuer::Issuer;
use crate::store::refusals::Refusal;

/// Lists what an application did not get, the latest first, as a table or as JSON.
pub(super) async fn run(named: &Named, issuer: &Issuer) -> Result<String, CommandError> {
    let client = super::find(named, issuer).await?;
    let refusals = issuer.list_refusals(&client.id).await?;
    Ok(if named.json { format!("{:#}", refusals.iter().map(json_of).collect::<Value>()) } else { table_of(&refusals) })
}

fn json_of(refusal: &Refusal) -> Value {
    let Refusal { kind, times, first_at, last_at } = refusal;
    json!({
        "place": kind.place, "grant": kind.grant, "error": kind.error, "detail": kind.detail,
        "times": times, "first_at": first_at, "last_at": last_at,
    })
}

/// Lays out columns; what was wrong, which is a sentence, stands last.
fn table_of(refusals: &[Refusal]) -> String {
    if refusals.is_empty() {
        return "Nothing was refused lately.".to_owned();
    }
    let mut text = format!("{:<20}  {:>6}  {:<21}  {:<22}  WHAT WAS WRONG", "LAST", "TIMES", "AT", "ERROR");
    for Refusal { kind, times, last_at, .. } in refusals {
        let last = last_at.format("%Y-%m-%dT%H:%M:%SZ");
        // Writing to a string cannot fail.
        let _ = write!(text, "\n{last:<20}  {times:>6}  {:<21}  {:<22}  {}", kind.place, kind.error, kind.detail);
    }
    text
}
