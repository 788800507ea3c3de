//! Tokens that only the holder of a key can use (RFC 9449).

mod binding;
mod nonces;
mod proofs;
mod resources;
mod settings;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use genkan::domain::client::{Client, ClientAuthentication};
use genkan::secret::{hash_token, sha256};
use reqwest::Method;
use serde_json::{Value, json};

use super::world::{CALLBACK, SECRET, VERIFIER, World};
use crate::support::browser::Page;
use crate::support::signer::Signer;

const TOKEN: &str = "/oauth/token";

/// A client with a key, and its person.
pub struct Holder {
    pub world: World,
    pub signer: Signer,
}

impl Holder {
    pub async fn new() -> Self {
        Self::with(|_| {}).await
    }

    pub async fn with(change: impl FnOnce(&mut Client)) -> Self {
        Self { world: World::with(change).await, signer: Signer::new() }
    }

    /// A client without a secret.
    pub async fn public() -> Self {
        Self::with(|client| client.metadata.authentication = ClientAuthentication::None).await
    }

    pub fn address(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.world.app.port)
    }

    /// Returns the public key with nothing that is not needed.
    pub fn jwk(&self) -> Value {
        bare(&self.signer)
    }

    /// Works the thumbprint out by the letter of RFC 7638 §3.
    pub fn jkt(&self) -> String {
        let jwk = self.jwk();
        let text = format!(r#"{{"crv":"P-256","kty":"EC","x":{},"y":{}}}"#, jwk["x"], jwk["y"]);
        URL_SAFE_NO_PAD.encode(sha256(text.as_bytes()))
    }

    pub fn header(&self) -> Value {
        json!({ "typ": "dpop+jwt", "alg": "ES256", "jwk": self.jwk() })
    }

    /// Returns good claims; each call has a `jti` of its own.
    pub fn claims(&self, method: &str, path: &str) -> Value {
        let now = self.world.app.clock.now().timestamp();
        json!({ "jti": genkan::random::token(), "htm": method, "htu": self.address(path), "iat": now })
    }

    pub fn sign(&self, claims: &Value) -> String {
        self.signer.sign(&self.header(), claims)
    }

    pub fn proof(&self, path: &str) -> String {
        self.sign(&self.claims("POST", path))
    }

    /// Returns a proof for reading something with a token.
    pub fn proof_for(&self, path: &str, token: &str) -> String {
        let mut claims = self.claims("GET", path);
        claims["ath"] = json!(hash_token(token));
        self.sign(&claims)
    }

    /// Asks an endpoint as the client, with these proofs.
    pub async fn ask(&self, path: &str, fields: &[(&str, &str)], proofs: &[&str]) -> Page {
        let id = self.world.client.id.to_string();
        let public = self.world.client.is_public().then_some(("client_id", id.as_str()));
        let fields: Vec<_> = fields.iter().copied().chain(public).collect();
        let request = self.world.app.browser().request(Method::POST, path).form(&fields);
        let request = if self.world.client.is_public() { request } else { request.basic_auth(&id, Some(SECRET)) };
        Page::read(proofs.iter().fold(request, |request, proof| request.header("DPoP", *proof))).await
    }

    pub async fn client_credentials(&self, proofs: &[&str]) -> Page {
        self.ask(TOKEN, &[("grant_type", "client_credentials")], proofs).await
    }

    /// Goes through a request up to its code.
    pub async fn code(&self, changed: &[(&str, &str)]) -> String {
        let usual = ("scope", "openid profile email offline_access");
        self.world.allow(&[&[usual], changed].concat()).await.get("code")
    }

    pub async fn redeem(&self, code: &str, proofs: &[&str]) -> Page {
        let fields = [("grant_type", "authorization_code"), ("code", code), ("redirect_uri", CALLBACK), ("code_verifier", VERIFIER)];
        self.ask(TOKEN, &fields, proofs).await
    }

    pub async fn refresh(&self, token: &str, proofs: &[&str]) -> Page {
        self.ask(TOKEN, &[("grant_type", "refresh_token"), ("refresh_token", token)], proofs).await
    }

    /// Goes through the whole flow with proofs; returns the tokens.
    pub async fn tokens(&self) -> Value {
        let page = self.redeem(&self.code(&[]).await, &[&self.proof(TOKEN)]).await;
        assert_eq!(page.status, 200, "{page:?}");
        page.json()
    }

    /// Reads something with a token.
    pub async fn open(&self, path: &str, authorization: &str, proofs: &[&str]) -> Page {
        let request = self.world.app.browser().request(Method::GET, path).header("Authorization", authorization);
        Page::read(proofs.iter().fold(request, |request, proof| request.header("DPoP", *proof))).await
    }
}

/// Returns a public key with nothing but what it is.
pub fn bare(signer: &Signer) -> Value {
    let mut jwk = signer.jwk(None);
    let members = jwk.as_object_mut().expect("a key");
    members.remove("use");
    members.remove("alg");
    jwk
}

#[track_caller]
pub fn text<'a>(tokens: &'a Value, name: &str) -> &'a str {
    tokens[name].as_str().unwrap_or_else(|| panic!("no {name}: {tokens}"))
}
