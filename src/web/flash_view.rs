//! How a failed sign-in is told to the person.
//!
//! Every `match` here names every variant, so that a new category or remedy
//! cannot be shown without words of its own.

use super::render::with_return_to;
use super::text::{TextKey, Texts};
use crate::domain::return_to::ReturnTo;
use crate::signin::attempt::Purpose;
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
    /// What the same attempt would begin with, where it can begin again.
    pub retry: Option<Retry>,
    /// Where the person wanted to go.
    pub return_to: Option<String>,
}

/// What begins an attempt once more: the fields of the form to `/auth/{provider}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Retry {
    /// The provider's name in URLs.
    pub provider: String,
    /// What for.
    pub purpose: Purpose,
}

/// How strongly a page offers to try again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Offer {
    /// It is what to do now.
    Again,
    /// It may help later; the other ways come first.
    Later,
}

impl FlashView {
    /// Makes the view of a failure; `provider` is the display name of its provider.
    pub fn new(reported: &Reported, provider: Option<String>) -> Self {
        let (cause, reference) = (reported.cause, reported.reference.clone());
        Self { cause, category: reported.category, reference, provider, retry: None, return_to: None }
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
        if self.is_moved() {
            return self.fill(texts, moved_key(self.category));
        }
        self.fill(texts, &format!("cause-{}", self.cause.as_str()))
    }

    /// Returns what to do now; `has_other_ways` says whether the page offers any.
    pub fn advice(&self, texts: &'static Texts, has_other_ways: bool) -> &'static str {
        texts.get(match self.cause {
            Cause::EmailTaken if has_other_ways => "remedy-link",
            _ => advice_key(self.category, self.remedy(), has_other_ways),
        })
    }

    /// Returns the attempt that the page offers to begin again, and how strongly; nothing where it would fail again.
    pub fn offer(&self) -> Option<(&Retry, Offer)> {
        let offer = match self.remedy() {
            Remedy::Retry | Remedy::RetryOneBrowser => Offer::Again,
            Remedy::WaitOrOtherMethod => Offer::Later,
            Remedy::ContactSupport | Remedy::None => return None,
        };
        Some((self.retry.as_ref()?, offer))
    }

    /// Tells whether the operators have given it another category than its cause has; then the cause's own words do not fit.
    fn is_moved(&self) -> bool {
        self.category != self.cause.category()
    }

    /// Returns what the person can do.
    fn remedy(&self) -> Remedy {
        if !self.is_moved() {
            return self.cause.remedy();
        }
        match self.category {
            Category::UserCancelled => Remedy::Retry,
            Category::BrowserEnvironment => Remedy::RetryOneBrowser,
            Category::IdpOutage => Remedy::WaitOrOtherMethod,
            Category::Other => Remedy::ContactSupport,
        }
    }

    /// Returns what the button to begin again says.
    pub fn retry_label(&self, texts: &'static Texts) -> String {
        self.fill(texts, "flash-retry")
    }

    /// Returns the name of the provider that is in trouble, so that the other ways come first.
    pub fn troubled(&self) -> Option<&str> {
        let retry = self.retry.as_ref().filter(|_| self.category == Category::IdpOutage);
        retry.map(|retry| retry.provider.as_str())
    }

    /// Returns where the person can see whether this browser keeps cookies, if that is the question.
    pub fn self_test(&self) -> Option<String> {
        let return_to = self.return_to.as_deref().and_then(ReturnTo::parse);
        (self.cause == Cause::CookieMissing).then(|| with_return_to("/cookies", return_to.as_ref()))
    }

    /// Tells whether signing in another way should lead to the account page: the two can be linked there.
    pub fn leads_to_account(&self) -> bool {
        self.cause == Cause::EmailTaken
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

fn moved_key(category: Category) -> TextKey {
    match category {
        Category::UserCancelled => "moved-user_cancelled",
        Category::BrowserEnvironment => "moved-browser_environment",
        Category::IdpOutage => "moved-idp_outage",
        Category::Other => "moved-other",
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
