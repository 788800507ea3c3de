//! What an authenticated client learns about a token of its own (RFC 7662).

use std::sync::Arc;

use serde_json::{Value, json};

use super::Issuer;
use super::bearer::BearerFault;
use super::error::TokenError;
use super::grants::{TokenRequest, TokenType, read_form, required};
use super::parameters::Parameters;
use super::refusals::Endpoint;
use crate::domain::client::Client;
use crate::secret::hash_token;
use crate::store::StoreError;

/// Every parameter that means something here; each may come once.
const KNOWN: [&str; 6] = ["token", "token_type_hint", "client_id", "client_secret", "client_assertion", "client_assertion_type"];

impl Issuer {
    /// Answers a request to introspect; a public client could not prove who it is (RFC 7662 §2.1).
    /// Logs `endpoint_refused`.
    ///
    /// # Errors
    ///
    /// [`TokenError`].
    pub async fn answer_introspection(&self, request: TokenRequest<'_>) -> Result<Value, TokenError> {
        let answered = self.try_to_introspect(request).await;
        answered.map_err(|error| self.refuse_at(Endpoint::Introspection, None, request.request_id, error))
    }

    async fn try_to_introspect(&self, request: TokenRequest<'_>) -> Result<Value, TokenError> {
        let (client, form) = self.read_token_question(request).await?;
        if client.is_public() {
            return Err(TokenError::InvalidClient { by_header: request.authorization.is_some() });
        }
        self.introspect(&client, required(&form, "token", "token is missing")?).await
    }

    /// Reads whose question about a token it is, and what else it says.
    pub(super) async fn read_token_question(&self, request: TokenRequest<'_>) -> Result<(Arc<Client>, Parameters), TokenError> {
        let form = read_form(request.form, &KNOWN)?;
        let client = self.authenticate_client(request.authorization, &form).await?;
        Ok((client, form))
    }

    /// Describes a token; whatever is unknown, foreign, over or taken back is just "inactive"
    /// (RFC 7662 §2.2, security.md TK-12).
    ///
    /// # Errors
    ///
    /// [`TokenError::Store`]: nobody knows then (security.md TK-13).
    async fn introspect(&self, client: &Client, token: &str) -> Result<Value, TokenError> {
        let access = match self.find_bearer(token).await {
            Ok(bearer) => Some(bearer),
            Err(BearerFault::Store(error)) => return Err(error.into()),
            Err(_) => None,
        };
        let described = match access {
            Some(bearer) if bearer.claims.client_id == client.id => {
                let claims = &bearer.claims;
                Some(json!({
                    "active": true, "token_type": TokenType::of(claims.key()).as_str(), "cnf": claims.cnf, "iss": claims.iss, "client_id": claims.client_id, "sub": claims.sub,
                    "aud": claims.aud, "scope": claims.scope, "iat": claims.iat, "exp": claims.exp, "jti": claims.jti,
                    "username": bearer.user.as_ref().and_then(|user| user.username.as_deref()), "auth_time": claims.auth_time,
                }))
            }
            Some(_) => None,
            None => self.describe_refresh_token(client, token).await?,
        };
        Ok(described.map_or_else(|| json!({ "active": false }), without_nulls))
    }

    async fn describe_refresh_token(&self, client: &Client, token: &str) -> Result<Option<Value>, StoreError> {
        let now = self.clock.now();
        let found = self.store.find_refresh_token(&hash_token(token), now).await?;
        let Some(found) = found.filter(|found| !found.is_used && found.expires_at > now && found.family.client_id == client.id) else {
            return Ok(None);
        };
        let is_enabled = self.store.find_user(found.family.user_id).await?.is_some_and(|user| !user.is_disabled);
        let family = found.family;
        Ok(is_enabled.then(|| {
            json!({
                "active": true, "iss": self.identifier(), "client_id": family.client_id.as_str(), "sub": family.user_id,
                "scope": family.scopes, "iat": found.issued_at.timestamp(), "exp": found.expires_at.timestamp(),
            })
        }))
    }
}

fn without_nulls(mut described: Value) -> Value {
    if let Value::Object(members) = &mut described {
        members.retain(|_, value| !value.is_null());
    }
    described
}
