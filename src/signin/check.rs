//! Whether a provider works and knows us, found out without a user.
//!
//! The provider's own part is [`crate::provider::Checked`]; here its refusals get the
//! catalogue's words, and the token endpoint is offered a made-up code.

use std::time::{Duration, Instant};

use super::classify::classify;
use super::failure::Cause;
use crate::config::{Config, redirect_uri};
use crate::provider::{CheckStep, CodeExchange, Fault, Finding, Provider, ProviderError};
use crate::random;

/// How far two clocks may be apart without a warning, in seconds; sign-in itself forgives 60.
const MAX_DIFFERENCE_SECS: i64 = 30;

/// How a step went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// As it should.
    Ok,
    /// It works, but look at it.
    Warning,
    /// It does not work.
    Failed,
    /// It could not be looked at.
    Skipped,
}

impl Status {
    /// Returns the word for reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warning => "warning",
            Self::Failed => "failed",
            Self::Skipped => "skipped",
        }
    }
}

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What it was.
    pub name: String,
    /// How it went.
    pub status: Status,
    /// What was found, or what is wrong and what to do; for operators.
    pub detail: String,
}

impl Step {
    /// Makes a step.
    pub fn new(name: impl Into<String>, status: Status, detail: impl Into<String>) -> Self {
        Self { name: name.into(), status, detail: detail.into() }
    }

    fn found(name: &str, finding: Finding) -> Self {
        let (status, detail) = match finding {
            Finding::Good(detail) => (Status::Ok, detail),
            Finding::Odd(detail) => (Status::Warning, detail),
            Finding::Wrong(detail) => (Status::Failed, detail),
            Finding::Broken(error) => (Status::Failed, describe(&error)),
            Finding::Skipped(why) => (Status::Skipped, why.to_owned()),
        };
        Self::new(name, status, detail)
    }
}

/// Looks at the way to a provider, at what it says of itself, whether it knows us and our address, and at its clock.
///
/// Every defect is named by exactly one step; what depends on it is skipped.
pub async fn check_provider(provider: &Provider, config: &Config) -> Vec<Step> {
    let redirect_uri = redirect_uri(&config.server.origin(), &provider.id);
    let checked = provider.check().await;
    let mut steps: Vec<_> = checked.steps.into_iter().map(|CheckStep { name, finding }| Step::found(name, finding)).collect();
    if checked.can_ask {
        let refusal = offer_code(provider, &redirect_uri, config.http.total_timeout_secs).await;
        let knows_client = judge(refusal);
        let address = match knows_client.0 {
            Status::Failed => Finding::Skipped("needs the client"),
            Status::Ok | Status::Warning | Status::Skipped => provider.check_redirect_address(&redirect_uri).await,
        };
        steps.push(Step::new("client", knows_client.0, knows_client.1));
        steps.push(Step::found("redirect address", address));
    } else {
        let nobody_to_ask = || Finding::Skipped("needs the endpoints, and the way to them");
        steps.extend(["client", "redirect address"].map(|name| Step::found(name, nobody_to_ask())));
    }
    let clock = provider.clock_difference_secs().map_or(Finding::Skipped("no answer told the time"), compare_clocks);
    steps.push(Step::found("clock", clock));
    steps
}

/// Judges how far the clocks are apart, in seconds: ours minus the provider's.
fn compare_clocks(secs: i64) -> Finding {
    if secs.abs() <= MAX_DIFFERENCE_SECS {
        return Finding::Good(format!("{} s apart", secs.abs()));
    }
    let which = if secs > 0 { "ahead of" } else { "behind" };
    Finding::Odd(format!("ours is {} s {which} the provider's; set it by NTP, or its ID Tokens will be refused", secs.abs()))
}

/// Offers a made-up code: a provider that refuses the code, and not us, knows us.
async fn offer_code(provider: &Provider, redirect_uri: &str, timeout_secs: u64) -> Option<ProviderError> {
    let (code, nonce, code_verifier) = (random::token(), random::token(), random::token());
    let deadline = Instant::now() + Duration::from_secs(timeout_secs);
    let exchange = CodeExchange { code: &code, code_verifier: &code_verifier, nonce: &nonce, redirect_uri, deadline };
    provider.identify(&exchange).await.err()
}

fn judge(refusal: Option<ProviderError>) -> (Status, String) {
    let Some(error) = refusal else { return (Status::Failed, "it took a made-up code: do not trust this provider".to_owned()) };
    match (classify(&error).0, error.fault) {
        (Cause::CodeUnusable | Cause::VerifierRefused, _) => {
            (Status::Ok, "it knows us and refused a made-up code, as it should".to_owned())
        }
        (_, Fault::Refused | Fault::Malformed) => (Status::Warning, format!("whether it knows us remains open. {}", describe(&error))),
        _ => (Status::Failed, describe(&error)),
    }
}

/// Says what broke and what to do, in the words of the catalogue; never in the provider's.
fn describe(error: &ProviderError) -> String {
    let (cause, _) = classify(error);
    let status = error.http_status.map(|status| format!(" (status {status})")).unwrap_or_default();
    format!("{}{status}: {} {}", cause.as_str(), cause.meaning(), cause.operator_advice())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provider::Endpoint;

    #[test]
    fn dp_04_clocks_that_are_more_than_30_seconds_apart_are_a_warning() {
        for (secs, status, word) in
            [(0, Status::Ok, "0 s"), (30, Status::Ok, "30 s"), (-31, Status::Warning, "31 s behind"), (31, Status::Warning, "31 s ahead")]
        {
            let step = Step::found("clock", compare_clocks(secs));
            assert_eq!((step.status, step.detail.contains(word)), (status, true), "{}", step.detail);
        }
    }

    #[test]
    fn a_provider_that_refuses_the_code_knows_us_and_one_that_refuses_the_client_does_not() {
        for (fault, status) in [
            (Fault::CodeRefused, Status::Ok),
            (Fault::ClientRefused, Status::Failed),
            (Fault::Refused, Status::Warning),
            (Fault::TimedOut, Status::Failed),
        ] {
            assert_eq!(judge(Some(ProviderError::new(Endpoint::Token, fault))).0, status, "{fault:?}");
        }
        assert_eq!(judge(None).0, Status::Failed);
    }
}
