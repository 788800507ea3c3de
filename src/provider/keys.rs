//! A provider's signing keys (RFC 7517 §5), kept and fetched anew when a token names one that is not among them.

use std::time::Instant;

use openidconnect::core::CoreJsonWebKeySet;
use serde_json::Value;
use url::Url;

use super::body::Body;
use super::discovery::check_status;
use super::error::{Endpoint, Fault, ProviderError};
use super::http::{Answer, Http};
use super::request;

/// Fetches the key set.
///
/// # Errors
///
/// [`ProviderError`] of the key endpoint; an empty set is [`Fault::Unreadable`].
pub(super) async fn fetch(http: &Http, url: &Url, deadline: Instant) -> Result<CoreJsonWebKeySet, ProviderError> {
    http.get(Endpoint::Keys, request::get(url, None), deadline, read).await
}

/// Reads a key set; keys of unknown kinds in it are passed over (RFC 7517 §5).
fn read(answer: &Answer) -> Result<CoreJsonWebKeySet, ProviderError> {
    check_status(answer, Endpoint::Keys)?;
    let keys = match Body::read(answer) {
        Body::Object(document) => serde_json::from_value::<CoreJsonWebKeySet>(Value::Object(document)).ok(),
        Body::OtherJson | Body::Text | Body::Empty => None,
    };
    keys.filter(|keys| !keys.keys().is_empty()).ok_or_else(|| answer.error(Endpoint::Keys, Fault::Unreadable))
}
