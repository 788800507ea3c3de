//! Tokens as signed text: JWS in compact form (RFC 7515 §3.1), and nothing about what they say.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, Validation};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::Keychain;
use super::key::{Key, Purpose};
use crate::store::StoreError;

/// What a token says of its signature (RFC 7515 §4.1).
#[derive(Serialize)]
struct Header<'a> {
    alg: Algorithm,
    kid: &'a str,
    typ: &'a str,
}

/// Signs claims; `typ` says what kind of token it is (RFC 7515 §4.1.9).
///
/// # Panics
///
/// Never: claims of ours become JSON.
pub fn sign(key: &Key, typ: &str, claims: &impl Serialize) -> String {
    let header = serde_json::to_vec(&Header { alg: key.purpose.algorithm(), kid: &key.kid, typ }).expect("three texts become JSON");
    let claims = serde_json::to_vec(claims).expect("claims of ours become JSON");
    let mut token = String::with_capacity((header.len() + claims.len()) * 4 / 3 + 400);
    URL_SAFE_NO_PAD.encode_string(header, &mut token);
    token.push('.');
    URL_SAFE_NO_PAD.encode_string(claims, &mut token);
    let signature = key.sign(token.as_bytes());
    token.push('.');
    URL_SAFE_NO_PAD.encode_string(signature, &mut token);
    token
}

/// Reads the claims of a token of this type, signed with a key of these purposes; `None`
/// for any other. Looks at nothing that the claims say.
///
/// # Errors
///
/// [`StoreError`] if it names a key that is not known here and the keys cannot be read.
pub async fn read<T: DeserializeOwned>(chain: &Keychain, purposes: &[Purpose], typ: &str, token: &str) -> Result<Option<T>, StoreError> {
    let Some(kid) = kid_of(token, typ) else { return Ok(None) };
    Ok(chain.find(&kid, purposes).await?.and_then(|key| verify(&key, token)))
}

/// Returns the name of the key that a token of this type claims to be signed with.
fn kid_of(token: &str, typ: &str) -> Option<String> {
    let header = jsonwebtoken::decode_header(token).ok()?;
    // RFC 7515 §4.1.9: media types are compared without regard to case; §4.1.11: what is critical has to be understood.
    let is_understood = header.typ.is_some_and(|given| given.eq_ignore_ascii_case(typ)) && header.crit.is_none();
    header.kid.filter(|_| is_understood)
}

/// Reads the claims of a token that this key signed with its own algorithm.
pub fn verify<T: DeserializeOwned>(key: &Key, token: &str) -> Option<T> {
    let mut rules = Validation::new(key.purpose.algorithm());
    rules.validate_exp = false;
    rules.validate_aud = false;
    rules.required_spec_claims.clear();
    jsonwebtoken::decode::<T>(token, &key.verifying, &rules).ok().map(|read| read.claims)
}

/// Returns the public half of a key for a JWK Set (RFC 7517 §4).
pub fn public(key: &Key) -> serde_json::Value {
    serde_json::to_value(&key.jwk).unwrap_or_default()
}
