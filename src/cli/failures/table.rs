//! Failures laid out in columns.

use std::fmt::Write as _;

use crate::ops::export::time;
use crate::store::failures::Failure;

/// Lays out one line for each failure.
pub(super) fn of_failures(failures: &[Failure]) -> String {
    if failures.is_empty() {
        return "There are no such failures.".to_owned();
    }
    let mut text = format!(
        "{:<9}  {:<20}  {:<12}  {:<19}  {:<26}  {:<13}  PROVIDER'S ERROR",
        "REFERENCE", "AT", "PROVIDER", "CATEGORY", "CAUSE", "STAGE"
    );
    for failure in failures {
        let provider = failure.provider.as_deref().unwrap_or("-");
        let error = failure.provider_error.as_deref().unwrap_or("-");
        let _ = write!(
            text,
            "\n{:<9}  {:<20}  {provider:<12}  {:<19}  {:<26}  {:<13}  {error}",
            failure.reference,
            time(failure.failed_at),
            failure.category,
            failure.cause,
            failure.stage,
        );
    }
    text
}

/// Lays out one line for each count, and their sum.
pub(super) fn of_counts(counts: &[(String, i64)]) -> String {
    let mut text = String::new();
    for (value, count) in counts {
        let _ = writeln!(text, "{count:>8}  {value}");
    }
    let _ = write!(text, "{:>8}  in all", counts.iter().map(|(_, count)| count).sum::<i64>());
    text
}
