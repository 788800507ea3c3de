//! How a failed sign-in is told to the person.
//!
//! Every `match` here names every variant, so that a new category or remedy
//! cannot be shown without words of its own.

use super::text::{TextKey, Texts};
use crate::signin::failure::{Category, Cause, Remedy, Reported};

/// A failure as the page shows it: keys of texts, never text of a stranger.
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

    /// Returns the ARIA role: what needs no hurry does not interrupt.
    pub fn role(&self) -> &'static str {
        match self.category {
            Category::UserCancelled | Category::BrowserEnvironment => "status",
            Category::IdpOutage | Category::Other => "alert",
        }
    }

    /// Returns what happened, in a few words.
    pub fn headline(&self, texts: &'static Texts) -> String {
        self.fill(texts, headline_key(self.category))
    }

    /// Returns what happened, in a sentence or two.
    pub fn explanation(&self, texts: &'static Texts) -> String {
        self.fill(texts, &format!("cause-{}", self.cause.as_str()))
    }

    /// Returns what to do now; `has_other_ways` says whether the page offers any.
    pub fn advice(&self, texts: &'static Texts, has_other_ways: bool) -> &'static str {
        texts.get(advice_key(self.category, self.cause.remedy(), has_other_ways))
    }

    /// Tells whether quoting the reference is what helps.
    pub fn is_reference_prominent(&self) -> bool {
        self.category == Category::Other
    }

    fn fill(&self, texts: &'static Texts, key: &str) -> String {
        match &self.provider {
            Some(name) => texts.with(key, "provider", name),
            None => capitalise(&texts.with(key, "provider", texts.get("provider-unnamed"))),
        }
    }
}

/// Makes a sentence begin with a capital letter; a provider's own name is left as it is.
pub(super) fn capitalise(sentence: &str) -> String {
    let mut rest = sentence.chars();
    rest.next().map(|first| first.to_uppercase().chain(rest).collect()).unwrap_or_default()
}

fn headline_key(category: Category) -> TextKey {
    match category {
        Category::UserCancelled => "flash-user_cancelled-title",
        Category::BrowserEnvironment => "flash-browser_environment-title",
        Category::IdpOutage => "flash-idp_outage-title",
        Category::Other => "flash-other-title",
    }
}

fn advice_key(category: Category, remedy: Remedy, has_other_ways: bool) -> TextKey {
    match (category, remedy) {
        (_, Remedy::None) => "remedy-none",
        (Category::UserCancelled, _) => "remedy-cancelled",
        (Category::IdpOutage, _) if has_other_ways => "remedy-outage-other-ways",
        (Category::IdpOutage, _) => "remedy-outage",
        (Category::BrowserEnvironment | Category::Other, Remedy::Retry) => "remedy-retry",
        (Category::BrowserEnvironment | Category::Other, Remedy::RetryOneBrowser) => "remedy-retry-one-browser",
        (Category::BrowserEnvironment | Category::Other, Remedy::WaitOrOtherMethod) => "remedy-wait",
        (Category::BrowserEnvironment | Category::Other, Remedy::ContactSupport) => "remedy-contact-support",
    }
}
