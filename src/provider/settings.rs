//! One provider's settings: the preset, what the configuration overrides, and the checks at start.

mod endpoints;
mod issuer;
mod place;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fmt;

use secrecy::{ExposeSecret as _, SecretString};
use url::Url;
use uuid::Uuid;

use super::client_secret::ClientSecretKey;
use super::preset::{ClientAuthentication, Kind, Preset, ResponseMode};
use super::template;
use crate::config::{ConfigError, ProviderConfig};
use crate::domain::identity::ProviderId;
pub(super) use endpoints::Overrides;
pub(super) use issuer::{Issuer, expected_issuer};
use place::Place;

/// What we know of a provider without asking it.
pub(super) struct Settings {
    pub id: ProviderId,
    pub name: String,
    pub mark: String,
    pub trusts_email: bool,
    pub keeps_tokens: bool,
    pub required_scopes: Vec<String>,
    pub client_id: String,
    pub client_secret: Option<SecretString>,
    /// What a client secret is made with, where it has to be made.
    pub secret_key: Option<ClientSecretKey>,
    pub issuer: Issuer,
    /// Where the discovery document is; absent where there is none.
    pub discovery_url: Option<Url>,
    pub overrides: Overrides,
    pub scopes: Vec<String>,
    pub client_authentication: Option<ClientAuthentication>,
    pub response_mode: Option<ResponseMode>,
    /// How long ago the person may have signed in there, in seconds.
    pub max_age_secs: Option<u64>,
    pub acr_values: Vec<String>,
    /// The preset, for what cannot be overridden.
    pub preset: Preset,
    /// What the placeholders of the preset stand for.
    values: BTreeMap<&'static str, String>,
}

impl Settings {
    /// Merges preset and configuration, and checks the whole.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] names the key, never its value.
    pub fn resolve(config: &ProviderConfig) -> Result<Self, ConfigError> {
        let at = |key: &'static str| Place::of(config, key);
        let id = ProviderId::parse(&config.id)
            .ok_or_else(|| at("id").refuse("is not a name for URLs", "use up to 32 of a-z, 0-9, - and _, beginning with a letter"))?;
        let preset = Preset::find(&config.preset).map_err(|(problem, remedy)| at("preset").refuse(&problem, &remedy))?;
        if config.client_id.is_empty() {
            return Err(at("client_id").refuse("is empty", "copy it from the provider's console"));
        }
        let values = resolve_values(config, &preset)?;
        let issuer = Issuer::resolve(config, &preset)?;
        let client_authentication = resolve_authentication(config).or(preset.client_authentication);
        let overrides = Overrides::resolve(config, &preset, |name| values.get(name).cloned())?;
        Ok(Self {
            id,
            name: config.name.clone().unwrap_or_else(|| preset.name.clone()),
            mark: preset.mark.clone(),
            trusts_email: config.trust_email,
            keeps_tokens: config.keep_tokens,
            required_scopes: config.required_scopes.clone(),
            client_id: config.client_id.clone(),
            client_secret: resolve_secret(config, client_authentication)?,
            secret_key: resolve_key(config, client_authentication)?,
            discovery_url: (preset.kind == Kind::Oidc).then(|| config.discovery_url.clone().unwrap_or_else(|| issuer.well_known.clone())),
            issuer,
            overrides,
            scopes: resolve_scopes(config, &preset),
            client_authentication,
            response_mode: resolve_response_mode(config).or(preset.authorization.response_mode),
            max_age_secs: config.max_age_secs,
            acr_values: config.acr_values.clone(),
            preset,
            values,
        })
    }

    /// Returns what a placeholder of the preset stands for, as far as the configuration says it.
    pub fn value(&self, placeholder: &str) -> Option<String> {
        self.values.get(placeholder).cloned()
    }

    /// Returns a table of the preset with its placeholders filled.
    pub fn fill_all(&self, table: &BTreeMap<String, String>) -> Vec<(String, String)> {
        template::fill_all(table, |name| self.value(name))
    }

    /// Returns what a parameter of the protocol is called here.
    pub fn parameter<'a>(&'a self, name: &'a str) -> &'a str {
        self.preset.authorization.names.get(name).map_or(name, String::as_str)
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings").field("id", &self.id).field("issuer", &self.issuer.name).finish_non_exhaustive()
    }
}

/// Refuses a name that another provider has; it would be ambiguous in URLs and tables.
pub(super) fn used_twice(config: &ProviderConfig) -> ConfigError {
    Place::of(config, "id").refuse("is used by two providers", "give each a name of its own")
}

/// Collects the placeholders' values; one that the preset has no use for was meant to restrict somebody and would not.
fn resolve_values(config: &ProviderConfig, preset: &Preset) -> Result<BTreeMap<&'static str, String>, ConfigError> {
    let mut values = BTreeMap::from([("client_id", config.client_id.clone())]);
    let restrictions = [
        ("hosted_domain", &config.hosted_domain, preset.uses("hosted_domain")),
        ("organization", &config.organization, preset.uses("organization")),
        ("user_flow", &config.user_flow, preset.uses("user_flow")),
        ("tenant", &config.tenant, preset.tenant.is_some()),
    ];
    for (key, value, is_used) in restrictions {
        let Some(value) = value else { continue };
        if !is_used {
            return Err(Place::of(config, key).refuse("means nothing to this preset", "remove it, or choose another preset"));
        }
        values.insert(key, value.clone());
    }
    // A tenant that is one directory; the others are names of many.
    if let Some(tenant) = config.tenant.as_ref().filter(|tenant| Uuid::try_parse(tenant).is_ok()) {
        values.insert("tenant_id", tenant.clone());
    }
    Ok(values)
}

/// Finds the secret, which [`crate::config::load()`] has read from its file by now; a public client has none.
fn resolve_secret(config: &ProviderConfig, authentication: Option<ClientAuthentication>) -> Result<Option<SecretString>, ConfigError> {
    let is_made = authentication == Some(ClientAuthentication::ClientSecretEs256) && config.private_key.is_some();
    if is_made || authentication == Some(ClientAuthentication::None) {
        return Ok(None);
    }
    let secret = config.client_secret.clone().filter(|secret| !secret.expose_secret().is_empty());
    secret.map(Some).ok_or_else(|| Place::of(config, "client_secret").refuse("is missing", "set client_secret or client_secret_file"))
}

/// Reads the key with which a client secret is made, where it has to be made.
fn resolve_key(config: &ProviderConfig, authentication: Option<ClientAuthentication>) -> Result<Option<ClientSecretKey>, ConfigError> {
    let is_made = authentication == Some(ClientAuthentication::ClientSecretEs256);
    let Some(pem) = config.private_key.as_ref().filter(|_| is_made) else { return Ok(None) };
    let missing = |key| Place::of(config, key).refuse("is missing", "copy it from the provider's console");
    let team_id = config.team_id.clone().ok_or_else(|| missing("team_id"))?;
    let key_id = config.key_id.clone().ok_or_else(|| missing("key_id"))?;
    let key = ClientSecretKey::read(team_id, key_id, pem);
    let refuse = || Place::of(config, "private_key").refuse("is no EC key in PEM form", "set private_key_file to the .p8 file");
    key.map(Some).ok_or_else(refuse)
}

/// Reads the choice that the table of keys has checked.
fn resolve_authentication(config: &ProviderConfig) -> Option<ClientAuthentication> {
    match config.client_authentication.as_deref()? {
        "client_secret_basic_raw" => Some(ClientAuthentication::ClientSecretBasicRaw),
        "client_secret_post" => Some(ClientAuthentication::ClientSecretPost),
        "none" => Some(ClientAuthentication::None),
        _ => Some(ClientAuthentication::ClientSecretBasic),
    }
}

fn resolve_response_mode(config: &ProviderConfig) -> Option<ResponseMode> {
    match config.response_mode.as_deref()? {
        "form_post" => Some(ResponseMode::FormPost),
        _ => Some(ResponseMode::Query),
    }
}

/// Asks for an identity, whatever the configured scopes: without `openid` there is no ID Token (OIDC Core §3.1.2.1);
/// and for what lets tokens be refreshed, where they are kept.
fn resolve_scopes(config: &ProviderConfig, preset: &Preset) -> Vec<String> {
    let mut scopes = config.scopes.as_ref().unwrap_or(&preset.scopes).clone();
    if preset.kind == Kind::Oidc && !scopes.iter().any(|scope| scope == "openid") {
        scopes.insert(0, "openid".to_owned());
    }
    if config.keep_tokens {
        let missing: Vec<_> = preset.offline_scopes.iter().filter(|scope| !scopes.contains(scope)).cloned().collect();
        scopes.extend(missing);
    }
    scopes
}
