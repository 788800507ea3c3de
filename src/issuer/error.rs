//! What a client is told when it gets no token (RFC 6749 §5.2).
//!
//! What is told through the browser instead is an
//! [`AuthorizeError`](super::authorize::error::AuthorizeError).

use std::time::Duration;

use super::dpop::{ProofFault, Unproven};
use crate::store::StoreError;

/// Why the token endpoint, or one of its neighbours, refuses a request.
///
/// A text in it is for developers and holds nothing of the request.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// A parameter is missing, repeated, or does not fit (RFC 6749 §5.2).
    #[error("{0}")]
    InvalidRequest(&'static str),
    /// The client did not prove who it is (RFC 6749 §5.2).
    #[error("the client could not be authenticated: its owner can read why on its page under /applications")]
    InvalidClient {
        /// Whether it tried with the `Authorization` header.
        by_header: bool,
    },
    /// Code, refresh token, assertion or password do not count (any more), or not for this client (RFC 6749 §5.2).
    #[error("{0}")]
    InvalidGrant(&'static str),
    /// This client may not use this grant (RFC 6749 §5.2).
    #[error("{0}")]
    UnauthorizedClient(&'static str),
    /// There is no such grant here (RFC 6749 §5.2).
    #[error("grant_type is none that is supported here: grant_types_supported in the metadata lists all")]
    UnsupportedGrantType,
    /// A scope is unknown, malformed, or not the client's (RFC 6749 §5.2).
    #[error("{0}")]
    InvalidScope(&'static str),
    /// Nobody has decided about the device yet (RFC 8628 §3.5).
    #[error("nobody has decided yet")]
    AuthorizationPending,
    /// The device asks too often (RFC 8628 §3.5).
    #[error("ask less often: five seconds were added to the interval")]
    SlowDown,
    /// The device's code is too old (RFC 8628 §3.5).
    #[error("the device code has expired")]
    ExpiredToken,
    /// The person said no (RFC 8628 §3.5).
    #[error("access was denied")]
    AccessDenied,
    /// The request's DPoP proof does not count (RFC 9449 §5, §8).
    #[error(transparent)]
    Proof(#[from] ProofFault),
    /// Too many tries.
    #[error("too many tries")]
    Throttled(Duration),
    /// Every hashing thread is busy.
    #[error("too busy")]
    Busy(Duration),
    /// The store failed: nothing was issued, or nobody will hear of it.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<Unproven> for TokenError {
    fn from(why: Unproven) -> Self {
        match why {
            Unproven::Fault(fault) => Self::Proof(fault),
            Unproven::Store(error) => Self::Store(error),
        }
    }
}

impl TokenError {
    /// Every word that [`TokenError::code`] has.
    pub const CODES: [&str; 15] = [
        "invalid_request",
        "invalid_client",
        "invalid_grant",
        "unauthorized_client",
        "unsupported_grant_type",
        "invalid_scope",
        "authorization_pending",
        "slow_down",
        "expired_token",
        "access_denied",
        "invalid_dpop_proof",
        "use_dpop_nonce",
        "too_many_requests",
        "temporarily_unavailable",
        "server_error",
    ];

    /// Returns the word of the standard.
    pub fn code(&self) -> &'static str {
        match self {
            Self::InvalidRequest(_) => "invalid_request",
            Self::InvalidClient { .. } => "invalid_client",
            Self::InvalidGrant(_) => "invalid_grant",
            Self::UnauthorizedClient(_) => "unauthorized_client",
            Self::UnsupportedGrantType => "unsupported_grant_type",
            Self::InvalidScope(_) => "invalid_scope",
            Self::AuthorizationPending => "authorization_pending",
            Self::SlowDown => "slow_down",
            Self::ExpiredToken => "expired_token",
            Self::AccessDenied => "access_denied",
            Self::Proof(fault) => fault.code(),
            Self::Throttled(_) => "too_many_requests",
            Self::Busy(_) => "temporarily_unavailable",
            Self::Store(error) if error.is_outage() => "temporarily_unavailable",
            Self::Store(_) => "server_error",
        }
    }

    /// Tells whether a device only has to go on asking: nothing is wrong then (RFC 8628 §3.5).
    pub fn is_to_wait(&self) -> bool {
        matches!(self, Self::AuthorizationPending | Self::SlowDown)
    }

    /// Returns the HTTP status.
    pub fn status(&self) -> u16 {
        match self {
            Self::InvalidClient { .. } => 401,
            Self::Throttled(_) => 429,
            Self::Busy(_) => 503,
            Self::Store(error) if error.is_outage() => 503,
            Self::Store(_) => 500,
            _ => 400,
        }
    }

    /// Returns what developers are told; nothing of what is inside (security.md LG-10).
    pub fn description(&self) -> String {
        match self {
            Self::Store(_) => "the service is not available right now; try again soon".to_owned(),
            other => other.to_string(),
        }
    }

    /// Returns how long to wait before another try, in seconds, where that helps.
    pub fn retry_after(&self) -> Option<u64> {
        match self {
            Self::Throttled(wait) | Self::Busy(wait) => Some(wait.as_secs().max(1)),
            Self::Store(error) if error.is_outage() => Some(5),
            _ => None,
        }
    }
}
