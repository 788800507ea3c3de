//! How a failed sign-in is told to the person.

use crate::signin::failure::{Category, Cause, Reported};

/// A failure as the page shows it; keys of texts, never text of a stranger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FlashView {
    /// Why.
    pub cause: Cause,
    /// What kind of failure it is.
    pub category: Category,
    /// What the person may quote.
    pub reference: String,
    /// The display name of the provider, where one of ours was named.
    pub provider: Option<String>,
}

impl FlashView {
    /// Makes the view of a failure; `provider` is the display name of its provider.
    pub fn new(reported: &Reported, provider: Option<String>) -> Self {
        Self { cause: reported.cause, category: reported.cause.category(), reference: reported.reference.clone(), provider }
    }
}
