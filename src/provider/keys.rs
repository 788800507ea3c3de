//! A provider's signing keys (RFC 7517 §5), kept and fetched anew when a token names one that is not among them.

use std::collections::HashMap;
use std::time::Instant;

use openidconnect::JsonWebKey as _;
use openidconnect::core::{CoreJsonWebKey, CoreJsonWebKeySet};
use serde_json::Value;

use super::body::Body;
use super::discovery::check_status;
use super::error::{Endpoint, Fault, ProviderError};
use super::http::{Answer, Http};
use super::metadata::Metadata;
use super::request;

/// The keys, and whose each is where the set says so.
pub(super) struct KeySet {
    pub keys: CoreJsonWebKeySet,
    /// By key id; Microsoft publishes the keys of several issuers in one set.
    issuers: HashMap<String, String>,
}

impl KeySet {
    /// Finds the issuer that a key is said to belong to.
    pub fn issuer_of(&self, key: &CoreJsonWebKey) -> Option<&str> {
        self.issuers.get(key.key_id()?.as_str()).map(String::as_str)
    }
}

/// Fetches the key set.
///
/// # Errors
///
/// [`ProviderError`] of the key endpoint; an empty set is [`Fault::Unreadable`].
pub(super) async fn fetch(http: &Http, metadata: &Metadata, deadline: Instant) -> Result<KeySet, ProviderError> {
    let url = metadata.jwks_uri.as_ref().ok_or_else(|| ProviderError::new(Endpoint::Discovery, Fault::Invalid))?;
    http.get(Endpoint::Keys, request::get(url, None), deadline, read).await
}

/// Reads a key set; keys of unknown kinds in it are passed over (RFC 7517 §5).
pub(super) fn read(answer: &Answer) -> Result<KeySet, ProviderError> {
    check_status(answer, Endpoint::Keys)?;
    let Body::Object(document) = Body::read(answer) else { return Err(answer.error(Endpoint::Keys, Fault::Unreadable)) };
    let issuers = document.get("keys").and_then(Value::as_array).into_iter().flatten().filter_map(read_issuer).collect();
    let keys = serde_json::from_value::<CoreJsonWebKeySet>(Value::Object(document)).ok();
    let keys = keys.filter(|keys| !keys.keys().is_empty()).ok_or_else(|| answer.error(Endpoint::Keys, Fault::Unreadable))?;
    Ok(KeySet { keys, issuers })
}

fn read_issuer(key: &Value) -> Option<(String, String)> {
    let text = |name: &str| key.get(name).and_then(Value::as_str).map(str::to_owned);
    Some((text("kid")?, text("issuer")?))
}
