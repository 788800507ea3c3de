//! What userinfo tells the holder of a token (OIDC Core §5.3).

use std::sync::Arc;

use serde_json::{Map, Value};

use super::Issuer;
use super::bearer::{Bearer, BearerFault, Presented};
use crate::domain::scope::Scope;

/// Why a token opens nothing here.
#[derive(Debug, thiserror::Error)]
pub enum ResourceFault {
    /// It does not count.
    #[error(transparent)]
    Bearer(#[from] BearerFault),
    /// It is good for something else (RFC 6750 §3.1, `insufficient_scope`).
    #[error("the token lacks the scope {0}")]
    Scope(String),
}

impl Issuer {
    /// Reads a token that opens what is ours, with this scope, for a person.
    ///
    /// # Errors
    ///
    /// [`ResourceFault`].
    pub async fn read_personal(&self, token: Presented<'_>, scope: &'static str) -> Result<Arc<Bearer>, ResourceFault> {
        let bearer = self.read_bearer(token).await?;
        // A token for somebody else's API is none for ours, nor is one that names nobody (security.md TK-08, TK-09).
        if !bearer.claims.aud.contains(&self.identifier()) || bearer.user.is_none() {
            return Err(BearerFault::Unknown.into());
        }
        if bearer.claims.scope.contains(scope) { Ok(bearer) } else { Err(ResourceFault::Scope(scope.to_owned())) }
    }

    /// Returns what the token's scopes, and the names asked for, open (security.md TK-15).
    ///
    /// # Errors
    ///
    /// [`ResourceFault`].
    pub async fn userinfo(&self, token: Presented<'_>) -> Result<Map<String, Value>, ResourceFault> {
        let bearer = self.read_personal(token, Scope::OPENID).await?;
        let claims = &bearer.claims;
        let Some(user) = &bearer.user else { return Err(BearerFault::Unknown.into()) };
        let mut info = self.claims_open(user, &claims.scope, &claims.userinfo).await.map_err(BearerFault::from)?;
        info.insert("sub".to_owned(), claims.sub.clone().into());
        Ok(info)
    }
}
