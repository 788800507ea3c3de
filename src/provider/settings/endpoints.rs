//! Endpoints that are known without a discovery document.

use url::Url;

use super::super::address;
use super::super::preset::{Kind, Preset};
use super::super::template;
use super::place::Place;
use crate::config::{ConfigError, ProviderConfig};

/// Endpoints that configuration or preset names instead of the discovery document.
#[derive(Clone, Debug, Default)]
pub(in crate::provider) struct Overrides {
    pub authorization: Option<Url>,
    pub token: Option<Url>,
    pub userinfo: Option<Url>,
    pub emails: Option<Url>,
    pub organization: Option<Url>,
    pub jwks: Option<Url>,
    /// Whether a discovery document is configured beside them.
    pub has_discovery: bool,
}

impl Overrides {
    /// Merges the addresses of preset and configuration, and checks that they may be called.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] for an address that may not be called, or one that plain OAuth 2.0 cannot do without.
    pub fn resolve(config: &ProviderConfig, preset: &Preset, value_of: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        let choose = |key: &'static str, configured: &Option<Url>, own: &Option<String>| {
            let own = || own.as_ref().and_then(|text| template::fill(text, &value_of)).map(|text| Url::parse(&text).ok());
            let url = configured.clone().map(Some).or_else(own);
            let refuse = || Place::of(config, key).not_a_url();
            url.map(|url| url.filter(address::is_allowed).ok_or_else(refuse)).transpose()
        };
        let overrides = Self {
            authorization: choose("authorization_url", &config.authorization_url, &preset.authorization_url)?,
            token: choose("token_url", &config.token_url, &preset.token_url)?,
            userinfo: choose("userinfo_url", &config.userinfo_url, &preset.userinfo_url)?,
            emails: choose("emails_url", &config.emails_url, &preset.emails_url)?,
            organization: choose("organization", &None, &preset.organization_url)?,
            jwks: choose("jwks_url", &config.jwks_url, &None)?,
            has_discovery: choose("discovery_url", &config.discovery_url, &None)?.is_some(),
        };
        overrides.check(config, preset)
    }

    /// Wants what plain OAuth 2.0 cannot discover; a profile is not needed where the token answer says who it is.
    fn check(self, config: &ProviderConfig, preset: &Preset) -> Result<Self, ConfigError> {
        let is_in_token = preset.profile.subject.first().is_some_and(|path| path.root() == "$token");
        let needed = [
            ("authorization_url", self.authorization.is_some()),
            ("token_url", self.token.is_some()),
            ("userinfo_url", self.userinfo.is_some() || is_in_token),
        ];
        match needed.iter().find(|(_, is_there)| preset.kind == Kind::Oauth2 && !is_there) {
            Some((key, _)) => Err(Place::of(config, key).refuse("is missing", "plain OAuth 2.0 has no discovery: set all endpoints")),
            None => Ok(self),
        }
    }
}
