//! What an ID Token must say (OIDC Core §3.1.3.7), each defect under a name of its own.
//!
//! The signature was verified before ([`super::jws`]). The crate's own verifier
//! is not used for the claims: it has no leeway, cannot tell a missing nonce from
//! a wrong one, skips `azp`, and stumbles over odd types in claims nobody needs.

use chrono::{DateTime, Utc};
use openidconnect::{AccessToken, AccessTokenHash, AuthorizationCode, AuthorizationCodeHash};
use serde_json::{Map, Value};
use subtle::ConstantTimeEq as _;

use super::error::Fault;
use super::jws::Verified;
use crate::domain::identity::Subject;

/// How far two clocks may be apart, in seconds.
const LEEWAY_SECS: f64 = 60.0;
/// How long ago a token may have been issued that was fetched just now, in seconds.
const MAX_AGE_SECS: f64 = 3600.0;

/// What the token is compared with.
pub(super) struct Expected<'a> {
    pub issuer: &'a str,
    /// Other spellings of the issuer.
    pub issuer_aliases: &'a [String],
    pub client_id: &'a str,
    pub nonce: &'a str,
    /// Whether the nonce may be missing; a wrong one is refused all the same.
    pub is_nonce_optional: bool,
    pub code: &'a str,
    pub access_token: &'a str,
    /// How long ago the person may have signed in there, in seconds.
    pub max_age_secs: Option<u64>,
    pub now: DateTime<Utc>,
}

/// Checks every claim that decides, and returns whom the token is about.
///
/// # Errors
///
/// The [`Fault`] of the first claim that is wrong.
pub(super) fn check(token: &Verified, expected: &Expected<'_>) -> Result<Subject, Fault> {
    let is_alias = |issuer: &Value| expected.issuer_aliases.iter().any(|alias| issuer == alias);
    if !token.claims.get("iss").is_some_and(is_alias) {
        check_issuer(&token.claims, expected.issuer)?;
    }
    check_audience(&token.claims, expected.client_id)?;
    check_times(&token.claims, expected.now)?;
    check_sign_in_time(&token.claims, expected)?;
    check_nonce(&token.claims, expected)?;
    check_hashes(token, expected)?;
    read_subject(&token.claims)
}

/// Reads who it is; anything but usable text is nobody (security.md SO-06).
///
/// # Errors
///
/// [`Fault::SubjectMissing`].
pub(super) fn read_subject(claims: &Map<String, Value>) -> Result<Subject, Fault> {
    claims.get("sub").and_then(Value::as_str).and_then(Subject::parse).ok_or(Fault::SubjectMissing)
}

/// Compares the issuer byte for byte.
///
/// # Errors
///
/// [`Fault::Malformed`] without one, [`Fault::IssuerMismatch`] for another.
pub(super) fn check_issuer(claims: &Map<String, Value>, issuer: &str) -> Result<(), Fault> {
    match claims.get("iss").and_then(Value::as_str) {
        Some(found) if found == issuer => Ok(()),
        Some(_) => Err(Fault::IssuerMismatch),
        None => Err(Fault::Malformed),
    }
}

/// Wants us as the audience and nobody else: whoever else could use the token could pass as the person.
///
/// # Errors
///
/// [`Fault::Malformed`] without one, [`Fault::AudienceMismatch`] for another.
pub(super) fn check_audience(claims: &Map<String, Value>, client_id: &str) -> Result<(), Fault> {
    let audiences = match claims.get("aud") {
        Some(Value::Array(audiences)) if !audiences.is_empty() => audiences.as_slice(),
        Some(audience @ Value::String(_)) => std::slice::from_ref(audience),
        _ => return Err(Fault::Malformed),
    };
    let is_ours = audiences.iter().all(|audience| audience == client_id);
    let is_ours_alone = claims.get("azp").is_none_or(|party| party.is_null() || party == client_id);
    if is_ours && is_ours_alone { Ok(()) } else { Err(Fault::AudienceMismatch) }
}

fn check_times(claims: &Map<String, Value>, now: DateTime<Utc>) -> Result<(), Fault> {
    #[expect(clippy::cast_precision_loss, reason = "exact for 285,000 years")]
    let now = now.timestamp_millis() as f64 / 1000.0;
    let expires_at = claims.get("exp").and_then(Value::as_f64).ok_or(Fault::Malformed)?;
    let issued_at = claims.get("iat").and_then(Value::as_f64).ok_or(Fault::Malformed)?;
    let valid_from = match claims.get("nbf") {
        None | Some(Value::Null) => issued_at,
        Some(at) => at.as_f64().ok_or(Fault::Malformed)?,
    };
    if now >= expires_at + LEEWAY_SECS || now > issued_at + MAX_AGE_SECS + LEEWAY_SECS {
        return Err(Fault::Expired);
    }
    if issued_at.max(valid_from) > now + LEEWAY_SECS { Err(Fault::FromFuture) } else { Ok(()) }
}

/// Wants `auth_time` where `max_age` was sent (OIDC Core §3.1.3.7, 13).
fn check_sign_in_time(claims: &Map<String, Value>, expected: &Expected<'_>) -> Result<(), Fault> {
    let Some(max_age) = expected.max_age_secs else { return Ok(()) };
    let signed_in_at = claims.get("auth_time").and_then(Value::as_f64).ok_or(Fault::Malformed)?;
    #[expect(clippy::cast_precision_loss, reason = "exact for 285,000 years")]
    let oldest = expected.now.timestamp() as f64 - max_age as f64 - LEEWAY_SECS;
    if signed_in_at < oldest { Err(Fault::Expired) } else { Ok(()) }
}

fn check_nonce(claims: &Map<String, Value>, expected: &Expected<'_>) -> Result<(), Fault> {
    match claims.get("nonce") {
        None | Some(Value::Null) if expected.is_nonce_optional => Ok(()),
        None | Some(Value::Null) => Err(Fault::NonceMissing),
        Some(Value::String(found)) if bool::from(found.as_bytes().ct_eq(expected.nonce.as_bytes())) => Ok(()),
        Some(_) => Err(Fault::NonceMismatch),
    }
}

/// Compares `at_hash` and `c_hash` where they are present (OIDC Core §3.1.3.6, §3.3.2.11).
fn check_hashes(token: &Verified, expected: &Expected<'_>) -> Result<(), Fault> {
    let access_token = AccessToken::new(expected.access_token.to_owned());
    let code = AuthorizationCode::new(expected.code.to_owned());
    let at_hash = || AccessTokenHash::from_token(&access_token, &token.algorithm, &token.key).ok().map(|hash| hash.to_string());
    let c_hash = || AuthorizationCodeHash::from_code(&code, &token.algorithm, &token.key).ok().map(|hash| hash.to_string());
    check_hash(token.claims.get("at_hash"), at_hash)?;
    check_hash(token.claims.get("c_hash"), c_hash)
}

fn check_hash(found: Option<&Value>, expected: impl Fn() -> Option<String>) -> Result<(), Fault> {
    match found {
        None | Some(Value::Null) => Ok(()),
        Some(Value::String(found)) if expected().as_ref() == Some(found) => Ok(()),
        Some(_) => Err(Fault::HashMismatch),
    }
}
