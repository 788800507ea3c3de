//! `[[providers]]`

use std::collections::BTreeMap;
use std::path::PathBuf;

use secrecy::SecretString;
use serde::Deserialize;
use url::Url;

/// One provider as configured: the preset it starts from, and what differs.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProviderConfig {
    /// The name in URLs, logs and `user_oauths.provider`.
    pub id: String,
    /// The preset: a file of `provider/presets`, such as `oidc`, or the path of one's own, ending in `.toml`.
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
    /// Whether its tokens are kept, sealed; otherwise they are thrown away as soon as the person is known.
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
    /// Overrides the preset's second profile call.
    pub emails_url: Option<Url>,
    /// Overrides discovery.
    pub jwks_url: Option<Url>,
    /// Where the discovery document is, if not below the issuer.
    pub discovery_url: Option<Url>,
    /// The scopes to ask for.
    pub scopes: Option<Vec<String>>,
    /// The scopes without which nobody gets in.
    #[serde(default)]
    pub required_scopes: Vec<String>,
    /// How we say who we are at the token endpoint, if not as the preset or the discovery document says.
    pub client_authentication: Option<String>,
    /// How the browser brings the answer: `query` or `form_post`.
    pub response_mode: Option<String>,
    /// The tenant, where the provider has tenants.
    pub tenant: Option<String>,
    /// The only domain whose people get in, where the provider can tell.
    pub hosted_domain: Option<String>,
    /// Entra B2C: the only user flow whose tokens count.
    pub user_flow: Option<String>,
    /// The only organisation whose members get in, where the provider can tell.
    pub organization: Option<String>,
    /// How long ago the person may have signed in at the provider, in seconds (OIDC Core §3.1.2.1, `max_age`).
    pub max_age_secs: Option<u64>,
    /// The kinds of sign-in to ask for (OIDC Core §3.1.2.1).
    #[serde(default)]
    pub acr_values: Vec<String>,
    /// Apple: the team that the key belongs to.
    pub team_id: Option<String>,
    /// Apple: the key's name.
    pub key_id: Option<String>,
    /// Apple: the private key in PEM form, with which the client secret is made.
    pub private_key: Option<SecretString>,
    /// A file with the private key.
    pub private_key_file: Option<PathBuf>,
    /// Where each key was set, as in `genkan.toml line 3`; under the empty key: where the provider begins.
    #[serde(skip)]
    pub origins: BTreeMap<String, String>,
}

impl ProviderConfig {
    /// Says where a key was set, or where the provider begins if it was not.
    pub fn origin(&self, key: &str) -> &str {
        let origin = self.origins.get(key).or_else(|| self.origins.get(""));
        origin.map_or("[[providers]]", String::as_str)
    }
}

fn yes() -> bool {
    true
}
