//! One provider's settings: the preset, what the configuration overrides, and the checks at start.

use std::collections::BTreeMap;
use std::fmt;

use secrecy::{ExposeSecret as _, SecretString};
use url::Url;

use super::address;
use super::preset::{ClientAuthentication, Kind, Preset};
use crate::config::{ConfigError, ProviderConfig};
use crate::domain::identity::{MAX_ISSUER_BYTES, ProviderId};

/// What we know of a provider without asking it.
pub(super) struct Settings {
    pub id: ProviderId,
    pub name: String,
    pub mark: String,
    pub trusts_email: bool,
    pub required_scopes: Vec<String>,
    pub client_id: String,
    pub client_secret: Option<SecretString>,
    /// As configured, to the letter: it is compared byte for byte (OIDC Discovery §4.3).
    pub issuer: String,
    pub issuer_url: Url,
    pub discovery_url: Url,
    pub overrides: Overrides,
    pub scopes: Vec<String>,
    pub client_authentication: Option<ClientAuthentication>,
    pub authorization_parameters: BTreeMap<String, String>,
}

/// Endpoints that the configuration names instead of the discovery document.
#[derive(Clone, Debug, Default)]
pub(super) struct Overrides {
    pub authorization: Option<Url>,
    pub token: Option<Url>,
    pub userinfo: Option<Url>,
    pub jwks: Option<Url>,
    /// Whether a discovery document is configured beside them.
    pub has_discovery: bool,
}

impl Settings {
    /// Merges preset and configuration, and checks the whole.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] names the key, never its value.
    pub fn resolve(config: &ProviderConfig) -> Result<Self, ConfigError> {
        let at = |key: &str| Place { id: config.id.clone(), key: key.to_owned() };
        let id = ProviderId::parse(&config.id)
            .ok_or_else(|| at("id").refuse("is not a name for URLs", "use up to 32 of a-z, 0-9, - and _, beginning with a letter"))?;
        let preset = Preset::find(&config.preset).ok_or_else(|| unknown_preset(config))?;
        if config.keep_tokens {
            return Err(at("keep_tokens").refuse("is not supported: this version always throws provider tokens away", "remove the key"));
        }
        if config.client_id.is_empty() {
            return Err(at("client_id").refuse("is empty", "copy it from the provider's console"));
        }
        let (issuer, issuer_url) = resolve_issuer(config, &preset)?;
        check_endpoints(config)?;
        Ok(Self {
            id,
            name: config.name.clone().unwrap_or(preset.name),
            mark: preset.mark,
            trusts_email: config.trust_email,
            required_scopes: config.required_scopes.clone(),
            client_id: config.client_id.clone(),
            client_secret: resolve_secret(config, preset.client_authentication)?,
            discovery_url: config.discovery_url.clone().map_or_else(|| well_known(&issuer), Ok).map_err(|()| at("issuer").not_a_url())?,
            issuer,
            issuer_url,
            overrides: Overrides::of(config),
            scopes: with_openid(config.scopes.clone().unwrap_or(preset.scopes)),
            client_authentication: preset.client_authentication,
            authorization_parameters: preset.authorization_parameters,
        })
    }
}

impl Overrides {
    fn of(config: &ProviderConfig) -> Self {
        Self {
            authorization: config.authorization_url.clone(),
            token: config.token_url.clone(),
            userinfo: config.userinfo_url.clone(),
            jwks: config.jwks_url.clone(),
            has_discovery: config.discovery_url.is_some(),
        }
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings").field("id", &self.id).field("issuer", &self.issuer).finish_non_exhaustive()
    }
}

/// Where in the configuration something is wrong.
struct Place {
    id: String,
    key: String,
}

impl Place {
    fn refuse(self, problem: &str, remedy: &str) -> ConfigError {
        ConfigError {
            key: format!("providers.{}.{}", self.id, self.key),
            problem: problem.to_owned(),
            source_name: "[[providers]]".to_owned(),
            remedy: remedy.to_owned(),
        }
    }

    fn not_a_url(self) -> ConfigError {
        self.refuse("is not an address that may be called", "use https; http is allowed to 127.0.0.1, [::1] and localhost only")
    }
}

/// Refuses a name that another provider has; it would be ambiguous in URLs and tables.
pub(super) fn used_twice(config: &ProviderConfig) -> ConfigError {
    let place = Place { id: config.id.clone(), key: "id".to_owned() };
    place.refuse("is used by two providers", "give each a name of its own")
}

fn unknown_preset(config: &ProviderConfig) -> ConfigError {
    let place = Place { id: config.id.clone(), key: "preset".to_owned() };
    place.refuse("names no preset", &format!("use one of: {}", Preset::names().join(", ")))
}

/// Finds the issuer: https without query or fragment (OIDC Discovery §3).
fn resolve_issuer(config: &ProviderConfig, preset: &Preset) -> Result<(String, Url), ConfigError> {
    let place = Place { id: config.id.clone(), key: "issuer".to_owned() };
    let issuer = match (preset.kind, config.issuer.as_ref().or(preset.issuer.as_ref())) {
        (Kind::Oidc, Some(issuer)) => issuer.clone(),
        (Kind::Oidc, None) => return Err(place.refuse("is missing", "set it to the provider's issuer, to the letter")),
    };
    match Url::parse(&issuer) {
        Ok(url) if address::is_allowed(&url) && url.query().is_none() && issuer.len() <= MAX_ISSUER_BYTES => Ok((issuer, url)),
        _ => Err(place.not_a_url()),
    }
}

fn check_endpoints(config: &ProviderConfig) -> Result<(), ConfigError> {
    for (key, url) in [
        ("authorization_url", &config.authorization_url),
        ("token_url", &config.token_url),
        ("userinfo_url", &config.userinfo_url),
        ("jwks_url", &config.jwks_url),
        ("discovery_url", &config.discovery_url),
    ] {
        if url.as_ref().is_some_and(|url| !address::is_allowed(url)) {
            return Err(Place { id: config.id.clone(), key: key.to_owned() }.not_a_url());
        }
    }
    Ok(())
}

/// Finds the secret, which [`crate::config::load()`] has read from its file by now; a public client has none.
fn resolve_secret(config: &ProviderConfig, authentication: Option<ClientAuthentication>) -> Result<Option<SecretString>, ConfigError> {
    if authentication == Some(ClientAuthentication::None) {
        return Ok(None);
    }
    let secret = config.client_secret.clone().filter(|secret| !secret.expose_secret().is_empty());
    let place = || Place { id: config.id.clone(), key: "client_secret".to_owned() };
    secret.map(Some).ok_or_else(|| place().refuse("is missing", "set client_secret or client_secret_file"))
}

/// Asks for an identity, whatever the configured scopes: without `openid` there is no ID Token (OIDC Core §3.1.2.1).
fn with_openid(mut scopes: Vec<String>) -> Vec<String> {
    if !scopes.iter().any(|scope| scope == "openid") {
        scopes.insert(0, "openid".to_owned());
    }
    scopes
}

/// Builds the address of the discovery document (OIDC Discovery §4.1).
fn well_known(issuer: &str) -> Result<Url, ()> {
    Url::parse(&format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'))).map_err(|_| ())
}

#[cfg(test)]
mod tests;
