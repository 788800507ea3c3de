//! `device_code`: a device asks whether somebody has decided (RFC 8628 §3.4, §3.5).

use super::tokens::{Order, bound_to};
use super::{TokenAnswer, required};
use crate::domain::client::{Client, Grant};
use crate::domain::thumbprint::Thumbprint;
use crate::issuer::Issuer;
use crate::issuer::error::TokenError;
use crate::issuer::event::Event;
use crate::issuer::parameters::Parameters;
use crate::secret::hash_token;
use crate::store::device_codes::{DeviceState, Polled};

/// What is said of a code that is unknown, somebody else's, or used.
const NO_GOOD: TokenError =
    TokenError::InvalidGrant("device_code is unknown: it was never given to this client, or it is over; begin again");

impl Issuer {
    /// Gives tokens to a device that somebody has approved, once.
    pub(super) async fn grant_device(
        &self,
        client: &Client,
        form: &Parameters,
        key: Option<&Thumbprint>,
    ) -> Result<TokenAnswer, TokenError> {
        let hash = hash_token(required(form, "device_code", "device_code is missing")?);
        let code = match self.store.poll_device(&hash, &client.id, self.clock.now()).await? {
            Polled::Unknown => return Err(NO_GOOD),
            Polled::TooSoon => return Err(TokenError::SlowDown),
            Polled::Expired => return Err(TokenError::ExpiredToken),
            Polled::Found(code) => code,
        };
        let (user, auth_time, method) = match code.state {
            DeviceState::Pending => return Err(TokenError::AuthorizationPending),
            DeviceState::Denied => return Err(TokenError::AccessDenied),
            DeviceState::Approved { user, auth_time, method } => (user, auth_time, method),
        };
        let mut family = self.new_family(client, user, Grant::DeviceCode, code.scopes.intersection(&client.metadata.scopes));
        family.auth_time = Some(auth_time);
        family.method = Some(method);
        family.key = bound_to(client, key).cloned();
        let (scopes, family_until) = (family.scopes.clone(), family.expires_at);
        let is_renewable = client.allows_grant(Grant::RefreshToken);
        let order = Order { client, family: &family, scopes, nonce: None, key, is_renewable, family_until };
        let (answer, mut issue) = self.make_tokens(order).await?;
        issue.consent = Some(self.consent_to(&family, &family.scopes));
        if !self.store.take_approved_device(&hash, &family, issue).await? {
            return Err(NO_GOOD);
        }
        Event::new("tokens_issued", &client.id).grant(Grant::DeviceCode.short()).user(user).family(family.id).log();
        Ok(answer)
    }
}
