//! ID Tokens: what a client learns about a sign-in (OIDC Core §2), and the word that it is over.
//!
//! Their `typ` and audience keep them from being taken for access tokens (security.md TK-08).

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::Issuer;
use super::facts::SignInFacts;
use crate::domain::client::{Client, ClientId, SigningAlgorithm};
use crate::domain::ids::{SessionId, UserId};
use crate::domain::user::User;
use crate::keys::{LONGEST_ISSUED, Purpose, jws};
use crate::random;
use crate::secret::sha256;
use crate::store::StoreError;

/// What the header of an ID Token says of its kind.
const TYP: &str = "JWT";
/// The same of a logout token (Back-Channel Logout §2.4).
const LOGOUT_TYP: &str = "logout+jwt";
/// How long a logout token is good for, in seconds (Back-Channel Logout §2.4 recommends two minutes).
const LOGOUT_SECS: i64 = 120;

/// An ID Token to be made.
#[derive(Clone)]
pub struct NewIdToken<'a> {
    /// Who reads it.
    pub client_id: &'a ClientId,
    /// How it is signed.
    pub algorithm: SigningAlgorithm,
    /// Who it is about.
    pub user: &'a User,
    /// The sign-in behind it.
    pub sign_in: &'a SignInFacts,
    /// What the client sent along.
    pub nonce: Option<&'a str>,
    /// The access token that comes with it.
    pub access_token: Option<&'a str>,
    /// The code that comes with it.
    pub code: Option<&'a str>,
    /// What was asked for by name; never in the place of a claim of the protocol.
    pub extra: Map<String, Value>,
    /// How long it is good for; a day at most.
    pub lifetime: Duration,
}

/// What an ID Token of ours says (OIDC Core §2).
#[derive(Serialize)]
struct IdClaims<'a> {
    iss: &'a str,
    sub: UserId,
    aud: &'a ClientId,
    azp: &'a ClientId,
    iat: i64,
    exp: i64,
    auth_time: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    nonce: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    acr: Option<&'a str>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    amr: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    sid: Option<SessionId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    at_hash: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    c_hash: Option<String>,
    #[serde(flatten)]
    extra: Map<String, Value>,
}

/// Names that belong to the protocol; what is asked for by name never takes their place.
const PROTOCOL: [&str; 12] = ["iss", "sub", "aud", "azp", "iat", "exp", "auth_time", "nonce", "acr", "amr", "sid", "at_hash"];

/// Whom an ID Token that came back names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HintedId {
    /// Who it is about.
    pub user: UserId,
    /// Whom it was for.
    pub client_id: ClientId,
    /// Their session.
    pub session: Option<SessionId>,
}

#[derive(Deserialize)]
struct HintClaims {
    iss: String,
    sub: UserId,
    aud: ClientId,
    sid: Option<SessionId>,
}

impl Issuer {
    /// Makes an ID Token.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if there is no key to sign with.
    pub async fn mint_id_token(&self, new: NewIdToken<'_>) -> Result<String, StoreError> {
        let (issuer, now) = (self.identifier(), self.clock.now().timestamp());
        let key = self.keys.signing(new.algorithm.into()).await?;
        let mut extra = new.extra;
        extra.retain(|name, _| !PROTOCOL.contains(&name.as_str()) && name != "c_hash");
        let claims = IdClaims {
            iss: &issuer,
            sub: new.user.id,
            aud: new.client_id,
            azp: new.client_id,
            iat: now,
            exp: now.saturating_add(i64::try_from(new.lifetime.min(LONGEST_ISSUED).as_secs()).unwrap_or(0)),
            auth_time: new.sign_in.auth_time.timestamp(),
            nonce: new.nonce,
            acr: new.sign_in.acr.as_deref(),
            amr: &new.sign_in.amr,
            sid: new.sign_in.session,
            at_hash: new.access_token.map(half_hash),
            c_hash: new.code.map(half_hash),
            extra,
        };
        Ok(jws::sign(&key, TYP, &claims))
    }

    /// Makes the token that tells a client that a session has ended (Back-Channel Logout §2.4).
    ///
    /// # Errors
    ///
    /// [`StoreError`] if there is no key to sign with.
    pub async fn mint_logout_token(&self, client: &Client, user: UserId, session: SessionId) -> Result<String, StoreError> {
        let now = self.clock.now().timestamp();
        let key = self.keys.signing(client.metadata.id_token_algorithm.into()).await?;
        let claims = json!({
            "iss": self.identifier(), "aud": client.id, "sub": user, "sid": session, "iat": now, "exp": now + LOGOUT_SECS,
            "jti": random::token(), "events": { "http://schemas.openid.net/event/backchannel-logout": {} },
        });
        Ok(jws::sign(&key, LOGOUT_TYP, &claims))
    }

    /// Reads an ID Token of ours that came back, expired or not (OIDC Core §3.1.2.1, RP-Initiated Logout §2);
    /// `None` for anything else.
    pub async fn read_id_token_hint(&self, token: &str) -> Option<HintedId> {
        // A hint that cannot be checked now is no hint.
        let claims: HintClaims = jws::read(&self.keys, &Purpose::OF_ISSUER, TYP, token).await.ok()??;
        (claims.iss == self.identifier()).then_some(HintedId { user: claims.sub, client_id: claims.aud, session: claims.sid })
    }
}

/// Returns the left half of the hash; both of our algorithms hash with SHA-256 (OIDC Core §3.1.3.6).
fn half_hash(token: &str) -> String {
    URL_SAFE_NO_PAD.encode(&sha256(token.as_bytes())[..16])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_of_an_access_token_is_the_one_of_the_standard() {
        // OIDC Core §A.3, A.4.
        assert_eq!(half_hash("jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y"), "77QmUPtjPfzWtF2AnpK9RQ");
        assert_eq!(half_hash("Qcb0Orv1zh30vL1MPRsbm-diHiMwcLyZvn1arpZv-Jxf_11jnpEX3Tgfvk"), "LDktKdoQak3Pk0cnXxCltA");
    }
}
