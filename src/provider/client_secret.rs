//! Client secrets that have to be made: a token signed with a key of ours, as Apple wants it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::json;

/// For how long a client secret is good, in seconds: one exchange and a clock that is slow.
const LIFETIME_SECS: i64 = 300;

/// The key that signs, and whose it is.
#[derive(Clone)]
pub(super) struct ClientSecretKey {
    team_id: String,
    key_id: String,
    key: EncodingKey,
}

impl ClientSecretKey {
    /// Reads the key; `None` if it is no EC key in PEM form.
    pub fn read(team_id: String, key_id: String, pem: &SecretString) -> Option<Self> {
        let key = EncodingKey::from_ec_der(&decode_pem(pem.expose_secret())?);
        let made = Self { team_id, key_id, key };
        // Whether the key can sign shows only when it does.
        made.make("", "", DateTime::UNIX_EPOCH).map(|_| made)
    }

    /// Makes a secret for one request (RFC 7523 §3); `None` if the key cannot sign.
    pub fn make(&self, client_id: &str, audience: &str, now: DateTime<Utc>) -> Option<SecretString> {
        let header = Header { kid: Some(self.key_id.clone()), ..Header::new(Algorithm::ES256) };
        let issued_at = now.timestamp();
        let claims = json!({
            "iss": self.team_id, "sub": client_id, "aud": audience, "iat": issued_at, "exp": issued_at + LIFETIME_SECS,
        });
        jsonwebtoken::encode(&header, &claims, &self.key).ok().map(SecretString::from)
    }
}

/// Takes the PKCS #8 key out of its wrapping (RFC 7468 §10).
fn decode_pem(pem: &str) -> Option<Vec<u8>> {
    let (_, rest) = pem.split_once("-----BEGIN PRIVATE KEY-----")?;
    let (body, _) = rest.split_once("-----END PRIVATE KEY-----")?;
    STANDARD.decode(body.split_whitespace().collect::<String>()).ok()
}
