//! Stands in for the clients' part until it arrives.
#![allow(missing_docs, clippy::all, clippy::pedantic)]
use super::Issuer;
use super::error::TokenError;
use super::parameters::Parameters;
use crate::domain::client::{Client, ClientId};

impl Issuer {
    pub async fn authenticate_client(&self, authorization: Option<&str>, form: &Parameters) -> Result<Client, TokenError> {
        use base64::Engine as _;
        let basic = authorization
            .and_then(|h| h.strip_prefix("Basic "))
            .and_then(|b| base64::engine::general_purpose::STANDARD.decode(b).ok())
            .and_then(|b| String::from_utf8(b).ok());
        let (id, secret) = match basic.as_deref().and_then(|b| b.split_once(':')) {
            Some((id, secret)) => (id.to_owned(), Some(secret.to_owned())),
            None => (form.get("client_id").unwrap_or_default().to_owned(), form.get("client_secret").map(str::to_owned)),
        };
        let fault = || TokenError::InvalidClient { by_header: authorization.is_some() };
        let id = ClientId::parse(&id).ok_or_else(fault)?;
        let found = self.store.find_client_with_secrets(&id, self.clock.now()).await?.ok_or_else(fault)?;
        let is_known = match secret {
            None => found.client.is_public(),
            Some(secret) => found.secrets.iter().any(|known| known.hash == crate::secret::hash_token(&secret)),
        };
        if is_known && !found.client.is_disabled() { Ok(found.client) } else { Err(fault()) }
    }
}
pub mod assertion {
    use crate::domain::client::AssertionAlgorithm;
    use serde::de::DeserializeOwned;
    pub fn issuer_of(_: &str) -> Option<String> {
        None
    }
    pub fn verify<T: DeserializeOwned>(_: &str, _: &serde_json::Value, _: AssertionAlgorithm) -> Option<T> {
        None
    }
}
