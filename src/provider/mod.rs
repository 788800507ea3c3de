//! Talking to upstream identity providers: discovery, keys, tokens, profiles.
//!
//! This module says *what broke* ([`ProviderError`]); what that means for the
//! person is [`crate::signin::classify`]'s. It knows neither cookies nor the store.
//!
//! ```text
//! settings (preset + configuration) ─▶ metadata (discovery, cached) ─▶ authorization address
//! code ─▶ token ─┬▶ oidc: jws (keys, cached) ─▶ id_token ─▶ userinfo, if needed ─▶ profile
//!                └▶ oauth2: userinfo, more calls if the preset names them ─────▶ profile
//! kept refresh token ─▶ token::refresh ─▶ newer tokens
//! any refusal ─▶ dialect: the provider's own words, else the general rules
//! ```

mod address;
mod authorization;
mod body;
mod cache;
mod check;
mod claims;
mod client_secret;
mod dialect;
mod discovery;
pub mod error;
#[cfg(feature = "fuzzing")]
pub(crate) mod fuzz;
mod http;
mod id_token;
mod jws;
mod keys;
pub mod latency;
mod metadata;
mod oauth2;
mod oidc;
pub mod outbound;
mod path;
mod preset;
mod probe;
pub mod profile;
mod refusal;
mod request;
mod settings;
mod skew;
mod template;
mod token;
mod token_set;
pub mod trace;
mod transport;
mod userinfo;
mod wording;

use std::collections::HashSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

pub use authorization::AuthorizationAnswer;
pub use check::{CheckStep, Checked, Finding};
pub use error::{Endpoint, Fault, ProviderError};
pub use http::build_client;
pub use probe::Probed;
pub use profile::Profile;
pub use token_set::TokenSet;

use crate::clock::Clock;
use crate::config::{ConfigError, HttpConfig, ProviderConfig};
use crate::domain::identity::ProviderId;
use crate::domain::language::Language;
use cache::{Cache, Timing};
use http::Http;
use keys::KeySet;
use metadata::Metadata;
use settings::Settings;

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
        Self::with_timing(providers, http, clock, Timing::default())
    }

    fn with_timing(providers: &[ProviderConfig], http: &HttpConfig, clock: Clock, timing: Timing) -> Result<Self, ConfigError> {
        let client = http::build_client(http)?;
        let (patience, max_calls) = (Duration::from_secs(http.total_timeout_secs), http.max_calls_per_provider);
        let build = move |settings: Settings| {
            let http = Http::new(client.clone(), settings.id.as_str(), clock.clone(), max_calls);
            Provider::new(settings, http, clock.clone(), patience, timing)
        };
        let mut seen = HashSet::new();
        let mut all = Vec::new();
        for config in providers {
            if !seen.insert(&config.id) {
                return Err(settings::used_twice(config));
            }
            if config.enabled {
                all.push(build(Settings::resolve(config)?));
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
    /// Whether its tokens are kept; otherwise they are thrown away when the person is known.
    pub keeps_tokens: bool,
    settings: Arc<Settings>,
    http: Http,
    clock: Clock,
    /// For calls that come with no deadline of their own.
    patience: Duration,
    metadata: Cache<Metadata>,
    keys: Cache<KeySet>,
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
    /// Whether an earlier attempt of this browser did not come back.
    pub is_retry: bool,
}

/// What came of a code.
#[derive(Clone, Debug)]
pub struct Identified {
    /// Who the person is.
    pub profile: Profile,
    /// The tokens, where they are kept; else they are gone by now (security.md SO-15).
    pub tokens: Option<TokenSet>,
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
    /// Tells whether answers were asked for as forms (OAuth 2.0 Form Post Response Mode).
    pub fn wants_form(&self) -> bool {
        self.settings.response_mode == Some(preset::ResponseMode::FormPost)
    }

    fn new(settings: Settings, http: Http, clock: Clock, patience: Duration, timing: Timing) -> Self {
        Self {
            id: settings.id.clone(),
            name: settings.name.clone(),
            mark: settings.mark.clone(),
            trusts_email: settings.trusts_email,
            required_scopes: settings.required_scopes.clone(),
            keeps_tokens: settings.keeps_tokens,
            settings: Arc::new(settings),
            http,
            clock,
            patience,
            metadata: Cache::new(Endpoint::Discovery, timing),
            keys: Cache::new(Endpoint::Keys, timing),
        }
    }
}

#[cfg(test)]
mod tests;
