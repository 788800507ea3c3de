//! Talking to upstream identity providers: discovery, keys, tokens, profiles.
//!
//! This module says *what broke* ([`ProviderError`]); what that means for the
//! person is [`crate::signin::classify`]'s. It knows neither cookies nor the store.

pub mod error;
pub mod profile;

use std::time::Instant;

use url::Url;

pub use error::{Endpoint, Fault, ProviderError};
pub use profile::Profile;

use crate::clock::Clock;
use crate::config::{ConfigError, HttpConfig, ProviderConfig};
use crate::domain::identity::ProviderId;
use crate::domain::language::Language;

/// The configured and enabled providers, in the order of their buttons.
pub struct Providers {
    // part provider
    _private: Vec<Provider>,
}

impl Providers {
    /// Builds every enabled provider; makes no call (security.md DP-02).
    ///
    /// # Errors
    ///
    /// [`ConfigError`] for an unknown preset or a missing value.
    pub fn new(_providers: &[ProviderConfig], _http: &HttpConfig, _clock: Clock) -> Result<Self, ConfigError> {
        todo!("part provider")
    }

    /// Finds an enabled provider by its name.
    pub fn find(&self, _id: &str) -> Option<&Provider> {
        todo!("part provider")
    }

    /// Returns every enabled provider.
    pub fn iter(&self) -> impl Iterator<Item = &Provider> {
        self._private.iter()
    }
}

/// One provider: its settings, and what is cached of its metadata.
pub struct Provider {
    /// The name in URLs, logs and tables.
    pub id: ProviderId,
    /// What its button says.
    pub name: String,
    /// Which mark its button shows: the name of a file in `static/marks`.
    pub mark: String,
    /// Whether its "verified" counts as proof of an address.
    pub trusts_email: bool,
}

/// What an authorization request is made of.
#[derive(Clone, Debug)]
pub struct AuthorizationRequest<'a> {
    /// Our redirect address.
    pub redirect_uri: &'a str,
    /// The attempt's state.
    pub state: &'a str,
    /// The attempt's nonce.
    pub nonce: &'a str,
    /// The attempt's verifier; its S256 challenge is sent (RFC 7636 §4.2).
    pub code_verifier: &'a str,
    /// The person's language, for `ui_locales`.
    pub language: Language,
}

/// What a code is exchanged with.
#[derive(Clone, Debug)]
pub struct CodeExchange<'a> {
    /// The code.
    pub code: &'a str,
    /// The attempt's verifier.
    pub code_verifier: &'a str,
    /// The attempt's nonce.
    pub nonce: &'a str,
    /// Our redirect address.
    pub redirect_uri: &'a str,
    /// When all calls together must be done.
    pub deadline: Instant,
}

impl Provider {
    /// Builds the address to send the browser to (OIDC Core §3.1.2.1).
    ///
    /// # Errors
    ///
    /// [`ProviderError`] of the discovery endpoint.
    pub async fn authorization_url(&self, _request: &AuthorizationRequest<'_>) -> Result<Url, ProviderError> {
        todo!("part provider")
    }

    /// Checks the `iss` of an authorization response (RFC 9207 §2.4).
    ///
    /// # Errors
    ///
    /// [`Fault::IssuerMismatch`] or [`Fault::IssuerMissing`]; a fault of the discovery endpoint.
    pub async fn check_response_issuer(&self, _iss: Option<&str>) -> Result<(), ProviderError> {
        todo!("part provider")
    }

    /// Exchanges a code and reads who the person is; the tokens are thrown away.
    ///
    /// The code is sent once and never again. ID Token, nonce, hashes and the
    /// subject of userinfo are checked (OIDC Core §3.1.3.7, §5.3.2).
    ///
    /// # Errors
    ///
    /// [`ProviderError`] with the endpoint and what broke.
    pub async fn identify(&self, _exchange: &CodeExchange<'_>) -> Result<Profile, ProviderError> {
        todo!("part provider")
    }
}
