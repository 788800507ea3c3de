//! A provider's metadata: what its discovery document says, and what the configuration says instead.

use openidconnect::core::CoreJwsSigningAlgorithm as Algorithm;
use serde_json::{Map, Value};
use url::Url;

use super::address;
use super::preset::{ClientAuthentication, Kind};
use super::settings::Settings;

/// The signatures that we take. Never `none`, nor a MAC: its key would be the client secret (security.md SO-05).
const ALGORITHMS: [Algorithm; 9] = [
    Algorithm::RsaSsaPkcs1V15Sha256,
    Algorithm::RsaSsaPkcs1V15Sha384,
    Algorithm::RsaSsaPkcs1V15Sha512,
    Algorithm::RsaSsaPssSha256,
    Algorithm::RsaSsaPssSha384,
    Algorithm::RsaSsaPssSha512,
    Algorithm::EcdsaP256Sha256,
    Algorithm::EcdsaP384Sha384,
    Algorithm::EdDsa,
];

/// Where a provider's endpoints are, and what it can do (OIDC Discovery §3).
#[derive(Clone, Debug)]
pub(super) struct Metadata {
    /// The issuer that it names; empty for plain OAuth 2.0.
    pub issuer: String,
    pub authorization_endpoint: Url,
    pub token_endpoint: Url,
    pub userinfo_endpoint: Option<Url>,
    /// Absent for plain OAuth 2.0, which signs nothing.
    pub jwks_uri: Option<Url>,
    /// The signatures that its ID Tokens may have.
    pub algorithms: Vec<Algorithm>,
    /// How we authenticate, unless the preset says so.
    pub client_authentication: ClientAuthentication,
    /// Whether its authorization responses carry `iss` (RFC 9207 §3).
    pub has_response_issuer: bool,
}

/// Why a document is of no use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flaw {
    /// It is another issuer's, or names none.
    Issuer,
    /// It lacks this member.
    Missing(&'static str),
    /// This member is no address that may be called.
    Forbidden(&'static str),
}

impl Metadata {
    /// Makes metadata of configuration and preset alone, if that is enough.
    pub fn configured(settings: &Settings) -> Option<Self> {
        let urls = &settings.overrides;
        let is_complete = !urls.has_discovery && urls.authorization.is_some() && urls.token.is_some() && urls.jwks.is_some();
        let is_enough = is_complete || settings.preset.kind == Kind::Oauth2;
        is_enough.then(|| Self::read(settings, &settings.issuer.name, &Map::new()).ok()).flatten()
    }

    /// Reads a discovery document.
    ///
    /// # Errors
    ///
    /// [`Flaw`].
    pub fn discovered(settings: &Settings, document: &Map<String, Value>) -> Result<Self, Flaw> {
        let issuer = document.get("issuer").and_then(Value::as_str).filter(|issuer| settings.issuer.accepts(issuer));
        Self::read(settings, issuer.ok_or(Flaw::Issuer)?, document)?.with_keys()
    }

    /// Requires that it says where the keys are, as every OpenID provider has to.
    ///
    /// # Errors
    ///
    /// [`Flaw::Missing`].
    pub fn with_keys(self) -> Result<Self, Flaw> {
        if self.jwks_uri.is_some() { Ok(self) } else { Err(Flaw::Missing("jwks_uri")) }
    }

    /// Reads the endpoints of an `issuer` that is believed; the configuration's go first.
    ///
    /// # Errors
    ///
    /// [`Flaw::Missing`] or [`Flaw::Forbidden`].
    pub fn read(settings: &Settings, issuer: &str, document: &Map<String, Value>) -> Result<Self, Flaw> {
        let urls = &settings.overrides;
        let choose = |configured: &Option<Url>, name| match configured {
            Some(url) => Ok(Some(url.clone())),
            None => find_endpoint(settings, document, name),
        };
        let require = |configured: &Option<Url>, name| choose(configured, name)?.ok_or(Flaw::Missing(name));
        Ok(Self {
            issuer: issuer.to_owned(),
            authorization_endpoint: require(&urls.authorization, "authorization_endpoint")?,
            token_endpoint: require(&urls.token, "token_endpoint")?,
            userinfo_endpoint: choose(&urls.userinfo, "userinfo_endpoint")?,
            jwks_uri: choose(&urls.jwks, "jwks_uri")?,
            algorithms: find_algorithms(document),
            client_authentication: find_client_authentication(settings, document),
            has_response_issuer: document.get("authorization_response_iss_parameter_supported") == Some(&Value::Bool(true)),
        })
    }
}

/// Finds an endpoint: nothing is fine for an optional one, an address that may not be called never is.
fn find_endpoint(settings: &Settings, document: &Map<String, Value>, name: &'static str) -> Result<Option<Url>, Flaw> {
    match document.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(value) => {
            let url = value.as_str().and_then(|text| Url::parse(text).ok());
            url.filter(|url| address::is_allowed_from(&settings.issuer.url, url)).map(Some).ok_or(Flaw::Forbidden(name))
        }
    }
}

/// Pins the algorithms: those of ours that the provider lists, or all of ours if it lists none.
fn find_algorithms(document: &Map<String, Value>) -> Vec<Algorithm> {
    let Some(listed) = document.get("id_token_signing_alg_values_supported").and_then(Value::as_array) else {
        return ALGORITHMS.to_vec();
    };
    let listed: Vec<Algorithm> = listed.iter().filter_map(|name| serde_json::from_value(name.clone()).ok()).collect();
    ALGORITHMS.into_iter().filter(|algorithm| listed.contains(algorithm)).collect()
}

/// Chooses how to authenticate; without a list it is `client_secret_basic` (OIDC Discovery §3).
fn find_client_authentication(settings: &Settings, document: &Map<String, Value>) -> ClientAuthentication {
    let listed = document.get("token_endpoint_auth_methods_supported").and_then(Value::as_array);
    let lists = |name: &str| listed.is_some_and(|names| names.iter().any(|listed| listed == name));
    if settings.client_secret.is_none() {
        ClientAuthentication::None
    } else if lists("client_secret_post") && !lists("client_secret_basic") {
        ClientAuthentication::ClientSecretPost
    } else {
        ClientAuthentication::ClientSecretBasic
    }
}
