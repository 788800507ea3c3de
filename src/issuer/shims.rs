//! Stands in for the neighbours until they arrive.
#![allow(missing_docs, clippy::all, clippy::pedantic)]
use std::time::Duration;

use chrono::{DateTime, Utc};
use secrecy::SecretString;
use serde_json::{Map, Value, json};

use super::Issuer;
use super::error::TokenError;
use super::parameters::Parameters;
use crate::domain::client::{AccessTokenFormat, Client, ClientId, IdTokenAlgorithm};
use crate::domain::ids::{FamilyId, SessionId, UserId};
use crate::domain::scope::Scopes;
use crate::domain::user::User;
use crate::store::StoreError;

pub struct NewAccessToken<'a> {
    pub client_id: &'a ClientId,
    pub format: AccessTokenFormat,
    pub user: Option<UserId>,
    pub family: Option<FamilyId>,
    pub scope: &'a Scopes,
    pub audience: &'a str,
    pub sign_in: Option<&'a SignInFacts>,
    pub userinfo_claims: &'a [String],
    pub lifetime: Duration,
}
pub struct SignInFacts {
    pub auth_time: DateTime<Utc>,
    pub acr: Option<String>,
    pub amr: Vec<String>,
    pub session: Option<SessionId>,
}
pub struct Minted {
    pub token: SecretString,
    pub expires_in_secs: u64,
}
pub struct NewIdToken<'a> {
    pub client_id: &'a ClientId,
    pub algorithm: IdTokenAlgorithm,
    pub user: &'a User,
    pub sign_in: &'a SignInFacts,
    pub nonce: Option<&'a str>,
    pub access_token: Option<&'a str>,
    pub code: Option<&'a str>,
    pub extra: Map<String, Value>,
    pub lifetime: Duration,
}
pub struct HintedId {
    pub user: UserId,
    pub client_id: ClientId,
    pub session: Option<SessionId>,
}
impl Issuer {
    pub async fn mint_access_token(&self, new: NewAccessToken<'_>) -> Result<Minted, StoreError> {
        let key = self.keys.signing(crate::keys::Purpose::Es256).await?;
        let claims = json!({"iss": self.identifier(), "sub": new.user.map(|u| u.to_string()).unwrap_or_else(|| new.client_id.to_string()), "scope": new.scope.to_string(), "client_id": new.client_id.to_string(), "jti": crate::random::token()});
        Ok(Minted { token: crate::keys::jws::sign(&key, "at+jwt", &claims).into(), expires_in_secs: new.lifetime.as_secs() })
    }
    pub async fn mint_id_token(&self, new: NewIdToken<'_>) -> Result<String, StoreError> {
        let key = self.keys.signing(crate::keys::Purpose::Rs256).await?;
        let claims = json!({"iss": self.identifier(), "sub": new.user.id.to_string(), "aud": new.client_id.to_string(), "nonce": new.nonce, "sid": new.sign_in.session.map(|s| s.to_string())});
        Ok(crate::keys::jws::sign(&key, "JWT", &claims))
    }
    pub async fn read_id_token_hint(&self, token: &str) -> Option<HintedId> {
        let key = self.keys.signing(crate::keys::Purpose::Rs256).await.ok()?;
        let claims: Value = crate::keys::jws::verify(&key, token)?;
        Some(HintedId {
            user: claims["sub"].as_str()?.parse().ok()?,
            client_id: claims["aud"].as_str()?.parse().ok()?,
            session: claims["sid"].as_str().and_then(|s| s.parse().ok()),
        })
    }
    pub fn forget_family(&self, _: FamilyId) {}
    pub fn claims_named(&self, _: &User, _: &[&str]) -> Map<String, Value> {
        Map::new()
    }
}
