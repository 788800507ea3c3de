//! `jwt-bearer`: a trusted issuer's signed word for a person (RFC 7523 §2.1; security.md TK-10).
//!
//! An operator has registered the issuer, its keys, its one algorithm and, one by one,
//! whom it means by which subject: so nobody has to sign in each time. An assertion counts
//! once, for minutes, and here alone; what a client proves itself with is another kind.

use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;

use super::{TokenAnswer, required, scopes_within};
use crate::domain::client::{Client, Grant, TrustedIssuer};
use crate::domain::scope::Scope;
use crate::domain::thumbprint::Thumbprint;
use crate::issuer::Issuer;
use crate::issuer::assertion::{self, Audience};
use crate::issuer::error::TokenError;
use crate::issuer::event::Event;
use crate::issuer::parameters::Parameters;
use crate::secret::hash_token;

/// How far in the future an assertion may end, and how long ago it may have been made.
const MAX_LIFE: TimeDelta = TimeDelta::minutes(5);
/// How much two clocks may differ.
const LEEWAY: TimeDelta = TimeDelta::seconds(60);
/// What is said of an assertion that does not count: one text for all.
const NO_GOOD: TokenError = TokenError::InvalidGrant("the assertion does not count");

/// The claims that an assertion has to have (RFC 7523 §3).
#[derive(Debug, Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    aud: Audience,
    exp: i64,
    iat: i64,
    nbf: Option<i64>,
    jti: String,
}

impl Issuer {
    /// Gives tokens for a person whom a trusted issuer vouches for.
    pub(super) async fn grant_by_assertion(
        &self,
        client: &Client,
        form: &Parameters,
        key: Option<&Thumbprint>,
    ) -> Result<TokenAnswer, TokenError> {
        let text = required(form, "assertion", "assertion is missing")?;
        let name = assertion::issuer_of(text).ok_or(NO_GOOD)?;
        let trusted = self.store.find_trusted_issuer(&name).await?.filter(|trusted| !trusted.is_disabled).ok_or(NO_GOOD)?;
        let claims: Claims = assertion::verify(text, &trusted.jwks, trusted.algorithm).ok_or(NO_GOOD)?;
        self.check(&claims, &trusted)?;
        // Nobody has signed in, so there is no ID Token to ask for, and nothing to renew (RFC 7521 §4.1).
        let own = trusted.scopes.intersection(&client.metadata.scopes).without(Scope::OFFLINE_ACCESS).without(Scope::OPENID);
        let scopes = scopes_within(form, &own)?.unwrap_or(own);
        let user = self.store.find_trusted_subject(trusted.id, &claims.sub).await?.ok_or(NO_GOOD)?;
        let spent_until = time(claims.exp)? + LEEWAY + LEEWAY;
        let mark = hash_token(&format!("jwt-bearer {} {}", claims.iss, claims.jti));
        // Before anything is issued: an assertion whose first use failed is not good for a second.
        if !self.store.spend(&mark, spent_until).await? {
            return Err(NO_GOOD);
        }
        let mut family = self.new_family(client, user, Grant::JwtBearer, scopes);
        family.expires_at = family.created_at + self.access_token_ttl(client);
        let answer = self.begin_family(client, &family, key, None).await?.ok_or(NO_GOOD)?;
        Event::new("tokens_issued", &client.id).grant(Grant::JwtBearer.short()).user(user).family(family.id).log();
        Ok(answer)
    }

    /// Checks what is claimed: for us, from them, now (RFC 7523 §3).
    fn check(&self, claims: &Claims, trusted: &TrustedIssuer) -> Result<(), TokenError> {
        let now = self.clock.now();
        let (identifier, endpoint) = (self.identifier(), format!("{}/oauth/token", self.identifier()));
        let is_for_us = claims.iss == trusted.issuer && claims.aud.is_only(|audience| audience == identifier || audience == endpoint);
        let (ends, made) = (time(claims.exp)?, time(claims.iat)?);
        let is_now = ends > now - LEEWAY && ends <= now + MAX_LIFE + LEEWAY && made <= now + LEEWAY && made >= now - MAX_LIFE - LEEWAY;
        let has_begun = claims.nbf.is_none_or(|nbf| nbf <= (now + LEEWAY).timestamp());
        if is_for_us && is_now && has_begun && !claims.jti.is_empty() { Ok(()) } else { Err(NO_GOOD) }
    }
}

fn time(seconds: i64) -> Result<DateTime<Utc>, TokenError> {
    DateTime::from_timestamp(seconds, 0).ok_or(NO_GOOD)
}
