//! What we can do, and our public keys (OIDC Discovery §3, RFC 8414 §2, RFC 7517 §5).
//!
//! Only what works is listed (security.md KY-01): who adds an endpoint, a grant or a way of
//! client authentication adds it here.

use serde_json::{Map, Value, json};

use super::Issuer;
use super::dpop;
use super::person::CLAIMS;
use crate::config::IssuerConfig;
use crate::domain::client::{AssertionAlgorithm, ClientAuthentication, Grant, ResponseMode, SigningAlgorithm};
use crate::domain::scope::Scope;
use crate::keys::jws;
use crate::store::StoreError;

/// What each endpoint is called, and its path.
const ENDPOINTS: [(&str, &str); 9] = [
    ("authorization_endpoint", "/oauth/authorize"),
    ("token_endpoint", "/oauth/token"),
    ("userinfo_endpoint", "/oauth/userinfo"),
    ("jwks_uri", "/.well-known/jwks.json"),
    ("introspection_endpoint", "/oauth/introspect"),
    ("revocation_endpoint", "/oauth/revoke"),
    ("pushed_authorization_request_endpoint", "/oauth/par"),
    ("device_authorization_endpoint", "/oauth/device_authorization"),
    ("end_session_endpoint", "/oauth/logout"),
];

impl Issuer {
    /// Describes us; the same for both standards, which share their names.
    pub fn metadata(&self) -> Value {
        let issuer = self.identifier();
        let mut metadata: Map<String, Value> =
            ENDPOINTS.iter().map(|(name, path)| ((*name).to_owned(), format!("{issuer}{path}").into())).collect();
        metadata.extend(abilities(&self.config.issuer));
        if self.config.issuer.dynamic_registration {
            metadata.insert("registration_endpoint".to_owned(), format!("{issuer}/oauth/register").into());
        }
        metadata.insert("issuer".to_owned(), issuer.into());
        Value::Object(metadata)
    }

    /// Returns our public keys, those included that will sign next and those that signed before.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if there are none yet and none can be stored.
    pub async fn jwks(&self) -> Result<Value, StoreError> {
        let keys = self.keys.published().await?;
        Ok(json!({ "keys": keys.iter().map(|key| jws::public(key)).collect::<Vec<_>>() }))
    }
}

fn abilities(config: &IssuerConfig) -> Map<String, Value> {
    let words = |all: &[ClientAuthentication]| all.iter().map(|way| way.as_str()).collect::<Vec<_>>();
    let authentications = words(ClientAuthentication::ALL);
    let proofs: Vec<&str> = authentications.iter().copied().filter(|way| *way != ClientAuthentication::None.as_str()).collect();
    let assertions: Vec<&str> = AssertionAlgorithm::ALL.iter().map(|algorithm| algorithm.as_str()).collect();
    let grants = Grant::ALL.iter().filter(|grant| **grant != Grant::Password || config.password_grant);
    let abilities = json!({
        "scopes_supported": Scope::STANDARD,
        "response_types_supported": ["code"],
        "response_modes_supported": ResponseMode::ALL,
        "grant_types_supported": grants.collect::<Vec<_>>(),
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": SigningAlgorithm::ALL,
        "token_endpoint_auth_methods_supported": authentications,
        "token_endpoint_auth_signing_alg_values_supported": assertions,
        "introspection_endpoint_auth_methods_supported": proofs,
        "introspection_endpoint_auth_signing_alg_values_supported": assertions,
        "revocation_endpoint_auth_methods_supported": authentications,
        "revocation_endpoint_auth_signing_alg_values_supported": assertions,
        "code_challenge_methods_supported": ["S256"],
        "dpop_signing_alg_values_supported": dpop::algorithm_names(),
        "claims_supported": CLAIMS,
        "claim_types_supported": ["normal"],
        "claims_parameter_supported": true,
        "request_parameter_supported": false,
        "request_uri_parameter_supported": false,
        "authorization_response_iss_parameter_supported": true,
        "backchannel_logout_supported": true,
        "backchannel_logout_session_supported": true,
        "frontchannel_logout_supported": true,
        "frontchannel_logout_session_supported": true,
        "prompt_values_supported": ["none", "login", "consent", "select_account"],
        "ui_locales_supported": ["en", "ja"],
    });
    if let Value::Object(abilities) = abilities { abilities } else { Map::new() }
}
