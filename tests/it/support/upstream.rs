//! A genkan whose providers are presets of any kind, all played by one scripted server.

use std::collections::HashMap;

use genkan::config::{Config, ProviderConfig};
use genkan::domain::identity::{Identity, ProviderId, Subject};
use genkan::domain::user::User;
use genkan::provider::Provider;
use reqwest::Url;
use serde_json::{Value, json};

use super::app::TestApp;
use super::browser::{Page, TestBrowser};
use super::idp::{Idp, Received, Reply};
use super::signer::Signer;

/// The time at which the tests stand still: 2026-11-20T12:00:00Z.
pub const NOW: i64 = 1_795_176_000;
/// The code that every provider gives.
pub const CODE: &str = "4/0AbCdEf+the/code";

/// One genkan, its providers, and who plays them.
pub struct Upstream {
    pub app: TestApp,
    pub idp: Idp,
    pub signer: Signer,
}

/// A browser that has left for a provider.
pub struct Departed {
    pub url: Url,
    pub sent: HashMap<String, String>,
}

impl Departed {
    /// Reads where a browser is sent to.
    #[track_caller]
    pub fn read(page: &Page) -> Self {
        let url = Url::parse(page.location()).unwrap_or_else(|error| panic!("{error}: {page:?}"));
        Self { sent: url.query_pairs().into_owned().collect(), url }
    }

    /// Fills in what an answer repeats of the request.
    pub fn fill(&self, text: &str) -> String {
        let code: String = url::form_urlencoded::byte_serialize(CODE.as_bytes()).collect();
        text.replace("{state}", &self.sent["state"]).replace("{code}", &code)
    }

    pub fn nonce(&self) -> &str {
        self.sent.get("nonce").map_or("", String::as_str)
    }
}

impl Upstream {
    /// Starts a genkan with these providers; `{base}` in a configuration is where the provider is played.
    pub async fn of(providers: &[(String, Value)], change: impl FnOnce(&mut Config)) -> Self {
        let (idp, signer) = (Idp::start(), Signer::new());
        let providers: Vec<_> = providers.iter().map(|(name, config)| provider(&idp, name, config)).collect();
        let app = TestApp::with(|config| {
            config.providers = providers;
            change(config);
        });
        Self { app: app.await, idp, signer }
    }

    pub fn base(&self, name: &str) -> String {
        self.idp.url(&format!("/{name}"))
    }

    /// Sets what an endpoint answers.
    pub fn answer(&self, name: &str, endpoint: &str, reply: Reply) {
        self.idp.set(&format!("/{name}/{endpoint}"), reply);
    }

    pub fn received(&self, name: &str, endpoint: &str) -> Vec<Received> {
        self.idp.received(&format!("/{name}/{endpoint}"))
    }

    /// Lets a provider of OpenID Connect publish what it has to.
    pub fn publish(&self, name: &str, issuer: &str) {
        let url = |endpoint: &str| format!("{}/{endpoint}", self.base(name));
        let metadata = json!({
            "issuer": issuer, "authorization_endpoint": url("authorize"), "token_endpoint": url("token"),
            "userinfo_endpoint": url("userinfo"), "jwks_uri": url("jwks"), "token_endpoint_auth_methods_supported": ["client_secret_basic"],
        });
        self.answer(name, ".well-known/openid-configuration", Reply::json(&metadata.to_string()));
        self.answer(name, "common/v2.0/.well-known/openid-configuration", Reply::json(&metadata.to_string()));
        self.answer(name, "jwks", Reply::json(&json!({ "keys": [self.signer.jwk(Some("k1"))] }).to_string()));
    }

    /// Returns the claims of a sound ID Token.
    pub fn claims(&self, name: &str, subject: &str, nonce: &str) -> Value {
        json!({ "iss": self.base(name), "sub": subject, "aud": "genkan", "iat": NOW, "exp": NOW + 600, "nonce": nonce })
    }

    /// Signs claims as the provider does.
    pub fn sign(&self, claims: &Value) -> String {
        self.signer.sign(&json!({ "alg": "ES256", "kid": "k1" }), claims)
    }

    /// Leaves for a provider by the page with the one button.
    pub async fn leave(&self, browser: &TestBrowser, name: &str) -> Departed {
        let path = format!("/auth/{name}");
        let page = browser.open(&path).await;
        Departed::read(&browser.submit(&page, &path, &[]).await)
    }

    /// The same, to link the provider to the account that is signed in.
    pub async fn leave_to_link(&self, browser: &TestBrowser, name: &str) -> Departed {
        let path = format!("/auth/{name}");
        let page = browser.open(&format!("{path}?purpose=link")).await;
        Departed::read(&browser.submit(&page, &path, &[]).await)
    }

    /// Comes back from a provider, in the way that it was asked for.
    pub async fn come_back(&self, browser: &TestBrowser, name: &str, query: &str) -> Page {
        let path = format!("/auth/{name}/callback");
        if !self.app.state.signin.providers.find(name).is_some_and(Provider::wants_form) {
            return browser.open(&format!("{path}?{query}")).await;
        }
        let form: Vec<_> = url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        browser.post(&path, &form).await
    }

    /// Finds the user whose identity a provider asserted.
    pub async fn find(&self, name: &str, issuer: &str, subject: &str) -> Option<User> {
        let provider = ProviderId::parse(name).expect("a name");
        let identity = Identity { provider, issuer: issuer.to_owned(), subject: Subject::parse(subject).expect("a subject") };
        self.app.state.signin.store.find_user_by_identity(&identity).await.expect("an answer of the store")
    }
}

fn provider(idp: &Idp, name: &str, config: &Value) -> ProviderConfig {
    let base = idp.url(&format!("/{name}"));
    let mut whole = json!({ "id": name, "client_id": "genkan", "client_secret": "s3cret:/+", "trust_email": true });
    let preset = config["preset"].as_str().expect("a preset");
    crate::corpus::presets::configure_preset(&mut whole, preset, &base);
    let changes: Value = serde_json::from_str(&config.to_string().replace("{base}", &base)).expect("JSON");
    for (key, value) in changes.as_object().expect("an object") {
        whole[key] = value.clone();
    }
    whole.as_object_mut().expect("an object").retain(|_, value| !value.is_null());
    serde_json::from_value(whole).expect("a provider")
}
