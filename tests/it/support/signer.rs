//! A provider's keys, and ID Tokens signed with them as a test wants them.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, EncodingKey, crypto};
use rcgen::{KeyPair, PublicKeyData as _};
use serde_json::{Value, json};

/// One ES256 key.
pub struct Signer {
    key: EncodingKey,
    /// The public point: 4, x, y (SEC 1 §2.3.3).
    point: Vec<u8>,
}

impl Signer {
    pub fn new() -> Self {
        let pair = KeyPair::generate().expect("a key");
        Self { key: EncodingKey::from_ec_der(&pair.serialize_der()), point: pair.der_bytes().to_vec() }
    }

    /// Returns the public key under a name, or without one.
    pub fn jwk(&self, kid: Option<&str>) -> Value {
        let (x, y) = self.point[1..].split_at(32);
        let mut jwk = json!({ "kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256" });
        jwk["x"] = json!(URL_SAFE_NO_PAD.encode(x));
        jwk["y"] = json!(URL_SAFE_NO_PAD.encode(y));
        if let Some(kid) = kid {
            jwk["kid"] = json!(kid);
        }
        jwk
    }

    /// Signs claims under a header, whatever the header says.
    pub fn sign(&self, header: &Value, claims: &Value) -> String {
        let signed = format!("{}.{}", URL_SAFE_NO_PAD.encode(header.to_string()), URL_SAFE_NO_PAD.encode(claims.to_string()));
        let signature = crypto::sign(signed.as_bytes(), &self.key, Algorithm::ES256).expect("a signature");
        format!("{signed}.{signature}")
    }
}
