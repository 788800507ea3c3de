//! Why a sign-in did not succeed, and the one place that says so in the log.
//!
//! [`cause`] owns the catalogue, [`category`] the four kinds, [`elsewhere`] the names
//! that other software has for a cause, [`stages`] where each is met. What the browser
//! gets is made from a [`Reported`] failure by `web::flash`.

pub mod category;
pub mod cause;
pub mod elsewhere;
pub mod stages;

use std::fmt;
use std::time::Duration;

pub use category::{Category, Remedy, Stage};
pub use cause::Cause;
pub use elsewhere::Elsewhere;

use super::Signin;
use super::attempt::Purpose;
use super::visitor::Visitor;
use crate::domain::identity::ProviderId;
use crate::domain::ids::AttemptId;
use crate::domain::return_to::ReturnTo;
use crate::ops::rules::Judgement;
use crate::provider::trace::TraceStep;
use crate::random;

/// The longest provider error code that is logged, in characters.
const MAX_PROVIDER_ERROR_CHARS: usize = 64;

/// A sign-in that left the road, on its way to [`Signin::report`].
#[derive(Clone, Debug)]
pub struct SigninFailure {
    /// Why.
    pub cause: Cause,
    /// How far it had come.
    pub stage: Stage,
    /// The provider, where one of ours was named.
    pub provider: Option<ProviderId>,
    /// The attempt, where it was found.
    pub attempt: Option<AttemptId>,
    /// What the attempt was for.
    pub purpose: Purpose,
    /// Where the person wanted to go, to be kept for the next try.
    pub return_to: Option<ReturnTo>,
    /// The provider's own error code.
    pub provider_error: Option<ProviderErrorCode>,
    /// The HTTP status of the provider's answer.
    pub http_status: Option<u16>,
    /// How far the provider's clock and ours are apart, in seconds, where that is what broke it.
    pub clock_difference_secs: Option<i64>,
    /// What broke on our own side, in words that hold no personal data.
    pub detail: Option<String>,
    /// How long we worked on the request that ended it.
    pub duration: Duration,
    /// What happened on the way, for the failure record.
    pub steps: Vec<TraceStep>,
}

impl SigninFailure {
    /// Makes a failure of which no more is known than cause and stage.
    pub fn new(cause: Cause, stage: Stage) -> Self {
        Self {
            cause,
            stage,
            provider: None,
            attempt: None,
            purpose: Purpose::SignIn,
            return_to: None,
            provider_error: None,
            http_status: None,
            clock_difference_secs: None,
            detail: None,
            duration: Duration::ZERO,
            steps: Vec::new(),
        }
    }
}

/// A failure that stands in the log; what pages and JSON are made from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reported {
    /// Why.
    pub cause: Cause,
    /// What it counts as: the cause's category, or what a rule of the operators says.
    pub category: Category,
    /// What the person may quote.
    pub reference: String,
    /// The provider, where one of ours was named.
    pub provider: Option<ProviderId>,
    /// The attempt, where it was found; it has ended.
    pub attempt: Option<AttemptId>,
    /// What the attempt was for: it decides where the person lands.
    pub purpose: Purpose,
    /// Where the person wanted to go.
    pub return_to: Option<ReturnTo>,
}

impl Reported {
    /// Takes from a failure what is not yet in the log: everything but the reference.
    pub(super) fn of(failure: SigninFailure) -> Self {
        Self {
            cause: failure.cause,
            category: failure.cause.category(),
            reference: String::new(),
            provider: failure.provider,
            attempt: failure.attempt,
            purpose: failure.purpose,
            return_to: failure.return_to,
        }
    }
}

/// A provider's error code, cut and cleaned so that it can stand in a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProviderErrorCode(String);

impl ProviderErrorCode {
    /// Keeps 64 characters of `[A-Za-z0-9_.-]` (security.md LG-04, SO-13).
    pub fn clean(text: &str) -> Option<Self> {
        let is_kept = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-');
        let clean: String = text.chars().filter(is_kept).take(MAX_PROVIDER_ERROR_CHARS).collect();
        (!clean.is_empty()).then_some(Self(clean))
    }

    /// Returns the code.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ProviderErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Signin {
    /// Writes the one log line of an ended attempt, gives it a reference and tells the watch.
    pub fn report(&self, failure: SigninFailure, visitor: &Visitor) -> Reported {
        let reference = random::reference();
        let judgement = self.watch.rules.judge(&failure);
        write_line(&failure, &judgement, &reference, visitor);
        self.watch.failed(&failure, &judgement, &reference, visitor);
        Reported { reference, category: judgement.category, ..Reported::of(failure) }
    }
}

fn write_line(failure: &SigninFailure, judgement: &Judgement, reference: &str, visitor: &Visitor) {
    log::log!(
        target: "genkan::signin",
        judgement.level,
        event = "signin_failed",
        category = judgement.category.as_str(),
        cause = failure.cause.as_str(),
        stage = failure.stage.as_str(),
        provider = failure.provider.as_ref().map(ProviderId::as_str),
        purpose = failure.purpose.as_str(),
        attempt = failure.attempt.map(|id| id.to_string()),
        reference = reference,
        provider_error = failure.provider_error.as_ref().map(ProviderErrorCode::as_str),
        http_status = failure.http_status,
        clock_difference_secs = failure.clock_difference_secs,
        detail = failure.detail.as_deref(),
        rule = judgement.rule.map(|id| id.to_string()),
        duration_ms = u64::try_from(failure.duration.as_millis()).unwrap_or(u64::MAX),
        request = visitor.request_id.as_str(),
        address = visitor.address.to_string();
        "sign-in failed"
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lg_04_a_provider_error_cannot_forge_a_line() {
        let code = ProviderErrorCode::clean("bad\r\n{\"level\":\"info\"}\u{1b}[31m").map(|code| code.to_string());

        assert_eq!(code.as_deref(), Some("badlevelinfo31m"));
        assert_eq!(ProviderErrorCode::clean("\r\n"), None);
        assert_eq!(ProviderErrorCode::clean(&"a".repeat(100)).map(|c| c.as_str().len()), Some(64));
    }
}
