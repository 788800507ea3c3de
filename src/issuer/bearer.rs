//! Reading an access token that somebody presents (RFC 6750), and whether it counts.
//!
//! The token says whose it is; the store says whether that still holds: client and user
//! enabled, the family there, the token itself not revoked. A store that does not answer
//! never means yes (security.md TK-13). What was checked is remembered for a moment, and
//! forgotten at once when something ends here.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::Issuer;
use super::access_token::{AccessClaims, TYP};
use super::dpop::{Offered, ProofFault, Unproven};
use crate::domain::client::ClientId;
use crate::domain::ids::{FamilyId, UserId};
use crate::domain::user::User;
use crate::keys::{Purpose, jws};
use crate::remembered::Remembered;
use crate::secret::hash_token;
use crate::store::StoreError;
use crate::store::access_tokens::TokenName;

/// The longest token that is looked at, in bytes; the largest of ours has about 2,000.
const MAX_TOKEN_BYTES: usize = 8 * 1_024;

/// A token as somebody sends it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presented<'a> {
    /// As it is (RFC 6750 §2).
    Bearer(&'a str),
    /// With a proof of the key that it is bound to (RFC 9449 §7.1).
    Dpop(&'a str, Offered<'a>),
}

impl<'a> Presented<'a> {
    /// Returns the token itself.
    pub(super) fn token(self) -> &'a str {
        match self {
            Self::Bearer(token) | Self::Dpop(token, _) => token,
        }
    }
}

/// A token that counts.
#[derive(Clone, Debug)]
pub struct Bearer {
    /// What it says.
    pub claims: AccessClaims,
    /// Who gave it; nobody if its client acts on its own.
    pub user: Option<User>,
}

/// Why a token does not count.
#[derive(Debug, thiserror::Error)]
pub enum BearerFault {
    /// It is none of ours, or no access token (RFC 6750 §3.1, `invalid_token`).
    #[error("the token is none of ours")]
    Unknown,
    /// Its time is over.
    #[error("the token has expired")]
    Expired,
    /// It was revoked, or its client or user is no longer here.
    #[error("the token has been revoked")]
    Revoked,
    /// It is bound to a key, and came without a proof (RFC 9449 §7.2).
    #[error("the token is bound to a key: send it with the scheme DPoP and a proof")]
    Bound,
    /// It is bound to a key, and came through a proxy, which cannot say for sure what its proof has to be for.
    #[error("a token that is bound to a key cannot be checked behind a proxy")]
    BehindProxy,
    /// It is bound to no key, and came as if it were.
    #[error("the token is bound to no key: send it with the scheme Bearer")]
    Unbound,
    /// It is bound to a key, and somebody has proven another.
    #[error("the token is bound to another key than that of the DPoP proof")]
    OtherKey,
    /// The proof that came with it does not count.
    #[error(transparent)]
    Proof(#[from] ProofFault),
    /// Nobody can say right now.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<Unproven> for BearerFault {
    fn from(why: Unproven) -> Self {
        match why {
            Unproven::Fault(fault) => Self::Proof(fault),
            Unproven::Store(error) => Self::Store(error),
        }
    }
}

/// A token that was read, whether it counts or not.
#[derive(Clone, Debug)]
pub(super) struct Read {
    pub claims: AccessClaims,
    /// What it is revoked by.
    pub name: TokenName,
}

impl Issuer {
    /// Reads a token that somebody wants to use, and checks that it counts and that they
    /// have the key that it is bound to. Whom it is for is the caller's to look at.
    ///
    /// # Errors
    ///
    /// [`BearerFault`].
    pub async fn read_bearer(&self, presented: Presented<'_>) -> Result<Arc<Bearer>, BearerFault> {
        let (token, offered) = match presented {
            Presented::Bearer(token) => (token, None),
            Presented::Dpop(token, offered) => (token, Some(offered)),
        };
        let bearer = self.find_bearer(token).await?;
        match (bearer.claims.key(), offered) {
            (None, None) => Ok(bearer),
            // Or whoever steals a token would just leave the proof out (RFC 9449 §7.2).
            (Some(_), None) => Err(BearerFault::Bound),
            (None, Some(_)) => Err(BearerFault::Unbound),
            (Some(key), Some(offered)) => {
                let proven = self.prove(offered, Some(token), &bearer.claims.client_id).await?;
                if proven == *key { Ok(bearer) } else { Err(BearerFault::OtherKey) }
            }
        }
    }

    /// Reads a token and checks that it counts, whoever has it: for who asks about it, and does not use it.
    pub(super) async fn find_bearer(&self, token: &str) -> Result<Arc<Bearer>, BearerFault> {
        if let Some(bearer) = self.bearers.find(token) {
            return Ok(bearer);
        }
        // Before anything is read: an opaque token that is taken back meanwhile is not remembered.
        let reading = self.bearers.begin_reading();
        let read = self.read_access_token(token).await?.ok_or(BearerFault::Unknown)?;
        let now = self.clock.now();
        if read.claims.exp <= now.timestamp() {
            return Err(BearerFault::Expired);
        }
        let claims = read.claims;
        let user = match claims.family {
            Some(_) => Some(claims.sub.parse::<UserId>().map_err(|_| BearerFault::Unknown)?),
            None => None,
        };
        let holder = (claims.client_id.clone(), claims.family.zip(user));
        let standing = self.store.find_standing(holder, read.name, now).await?.ok_or(BearerFault::Revoked)?;
        let ends_at = DateTime::<Utc>::from_timestamp(claims.exp, 0).unwrap_or(now);
        let bearer = Arc::new(Bearer { claims, user: standing.user });
        self.bearers.remember(token, &bearer, ends_at, reading);
        Ok(bearer)
    }

    /// Reads what an access token of ours says, whether it still counts or not; `None` for anything else.
    pub(super) async fn read_access_token(&self, token: &str) -> Result<Option<Read>, StoreError> {
        if token.len() > MAX_TOKEN_BYTES {
            return Ok(None);
        }
        let read = if token.contains('.') {
            let claims = jws::read::<AccessClaims>(&self.keys, &Purpose::OF_ISSUER, TYP, token).await?;
            claims.map(|claims| Read { name: TokenName::Signed(hash_token(&claims.jti)), claims })
        } else {
            let hash = hash_token(token);
            let stored = self.store.find_access_token(&hash).await?;
            let claims = stored.map(|text| serde_json::from_str(&text).map_err(|_| StoreError::BrokenRow("access token"))).transpose()?;
            claims.map(|claims| Read { claims, name: TokenName::Opaque(hash) })
        };
        Ok(read.filter(|read| read.claims.iss == self.identifier()))
    }

    /// Forgets what was checked of a family that has ended.
    pub fn forget_family(&self, family: FamilyId) {
        self.bearers.forget_if(|bearer| bearer.claims.family == Some(family));
    }

    /// Forgets a client that has changed, and what was checked of its tokens.
    pub fn forget_client(&self, client: &ClientId) {
        self.clients.forget_if(|known| known.client.id == *client);
        self.bearers.forget_if(|bearer| bearer.claims.client_id == *client);
    }
}

/// Forgets what was checked of the tokens of a user who has changed or was signed out, or of everybody's.
pub fn forget(bearers: &Remembered<Bearer>, user: Option<UserId>) {
    bearers.forget_if(|bearer| bearer.user.as_ref().is_some_and(|own| user.is_none_or(|user| own.id == user)));
}
