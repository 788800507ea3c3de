//! What userinfo tells the holder of a token (OIDC Core §5.3).

use std::sync::Arc;

use serde_json::{Map, Value};

use super::Issuer;
use super::bearer::{Bearer, BearerFault, Presented};
use super::refusals::Place;
use crate::domain::scope::Scope;

/// Why a token opens nothing here.
#[derive(Debug, thiserror::Error)]
pub enum ResourceFault {
    /// It does not count.
    #[error(transparent)]
    Bearer(#[from] BearerFault),
    /// It is ours, but for somebody else's API (security.md TK-08).
    #[error("the token is for another API: its aud is not the audience of this one")]
    Elsewhere,
    /// It is a client's own, and names no person (security.md TK-09).
    #[error("the token names no person: it was given to the client itself, by client_credentials")]
    Nobody,
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
        let bearer = match self.read_bearer(token).await {
            Ok(bearer) => bearer,
            Err(fault) => {
                self.note_dead_token(token.token(), &fault).await?;
                return Err(fault.into());
            }
        };
        // A token for somebody else's API is none for ours, nor is one that names nobody (security.md TK-08, TK-09).
        let is_elsewhere = !bearer.claims.aud.contains(&self.identifier());
        if is_elsewhere || bearer.user.is_none() {
            let fault = if is_elsewhere { ResourceFault::Elsewhere } else { ResourceFault::Nobody };
            self.note_refusal(&bearer.claims.client_id, Place::Resource, None, ("invalid_token", &fault.to_string()));
            return Err(fault);
        }
        if bearer.claims.scope.contains(scope) {
            return Ok(bearer);
        }
        let fault = ResourceFault::Scope(scope.to_owned());
        self.note_refusal(&bearer.claims.client_id, Place::Resource, None, ("insufficient_scope", &fault.to_string()));
        Err(fault)
    }

    /// Notes for the owner of a client that a token of theirs is over.
    async fn note_dead_token(&self, token: &str, fault: &BearerFault) -> Result<(), BearerFault> {
        if matches!(fault, BearerFault::Expired | BearerFault::Revoked)
            && let Some(read) = self.read_access_token(token).await?
        {
            self.note_refusal(&read.claims.client_id, Place::Resource, None, ("invalid_token", &fault.to_string()));
        }
        Ok(())
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
