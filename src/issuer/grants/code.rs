//! `authorization_code` (RFC 6749 §4.1.3, RFC 7636 §4.5).

use subtle::ConstantTimeEq as _;

use super::tokens::{Order, check_key};
use super::{TokenAnswer, required};
use crate::domain::client::{Client, Grant};
use crate::domain::thumbprint::Thumbprint;
use crate::issuer::Issuer;
use crate::issuer::error::TokenError;
use crate::issuer::event::Event;
use crate::issuer::parameters::Parameters;
use crate::issuer::pkce::CodeChallenge;
use crate::secret::hash_token;
use crate::store::StoreError;
use crate::store::codes::{FoundCode, Used};

/// What is said of a code that is unknown, or somebody else's: one text for both.
const NO_GOOD: TokenError = TokenError::InvalidGrant("code is unknown: it was never given to this client, or long ago");
/// What the client is told whose code it was.
const TOO_OLD: TokenError = TokenError::InvalidGrant("code has expired: it counts for a minute, so redeem it at once");
/// As [`TOO_OLD`].
const USED: TokenError = TokenError::InvalidGrant("code was redeemed before: it counts once, and what it gave has ended now");

impl Issuer {
    /// Gives tokens for a code, once (security.md TK-01, TK-02).
    pub(super) async fn redeem_code(
        &self,
        client: &Client,
        form: &Parameters,
        key: Option<&Thumbprint>,
    ) -> Result<TokenAnswer, TokenError> {
        let hash = hash_token(required(form, "code", "code is missing")?);
        let found = self.store.find_code(&hash).await?.filter(|found| found.family.client_id == client.id).ok_or(NO_GOOD)?;
        if found.is_redeemed {
            return self.end_after_reuse(client, &found).await;
        }
        let now = self.clock.now();
        if found.redeemable_until <= now {
            return Err(TOO_OLD);
        }
        check_redirect_uri(client, &found, form)?;
        check_verifier(client, &found, form)?;
        check_key(found.family.key.as_ref(), key)?;
        let is_renewable = client.allows_grant(Grant::RefreshToken);
        let (answer, issue) = self
            .make_tokens_of(
                &found.user,
                Order {
                    client,
                    family: &found.family,
                    // What was taken from the client since then, it does not get (security.md TK-05).
                    scopes: found.family.scopes.intersection(&client.metadata.scopes),
                    nonce: found.nonce.as_deref(),
                    key,
                    is_renewable,
                    family_until: self.family_end(client, now, is_renewable),
                },
            )
            .await?;
        match self.store.redeem_code(&hash, &found.family, issue, now).await? {
            Used::First => {
                let event = Event::new("tokens_issued", &client.id).grant(Grant::AuthorizationCode.short());
                event.user(found.family.user_id).family(found.family.id).log();
                Ok(answer)
            }
            Used::Again => {
                self.note_reuse(client, &found);
                Err(USED)
            }
            Used::Gone => Err(NO_GOOD),
        }
    }

    /// Ends what came of a code that is used once more (RFC 6749 §4.1.2).
    async fn end_after_reuse(&self, client: &Client, found: &FoundCode) -> Result<TokenAnswer, TokenError> {
        if self.store.end_family(found.family.id).await? {
            self.note_reuse(client, found);
        }
        Err(USED)
    }

    fn note_reuse(&self, client: &Client, found: &FoundCode) {
        self.forget_family(found.family.id);
        Event::new("code_reused", &client.id).user(found.family.user_id).family(found.family.id).warn();
    }
}

/// Checks that the address is the one of the authorization request (RFC 6749 §4.1.3), and the client's still.
fn check_redirect_uri(client: &Client, found: &FoundCode, form: &Parameters) -> Result<(), TokenError> {
    let given = form.get("redirect_uri").ok_or(TokenError::InvalidRequest("redirect_uri is missing"))?;
    let is_same = bool::from(given.as_bytes().ct_eq(found.redirect_uri.as_bytes()));
    if is_same && client.find_redirect_uri(given).is_some() {
        Ok(())
    } else {
        Err(TokenError::InvalidGrant("redirect_uri is not the one of the authorization request: send the same, byte for byte"))
    }
}

/// Checks the verifier; one without a challenge is refused as well (security.md AS-03; RFC 9700 §4.8.2),
/// and so is a code of before the client had to have one.
fn check_verifier(client: &Client, found: &FoundCode, form: &Parameters) -> Result<(), TokenError> {
    let challenge = found.code_challenge.as_deref();
    let challenge = challenge.map(|text| CodeChallenge::stored(text).ok_or(StoreError::BrokenRow("code challenge"))).transpose()?;
    match (challenge, form.get("code_verifier")) {
        (None, None) if client.requires_pkce() => Err(TokenError::InvalidGrant("this client needs a code challenge now")),
        (None, None) => Ok(()),
        (Some(challenge), Some(verifier)) if challenge.is_proven_by(verifier) => Ok(()),
        (Some(_), None) => Err(TokenError::InvalidGrant("code_verifier is missing")),
        (Some(_), Some(_)) => Err(TokenError::InvalidGrant(
            "code_verifier does not fit the code_challenge of the authorization request: S256 of it, base64url without =",
        )),
        (None, Some(_)) => Err(TokenError::InvalidGrant("there is a code_verifier, but the authorization request had no code_challenge")),
    }
}
