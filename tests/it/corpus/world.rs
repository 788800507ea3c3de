//! A genkan with one provider per case, all of them played by one scripted server.

use std::collections::HashMap;

use genkan::config::{Config, ProviderConfig};
use serde_json::{Value, json};

use super::case::Case;
use super::presets::{self, TENANT};
use super::transport;
use crate::support::app::{PASSWORD, TestApp};
use crate::support::browser::TestBrowser;
use crate::support::idp::{Idp, Reply};
use crate::support::signer::Signer;

/// The key that every provider publishes.
pub const KID: &str = "k1";
/// The time at which the tests stand still: 2026-11-20T12:00:00Z.
pub const NOW: i64 = 1_795_176_000;

/// One genkan and its providers.
pub struct World {
    pub app: TestApp,
    pub idp: Idp,
    pub signer: Signer,
    /// What each provider calls itself.
    issuers: HashMap<String, String>,
}

impl World {
    /// Starts a genkan with a provider for each case.
    pub async fn of(cases: &[Case], change: impl FnOnce(&mut Config)) -> Self {
        let (idp, signer) = (Idp::start(), Signer::new());
        let providers: Vec<_> = cases.iter().enumerate().map(|(at, case)| provider(&idp, &name(at), case)).collect();
        let app = TestApp::with(|config| {
            config.providers = providers;
            change(config);
        });
        let app = app.await;
        app.browser_of("hanako").await;
        let issuers = cases.iter().enumerate().map(|(at, case)| (name(at), presets::issuer(case, &idp.url(&format!("/{}", name(at))))));
        let world = Self { app, issuers: issuers.collect(), idp, signer };
        (0..cases.len()).for_each(|at| world.behave(&name(at)));
        world
    }

    /// Lets a provider's endpoints answer as they should.
    pub fn behave(&self, name: &str) {
        self.answer(name, "discovery", Reply::json(&self.metadata(name).to_string()));
        self.answer(name, "jwks", Reply::json(&json!({ "keys": [self.signer.jwk(Some(KID))] }).to_string()));
        self.answer(name, "userinfo", Reply::json(&json!({ "sub": subject(name), "id": subject(name) }).to_string()));
    }

    /// Sets what an endpoint answers.
    pub fn answer(&self, name: &str, endpoint: &str, reply: Reply) {
        self.idp.set(&path(name, endpoint), reply);
    }

    /// Returns the discovery document of a provider.
    pub fn metadata(&self, name: &str) -> Value {
        let url = |endpoint| self.idp.url(&path(name, endpoint));
        json!({
            "issuer": self.issuer(name),
            "authorization_endpoint": url("authorize"),
            "token_endpoint": url("token"),
            "userinfo_endpoint": url("userinfo"),
            "jwks_uri": url("jwks"),
            "id_token_signing_alg_values_supported": ["RS256", "ES256"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        })
    }

    /// Returns what a provider calls itself, in its documents.
    pub fn issuer(&self, name: &str) -> &str {
        &self.issuers[name]
    }

    /// Returns the claims of a sound ID Token.
    pub fn claims(&self, name: &str, nonce: &str) -> Value {
        let (iss, sub) = (self.issuer(name).replace("{tenantid}", TENANT), subject(name));
        json!({ "iss": iss, "tid": TENANT, "sub": sub, "aud": "genkan", "iat": NOW, "exp": NOW + 600, "nonce": nonce })
    }

    /// Lets the token endpoint answer with an ID Token.
    pub fn grant(&self, name: &str, id_token: &str) {
        let tokens = json!({ "access_token": access_token(name), "token_type": "Bearer", "expires_in": 3600, "id_token": id_token });
        self.answer(name, "token", Reply::json(&tokens.to_string()));
    }

    /// Lets the token endpoint answer as it should to an attempt of this nonce.
    pub fn grant_soundly(&self, name: &str, nonce: &str) {
        self.grant(name, &self.sign(name, nonce));
    }

    /// Makes a sound ID Token.
    pub fn sign(&self, name: &str, nonce: &str) -> String {
        self.signer.sign(&json!({ "alg": "ES256", "kid": KID }), &self.claims(name, nonce))
    }

    /// Opens a browser, in which hanako is signed in or nobody.
    pub async fn browser(&self, is_signed_in: bool) -> TestBrowser {
        let browser = self.app.browser();
        if is_signed_in {
            assert_eq!(browser.sign_in("hanako", PASSWORD).await.location(), "/account");
        }
        browser
    }
}

/// Returns the name of the provider that plays the case at this place.
pub fn name(at: usize) -> String {
    format!("c{at}")
}

/// Returns where an endpoint of a provider is.
pub fn path(name: &str, endpoint: &str) -> String {
    match endpoint {
        "discovery" => format!("/{name}/.well-known/openid-configuration"),
        endpoint => format!("/{name}/{endpoint}"),
    }
}

/// Returns the access token that a provider gives; nobody may ever read it.
pub fn access_token(name: &str) -> String {
    format!("secret-access-token-of-{name}")
}

fn subject(name: &str) -> String {
    format!("subject-of-{name}")
}

fn provider(idp: &Idp, name: &str, case: &Case) -> ProviderConfig {
    let mut config = json!({ "id": name, "client_id": "genkan", "client_secret": "secret", "name": "Somewhere" });
    presets::configure(&mut config, case, &idp.url(&format!("/{name}")));
    if let Some((key, url)) = transport::detour(&case.wire) {
        config[key] = json!(url);
    }
    serde_json::from_value(config).expect("a provider")
}
