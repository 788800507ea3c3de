//! The steps of checking one provider.

use std::time::{Duration, Instant};

use super::report::{Report, Status};
use crate::config::{Config, redirect_uri};
use crate::provider::{CodeExchange, Fault, Provider, ProviderError};
use crate::random;
use crate::signin::classify::classify;
use crate::signin::failure::Cause;

/// How far two clocks may be apart without a warning, in seconds; sign-in itself forgives 60.
const MAX_DIFFERENCE_SECS: i64 = 30;

/// Looks at what the provider says of itself, then at whether it knows us as a client.
pub async fn check(provider: &Provider, config: &Config, report: &mut Report) {
    let redirect_uri = redirect_uri(&config.server.origin(), &provider.id);
    let name = |step: &str| format!("provider {}: {step}", provider.id);
    let steps = provider.check().await;
    let is_known = steps.iter().any(|step| step.name == "endpoints");
    for step in steps {
        let (status, detail) = step.outcome.map_or_else(|error| (Status::Failed, describe(&error)), |found| (Status::Ok, found));
        report.add(name(step.name), status, detail);
    }
    if !is_known {
        report.add(name("client"), Status::Skipped, "needs the endpoints");
        return;
    }
    let (status, detail) = judge(exchange(provider, &redirect_uri, config.http.total_timeout_secs).await);
    report.add(name("client"), status, detail);
    if let Some(secs) = provider.clock_difference_secs() {
        let (status, detail) = compare_clocks(secs);
        report.add(name("clock"), status, detail);
    }
    report.add(name("redirect address"), Status::Ok, format!("to be registered there: {redirect_uri}"));
}

/// Judges how far the clocks are apart, in seconds: ours minus the provider's.
fn compare_clocks(secs: i64) -> (Status, String) {
    if secs.abs() <= MAX_DIFFERENCE_SECS {
        return (Status::Ok, format!("{} s apart", secs.abs()));
    }
    let which = if secs > 0 { "ahead of" } else { "behind" };
    (Status::Warning, format!("ours is {} s {which} the provider's; set it by NTP, or its ID Tokens will be refused", secs.abs()))
}

/// Offers a made-up code: a provider that refuses the code, and not us, knows us.
async fn exchange(provider: &Provider, redirect_uri: &str, timeout_secs: u64) -> Option<ProviderError> {
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
            let (found, detail) = compare_clocks(secs);
            assert_eq!((found, detail.contains(word)), (status, true), "{detail}");
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
