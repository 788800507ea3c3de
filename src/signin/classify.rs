//! What a provider's fault means: from [`ProviderError`] to cause and stage.

use super::failure::{Cause, Stage};
use crate::provider::{Endpoint, Fault, Provider, ProviderError};

/// Names cause and stage of a fault; the provider's own dialect is more precise than the general rules.
pub fn classify(error: &ProviderError) -> (Cause, Stage) {
    let own = error.cause.as_deref().and_then(Cause::from_name);
    (own.unwrap_or_else(|| cause(error.endpoint, error.fault)), stage(error.endpoint))
}

/// Finds a cause in a provider's dialect that is not in the catalogue.
pub fn find_unknown_cause(provider: &Provider) -> Option<&str> {
    provider.dialect_causes().find(|name| Cause::from_name(name).is_none())
}

/// Names how far the sign-in had come when that endpoint was asked.
fn stage(endpoint: Endpoint) -> Stage {
    match endpoint {
        Endpoint::Authorization => Stage::Callback,
        Endpoint::Discovery | Endpoint::Token => Stage::Token,
        Endpoint::Keys | Endpoint::IdToken | Endpoint::Profile => Stage::Profile,
    }
}

fn cause(endpoint: Endpoint, fault: Fault) -> Cause {
    match fault {
        Fault::Unreachable | Fault::TimedOut | Fault::ConnectionLost | Fault::ServerError | Fault::RateLimited | Fault::Unreadable => {
            outage(endpoint, fault)
        }
        Fault::Refused => refusal(endpoint),
        Fault::Malformed | Fault::Invalid => defect(endpoint),
        Fault::Untrusted => Cause::CertificateUntrusted,
        Fault::TooLarge => Cause::AnswerTooLarge,
        Fault::Unexpected => Cause::AnswerUnexpected,
        Fault::CodeRefused => Cause::CodeUnusable,
        Fault::GrantRevoked => Cause::AccessRevoked,
        Fault::VerifierRefused => Cause::VerifierRefused,
        Fault::ClientRefused => Cause::ClientRefused,
        Fault::AccessTokenRefused => Cause::ProfileTokenRefused,
        Fault::InteractionRequired => Cause::InteractionRequired,
        Fault::IssuerMismatch if endpoint == Endpoint::IdToken => Cause::IdTokenIssuerMismatch,
        Fault::IssuerMismatch => Cause::IssuerMismatch,
        Fault::IssuerMissing => Cause::IssuerMissing,
        Fault::IdTokenMissing => Cause::IdTokenMissing,
        Fault::SignatureInvalid => Cause::IdTokenSignatureInvalid,
        Fault::KeyUnknown => Cause::IdTokenKeyUnknown,
        Fault::AlgorithmUnexpected => Cause::IdTokenAlgorithmUnexpected,
        Fault::AudienceMismatch => Cause::IdTokenAudienceMismatch,
        Fault::Expired => Cause::IdTokenExpired,
        Fault::FromFuture => Cause::IdTokenFromFuture,
        Fault::NonceMissing => Cause::NonceMissing,
        Fault::NonceMismatch => Cause::NonceMismatch,
        Fault::HashMismatch => Cause::IdTokenHashMismatch,
        Fault::SubjectMissing => Cause::SubjectMissing,
        Fault::SubjectMismatch => Cause::SubjectMismatch,
    }
}

/// Names an outage by where it was met; what did not happen at a known endpoint is the token's.
fn outage(endpoint: Endpoint, fault: Fault) -> Cause {
    match (endpoint, fault) {
        (Endpoint::Discovery, Fault::TimedOut) => Cause::DiscoveryTimeout,
        (Endpoint::Discovery, Fault::Unreadable) => Cause::DiscoveryUnreadable,
        (Endpoint::Discovery, _) => Cause::DiscoveryUnreachable,
        (Endpoint::Keys, Fault::TimedOut) => Cause::KeysTimeout,
        (Endpoint::Keys, Fault::Unreadable) => Cause::KeysUnreadable,
        (Endpoint::Keys, _) => Cause::KeysUnreachable,
        (Endpoint::Profile | Endpoint::IdToken, Fault::Unreachable) => Cause::ProfileUnreachable,
        (Endpoint::Profile | Endpoint::IdToken, Fault::TimedOut) => Cause::ProfileTimeout,
        (Endpoint::Profile | Endpoint::IdToken, Fault::ConnectionLost) => Cause::ProfileConnectionLost,
        (Endpoint::Profile | Endpoint::IdToken, Fault::ServerError) => Cause::ProfileServerError,
        (Endpoint::Profile | Endpoint::IdToken, Fault::RateLimited) => Cause::ProfileRateLimited,
        (Endpoint::Profile | Endpoint::IdToken, _) => Cause::ProfileUnreadable,
        (Endpoint::Token | Endpoint::Authorization, Fault::Unreachable) => Cause::TokenUnreachable,
        (Endpoint::Token | Endpoint::Authorization, Fault::TimedOut) => Cause::TokenTimeout,
        (Endpoint::Token | Endpoint::Authorization, Fault::ConnectionLost) => Cause::TokenConnectionLost,
        (Endpoint::Token | Endpoint::Authorization, Fault::ServerError) => Cause::TokenServerError,
        (Endpoint::Token | Endpoint::Authorization, Fault::RateLimited) => Cause::TokenRateLimited,
        (Endpoint::Token | Endpoint::Authorization, _) => Cause::TokenUnreadable,
    }
}

/// Names a refusal by where it was met.
fn refusal(endpoint: Endpoint) -> Cause {
    match endpoint {
        Endpoint::Discovery => Cause::DiscoveryRefused,
        Endpoint::Keys => Cause::KeysRefused,
        Endpoint::Authorization => Cause::AuthorizationRefused,
        Endpoint::Token => Cause::TokenRefused,
        Endpoint::IdToken | Endpoint::Profile => Cause::ProfileRefused,
    }
}

/// Names an answer that lacks what must be in it, by where it was met.
fn defect(endpoint: Endpoint) -> Cause {
    match endpoint {
        Endpoint::Discovery | Endpoint::Keys => Cause::DiscoveryInvalid,
        Endpoint::Authorization => Cause::ResponseContradictory,
        Endpoint::Token => Cause::TokenMalformed,
        Endpoint::IdToken => Cause::IdTokenMalformed,
        Endpoint::Profile => Cause::ProfileMalformed,
    }
}

#[cfg(test)]
mod tests {
    use super::super::failure::Category;
    use super::*;

    #[test]
    fn the_same_fault_is_named_by_its_endpoint() {
        for (endpoint, fault, expected) in [
            (Endpoint::Token, Fault::TimedOut, (Cause::TokenTimeout, Stage::Token)),
            (Endpoint::Profile, Fault::TimedOut, (Cause::ProfileTimeout, Stage::Profile)),
            (Endpoint::Keys, Fault::TimedOut, (Cause::KeysTimeout, Stage::Profile)),
            (Endpoint::Discovery, Fault::ServerError, (Cause::DiscoveryUnreachable, Stage::Token)),
            (Endpoint::Token, Fault::Refused, (Cause::TokenRefused, Stage::Token)),
            (Endpoint::IdToken, Fault::Malformed, (Cause::IdTokenMalformed, Stage::Profile)),
            (Endpoint::IdToken, Fault::IssuerMismatch, (Cause::IdTokenIssuerMismatch, Stage::Profile)),
            (Endpoint::Authorization, Fault::IssuerMismatch, (Cause::IssuerMismatch, Stage::Callback)),
        ] {
            assert_eq!(classify(&ProviderError::new(endpoint, fault)), expected, "{endpoint:?} {fault:?}");
        }
    }

    #[test]
    fn lg_06_trouble_at_the_provider_is_an_outage_and_a_refusal_is_not() {
        let endpoints = [Endpoint::Discovery, Endpoint::Keys, Endpoint::Token, Endpoint::Profile];
        let outages =
            [Fault::Unreachable, Fault::TimedOut, Fault::ConnectionLost, Fault::ServerError, Fault::RateLimited, Fault::Unreadable];
        for endpoint in endpoints {
            for fault in outages {
                assert_eq!(cause(endpoint, fault).category(), Category::IdpOutage, "{endpoint:?} {fault:?}");
            }
            for fault in [Fault::Refused, Fault::Malformed, Fault::Untrusted, Fault::TooLarge, Fault::Unexpected] {
                assert_eq!(cause(endpoint, fault).category(), Category::Other, "{endpoint:?} {fault:?}");
            }
        }
        assert_eq!(cause(Endpoint::Token, Fault::CodeRefused).category(), Category::BrowserEnvironment);
    }

    #[test]
    fn the_catalogue_names_the_stage_at_which_a_fault_is_met() {
        let faults = [Fault::Unreachable, Fault::TimedOut, Fault::ServerError, Fault::Unreadable, Fault::Refused, Fault::Untrusted];
        for endpoint in [Endpoint::Discovery, Endpoint::Keys, Endpoint::Token, Endpoint::Profile] {
            for fault in faults {
                let (cause, stage) = classify(&ProviderError::new(endpoint, fault));
                assert!(cause.stages().contains(&stage), "{endpoint:?} {fault:?}: {cause:?} at {stage}");
            }
        }
    }
}
