//! Access tokens: what they say, and how they are made (RFC 9068).
//!
//! A signed one says everything itself, and making it writes nothing. An opaque one is a
//! row with the same claims in it, named by the hash of the token. Both count only as long
//! as what they hang on: the client, the user, the family ([`super::bearer`]).

use std::time::Duration;

use secrecy::SecretString;
use serde::{Deserialize, Serialize};

use super::Issuer;
use super::facts::SignInFacts;
use crate::domain::client::{AccessTokenFormat, ClientId, SigningAlgorithm};
use crate::domain::ids::{FamilyId, UserId};
use crate::domain::scope::{Scope, Scopes};
use crate::domain::thumbprint::Thumbprint;
use crate::keys::{LONGEST_ISSUED, jws};
use crate::random;
use crate::secret::hash_token;
use crate::store::StoreError;
use crate::store::access_tokens::OpaqueToken;

/// What the header says of its kind (RFC 9068 §2.1): nothing else that we sign has it.
pub(super) const TYP: &str = "at+jwt";

/// An access token to be made.
#[derive(Clone, Copy, Debug)]
pub struct NewAccessToken<'a> {
    /// Whose token it is.
    pub client_id: &'a ClientId,
    /// What it looks like.
    pub format: AccessTokenFormat,
    /// How it is signed, if it is.
    pub algorithm: SigningAlgorithm,
    /// Who gave it; nobody if the client acts on its own.
    pub user: Option<UserId>,
    /// What its holder has to have.
    pub key: Option<&'a Thumbprint>,
    /// What keeps it alive; nothing but its client if that acts on its own.
    pub family: Option<FamilyId>,
    /// What it lets its holder do.
    pub scope: &'a Scopes,
    /// The API that it is for.
    pub audience: &'a str,
    /// The sign-in behind it.
    pub sign_in: Option<&'a SignInFacts>,
    /// What was asked for at userinfo by name (OIDC Core §5.5).
    pub userinfo_claims: &'a [String],
    /// How long it is good for; a day at most.
    pub lifetime: Duration,
}

/// A token that was made.
#[derive(Clone, Debug)]
pub struct Minted {
    /// The token.
    pub token: SecretString,
    /// How long it is good for, in seconds (RFC 6749 §5.1).
    pub expires_in_secs: u64,
    /// What has to be stored before it may leave; nothing of a signed one.
    pub row: Option<OpaqueToken>,
}

/// What an access token says (RFC 9068 §2.2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessClaims {
    /// Who made it: us.
    pub iss: String,
    /// The API that it is for, and we too where it opens userinfo.
    pub aud: Audience,
    /// Who it is about: the user, or the client itself.
    pub sub: String,
    /// Whose token it is.
    pub client_id: ClientId,
    /// What it lets its holder do.
    pub scope: Scopes,
    /// When it was made, in seconds since the epoch.
    pub iat: i64,
    /// When it ends.
    pub exp: i64,
    /// Names it, for being revoked.
    pub jti: String,
    /// What its holder has to have.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cnf: Option<Confirmation>,
    /// When the user signed in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auth_time: Option<i64>,
    /// How strong that was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acr: Option<String>,
    /// By what means.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub amr: Vec<String>,
    /// What keeps it alive.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub family: Option<FamilyId>,
    /// What was asked for at userinfo by name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub userinfo: Vec<String>,
}

impl AccessClaims {
    /// Returns the key that its holder has to have.
    pub fn key(&self) -> Option<&Thumbprint> {
        self.cnf.as_ref().map(|confirmation| &confirmation.jkt)
    }
}

/// What a token is bound to (RFC 7800 §3.1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confirmation {
    /// The key of DPoP proofs (RFC 9449 §6.1).
    pub jkt: Thumbprint,
}

/// Whom a token is for: one as a text, several as a list (RFC 7519 §4.1.3).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Audience {
    /// One.
    One(String),
    /// Several.
    Several(Vec<String>),
}

impl Audience {
    /// Returns the API that it is for: the first; we stand behind it where it opens userinfo as well.
    pub fn api(&self) -> &str {
        match self {
            Self::One(own) => own,
            Self::Several(all) => all.first().map_or("", String::as_str),
        }
    }

    /// Tells whether somebody is among them.
    pub fn contains(&self, who: &str) -> bool {
        match self {
            Self::One(own) => own == who,
            Self::Several(all) => all.iter().any(|own| own == who),
        }
    }
}

impl Issuer {
    /// Makes an access token. The row of an opaque one is the caller's to store, together with
    /// what it is given for.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if there is no key to sign with.
    ///
    /// # Panics
    ///
    /// Never: claims of ours become JSON.
    pub async fn mint_access_token(&self, new: NewAccessToken<'_>) -> Result<Minted, StoreError> {
        let claims = self.claims_of(&new);
        let expires_in_secs = u64::try_from(claims.exp - claims.iat).unwrap_or(0);
        let (token, row) = match new.format {
            AccessTokenFormat::Jwt => (jws::sign(&*self.keys.signing(new.algorithm.into()).await?, TYP, &claims), None),
            AccessTokenFormat::Opaque => {
                let token = random::token();
                let row = OpaqueToken {
                    token_hash: hash_token(&token),
                    claims: serde_json::to_string(&claims).expect("claims of ours become JSON"),
                    expires_at: chrono::DateTime::from_timestamp(claims.exp, 0).unwrap_or(self.clock.now()),
                };
                (token, Some(row))
            }
        };
        Ok(Minted { token: token.into(), expires_in_secs, row })
    }

    fn claims_of(&self, new: &NewAccessToken<'_>) -> AccessClaims {
        let (issuer, now) = (self.identifier(), self.clock.now().timestamp());
        let lifetime = new.lifetime.min(LONGEST_ISSUED).as_secs();
        let is_for_userinfo = new.scope.contains(Scope::OPENID) && new.audience != issuer;
        let audience = new.audience.to_owned();
        AccessClaims {
            aud: if is_for_userinfo { Audience::Several(vec![audience, issuer.clone()]) } else { Audience::One(audience) },
            iss: issuer,
            sub: new.user.map_or_else(|| new.client_id.to_string(), |user| user.to_string()),
            client_id: new.client_id.clone(),
            scope: new.scope.clone(),
            iat: now,
            exp: now.saturating_add(i64::try_from(lifetime).unwrap_or(0)),
            jti: random::token(),
            cnf: new.key.map(|key| Confirmation { jkt: key.clone() }),
            auth_time: new.sign_in.map(|facts| facts.auth_time.timestamp()),
            acr: new.sign_in.and_then(|facts| facts.acr.clone()),
            amr: new.sign_in.map(|facts| facts.amr.clone()).unwrap_or_default(),
            family: new.family,
            userinfo: new.userinfo_claims.to_vec(),
        }
    }
}
