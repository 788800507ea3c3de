//! `[[providers]]`

use std::path::PathBuf;

use secrecy::SecretString;
use serde::Deserialize;
use url::Url;

/// One provider as configured: the preset it starts from, and what differs.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProviderConfig {
    /// The name in URLs, logs and `user_oauths.provider`.
    pub id: String,
    /// The preset: a file of `provider/presets`, such as `oidc`.
    pub preset: String,
    /// Our identifier there.
    pub client_id: String,
    /// Our secret there.
    pub client_secret: Option<SecretString>,
    /// A file with the secret.
    pub client_secret_file: Option<PathBuf>,
    /// Whether it is offered.
    #[serde(default = "yes")]
    pub enabled: bool,
    /// Whether its "verified" counts as proof of an address.
    #[serde(default)]
    pub trust_email: bool,
    /// Whether its tokens are kept; this version always throws them away, so `true` is refused.
    #[serde(default)]
    pub keep_tokens: bool,
    /// What its button says.
    pub name: Option<String>,
    /// The issuer (OIDC Discovery §4), to the letter: parsing it would add or drop a slash. http is allowed to loopback only.
    pub issuer: Option<String>,
    /// Overrides discovery.
    pub authorization_url: Option<Url>,
    /// Overrides discovery.
    pub token_url: Option<Url>,
    /// Overrides discovery.
    pub userinfo_url: Option<Url>,
    /// Overrides discovery.
    pub jwks_url: Option<Url>,
    /// Where the discovery document is, if not below the issuer.
    pub discovery_url: Option<Url>,
    /// The scopes to ask for.
    pub scopes: Option<Vec<String>>,
    /// The scopes without which nobody gets in.
    #[serde(default)]
    pub required_scopes: Vec<String>,
}

fn yes() -> bool {
    true
}
