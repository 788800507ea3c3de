//! `refresh_token`: every use replaces the token (RFC 6749 §6; RFC 9700 §4.14.2).
//!
//! An old one that comes back ends the whole family at once, with no grace for a
//! request that was sent twice: which of two senders is the thief cannot be known,
//! and a client that loses an answer can ask its person again.

use super::tokens::{Order, check_key};
use super::{TokenAnswer, required, scopes_within};
use crate::domain::client::{Client, Grant};
use crate::domain::thumbprint::Thumbprint;
use crate::issuer::Issuer;
use crate::issuer::error::TokenError;
use crate::issuer::event::Event;
use crate::issuer::parameters::Parameters;
use crate::secret::hash_token;
use crate::store::codes::Used;
use crate::store::families::Family;

/// What is said of a token that is unknown, somebody else's, or of a sign-in that has ended: one text for all.
const NO_GOOD: TokenError = TokenError::InvalidGrant(
    "refresh_token is unknown: it was never given to this client, or what it renews has ended; ask the person again",
);
/// What the client is told whose token it was.
const TOO_OLD: TokenError = TokenError::InvalidGrant("refresh_token has expired: ask the person again");
/// As [`TOO_OLD`].
const USED: TokenError = TokenError::InvalidGrant(
    "refresh_token was used before: every use gives a new one, keep that; all tokens of this sign-in have ended now",
);

impl Issuer {
    /// Gives new tokens for a refresh token, once (security.md TK-03, TK-04).
    pub(super) async fn refresh(&self, client: &Client, form: &Parameters, key: Option<&Thumbprint>) -> Result<TokenAnswer, TokenError> {
        let hash = hash_token(required(form, "refresh_token", "refresh_token is missing")?);
        let now = self.clock.now();
        let found = self.store.find_refresh_token(&hash, now).await?.filter(|found| found.family.client_id == client.id).ok_or(NO_GOOD)?;
        let family = found.family;
        if found.is_used {
            if self.store.end_family(family.id).await? {
                self.note_refresh_reuse(client, &family);
            }
            return Err(USED);
        }
        if found.expires_at <= now {
            return Err(TOO_OLD);
        }
        // The tokens of a client that proves who it is are bound to that already (RFC 9449 §5); also if it has learnt to since.
        check_key(family.key.as_ref().filter(|_| client.is_public()), key)?;
        let most = family.scopes.intersection(&client.metadata.scopes);
        let scopes = scopes_within(form, &most)?.unwrap_or(most);
        let order = Order { client, family: &family, scopes, nonce: None, key, is_renewable: true, family_until: family.expires_at };
        let (answer, issue) = self.make_tokens_of(&found.user, order).await?;
        match self.store.rotate_refresh_token(&hash, &family, issue).await? {
            Used::First => {
                let event = Event::new("tokens_issued", &client.id).grant(Grant::RefreshToken.short());
                event.user(family.user_id).family(family.id).log();
                Ok(answer)
            }
            Used::Again => {
                self.note_refresh_reuse(client, &family);
                Err(USED)
            }
            Used::Gone => Err(NO_GOOD),
        }
    }

    fn note_refresh_reuse(&self, client: &Client, family: &Family) {
        self.forget_family(family.id);
        Event::new("refresh_token_reused", &client.id).user(family.user_id).family(family.id).warn();
    }
}
