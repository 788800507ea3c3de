//! One plain-text letter to one address.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// For how long a notice is of use to anybody.
const LIFETIME: Duration = Duration::from_secs(2 * 86_400);

/// A letter. Address and subject become typed headers when it is sent, so nothing in
/// them can add another header or recipient (security.md EM-05).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Letter {
    /// Whom it is for: one address.
    pub to: String,
    /// What stands above it: one line.
    pub subject: String,
    /// What it says: plain text, paragraphs apart by an empty line.
    pub text: String,
    /// For how long it is of use to anybody once it is written; the outbox knows until when.
    #[serde(skip)]
    pub lifetime: Duration,
}

impl Letter {
    /// Makes a letter of paragraphs; a subject of several lines becomes one.
    pub fn new(to: &str, subject: &str, paragraphs: &[String]) -> Self {
        let subject = subject.split(char::is_control).collect::<Vec<_>>().join(" ");
        Self { to: to.to_owned(), subject, text: paragraphs.join("\n\n") + "\n", lifetime: LIFETIME }
    }
}
