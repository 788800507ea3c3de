//! A provider as it should be: keys, documents, tokens; each test breaks one thing.

use std::sync::OnceLock;
use std::time::{Duration, Instant};

use aws_lc_rs::encoding::AsDer as _;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, EncodingKey};
use serde_json::{Value, json};

use super::server::{Reply, Server};
use crate::clock::Clock;
use crate::config::{HttpConfig, ProviderConfig};
use crate::provider::cache::Timing;
use crate::provider::{CodeExchange, Profile, Provider, ProviderError, Providers};
use crate::secret;

pub(in crate::provider) const CODE: &str = "the-code";
pub(in crate::provider) const NONCE: &str = "the-nonce";
pub(in crate::provider) const ACCESS_TOKEN: &str = "the-access-token";
pub(in crate::provider) const CLIENT_ID: &str = "client";
/// 2026-11-20T12:00:00Z
pub(in crate::provider) const NOW: i64 = 1_795_176_000;

/// A signing key with its public half.
pub(in crate::provider) struct Key {
    pub id: &'static str,
    algorithm: Algorithm,
    encoding: EncodingKey,
}

impl Key {
    /// Returns an RSA key that all tests share: making one takes long.
    pub fn rsa() -> &'static Self {
        static KEY: OnceLock<Key> = OnceLock::new();
        KEY.get_or_init(|| {
            let pair = aws_lc_rs::rsa::KeyPair::generate(KeySize::Rsa2048).expect("an RSA key");
            let pkcs8 = pair.as_der().expect("its encoding");
            // RFC 5208 §5: 26 bytes of wrapping before the RSAPrivateKey of 2048 bits.
            Self { id: "rsa", algorithm: Algorithm::RS256, encoding: EncodingKey::from_rsa_der(&pkcs8.as_ref()[26..]) }
        })
    }

    pub fn ec(id: &'static str) -> Self {
        let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).expect("a P-256 key");
        let pkcs8 = pair.to_pkcs8v1().expect("its encoding");
        Self { id, algorithm: Algorithm::ES256, encoding: EncodingKey::from_ec_der(pkcs8.as_ref()) }
    }

    pub fn ed(id: &'static str) -> Self {
        let pkcs8 = Ed25519KeyPair::generate().expect("an Ed25519 key").to_pkcs8v1().expect("its encoding");
        Self { id, algorithm: Algorithm::EdDSA, encoding: EncodingKey::from_ed_der(pkcs8.as_ref()) }
    }

    pub fn jwk(&self) -> Value {
        let mut jwk = serde_json::to_value(Jwk::from_encoding_key(&self.encoding, self.algorithm).expect("a public key")).expect("JSON");
        jwk["kid"] = json!(self.id);
        jwk["use"] = json!("sig");
        jwk
    }

    pub fn header(&self) -> Value {
        json!({ "alg": serde_json::to_value(self.algorithm).expect("a name"), "typ": "JWT", "kid": self.id })
    }

    pub fn sign(&self, claims: &Value) -> String {
        self.sign_with(&self.header(), claims)
    }

    pub fn sign_with(&self, header: &Value, claims: &Value) -> String {
        let signed = format!("{}.{}", encode(header), encode(claims));
        let signature = jsonwebtoken::crypto::sign(signed.as_bytes(), &self.encoding, self.algorithm).expect("a signature");
        format!("{signed}.{signature}")
    }
}

pub(in crate::provider) fn encode(part: &Value) -> String {
    URL_SAFE_NO_PAD.encode(part.to_string())
}

pub(in crate::provider) fn keys(keys: &[&Key]) -> Value {
    json!({ "keys": keys.iter().map(|key| key.jwk()).collect::<Vec<_>>() })
}

/// A provider on loopback, and our view of it.
pub(in crate::provider) struct World {
    pub server: Server,
    pub key: Key,
    pub issuer: String,
    pub clock: Clock,
}

impl World {
    /// Starts a provider at which everything works.
    pub fn start() -> Self {
        let server = Server::start();
        let issuer = format!("http://{}", server.address);
        let clock = Clock::fixed(chrono::DateTime::from_timestamp(NOW, 0).expect("a valid time"));
        let world = Self { server, key: Key::ec("ec"), issuer, clock };
        world.server.set("/.well-known/openid-configuration", [Reply::json(200, &world.discovery())]);
        world.server.set("/jwks", [Reply::json(200, &keys(&[&world.key]))]);
        world.server.set("/token", [Reply::json(200, &world.tokens(&world.claims()))]);
        world.server.set("/userinfo", [Reply::json(200, &json!({"sub": "sub", "name": "From Userinfo"}))]);
        world
    }

    pub fn discovery(&self) -> Value {
        let at = |path: &str| format!("{}{path}", self.issuer);
        json!({
            "issuer": self.issuer,
            "authorization_endpoint": at("/authorize"),
            "token_endpoint": at("/token"),
            "userinfo_endpoint": at("/userinfo"),
            "jwks_uri": at("/jwks"),
            "id_token_signing_alg_values_supported": ["RS256", "ES256", "EdDSA", "HS256", "none"],
        })
    }

    /// Claims that leave nothing for userinfo.
    pub fn claims(&self) -> Value {
        let at_hash = URL_SAFE_NO_PAD.encode(&secret::sha256(ACCESS_TOKEN.as_bytes())[..16]);
        json!({
            "iss": self.issuer, "aud": CLIENT_ID, "sub": "sub", "nonce": NONCE, "iat": NOW, "exp": NOW + 300,
            "at_hash": at_hash, "name": "山田 花子", "email": "hanako@example.com", "email_verified": true,
        })
    }

    pub fn tokens(&self, claims: &Value) -> Value {
        Self::tokens_with(&self.key.sign(claims))
    }

    pub fn tokens_with(id_token: &str) -> Value {
        json!({ "access_token": ACCESS_TOKEN, "token_type": "Bearer", "expires_in": 300, "id_token": id_token, "scope": "openid email" })
    }

    pub fn config(&self) -> ProviderConfig {
        let config = json!({
            "id": "lab", "preset": "oidc", "client_id": CLIENT_ID, "client_secret": "s3cret:/+", "issuer": self.issuer,
        });
        serde_json::from_value(config).expect("a configuration")
    }

    pub fn provider(&self) -> Provider {
        self.provider_with(&self.config(), Timing::default())
    }

    pub fn provider_with(&self, config: &ProviderConfig, timing: Timing) -> Provider {
        let http = HttpConfig::default();
        let mut providers = Providers::with_timing(std::slice::from_ref(config), &http, self.clock.clone(), timing).expect("a provider");
        providers.all.remove(0)
    }

    pub async fn identify(&self) -> Result<Profile, ProviderError> {
        identify(&self.provider()).await
    }
}

pub(in crate::provider) async fn identify(provider: &Provider) -> Result<Profile, ProviderError> {
    identify_within(provider, Duration::from_secs(20)).await
}

pub(in crate::provider) async fn identify_within(provider: &Provider, patience: Duration) -> Result<Profile, ProviderError> {
    let exchange = CodeExchange {
        code: CODE,
        code_verifier: "the-verifier",
        nonce: NONCE,
        redirect_uri: "http://localhost:8080/auth/lab/callback",
        deadline: Instant::now() + patience,
    };
    provider.identify(&exchange).await.map(|identified| identified.profile)
}
