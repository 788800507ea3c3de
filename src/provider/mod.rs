//! Talking to upstream identity providers: discovery, keys, tokens, profiles.
//!
//! This module says *what broke* ([`ProviderError`]); what that means for the
//! person is [`crate::signin::classify`]'s. It knows neither cookies nor the store.
//!
//! ```text
//! settings (preset + configuration) ─▶ metadata (discovery, cached) ─▶ authorization address
//! code ─▶ token ─▶ jws (keys, cached) ─▶ id_token ─▶ userinfo, if needed ─▶ profile
//! ```

mod address;
mod body;
mod cache;
mod check;
mod claims;
mod discovery;
pub mod error;
mod http;
mod id_token;
mod jws;
mod keys;
mod metadata;
mod preset;
pub mod profile;
mod refusal;
mod request;
mod settings;
mod token;
mod transport;
mod userinfo;

use std::collections::HashSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use openidconnect::core::CoreJsonWebKeySet;
use secrecy::ExposeSecret as _;
use url::Url;

pub use check::CheckStep;
pub use error::{Endpoint, Fault, ProviderError};
pub use profile::Profile;

use crate::clock::Clock;
use crate::config::{ConfigError, HttpConfig, ProviderConfig};
use crate::domain::identity::{Identity, ProviderId};
use crate::domain::language::Language;
use crate::secret;
use cache::{Cache, Timing};
use http::Http;
use id_token::Expected;
use jws::Verified;
use metadata::Metadata;
use settings::Settings;
use token::Tokens;

/// The configured and enabled providers, in the order of their buttons.
pub struct Providers {
    all: Vec<Provider>,
}

impl Providers {
    /// Builds every enabled provider; makes no call (security.md DP-02).
    ///
    /// # Errors
    ///
    /// [`ConfigError`] for an unknown preset, a missing or refused value, or a name that is used twice.
    pub fn new(providers: &[ProviderConfig], http: &HttpConfig, clock: Clock) -> Result<Self, ConfigError> {
        Self::with_timing(providers, http, &clock, Timing::default())
    }

    fn with_timing(providers: &[ProviderConfig], http: &HttpConfig, clock: &Clock, timing: Timing) -> Result<Self, ConfigError> {
        let client = http::build_client(http)?;
        let patience = Duration::from_secs(http.total_timeout_secs);
        let mut seen = HashSet::new();
        let mut all = Vec::new();
        for config in providers {
            if !seen.insert(&config.id) {
                return Err(settings::used_twice(config));
            }
            if config.enabled {
                let settings = Settings::resolve(config)?;
                let http = Http::new(client.clone(), settings.id.as_str());
                all.push(Provider::new(settings, http, clock.clone(), patience, timing));
            }
        }
        Ok(Self { all })
    }

    /// Finds an enabled provider by its name.
    pub fn find(&self, id: &str) -> Option<&Provider> {
        self.all.iter().find(|provider| provider.id.as_str() == id)
    }

    /// Returns every enabled provider.
    pub fn iter(&self) -> impl Iterator<Item = &Provider> {
        self.all.iter()
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
    /// The scopes without which nobody gets in.
    pub required_scopes: Vec<String>,
    settings: Settings,
    http: Http,
    clock: Clock,
    /// For calls that come with no deadline of their own.
    patience: Duration,
    metadata: Cache<Metadata>,
    keys: Cache<CoreJsonWebKeySet>,
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
    fn new(settings: Settings, http: Http, clock: Clock, patience: Duration, timing: Timing) -> Self {
        Self {
            id: settings.id.clone(),
            name: settings.name.clone(),
            mark: settings.mark.clone(),
            trusts_email: settings.trusts_email,
            required_scopes: settings.required_scopes.clone(),
            settings,
            http,
            clock,
            patience,
            metadata: Cache::new(Endpoint::Discovery, timing),
            keys: Cache::new(Endpoint::Keys, timing),
        }
    }

    /// Builds the address to send the browser to (OIDC Core §3.1.2.1).
    ///
    /// # Errors
    ///
    /// [`ProviderError`] of the discovery endpoint.
    pub async fn authorization_url(&self, request: &AuthorizationRequest<'_>) -> Result<Url, ProviderError> {
        let metadata = self.metadata(Instant::now() + self.patience).await?;
        let mut url = metadata.authorization_endpoint.clone();
        let challenge = URL_SAFE_NO_PAD.encode(secret::sha256(request.code_verifier.as_bytes()));
        url.query_pairs_mut()
            .append_pair("response_type", "code")
            .append_pair("client_id", &self.settings.client_id)
            .append_pair("redirect_uri", request.redirect_uri)
            .append_pair("scope", &self.settings.scopes.join(" "))
            .append_pair("state", request.state)
            .append_pair("nonce", request.nonce)
            .append_pair("code_challenge", &challenge)
            .append_pair("code_challenge_method", "S256")
            .append_pair("ui_locales", request.language.tag())
            .extend_pairs(&self.settings.authorization_parameters);
        Ok(url)
    }

    /// Checks the `iss` of an authorization response (RFC 9207 §2.4).
    ///
    /// # Errors
    ///
    /// [`Fault::IssuerMismatch`] or [`Fault::IssuerMissing`]; a fault of the discovery endpoint.
    pub async fn check_response_issuer(&self, iss: Option<&str>) -> Result<(), ProviderError> {
        let fault = match iss {
            Some(iss) if iss == self.settings.issuer => return Ok(()),
            Some(_) => Fault::IssuerMismatch,
            None if self.metadata(Instant::now() + self.patience).await?.has_response_issuer => Fault::IssuerMissing,
            None => return Ok(()),
        };
        Err(ProviderError::new(Endpoint::Authorization, fault))
    }

    /// Exchanges a code and reads who the person is; the tokens are thrown away.
    ///
    /// The code is sent once and never again. ID Token, nonce, hashes and the
    /// subject of userinfo are checked (OIDC Core §3.1.3.7, §5.3.2).
    ///
    /// # Errors
    ///
    /// [`ProviderError`] with the endpoint and what broke.
    pub async fn identify(&self, exchange: &CodeExchange<'_>) -> Result<Profile, ProviderError> {
        let metadata = self.metadata(exchange.deadline).await?;
        let tokens = token::exchange(&self.http, &self.settings, &metadata, exchange).await?;
        let token = self.verify(&metadata, &tokens, exchange.deadline).await?;
        let subject = id_token::check(&token, &self.expect(&tokens, exchange)).map_err(of_id_token)?;
        let mut sources = vec![token.claims];
        if let Some(url) = metadata.userinfo_endpoint.as_ref().filter(|_| claims::is_incomplete(&sources[0])) {
            sources.push(userinfo::fetch(&self.http, url, &tokens.access_token, &subject, exchange.deadline).await?);
        }
        let identity = Identity { provider: self.id.clone(), issuer: self.settings.issuer.clone(), subject };
        Ok(claims::build_profile(identity, &sources.iter().collect::<Vec<_>>(), tokens.scopes))
    }

    fn expect<'a>(&'a self, tokens: &'a Tokens, exchange: &CodeExchange<'a>) -> Expected<'a> {
        Expected {
            issuer: &self.settings.issuer,
            client_id: &self.settings.client_id,
            nonce: exchange.nonce,
            code: exchange.code,
            access_token: tokens.access_token.expose_secret(),
            now: self.clock.now(),
        }
    }

    /// Verifies the ID Token's signature, with keys fetched anew if those at hand do not do (OIDC Core §10.1.1).
    async fn verify(&self, metadata: &Metadata, tokens: &Tokens, deadline: Instant) -> Result<Verified, ProviderError> {
        let token = tokens.id_token.expose_secret();
        let keys = self.keys(metadata, deadline).await?;
        let fault = match jws::verify(token, &keys, &metadata.algorithms) {
            Ok(token) => return Ok(token),
            Err(fault @ (Fault::KeyUnknown | Fault::SignatureInvalid)) => fault,
            Err(fault) => return Err(of_id_token(fault)),
        };
        let fetch = keys::fetch(&self.http, &metadata.jwks_uri, deadline);
        let newer = self.keys.refetch(&keys, deadline, fetch).await.ok_or_else(|| of_id_token(fault))?;
        jws::verify(token, &newer, &metadata.algorithms).map_err(of_id_token)
    }

    async fn metadata(&self, deadline: Instant) -> Result<Arc<Metadata>, ProviderError> {
        let fetch = async {
            match Metadata::configured(&self.settings) {
                Some(metadata) => Ok(metadata),
                None => discovery::fetch(&self.http, &self.settings, deadline).await,
            }
        };
        self.metadata.get(deadline, fetch).await
    }

    async fn keys(&self, metadata: &Metadata, deadline: Instant) -> Result<Arc<CoreJsonWebKeySet>, ProviderError> {
        self.keys.get(deadline, keys::fetch(&self.http, &metadata.jwks_uri, deadline)).await
    }
}

fn of_id_token(fault: Fault) -> ProviderError {
    ProviderError::new(Endpoint::IdToken, fault)
}

#[cfg(test)]
mod tests;
