//! Taking a token back (RFC 7009).

use chrono::DateTime;

use super::Issuer;
use super::error::TokenError;
use super::event::Event;
use super::grants::{TokenRequest, required};
use super::refusals::Endpoint;
use crate::domain::client::Client;
use crate::secret::hash_token;

impl Issuer {
    /// Answers a request to take a token back (RFC 7009 §2.1). Logs `tokens_revoked` if it did, or `endpoint_refused`.
    ///
    /// # Errors
    ///
    /// [`TokenError`].
    pub async fn answer_revocation(&self, request: TokenRequest<'_>) -> Result<(), TokenError> {
        let revoked = self.try_to_revoke(request).await;
        revoked.map_err(|error| self.refuse_at(Endpoint::Revocation, None, request.request_id, error))
    }

    async fn try_to_revoke(&self, request: TokenRequest<'_>) -> Result<(), TokenError> {
        let (client, form) = self.read_token_question(request).await?;
        self.revoke(&client, required(&form, "token", "token is missing")?).await
    }

    /// Takes a token of this client back: a refresh token with all that hangs on the same
    /// consent, an access token alone (RFC 7009 §2.1).
    ///
    /// A token that is not this client's, or none at all, is no error, for then there is
    /// nothing to take back (RFC 7009 §2.2, security.md TK-12).
    ///
    /// # Errors
    ///
    /// [`TokenError::Store`]: the token counts on then (security.md TK-13).
    async fn revoke(&self, client: &Client, token: &str) -> Result<(), TokenError> {
        let now = self.clock.now();
        if let Some(found) = self.store.find_refresh_token(&hash_token(token), now).await? {
            let family = found.family;
            if family.client_id == client.id && self.store.end_family(family.id).await? {
                self.forget_family(family.id);
                Event::new("tokens_revoked", &client.id).user(family.user_id).family(family.id).reason("client").log();
            }
            return Ok(());
        }
        let Some(read) = self.read_access_token(token).await? else { return Ok(()) };
        let is_over = read.claims.exp <= now.timestamp();
        if read.claims.client_id != client.id || is_over {
            return Ok(());
        }
        let ends_at = DateTime::from_timestamp(read.claims.exp, 0).unwrap_or(now);
        self.store.revoke_access_token(read.name, ends_at).await?;
        self.bearers.forget_if(|bearer| bearer.claims.jti == read.claims.jti);
        let event = Event::new("tokens_revoked", &client.id).reason("client");
        match read.claims.family {
            Some(family) => event.family(family).log(),
            None => event.log(),
        }
        Ok(())
    }
}
