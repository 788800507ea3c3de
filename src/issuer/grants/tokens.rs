//! Making what a grant has decided: lifetimes, access token, refresh token, ID Token.

use std::time::Duration;

use chrono::{DateTime, SubsecRound as _, TimeDelta, Utc};
use secrecy::{ExposeSecret as _, SecretString};

use crate::domain::client::{Client, Grant};
use crate::domain::ids::{FamilyId, UserId};
use crate::domain::scope::{Scope, Scopes};
use crate::domain::thumbprint::Thumbprint;
use crate::domain::user::User;
use crate::issuer::Issuer;
use crate::issuer::access_token::{Minted, NewAccessToken};
use crate::issuer::authorize::claims::ClaimsRequest;
use crate::issuer::dpop::ProofFault;
use crate::issuer::error::TokenError;
use crate::issuer::facts::SignInFacts;
use crate::issuer::grants::{TokenAnswer, TokenType};
use crate::issuer::id_token::NewIdToken;
use crate::issuer::person;
use crate::random;
use crate::secret::hash_token;
use crate::store::families::Family;
use crate::store::refresh_tokens::{Issue, NewRefreshToken};

const CLOSED: TokenError = TokenError::InvalidGrant("the account is closed");

/// What is to be made.
pub(super) struct Order<'a> {
    /// For whom.
    pub client: &'a Client,
    /// What it hangs on.
    pub family: &'a Family,
    /// What it is good for; at most what the family is.
    pub scopes: Scopes,
    /// What the ID Token repeats.
    pub nonce: Option<&'a str>,
    /// What the access token is bound to.
    pub key: Option<&'a Thumbprint>,
    /// Whether a refresh token belongs to it.
    pub is_renewable: bool,
    /// Until when the family holds.
    pub family_until: DateTime<Utc>,
}

impl Issuer {
    /// Makes tokens, and what has to be written before they may leave.
    ///
    /// # Errors
    ///
    /// [`TokenError::InvalidGrant`] if the user is gone or disabled (security.md TK-14);
    /// [`TokenError::Store`].
    pub(super) async fn make_tokens(&self, order: Order<'_>) -> Result<(TokenAnswer, Issue), TokenError> {
        let user = self.store.find_user(order.family.user_id).await?.ok_or(CLOSED)?;
        self.make_tokens_of(&user, order).await
    }

    /// Makes tokens of a user who was found with the family.
    ///
    /// # Errors
    ///
    /// As [`Issuer::make_tokens`].
    pub(super) async fn make_tokens_of(&self, user: &User, order: Order<'_>) -> Result<(TokenAnswer, Issue), TokenError> {
        if user.is_disabled {
            return Err(CLOSED);
        }
        let now = self.clock.now().trunc_subsecs(0);
        let access = self.make_access_token(&order, now).await?;
        let refresh = order.is_renewable.then(random::token);
        let id_token = match facts(order.family).filter(|_| order.scopes.contains(Scope::OPENID)) {
            Some(facts) => Some(self.make_id_token(&order, user, &facts, access.token.expose_secret()).await?),
            None => None,
        };
        let idle_until = now + seconds(self.config.issuer.refresh_idle_secs);
        let issue = Issue {
            access: access.row,
            refresh: refresh
                .as_deref()
                .map(|token| NewRefreshToken { token_hash: hash_token(token), expires_at: idle_until.min(order.family_until) }),
            consent: None,
            now,
            family_until: order.family_until,
            key: bound_to(order.client, order.key).or(order.family.key.as_ref()).cloned(),
        };
        let (access_token, expires_in_secs) = (access.token, access.expires_in_secs);
        let (refresh_token, id_token) = (refresh.map(SecretString::from), id_token.map(SecretString::from));
        let token_type = TokenType::of(order.key);
        Ok((TokenAnswer { access_token, token_type, expires_in_secs, refresh_token, id_token, scopes: order.scopes }, issue))
    }

    async fn make_access_token(&self, order: &Order<'_>, now: DateTime<Utc>) -> Result<Minted, TokenError> {
        let claims = order.family.claims.as_deref().and_then(ClaimsRequest::parse);
        let left = (order.family_until - now).to_std().unwrap_or_default();
        let (facts, audience) = (facts(order.family), self.audience(order.client));
        let names = claims.map(|claims| claims.userinfo_names()).unwrap_or_default();
        let names: Vec<String> = names.into_iter().filter(|name| person::is_open(name, &order.client.metadata.scopes)).collect();
        let minted = self.mint_access_token(NewAccessToken {
            client_id: &order.client.id,
            format: order.client.metadata.access_token_format,
            algorithm: order.client.metadata.access_token_algorithm,
            user: Some(order.family.user_id),
            key: order.key,
            family: Some(order.family.id),
            scope: &order.scopes,
            audience: &audience,
            sign_in: facts.as_ref(),
            userinfo_claims: &names,
            lifetime: self.access_token_ttl(order.client).min(left),
        });
        Ok(minted.await?)
    }

    async fn make_id_token(&self, order: &Order<'_>, user: &User, sign_in: &SignInFacts, access_token: &str) -> Result<String, TokenError> {
        let claims = order.family.claims.as_deref().and_then(ClaimsRequest::parse);
        let names = claims.iter().flat_map(ClaimsRequest::id_token_names);
        let names: Vec<&str> = names.filter(|name| person::is_open(name, &order.client.metadata.scopes)).collect();
        let token = self.mint_id_token(NewIdToken {
            client_id: &order.client.id,
            algorithm: order.client.metadata.id_token_algorithm,
            user,
            sign_in,
            nonce: order.nonce,
            access_token: Some(access_token),
            code: None,
            extra: self.claims_of_id_token(user, &order.scopes, &names).await?,
            lifetime: Duration::from_secs(self.config.issuer.id_token_ttl_secs),
        });
        Ok(token.await?)
    }

    /// Makes a family that begins at the token endpoint and hangs on no session.
    pub(super) fn new_family(&self, client: &Client, user: UserId, grant: Grant, scopes: Scopes) -> Family {
        let now = self.clock.now().trunc_subsecs(0);
        Family {
            id: FamilyId::new(&self.clock),
            client_id: client.id.clone(),
            user_id: user,
            session: None,
            sid: None,
            grant_type: grant,
            scopes,
            auth_time: None,
            method: None,
            claims: None,
            key: None,
            created_at: now,
            expires_at: self.family_end(client, now, client.allows_grant(Grant::RefreshToken)),
        }
    }

    /// Returns when a family ends that begins now.
    pub(super) fn family_end(&self, client: &Client, now: DateTime<Utc>, is_renewable: bool) -> DateTime<Utc> {
        let most = client.metadata.refresh_token_ttl_secs.map_or(self.config.issuer.refresh_ttl_secs, u64::from);
        let access = self.access_token_ttl(client).as_secs();
        now + seconds(if is_renewable { most.max(access) } else { access })
    }

    /// Returns how long an access token of a client is good for.
    pub(super) fn access_token_ttl(&self, client: &Client) -> Duration {
        Duration::from_secs(client.metadata.access_token_ttl_secs.map_or(self.config.issuer.access_token_ttl_secs, u64::from))
    }

    /// Returns the API that a client's access tokens are for (RFC 9068 §3).
    pub(super) fn audience(&self, client: &Client) -> String {
        client.metadata.audience.clone().unwrap_or_else(|| self.identifier())
    }
}

/// Returns the key that the refresh tokens of a client are bound to: of one that proves who
/// it is otherwise, they need none (RFC 9449 §5).
pub(super) fn bound_to<'a>(client: &Client, key: Option<&'a Thumbprint>) -> Option<&'a Thumbprint> {
    key.filter(|_| client.is_public())
}

/// Checks that a request has proven the key that a code or a refresh token is bound to (RFC 9449 §5, §10).
pub(super) fn check_key(bound: Option<&Thumbprint>, proven: Option<&Thumbprint>) -> Result<(), TokenError> {
    match (bound, proven) {
        (None, _) => Ok(()),
        (Some(_), None) => Err(ProofFault::Missing.into()),
        (Some(bound), Some(proven)) if bound == proven => Ok(()),
        (Some(_), Some(_)) => Err(TokenError::InvalidGrant("this is bound to another key than that of the DPoP proof")),
    }
}

/// Returns what is known of the sign-in behind a family.
fn facts(family: &Family) -> Option<SignInFacts> {
    let is_password = family.method.as_deref() == Some("password");
    let amr = is_password.then(|| "pwd".to_owned()).into_iter().collect();
    family.auth_time.map(|auth_time| SignInFacts { auth_time, acr: None, amr, session: family.sid })
}

fn seconds(count: u64) -> TimeDelta {
    TimeDelta::try_seconds(i64::try_from(count).unwrap_or(i64::MAX)).unwrap_or(TimeDelta::weeks(5_200))
}
