//! Log lines that somebody lends the lab, to be read beside the pages that they belong to.

use super::case::Expectation;

/// One line of a log.
#[derive(Clone, Debug)]
pub struct LogLine {
    /// The line as it was written.
    pub text: String,
    /// What it says became of the sign-in, if it speaks of one.
    pub outcome: Option<Expectation>,
    /// The reference that the page shows as well.
    pub reference: Option<String>,
}
