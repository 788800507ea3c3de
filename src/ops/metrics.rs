//! The counters of the contract, and the text that Prometheus reads.
//!
//! Labels come from fixed sets, so nobody outside can make new series
//! (security.md LG-07): a provider is one that is configured or `none`.
//! Without a recorder, counting costs next to nothing. Calls to providers are
//! measured where they happen. The listener is [`crate::cli`]'s,
//! apart from the pages (security.md LG-09).

mod preset;

use std::time::Duration;

use metrics_exporter_prometheus::{BuildError, PrometheusBuilder, PrometheusHandle};

pub use preset::preset;

use super::breaker::State;
use crate::domain::client::Grant;
use crate::domain::identity::ProviderId;
use crate::signin::failure::{Category, SigninFailure};
use crate::store::outbox::MailCounts;

/// The label of what has no provider.
const NO_PROVIDER: &str = "none";
/// The label of a request whose grant is none of ours.
const NO_GRANT: &str = "none";
/// The upper bounds of the histograms' buckets, in seconds; the last is the deadline of a sign-in.
const BUCKETS: [f64; 12] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 3.0, 8.0];
/// The methods that are told apart (RFC 9110 §9.3).
const METHODS: [&str; 4] = ["GET", "HEAD", "POST", "DELETE"];

/// Gives out what has been counted.
#[derive(Clone)]
pub struct Exporter(PrometheusHandle);

impl Exporter {
    /// Returns every series in Prometheus' text format.
    pub fn render(&self) -> String {
        self.0.run_upkeep();
        self.0.render()
    }
}

/// Starts counting.
///
/// # Errors
///
/// [`BuildError`] if this process counts already.
pub fn install() -> Result<Exporter, BuildError> {
    let handle = PrometheusBuilder::new().set_buckets(&BUCKETS)?.install_recorder()?;
    describe();
    set_password_queue(0);
    metrics::counter!("genkan_failures_dropped_total").absolute(0);
    Ok(Exporter(handle))
}

fn describe() {
    metrics::describe_counter!("genkan_signin_attempts_total", "Attempts begun, by provider");
    metrics::describe_counter!("genkan_signin_restarts_total", "Attempts begun once more by themselves, by provider");
    metrics::describe_counter!("genkan_signins_total", "Sessions opened, by provider and method");
    metrics::describe_counter!("genkan_signin_failures_total", "Sign-ins that failed, by provider, category, cause and stage");
    metrics::describe_counter!("genkan_failures_dropped_total", "Failures missing from the failure record: the database did not take them");
    metrics::describe_counter!("genkan_bearer_refusals_total", "Access tokens that opened nothing, by reason");
    metrics::describe_counter!("genkan_tokens_issued_total", "Answers of the token endpoint with tokens, by grant");
    metrics::describe_counter!("genkan_token_refusals_total", "Answers of the token endpoint without, by grant and error");
    metrics::describe_counter!(
        "genkan_issuer_refusals_total",
        "Answers of the token endpoint's neighbours with an error, by endpoint and error"
    );
    metrics::describe_counter!("genkan_dpop_refusals_total", "DPoP proofs that did not count, by reason");
    metrics::describe_gauge!("genkan_provider_suspect", "1 while a guard suspects a provider's set-up, by provider and guard");
    metrics::describe_gauge!("genkan_provider_up", "0 while a provider is in trouble, by provider");
    metrics::describe_gauge!("genkan_provider_breaker", "1 for the state that a provider's breaker is in, by provider and state");
    metrics::describe_gauge!("genkan_alerts_firing", "Incidents that go on, by kind and provider");
    metrics::describe_counter!("genkan_alert_deliveries_total", "Messages to receivers, by receiver and outcome");
    metrics::describe_counter!("genkan_log_lines_dropped_total", "Log lines that the reader of the log could not take");
    metrics::describe_histogram!("genkan_provider_request_seconds", "Calls to providers, by provider and endpoint");
    metrics::describe_gauge!("genkan_password_queue_length", "Passwords waiting for a hashing thread");
    metrics::describe_counter!("genkan_mail_total", "Tries to deliver a letter, by outcome");
    metrics::describe_gauge!("genkan_mail_letters", "Letters in the outbox, by state");
    metrics::describe_counter!("genkan_http_requests_total", "Requests answered, by method and status");
    metrics::describe_histogram!("genkan_http_request_seconds", "Time to answer a request, by method");
}

/// Counts an attempt that begins.
pub fn count_attempt(provider: &ProviderId) {
    metrics::counter!("genkan_signin_attempts_total", "provider" => provider.to_string()).increment(1);
}

/// Counts an attempt that was begun once more by itself.
pub fn count_restart(provider: &ProviderId) {
    metrics::counter!("genkan_signin_restarts_total", "provider" => provider.to_string()).increment(1);
}

/// Counts a session that was opened with a provider, or else with a password.
pub fn count_success(provider: Option<&ProviderId>) {
    let method = if provider.is_some() { "provider" } else { "password" };
    metrics::counter!("genkan_signins_total", "provider" => label(provider), "method" => method).increment(1);
}

/// Counts a failed sign-in.
pub fn count_failure(failure: &SigninFailure, category: Category) {
    metrics::counter!(
        "genkan_signin_failures_total",
        "provider" => label(failure.provider.as_ref()),
        "category" => category.as_str(),
        "cause" => failure.cause.as_str(),
        "stage" => failure.stage.as_str()
    )
    .increment(1);
}

/// Counts a failure that is missing from the failure record.
pub fn count_failure_dropped() {
    metrics::counter!("genkan_failures_dropped_total").increment(1);
}

/// Counts an access token that opened nothing; the reason is one of a fixed set.
pub fn record_bearer_refusal(reason: &'static str) {
    metrics::counter!("genkan_bearer_refusals_total", "reason" => reason).increment(1);
}

/// Counts a DPoP proof that did not count; the reason is one of a fixed set.
pub fn count_proof_refusal(reason: &'static str) {
    metrics::counter!("genkan_dpop_refusals_total", "reason" => reason).increment(1);
}

/// Counts an answer of the token endpoint with tokens.
pub fn count_tokens_issued(grant: Option<Grant>) {
    metrics::counter!("genkan_tokens_issued_total", "grant" => grant_label(grant)).increment(1);
}

/// Counts an answer of the token endpoint without; the error is one of a fixed set.
pub fn count_token_refusal(grant: Option<Grant>, error: &'static str) {
    metrics::counter!("genkan_token_refusals_total", "grant" => grant_label(grant), "error" => error).increment(1);
}

/// Counts an answer of a neighbour of the token endpoint with an error; both are of fixed sets.
pub fn count_endpoint_refusal(endpoint: &'static str, error: &'static str) {
    metrics::counter!("genkan_issuer_refusals_total", "endpoint" => endpoint, "error" => error).increment(1);
}

/// Notes whether a provider is suspected of being set up wrongly, and by which guard.
pub fn set_provider_suspect(provider: &ProviderId, guard: &'static str, is_suspect: bool) {
    metrics::gauge!("genkan_provider_suspect", "provider" => provider.to_string(), "guard" => guard).set(f64::from(u8::from(is_suspect)));
}

/// Notes what a provider's breaker says.
pub fn set_provider_state(provider: &ProviderId, state: State) {
    let set = |on: bool| f64::from(u8::from(on));
    metrics::gauge!("genkan_provider_up", "provider" => provider.to_string()).set(set(!state.is_troubled()));
    for each in State::ALL {
        metrics::gauge!("genkan_provider_breaker", "provider" => provider.to_string(), "state" => each.as_str()).set(set(each == state));
    }
}

/// Notes how many incidents of a kind go on.
pub fn set_alerts_firing(kind: &'static str, provider: &str, count: usize) {
    let count = f64::from(u32::try_from(count).unwrap_or(u32::MAX));
    metrics::gauge!("genkan_alerts_firing", "kind" => kind, "provider" => provider.to_owned()).set(count);
}

/// Counts what became of a message to a receiver: `delivered`, `failed` or `dropped`.
pub fn count_delivery(receiver: &'static str, outcome: &'static str) {
    metrics::counter!("genkan_alert_deliveries_total", "receiver" => receiver, "outcome" => outcome).increment(1);
}

/// Counts log lines that nobody could take.
pub fn count_dropped_lines(lines: u64) {
    metrics::counter!("genkan_log_lines_dropped_total").increment(lines);
}

/// Notes how many passwords wait for a hashing thread.
pub fn set_password_queue(length: usize) {
    metrics::gauge!("genkan_password_queue_length").set(f64::from(u32::try_from(length).unwrap_or(u32::MAX)));
}

/// Counts a try to deliver a letter: `delivered`, `deferred` or `dead`.
pub fn count_mail(outcome: &'static str) {
    metrics::counter!("genkan_mail_total", "outcome" => outcome).increment(1);
}

/// Notes how many letters wait and how many were given up.
pub fn set_mail(counts: MailCounts) {
    for (state, count) in [("waiting", counts.waiting), ("dead", counts.dead)] {
        metrics::gauge!("genkan_mail_letters", "state" => state).set(f64::from(u32::try_from(count).unwrap_or(u32::MAX)));
    }
}

/// Counts an answered request; a method that is not one of ours becomes `other`.
pub fn record_http_request(method: &str, status: u16, took: Duration) {
    let method = METHODS.into_iter().find(|known| *known == method).unwrap_or("other");
    metrics::counter!("genkan_http_requests_total", "method" => method, "status" => status.to_string()).increment(1);
    metrics::histogram!("genkan_http_request_seconds", "method" => method).record(took.as_secs_f64());
}

fn grant_label(grant: Option<Grant>) -> &'static str {
    grant.map_or(NO_GRANT, Grant::short)
}

fn label(provider: Option<&ProviderId>) -> String {
    provider.map_or(NO_PROVIDER, ProviderId::as_str).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signin::failure::{Cause, Stage};

    fn render(count: impl FnOnce()) -> String {
        let recorder = PrometheusBuilder::new().set_buckets(&BUCKETS).expect("buckets").build_recorder();
        metrics::with_local_recorder(&recorder, count);
        recorder.handle().render()
    }

    #[test]
    fn a_failure_is_counted_under_the_labels_of_the_contract() {
        let mut failure = SigninFailure::new(Cause::TokenTimeout, Stage::Token);
        failure.provider = ProviderId::parse("lab");

        let text = render(|| count_failure(&failure, Category::IdpOutage));

        let series = r#"genkan_signin_failures_total{provider="lab",category="idp_outage",cause="token_timeout",stage="token"} 1"#;
        assert!(text.contains(series), "{text}");
    }

    #[test]
    fn lg_07_unknown_methods_and_absent_providers_make_no_series_of_their_own() {
        let text = render(|| {
            record_http_request("BREW", 418, Duration::from_millis(2));
            count_success(None);
        });

        assert!(text.contains(r#"genkan_http_requests_total{method="other",status="418"} 1"#), "{text}");
        assert!(text.contains(r#"genkan_signins_total{provider="none",method="password"} 1"#), "{text}");
    }

    #[test]
    fn times_are_told_in_buckets() {
        let text = render(|| record_http_request("GET", 200, Duration::from_millis(30)));

        assert!(text.contains(r#"genkan_http_request_seconds_bucket{method="GET",le="0.05"} 1"#), "{text}");
    }
}
