//! Every series at zero before anything happens: a rate over a series that begins with its
//! first event misses that event.
//!
//! The stages of a cause are those of the catalogue; a combination that is not in it still
//! counts, it only begins with its first event.

use super::{NO_PROVIDER, count_dropped_lines, grant_label, set_alerts_firing, set_provider_state, set_provider_suspect};
use crate::domain::client::Grant;
use crate::domain::identity::ProviderId;
use crate::issuer::error::TokenError;
use crate::issuer::refusals::Endpoint;
use crate::ops::alarm::Kind;
use crate::ops::breaker::State;
use crate::ops::guard::Guard;
use crate::signin::failure::{Cause, Stage};

/// What fails before a provider of ours is named.
const WITHOUT_PROVIDER: [(Cause, Stage); 5] = [
    (Cause::CookieMissing, Stage::Start),
    (Cause::FormExpired, Stage::Start),
    (Cause::CrossSiteRequest, Stage::Start),
    (Cause::ProviderUnknown, Stage::Start),
    (Cause::ProviderUnknown, Stage::Callback),
];

/// Why an access token opens nothing.
const BEARER_REFUSALS: [&str; 9] =
    ["invalid", "expired", "revoked", "scope", "malformed", "too_old", "email_unverified", "not_in_group", "no_person"];

/// Sets every series of these providers, and of none, to where it begins.
pub fn preset<'a>(providers: impl Iterator<Item = &'a ProviderId>, receivers: impl Iterator<Item = &'static str>) {
    for provider in providers {
        preset_provider(provider);
    }
    preset_successes(NO_PROVIDER, "password");
    for (cause, stage) in WITHOUT_PROVIDER {
        preset_failure(NO_PROVIDER, cause, stage);
    }
    preset_tokens();
    preset_refusals();
    for receiver in receivers {
        for outcome in ["delivered", "failed", "dropped"] {
            metrics::counter!("genkan_alert_deliveries_total", "receiver" => receiver, "outcome" => outcome).absolute(0);
        }
    }
    count_dropped_lines(0);
}

fn preset_provider(provider: &ProviderId) {
    metrics::counter!("genkan_signin_attempts_total", "provider" => provider.to_string()).absolute(0);
    preset_successes(provider.as_str(), "provider");
    for cause in Cause::ALL {
        for stage in cause.stages() {
            preset_failure(provider.as_str(), *cause, *stage);
        }
    }
    for guard in Guard::ALL {
        set_provider_suspect(provider, guard.as_str(), false);
    }
    set_provider_state(provider, State::Closed);
    for kind in Kind::ALL {
        set_alerts_firing(kind.as_str(), provider.as_str(), 0);
    }
}

fn preset_tokens() {
    for grant in Grant::ALL {
        metrics::counter!("genkan_tokens_issued_total", "grant" => grant.short()).absolute(0);
    }
    for grant in Grant::ALL.iter().copied().map(Some).chain([None]) {
        for error in TokenError::CODES {
            metrics::counter!("genkan_token_refusals_total", "grant" => grant_label(grant), "error" => error).absolute(0);
        }
    }
}

fn preset_refusals() {
    for reason in BEARER_REFUSALS {
        metrics::counter!("genkan_bearer_refusals_total", "reason" => reason).absolute(0);
    }
    for endpoint in Endpoint::ALL {
        for error in TokenError::CODES {
            metrics::counter!("genkan_issuer_refusals_total", "endpoint" => endpoint.as_str(), "error" => error).absolute(0);
        }
    }
}

fn preset_successes(provider: &str, method: &'static str) {
    metrics::counter!("genkan_signins_total", "provider" => provider.to_owned(), "method" => method).absolute(0);
}

fn preset_failure(provider: &str, cause: Cause, stage: Stage) {
    metrics::counter!(
        "genkan_signin_failures_total",
        "provider" => provider.to_owned(),
        "category" => cause.category().as_str(),
        "cause" => cause.as_str(),
        "stage" => stage.as_str()
    )
    .absolute(0);
}

#[cfg(test)]
mod tests {
    use metrics_exporter_prometheus::PrometheusBuilder;

    use super::*;

    #[test]
    fn lg_07_every_series_stands_at_zero_before_anything_happens() {
        let recorder = PrometheusBuilder::new().build_recorder();
        let provider = ProviderId::parse("lab").expect("a name");
        metrics::with_local_recorder(&recorder, || preset([&provider].into_iter(), ["webhook"].into_iter()));

        let text = recorder.handle().render();

        for series in [
            r#"genkan_signin_attempts_total{provider="lab"} 0"#,
            r#"genkan_signins_total{provider="none",method="password"} 0"#,
            r#"genkan_signin_failures_total{provider="lab",category="idp_outage",cause="token_timeout",stage="token"} 0"#,
            r#"genkan_signin_failures_total{provider="none",category="other",cause="provider_unknown",stage="callback"} 0"#,
            r#"genkan_provider_up{provider="lab"} 1"#,
            r#"genkan_provider_breaker{provider="lab",state="open"} 0"#,
            r#"genkan_alerts_firing{kind="idp_outage",provider="lab"} 0"#,
            r#"genkan_alert_deliveries_total{receiver="webhook",outcome="failed"} 0"#,
            r#"genkan_tokens_issued_total{grant="device_code"} 0"#,
            r#"genkan_token_refusals_total{grant="refresh_token",error="invalid_grant"} 0"#,
            r#"genkan_token_refusals_total{grant="none",error="invalid_client"} 0"#,
            "genkan_log_lines_dropped_total 0",
        ] {
            assert!(text.contains(series), "{series}: {text}");
        }
        let failures = text.lines().filter(|line| line.starts_with("genkan_signin_failures_total{")).count();
        assert_eq!(failures, Cause::ALL.iter().map(|cause| cause.stages().len()).sum::<usize>() + WITHOUT_PROVIDER.len());
    }
}
