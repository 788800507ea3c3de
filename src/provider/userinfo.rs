//! The userinfo endpoint (OIDC Core §5.3): only asked for what the ID Token does not say.

use std::time::Instant;

use openidconnect::http::header;
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Map, Value};
use url::Url;

use super::body::Body;
use super::error::{Endpoint, Fault, ProviderError};
use super::http::{Answer, Http};
use super::id_token;
use super::refusal::{self, Refusal};
use super::request;
use super::wording;
use crate::domain::identity::Subject;

/// A profile as it came.
pub(super) enum Userinfo {
    /// As plain JSON.
    Plain(Map<String, Value>),
    /// As a token, still to be verified (OIDC Core §5.3.2).
    Signed(SecretString),
}

/// Fetches a profile.
///
/// # Errors
///
/// [`ProviderError`] of the profile endpoint.
pub(super) async fn fetch(http: &Http, url: &Url, access_token: &SecretString, deadline: Instant) -> Result<Userinfo, ProviderError> {
    let bearer = request::bearer(access_token.expose_secret()).ok_or_else(|| ProviderError::new(Endpoint::Token, Fault::Malformed))?;
    http.get(Endpoint::Profile, request::get(url, Some(bearer)), deadline, read).await
}

/// Checks that a profile is about `subject` and nobody else (security.md SO-07).
///
/// # Errors
///
/// [`Fault::SubjectMissing`] or [`Fault::SubjectMismatch`].
pub(super) fn check_subject(claims: &Map<String, Value>, subject: &Subject) -> Result<(), Fault> {
    if id_token::read_subject(claims)? == *subject { Ok(()) } else { Err(Fault::SubjectMismatch) }
}

/// Checks that a signed profile is of this issuer and for us, where it says so (OIDC Core §5.3.2).
///
/// # Errors
///
/// [`Fault::Malformed`].
pub(super) fn check_signed(claims: &Map<String, Value>, issuer: &str, client_id: &str) -> Result<(), Fault> {
    let is_issuer = !claims.contains_key("iss") || id_token::check_issuer(claims, issuer).is_ok();
    let is_audience = !claims.contains_key("aud") || id_token::check_audience(claims, client_id).is_ok();
    if is_issuer && is_audience { Ok(()) } else { Err(Fault::Malformed) }
}

fn read(answer: &Answer) -> Result<Userinfo, ProviderError> {
    let body = Body::read(answer);
    if let Some((fault, code)) = find_fault(answer, &body) {
        return Err(ProviderError { code, ..answer.error(Endpoint::Profile, fault) });
    }
    if is_token(answer) {
        let token = str::from_utf8(&answer.body).map_err(|_| answer.error(Endpoint::Profile, Fault::Malformed))?;
        return Ok(Userinfo::Signed(SecretString::from(token.trim())));
    }
    match body {
        Body::Object(claims) => Ok(Userinfo::Plain(claims)),
        Body::OtherJson => Err(answer.error(Endpoint::Profile, Fault::Malformed)),
        Body::Text | Body::Empty => Err(answer.error(Endpoint::Profile, Fault::Unreadable)),
    }
}

/// Names what is wrong with an answer that is a refusal: steps 7, 8 and 15 of the table in the corpus.
fn find_fault(answer: &Answer, body: &Body) -> Option<(Fault, Option<String>)> {
    let refusal = refusal::find(answer, body);
    let fault = match (answer.status.as_u16(), &refusal) {
        (429, _) => Fault::RateLimited,
        (500.., _) => Fault::ServerError,
        (403, _) if has_no_quota(answer) => Fault::RateLimited,
        (200..=299, None) => return None,
        (401, None) => Fault::AccessTokenRefused,
        (status, Some(refusal)) if is_about_token(status, refusal) => Fault::AccessTokenRefused,
        _ => Fault::Refused,
    };
    Some((fault, refusal.map(|refusal| refusal.code)))
}

/// Tells a refusal of the access token, which the next sign-in gets anew, from one of our client, which stays.
fn is_about_token(status: u16, refusal: &Refusal) -> bool {
    let is_said = refusal.code == "invalid_token" || wording::refuses_token(&refusal.text);
    (status == 401 || is_said) && !wording::names_client(&refusal.text)
}

/// Tells the headers of a quota that is used up.
fn has_no_quota(answer: &Answer) -> bool {
    let is_zero = |name: &str| answer.header(name).is_some_and(|left| left.trim() == "0");
    is_zero("x-ratelimit-remaining") || is_zero("ratelimit-remaining") || answer.headers.contains_key(header::RETRY_AFTER)
}

/// Tells a signed profile by its declared type.
fn is_token(answer: &Answer) -> bool {
    answer.header(header::CONTENT_TYPE.as_str()).is_some_and(|kind| kind.to_ascii_lowercase().starts_with("application/jwt"))
}
