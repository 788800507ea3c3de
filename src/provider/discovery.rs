//! The discovery document (OIDC Discovery §4): fetched when it is first needed, never at start.

use std::time::Instant;

use serde_json::{Map, Value};

use super::body::Body;
use super::error::{Endpoint, Fault, ProviderError};
use super::http::{Answer, Http};
use super::metadata::Metadata;
use super::request;
use super::settings::Settings;

/// Fetches the document and reads it.
///
/// # Errors
///
/// [`ProviderError`] of the discovery endpoint.
pub(super) async fn fetch(http: &Http, settings: &Settings, deadline: Instant) -> Result<Metadata, ProviderError> {
    let url = settings.discovery_url.as_ref().ok_or_else(|| ProviderError::new(Endpoint::Discovery, Fault::Invalid))?;
    http.get(Endpoint::Discovery, request::get(url, None), deadline, |answer| read(settings, answer)).await
}

pub(super) fn read(settings: &Settings, answer: &Answer) -> Result<Metadata, ProviderError> {
    Metadata::discovered(settings, &read_document(answer)?).map_err(|_| answer.error(Endpoint::Discovery, Fault::Invalid))
}

/// Reads the document itself; what it says is not looked at.
///
/// # Errors
///
/// [`ProviderError`] of the discovery endpoint.
pub(super) fn read_document(answer: &Answer) -> Result<Map<String, Value>, ProviderError> {
    check_status(answer, Endpoint::Discovery)?;
    match Body::read(answer) {
        Body::Object(document) => Ok(document),
        Body::Array(_) | Body::OtherJson => Err(answer.error(Endpoint::Discovery, Fault::Invalid)),
        Body::Text | Body::Empty => Err(answer.error(Endpoint::Discovery, Fault::Unreadable)),
    }
}

/// Lets only success pass: steps 7, 8 and 21 of the table in the corpus.
///
/// # Errors
///
/// [`Fault::RateLimited`], [`Fault::ServerError`] or [`Fault::Refused`].
pub(super) fn check_status(answer: &Answer, endpoint: Endpoint) -> Result<(), ProviderError> {
    match answer.status.as_u16() {
        200..=299 => Ok(()),
        429 => Err(answer.error(endpoint, Fault::RateLimited)),
        500.. => Err(answer.error(endpoint, Fault::ServerError)),
        _ => Err(answer.error(endpoint, Fault::Refused)),
    }
}
