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
use super::refusal;
use super::request;
use crate::domain::identity::Subject;

/// Fetches the claims about `subject`.
///
/// # Errors
///
/// [`ProviderError`] of the profile endpoint; [`Fault::SubjectMismatch`] for somebody else (security.md SO-07).
pub(super) async fn fetch(
    http: &Http,
    url: &Url,
    access_token: &SecretString,
    subject: &Subject,
    deadline: Instant,
) -> Result<Map<String, Value>, ProviderError> {
    let bearer = request::bearer(access_token.expose_secret()).ok_or_else(|| ProviderError::new(Endpoint::Token, Fault::Malformed))?;
    let request = request::get(url, Some(bearer));
    http.get(Endpoint::Profile, request, deadline, |answer| read(answer, subject)).await
}

fn read(answer: &Answer, subject: &Subject) -> Result<Map<String, Value>, ProviderError> {
    let body = Body::read(answer);
    if let Some((fault, code)) = find_fault(answer, &body) {
        return Err(ProviderError { code, ..answer.error(Endpoint::Profile, fault) });
    }
    let fault = match body {
        _ if is_token(answer) => Fault::Malformed,
        Body::Object(claims) => match id_token::read_subject(&claims) {
            Ok(found) if found == *subject => return Ok(claims),
            Ok(_) => Fault::SubjectMismatch,
            Err(fault) => fault,
        },
        Body::OtherJson => Fault::Malformed,
        Body::Text | Body::Empty => Fault::Unreadable,
    };
    Err(answer.error(Endpoint::Profile, fault))
}

/// Names what is wrong with an answer that is a refusal: steps 7, 8 and 15 of the table in the corpus.
fn find_fault(answer: &Answer, body: &Body) -> Option<(Fault, Option<String>)> {
    let refusal = refusal::find(answer, body);
    let fault = match (answer.status.as_u16(), &refusal) {
        (429, _) => Fault::RateLimited,
        (500.., _) => Fault::ServerError,
        (403, _) if has_no_quota(answer) => Fault::RateLimited,
        (200..=299, None) => return None,
        _ => Fault::Refused,
    };
    Some((fault, refusal.map(|refusal| refusal.code)))
}

/// Tells the headers of a quota that is used up.
fn has_no_quota(answer: &Answer) -> bool {
    let is_zero = |name: &str| answer.header(name).is_some_and(|left| left.trim() == "0");
    is_zero("x-ratelimit-remaining") || is_zero("ratelimit-remaining") || answer.headers.contains_key(header::RETRY_AFTER)
}

/// Tells a signed or encrypted profile, which we did not ask for and do not take.
fn is_token(answer: &Answer) -> bool {
    answer.header(header::CONTENT_TYPE.as_str()).is_some_and(|kind| kind.to_ascii_lowercase().starts_with("application/jwt"))
}

#[cfg(test)]
mod tests;
