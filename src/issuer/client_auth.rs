//! Who a client is, at the token endpoint and its neighbours (RFC 6749 §2.3, OIDC Core §9).
//!
//! A request proves it in exactly one way, and that must be the one that is registered
//! (security.md TK-06). Secrets have 256 random bits: so a right one always passes, and
//! only wrong ones are counted (SI-05). Counting right ones too would let anybody who
//! knows a client's identifier, which is no secret, lock it out.

use std::fmt;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, TimeDelta};
use serde::Deserialize;
use subtle::ConstantTimeEq as _;

use super::assertion::Audience;
use super::error::TokenError;
use super::event::Event;
use super::parameters::{self, Parameters};
use super::{Issuer, assertion};
use crate::domain::client::{AssertionAlgorithm, Client, ClientAuthentication, ClientId, ClientSecret};
use crate::secret::{SealingKey, hash_token, hmac_sha256};
use crate::store::clients::secrets::ClientWithSecrets;

/// The one kind of assertion that proves a client (RFC 7523 §2.2).
pub const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
/// How far in the future an assertion may end: as far as common clients go.
const MAX_LIFE: TimeDelta = TimeDelta::hours(1);
/// How much two clocks may differ.
const LEEWAY: TimeDelta = TimeDelta::seconds(60);
/// Keeps the key that seals secrets apart from any other use of the same bytes.
const SEALING_LABEL: &[u8] = b"genkan: client secrets, version 1";

/// What a request offers as proof.
#[derive(PartialEq, Eq)]
enum Offer {
    Basic(String),
    Post(String),
    Assertion(String),
    Nothing,
}

/// Shows the way and not the proof (security.md LG-03).
impl fmt::Debug for Offer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Offer {
    /// Returns the registered word for it; an assertion may be signed with either kind of key.
    fn name(&self) -> &'static str {
        match self {
            Self::Basic(_) => "client_secret_basic",
            Self::Post(_) => "client_secret_post",
            Self::Assertion(_) => "client_assertion",
            Self::Nothing => "none",
        }
    }
}

/// A client that a request claims to be, and its proof.
#[derive(Debug, PartialEq, Eq)]
struct Claim {
    id: ClientId,
    offer: Offer,
}

/// The claims of a client about itself (RFC 7523 §3).
#[derive(Debug, Deserialize)]
struct AboutItself {
    iss: String,
    sub: String,
    aud: Audience,
    exp: i64,
    iat: Option<i64>,
    nbf: Option<i64>,
    jti: String,
}

impl Issuer {
    /// Finds the client that a request proves to come from (security.md TK-06, TK-14). A
    /// public client names itself only. Logs `client_refused`.
    ///
    /// `authorization` is the header's value; `form` has no parameter twice.
    ///
    /// # Errors
    ///
    /// [`TokenError::InvalidClient`] for whatever does not fit, all alike;
    /// [`TokenError::InvalidRequest`] for more than one way at once;
    /// [`TokenError::Throttled`] after too many wrong tries; [`TokenError::Store`].
    pub async fn authenticate_client(&self, authorization: Option<&str>, form: &Parameters) -> Result<Arc<Client>, TokenError> {
        let by_header = authorization.is_some();
        let claim = read(authorization, form)?.ok_or(TokenError::InvalidClient { by_header })?;
        let Some(known) = self.find_known_client(&claim.id).await? else {
            Event::of_nobody("client_refused").reason("unknown").log();
            return Err(TokenError::InvalidClient { by_header });
        };
        match self.check_offer(&claim.offer, &known).await? {
            Ok(()) => Ok(Arc::clone(&known.client)),
            Err(reason) => {
                Event::new("client_refused", &known.client.id).reason(reason).log();
                self.note_unproven(&known.client, reason, claim.offer.name());
                Err(self.count_refusal(&known.client.id).await?.unwrap_or(TokenError::InvalidClient { by_header }))
            }
        }
    }

    /// Seals a secret that signatures have to be checked with (`client_secret_jwt`).
    pub fn seal_client_secret(&self, client: &ClientId, secret: &str) -> String {
        self.client_sealing().seal(client.as_str(), secret.as_bytes())
    }

    /// Checks the proof; the inner error is a word for the log.
    async fn check_offer(&self, offer: &Offer, known: &ClientWithSecrets) -> Result<Result<(), &'static str>, TokenError> {
        let client = &known.client;
        if client.is_disabled() {
            return Ok(Err("disabled"));
        }
        let is_right = match (client.metadata.authentication, offer) {
            (ClientAuthentication::ClientSecretBasic, Offer::Basic(secret))
            | (ClientAuthentication::ClientSecretPost, Offer::Post(secret)) => is_known(secret, known.secrets_at(self.clock.now())),
            (ClientAuthentication::PrivateKeyJwt | ClientAuthentication::ClientSecretJwt, Offer::Assertion(token)) => {
                self.is_signed_by(token, known).await?
            }
            (ClientAuthentication::None, Offer::Nothing) => true,
            _ => return Ok(Err("method")),
        };
        Ok(if is_right { Ok(()) } else { Err("wrong") })
    }

    /// Tells whether an assertion is the client's, for us, of now, and new (RFC 7523 §3).
    async fn is_signed_by(&self, token: &str, known: &ClientWithSecrets) -> Result<bool, TokenError> {
        let Some(claims) = self.open_claims(token, known) else { return Ok(false) };
        let id = known.client.id.as_str();
        if claims.iss != id || claims.sub != id || !self.is_for_us(&claims.aud) || claims.jti.is_empty() || !self.is_now(&claims) {
            return Ok(false);
        }
        let Some(ends_at) = DateTime::from_timestamp(claims.exp, 0) else { return Ok(false) };
        // A mark of its own kind: no assertion of a grant takes its place, nor the reverse (security.md TK-10).
        let mark = hash_token(&format!("client-assertion {id} {}", claims.jti));
        Ok(self.store.spend(&mark, ends_at + LEEWAY + LEEWAY).await?)
    }

    /// Reads the claims, if the client's own keys or secrets signed them with its own algorithm.
    fn open_claims(&self, token: &str, known: &ClientWithSecrets) -> Option<AboutItself> {
        let metadata = &known.client.metadata;
        let algorithm = metadata.assertion_algorithm?;
        if algorithm != AssertionAlgorithm::Hs256 {
            return assertion::verify(token, metadata.jwks.as_ref()?, algorithm);
        }
        let sealed = known.secrets_at(self.clock.now()).filter_map(|secret| secret.sealed.as_deref());
        let mut opened = sealed.filter_map(|sealed| self.client_sealing().open(known.client.id.as_str(), sealed));
        opened.find_map(|secret| assertion::verify_with_secret(token, &secret))
    }

    /// Tells whether an assertion is meant for this issuer: by its identifier, or the
    /// address of an endpoint where clients authenticate.
    fn is_for_us(&self, audience: &Audience) -> bool {
        let identifier = self.identifier();
        audience.is_only(|audience| {
            audience == identifier || ["/oauth/token", "/oauth/par"].iter().any(|path| audience.strip_prefix(&identifier) == Some(path))
        })
    }

    fn is_now(&self, claims: &AboutItself) -> bool {
        let now = self.clock.now();
        let latest = (now + MAX_LIFE + LEEWAY).timestamp();
        let has_begun = |at: Option<i64>| at.is_none_or(|at| at <= (now + LEEWAY).timestamp());
        claims.exp > (now - LEEWAY).timestamp() && claims.exp <= latest && has_begun(claims.nbf) && has_begun(claims.iat)
    }

    /// Counts a wrong try; says how long to wait if there were too many.
    async fn count_refusal(&self, client: &ClientId) -> Result<Option<TokenError>, TokenError> {
        let counter = self.counter("client", client, self.config.throttle.per_address);
        Ok(self.count(counter).await?.map(TokenError::Throttled))
    }

    fn client_sealing(&self) -> SealingKey {
        SealingKey::new(&hmac_sha256(&self.throttle, SEALING_LABEL))
    }
}

/// Reads who a request claims to come from, and its one proof; `None` if it says so nowhere.
fn read(authorization: Option<&str>, form: &Parameters) -> Result<Option<Claim>, TokenError> {
    const TWO_WAYS: TokenError = TokenError::InvalidRequest("there is more than one way of client authentication");
    let (secret, token) = (form.get("client_secret"), form.get("client_assertion"));
    let ways = usize::from(authorization.is_some()) + usize::from(secret.is_some()) + usize::from(token.is_some());
    if ways > 1 {
        return Err(TWO_WAYS);
    }
    let (id, offer) = match (authorization, token, secret) {
        (Some(header), _, _) => match read_basic(header) {
            Some((id, secret)) => (Some(id), Offer::Basic(secret)),
            None => return Ok(None),
        },
        (_, Some(token), _) => {
            if form.get("client_assertion_type") != Some(ASSERTION_TYPE) {
                return Err(TokenError::InvalidRequest("client_assertion_type is missing or unknown"));
            }
            (assertion::subject_of(token), Offer::Assertion(token.to_owned()))
        }
        (_, _, Some(secret)) => (form.get("client_id").map(ToOwned::to_owned), Offer::Post(secret.to_owned())),
        _ => (form.get("client_id").map(ToOwned::to_owned), Offer::Nothing),
    };
    // A client that names itself twice must mean itself both times (RFC 7521 §4.2).
    if form.get("client_id").is_some_and(|named| id.as_deref().is_some_and(|id| id != named)) {
        return Err(TokenError::InvalidRequest("client_id is not the client that authenticates"));
    }
    Ok(id.and_then(|id| ClientId::parse(&id)).map(|id| Claim { id, offer }))
}

/// Reads `Basic`; both halves are form-encoded before they are joined (RFC 6749 §2.3.1).
fn read_basic(header: &str) -> Option<(String, String)> {
    let (scheme, credentials) = header.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("Basic") {
        return None;
    }
    let decoded = STANDARD.decode(credentials.trim_start()).ok()?;
    let at = decoded.iter().position(|byte| *byte == b':')?;
    let half = |bytes: &[u8]| parameters::decode(bytes).ok();
    Some((half(&decoded[..at])?, half(&decoded[at + 1..])?))
}

/// Compares with every secret that works, in constant time.
fn is_known<'a>(secret: &str, secrets: impl Iterator<Item = &'a ClientSecret>) -> bool {
    let hash = hash_token(secret);
    let found = secrets.map(|known| known.hash.as_bytes().ct_eq(hash.as_bytes()));
    found.fold(subtle::Choice::from(0), |any, this| any | this).into()
}

#[cfg(test)]
mod tests;
