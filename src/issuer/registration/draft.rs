//! What somebody wrote about a client, before it is checked.

use std::collections::BTreeSet;

use crate::domain::client::{
    AccessTokenFormat, AssertionAlgorithm, ClientAuthentication, ClientKind, ClientMetadata, Grant, ResponseMode, SigningAlgorithm,
};

/// In which ways an authorization response may travel.
pub type Mode = ResponseMode;

/// A client as somebody described it. Texts are as typed; lists have one item a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// What consent calls it.
    pub name: String,
    /// What runs it.
    pub kind: ClientKind,
    /// How it proves who it is.
    pub authentication: ClientAuthentication,
    /// The algorithm of its assertions; absent: ES256, or HS256 with a secret.
    pub assertion_algorithm: Option<AssertionAlgorithm>,
    /// Its public keys, as JSON.
    pub jwks: String,
    /// Where authorization responses may go.
    pub redirect_uris: String,
    /// Where people may go after signing out.
    pub post_logout_redirect_uris: String,
    /// The ways to a token.
    pub grants: BTreeSet<Grant>,
    /// The scopes.
    pub scopes: String,
    /// In which ways authorization responses may travel.
    pub response_modes: Vec<Mode>,
    /// Whether a code challenge is needed.
    pub requires_pkce: bool,
    /// What access tokens look like.
    pub access_token_format: AccessTokenFormat,
    /// The signature of access tokens.
    pub access_token_algorithm: SigningAlgorithm,
    /// The API that access tokens are for.
    pub audience: String,
    /// How long an access token is good for, in seconds.
    pub access_token_ttl_secs: String,
    /// How long a refresh token is good for at most, in seconds.
    pub refresh_token_ttl_secs: String,
    /// Whether there is no access token without a DPoP proof.
    pub dpop_bound_access_tokens: bool,
    /// The signature of ID Tokens.
    pub id_token_algorithm: SigningAlgorithm,
    /// Where the end of a session is told.
    pub backchannel_logout_uri: String,
    /// Whether that must name the session.
    pub backchannel_logout_session_required: bool,
    /// What the browser loads when a session ends.
    pub frontchannel_logout_uri: String,
    /// Its mark.
    pub logo_url: String,
    /// Its home page.
    pub homepage_url: String,
    /// What it does with data.
    pub policy_url: String,
    /// Its terms.
    pub terms_url: String,
}

impl Default for Draft {
    /// A server with the code flow, as the standards want it today (RFC 9700 §2.1).
    fn default() -> Self {
        Self {
            name: String::new(),
            kind: ClientKind::Web,
            authentication: ClientAuthentication::ClientSecretBasic,
            assertion_algorithm: None,
            jwks: String::new(),
            redirect_uris: String::new(),
            post_logout_redirect_uris: String::new(),
            grants: [Grant::AuthorizationCode, Grant::RefreshToken].into(),
            scopes: "openid profile email offline_access".to_owned(),
            response_modes: vec![ResponseMode::Query, ResponseMode::FormPost],
            requires_pkce: true,
            access_token_format: AccessTokenFormat::Jwt,
            access_token_algorithm: SigningAlgorithm::of_access_tokens(),
            audience: String::new(),
            access_token_ttl_secs: String::new(),
            refresh_token_ttl_secs: String::new(),
            dpop_bound_access_tokens: false,
            id_token_algorithm: SigningAlgorithm::Rs256,
            backchannel_logout_uri: String::new(),
            backchannel_logout_session_required: false,
            frontchannel_logout_uri: String::new(),
            logo_url: String::new(),
            homepage_url: String::new(),
            policy_url: String::new(),
            terms_url: String::new(),
        }
    }
}

impl From<&ClientMetadata> for Draft {
    fn from(metadata: &ClientMetadata) -> Self {
        let lines = |uris: &[crate::domain::redirect_uri::RedirectUri]| uris.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
        let url = |url: &Option<url::Url>| url.as_ref().map(ToString::to_string).unwrap_or_default();
        let number = |secs: Option<u32>| secs.map(|secs| secs.to_string()).unwrap_or_default();
        Self {
            name: metadata.name.to_string(),
            kind: metadata.kind,
            authentication: metadata.authentication,
            assertion_algorithm: metadata.assertion_algorithm,
            jwks: metadata.jwks.as_ref().map(ToString::to_string).unwrap_or_default(),
            redirect_uris: lines(&metadata.redirect_uris),
            post_logout_redirect_uris: lines(&metadata.post_logout_redirect_uris),
            grants: metadata.grants.clone(),
            scopes: metadata.scopes.to_string(),
            response_modes: metadata.response_modes.clone(),
            requires_pkce: metadata.requires_pkce,
            access_token_format: metadata.access_token_format,
            access_token_algorithm: metadata.access_token_algorithm,
            audience: metadata.audience.clone().unwrap_or_default(),
            access_token_ttl_secs: number(metadata.access_token_ttl_secs),
            refresh_token_ttl_secs: number(metadata.refresh_token_ttl_secs),
            dpop_bound_access_tokens: metadata.dpop_bound_access_tokens,
            id_token_algorithm: metadata.id_token_algorithm,
            backchannel_logout_uri: url(&metadata.backchannel_logout_uri),
            backchannel_logout_session_required: metadata.backchannel_logout_session_required,
            frontchannel_logout_uri: url(&metadata.frontchannel_logout_uri),
            logo_url: url(&metadata.logo_url),
            homepage_url: url(&metadata.homepage_url),
            policy_url: url(&metadata.policy_url),
            terms_url: url(&metadata.terms_url),
        }
    }
}
