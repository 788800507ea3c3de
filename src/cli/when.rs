//! Times as people type them: `1h` ago, or at `2026-11-20T12:00:00Z`.

use chrono::{DateTime, TimeDelta, Utc};

use super::output::CommandError;

/// Reads a time; a span counts back from `now`.
///
/// # Errors
///
/// [`CommandError::Usage`] names the option.
pub(super) fn read(option: &str, text: &str, now: DateTime<Utc>) -> Result<DateTime<Utc>, CommandError> {
    let at = span(text).and_then(|span| now.checked_sub_signed(span));
    at.or_else(|| DateTime::parse_from_rfc3339(text).ok().map(|at| at.to_utc())).ok_or_else(|| {
        CommandError::Usage(format!("--{option}: write a span such as 30m, 1h or 7d, or a time such as 2026-11-20T12:00:00Z"))
    })
}

fn span(text: &str) -> Option<TimeDelta> {
    let unit = text.chars().next_back()?;
    let count: i64 = text.strip_suffix(unit)?.parse().ok().filter(|count| *count >= 0)?;
    match unit {
        's' => TimeDelta::try_seconds(count),
        'm' => TimeDelta::try_minutes(count),
        'h' => TimeDelta::try_hours(count),
        'd' => TimeDelta::try_days(count),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_counts_back_and_a_time_is_itself() {
        let now = DateTime::from_timestamp(1_800_000_000, 0).expect("a time");
        let ago = |text: &str| read("since", text, now).ok().map(|at| (now - at).num_seconds());

        assert_eq!((ago("90s"), ago("30m"), ago("1h"), ago("7d")), (Some(90), Some(1800), Some(3600), Some(604_800)));
        assert_eq!(ago("2027-01-15T07:59:59Z"), Some(1));
        for text in ["", "h", "-1h", "1w", "時", "yesterday", "99999999999999999d"] {
            assert_eq!(ago(text), None, "{text}");
        }
    }
}
