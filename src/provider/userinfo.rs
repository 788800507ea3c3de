//! Profile endpoints: userinfo (OIDC Core §5.3), asked only for what the ID Token does not say, and plain OAuth 2.0's.

use std::time::Instant;

use openidconnect::http::header;
use secrecy::SecretString;
use serde_json::{Map, Value};
use url::Url;

use super::body::Body;
use super::dialect::{self, Place, Rule};
use super::error::{Endpoint, Fault, ProviderError};
use super::http::{Answer, Http};
use super::id_token;
use super::preset::ProfilePaths;
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

/// A call of a profile endpoint.
pub(super) struct Call<'a> {
    pub url: &'a Url,
    pub access_token: &'a SecretString,
    /// The query parameter that takes the token; absent: the header does (RFC 6750 §2.1).
    pub token_parameter: Option<&'a str>,
    /// More parameters.
    pub parameters: Vec<(String, String)>,
    /// More headers.
    pub headers: Vec<(String, String)>,
    /// The provider's own words.
    pub dialect: &'a [Rule],
}

/// Fetches a profile.
///
/// # Errors
///
/// [`ProviderError`] of the profile endpoint.
pub(super) async fn fetch(http: &Http, call: &Call<'_>, deadline: Instant) -> Result<Userinfo, ProviderError> {
    http.get(Endpoint::Profile, request::profile(call)?, deadline, |answer| read(answer, call.dialect)).await
}

/// Fetches what belongs to a profile: any JSON.
///
/// # Errors
///
/// [`ProviderError`] of the profile endpoint.
pub(super) async fn fetch_json(http: &Http, call: &Call<'_>, deadline: Instant) -> Result<Value, ProviderError> {
    let read = |answer: &Answer| match read_body(answer, call.dialect)? {
        Body::Object(object) => Ok(Value::Object(object)),
        Body::Array(list) => Ok(Value::Array(list)),
        body => Err(unusable(answer, &body)),
    };
    http.get(Endpoint::Profile, request::profile(call)?, deadline, read).await
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

/// Checks that a profile is about `subject` and nobody else (security.md SO-07); `claims` are the ID Token's.
///
/// # Errors
///
/// [`Fault::SubjectMissing`] or [`Fault::SubjectMismatch`].
pub(super) fn check_subject(
    profile: &Map<String, Value>,
    paths: &ProfilePaths,
    subject: &Subject,
    claims: &Map<String, Value>,
) -> Result<(), Fault> {
    let found = paths.subject.iter().find_map(|path| Subject::parse(path.find(profile)?.as_str()?)).ok_or(Fault::SubjectMissing)?;
    let is_same = |claim: &String| claims.get(claim).and_then(Value::as_str) == Some(found.as_str());
    if found == *subject || paths.same_as.iter().any(is_same) { Ok(()) } else { Err(Fault::SubjectMismatch) }
}

pub(super) fn read(answer: &Answer, rules: &[Rule]) -> Result<Userinfo, ProviderError> {
    let body = read_body(answer, rules)?;
    if is_token(answer) {
        let token = str::from_utf8(&answer.body).map_err(|_| answer.error(Endpoint::Profile, Fault::Malformed))?;
        return Ok(Userinfo::Signed(SecretString::from(token.trim())));
    }
    match body {
        Body::Object(claims) => Ok(Userinfo::Plain(claims)),
        body => Err(unusable(answer, &body)),
    }
}

/// Reads a body that is no refusal.
fn read_body(answer: &Answer, rules: &[Rule]) -> Result<Body, ProviderError> {
    let body = Body::read(answer);
    let refusal = refusal::find(answer, &body);
    let Some(fault) = find_fault(answer, refusal.as_ref()) else { return Ok(body) };
    let words = refusal.as_ref().map(Refusal::words).unwrap_or_default();
    let cause = dialect::find_cause(rules, Place::Profile, &words).map(str::to_owned);
    Err(ProviderError { cause, code: refusal.map(|refusal| refusal.code), ..answer.error(Endpoint::Profile, fault) })
}

fn unusable(answer: &Answer, body: &Body) -> ProviderError {
    let fault = match body {
        Body::Object(_) | Body::Array(_) | Body::OtherJson => Fault::Malformed,
        Body::Text | Body::Empty => Fault::Unreadable,
    };
    answer.error(Endpoint::Profile, fault)
}

/// Names what is wrong with an answer that is a refusal: steps 7, 8 and 15 of the table in the corpus.
fn find_fault(answer: &Answer, refusal: Option<&Refusal>) -> Option<Fault> {
    match (answer.status.as_u16(), refusal) {
        (429, _) => Some(Fault::RateLimited),
        (500.., _) => Some(Fault::ServerError),
        (403, _) if has_no_quota(answer) => Some(Fault::RateLimited),
        (200..=299, None) => None,
        (401, None) => Some(Fault::AccessTokenRefused),
        (status, Some(refusal)) if is_about_token(status, refusal) => Some(Fault::AccessTokenRefused),
        _ => Some(Fault::Refused),
    }
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
