//! The steps of checking one provider.

use std::time::{Duration, Instant};

use super::report::{Report, Status};
use crate::config::{Config, redirect_uri};
use crate::domain::language::Language;
use crate::provider::{AuthorizationRequest, CodeExchange, Fault, Provider, ProviderError};
use crate::random;
use crate::signin::classify::classify;

/// Looks at the provider's metadata, then at whether it knows us as a client.
pub(super) async fn check(provider: &Provider, config: &Config, report: &mut Report) {
    let redirect_uri = redirect_uri(&config.server.origin(), &provider.id);
    let step = |name: &str| format!("provider {}: {name}", provider.id);
    match begin(provider, &redirect_uri).await {
        Ok(()) => report.add(step("metadata"), Status::Ok, "found"),
        Err(error) => {
            report.add(step("metadata"), Status::Failed, describe(&error));
            report.add(step("client"), Status::Skipped, "needs the metadata");
            return;
        }
    }
    let (status, detail) = judge(exchange(provider, &redirect_uri, config.http.total_timeout_secs).await);
    report.add(step("client"), status, detail);
    report.add(step("redirect address"), Status::Ok, format!("to be registered there: {redirect_uri}"));
}

async fn begin(provider: &Provider, redirect_uri: &str) -> Result<(), ProviderError> {
    let (state, nonce, code_verifier) = (random::token(), random::token(), random::token());
    let request = AuthorizationRequest {
        redirect_uri,
        state: &state,
        nonce: &nonce,
        code_verifier: &code_verifier,
        language: Language::default(),
        is_retry: false,
    };
    provider.authorization_url(&request).await.map(|_| ())
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
    match error.fault {
        Fault::CodeRefused | Fault::VerifierRefused => (Status::Ok, "it knows us and refused a made-up code, as it should".to_owned()),
        Fault::Refused | Fault::Malformed => (Status::Warning, format!("whether it knows us remains open. {}", describe(&error))),
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
