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
        let choose =
            |key: &'static str, configured: Option<&Url>, own: Option<&String>| choose(Place::of(config, key), configured, own, &value_of);
        let userinfo = choose("userinfo_url", config.userinfo_url.as_ref(), preset.userinfo_url.as_ref())?;
        // Other calls are found below the profile's, wherever that is.
        let base = userinfo.as_ref().map(|url| url.as_str().trim_end_matches('/').to_owned());
        let below = |name: &str| if name == "userinfo_url" { base.clone() } else { value_of(name) };
        let choose_below = |key: &'static str, configured: Option<&Url>, own: Option<&String>| {
            self::choose(Place::of(config, key), configured, own, &below)
        };
        let overrides = Self {
            authorization: choose("authorization_url", config.authorization_url.as_ref(), preset.authorization_url.as_ref())?,
            token: choose("token_url", config.token_url.as_ref(), preset.token_url.as_ref())?,
            emails: choose_below("emails_url", config.emails_url.as_ref(), preset.emails_url.as_ref())?,
            organization: choose_below("organization", None, preset.organization_url.as_ref())?,
            jwks: choose("jwks_url", config.jwks_url.as_ref(), None)?,
            userinfo,
            has_discovery: choose("discovery_url", config.discovery_url.as_ref(), None)?.is_some(),
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

/// Chooses the configured address or the preset's, as far as its placeholders have values.
fn choose(
    place: Place<'_>,
    configured: Option<&Url>,
    own: Option<&String>,
    value_of: &impl Fn(&str) -> Option<String>,
) -> Result<Option<Url>, ConfigError> {
    let own = || own.and_then(|text| template::fill(text, value_of)).map(|text| Url::parse(&text).ok());
    let url = configured.cloned().map(Some).or_else(own);
    url.map(|url| url.filter(address::is_allowed).ok_or_else(|| place.not_a_url())).transpose()
}
