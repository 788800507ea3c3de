//! Issuers of others whose signed word counts here, and whom they mean.

use chrono::{DateTime, Utc};

use super::AssertionAlgorithm;
use crate::domain::ids::{RowId, UserId};
use crate::domain::scope::Scopes;

/// Somebody else's issuer whose signed word gets tokens for people (RFC 7523 §2.1, security.md TK-10).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrustedIssuer {
    /// The row.
    pub id: RowId,
    /// The `iss` of its assertions, compared byte for byte.
    pub issuer: String,
    /// Its public keys, a JWK Set (RFC 7517 §5).
    pub jwks: serde_json::Value,
    /// The one algorithm of its assertions.
    pub algorithm: AssertionAlgorithm,
    /// The scopes that its assertions can get at most; the client's own limit them further.
    pub scopes: Scopes,
    /// Whether an operator has turned it off.
    pub is_disabled: bool,
    /// When it was registered.
    pub created_at: DateTime<Utc>,
}

/// Whom a trusted issuer means by a subject: an explicit link, made by an operator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrustedSubject {
    /// The `sub` of its assertions, compared byte for byte.
    pub subject: String,
    /// The user here.
    pub user: UserId,
    /// When it was linked.
    pub created_at: DateTime<Utc>,
}
