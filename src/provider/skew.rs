//! How far a provider's clock and ours are apart, read off its answers.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, Utc};
use openidconnect::http::{HeaderMap, header};

use super::Provider;

/// Stands for "not known yet".
const UNKNOWN: i64 = i64::MIN;

/// The last difference seen, in whole seconds: ours minus the provider's.
///
/// Both times are read at the same moment, so a step of our clock later on
/// changes no difference that was measured before (security.md DP-04).
#[derive(Clone, Debug)]
pub(super) struct Skew(Arc<AtomicI64>);

impl Default for Skew {
    fn default() -> Self {
        Self(Arc::new(AtomicI64::new(UNKNOWN)))
    }
}

impl Skew {
    /// Compares `now` with the `Date` of an answer that arrived just now (RFC 9110 §6.6.1).
    ///
    /// One without a readable date changes nothing, and neither does one out of a
    /// cache, whose date is that of its making (RFC 9111 §5.1).
    pub fn note(&self, headers: &HeaderMap, now: DateTime<Utc>) {
        let date = headers.get(header::DATE).and_then(|date| date.to_str().ok());
        let Some(theirs) = date.and_then(|date| DateTime::parse_from_rfc2822(date).ok()) else { return };
        if !headers.contains_key(header::AGE) {
            self.0.store(now.timestamp() - theirs.timestamp(), Ordering::Relaxed);
        }
    }

    /// Returns the difference, if any answer told one.
    pub fn secs(&self) -> Option<i64> {
        Some(self.0.load(Ordering::Relaxed)).filter(|secs| *secs != UNKNOWN)
    }
}

impl Provider {
    /// Returns how far the clocks were apart at the last answer, in whole seconds: ours minus the provider's.
    pub fn clock_difference_secs(&self) -> Option<i64> {
        self.http.skew.secs()
    }
}

#[cfg(test)]
mod tests {
    use openidconnect::http::HeaderValue;

    use super::*;

    /// 6 November 1994, 08:49:37 UTC: the example of RFC 9110 §5.6.7.
    const THEN: i64 = 784_111_777;

    fn difference(lines: &[(&'static str, &'static str)], now: i64) -> Option<i64> {
        let skew = Skew::default();
        let headers: HeaderMap =
            lines.iter().map(|(name, value)| (name.parse().expect("a name"), HeaderValue::from_static(value))).collect();
        skew.note(&headers, DateTime::from_timestamp(now, 0).expect("a time"));
        skew.secs()
    }

    #[test]
    fn dp_04_the_difference_is_ours_minus_theirs() {
        let date = [("date", "Sun, 06 Nov 1994 08:49:37 GMT")];
        assert_eq!(difference(&date, THEN), Some(0));
        assert_eq!(difference(&date, THEN + 90), Some(90));
        assert_eq!(difference(&date, THEN - 90), Some(-90));
    }

    #[test]
    fn an_answer_that_tells_no_time_of_its_own_is_not_measured() {
        assert_eq!(difference(&[], THEN), None);
        assert_eq!(difference(&[("date", "yesterday")], THEN), None);
        assert_eq!(difference(&[("date", "Sun, 06 Nov 1994 08:49:37 GMT"), ("age", "120")], THEN + 120), None);
    }
}
