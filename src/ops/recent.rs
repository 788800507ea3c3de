//! The last log lines about sign-ins, kept in memory for `genkan demo` alone.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use serde_json::Value;

/// How many lines are kept; then the oldest gives way.
const MAX_LINES: usize = 50;

/// A log line about a sign-in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecentLine {
    /// The line as it was written.
    pub text: String,
    /// What happened.
    pub event: String,
    /// The failure's category, if it is one.
    pub category: Option<String>,
    /// The reference that the person was shown.
    pub reference: Option<String>,
}

/// The last lines, oldest first.
#[derive(Debug, Default)]
pub struct Recent(Mutex<VecDeque<RecentLine>>);

impl Recent {
    /// Returns the lines, newest first.
    pub fn lines(&self) -> Vec<RecentLine> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).iter().rev().cloned().collect()
    }

    /// Keeps a line if it tells an event of a sign-in.
    pub(super) fn keep(&self, target: &str, pairs: &[(String, Value)], text: &str) {
        let find = |wanted: &str| pairs.iter().find(|(name, _)| name == wanted).and_then(|(_, value)| value.as_str()).map(str::to_owned);
        let Some(event) = find("event").filter(|_| target == "genkan::signin") else { return };
        let line = RecentLine { text: text.to_owned(), event, category: find("category"), reference: find("reference") };
        let mut lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        lines.push_back(line);
        if lines.len() > MAX_LINES {
            lines.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keep(recent: &Recent, target: &str, pairs: &[(&str, &str)], text: &str) {
        let pairs: Vec<_> = pairs.iter().map(|(name, value)| ((*name).to_owned(), Value::from(*value))).collect();
        recent.keep(target, &pairs, text);
    }

    #[test]
    fn the_last_fifty_lines_are_kept_newest_first() {
        let recent = Recent::default();

        for number in 0..60 {
            keep(
                &recent,
                "genkan::signin",
                &[("event", "signin_failed"), ("category", "other"), ("reference", "K7Q2-9F3M")],
                &number.to_string(),
            );
        }

        let lines = recent.lines();
        assert_eq!((lines.len(), lines[0].text.as_str(), lines[49].text.as_str()), (50, "59", "10"));
        assert_eq!((lines[0].category.as_deref(), lines[0].reference.as_deref()), (Some("other"), Some("K7Q2-9F3M")));
    }

    #[test]
    fn what_is_not_about_sign_in_is_not_kept() {
        let recent = Recent::default();

        keep(&recent, "genkan::web", &[("event", "page_failed")], "of a page");
        keep(&recent, "genkan::signin", &[("category", "other")], "no event");

        assert_eq!(recent.lines(), []);
    }
}
