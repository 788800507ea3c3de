//! Signed words of others: a client about itself, or a trusted issuer about a person
//! (RFC 7521, RFC 7523).
//!
//! Only keys that are registered here count, and only with the one algorithm that is
//! registered beside them; what the header offers (`jwk`, `jku`, `x5u`, `x5c`) is never
//! read. What the claims mean is the caller's: [`super::client_auth`] and the
//! `jwt-bearer` grant have rules of their own, and neither takes the other's.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::jwk::{AlgorithmParameters, Jwk, JwkSet, KeyOperations, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey, Header, Validation};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::domain::client::AssertionAlgorithm;

/// The longest assertion, in bytes.
const MAX_BYTES: usize = 8 * 1_024;
/// The most keys in a registered set.
pub const MAX_KEYS: usize = 8;
/// The smallest RSA modulus, in bytes: 2048 bits (RFC 7518 §3.3).
pub(super) const MIN_RSA_BYTES: usize = 256;

/// Why a key set cannot be registered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeySetError {
    /// It is no JWK Set (RFC 7517 §5) of known kinds of keys.
    #[error("this is no JWK Set with signature keys")]
    Malformed,
    /// It holds a private or a symmetric key, which must stay where it was made.
    #[error("the JWK Set holds a private key")]
    Private,
    /// It holds too many keys.
    #[error("the JWK Set holds too many keys")]
    TooMany,
    /// A key is too short.
    #[error("the JWK Set holds an RSA key of less than 2048 bits")]
    Weak,
    /// No key can be used with the algorithm.
    #[error("no key of the JWK Set fits the algorithm")]
    Unfit,
}

/// Whom an assertion is meant for: one, or a list of them (RFC 7519 §4.1.3).
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Audience {
    One(String),
    Many(Vec<String>),
}

impl Audience {
    /// Tells whether it is meant for us alone: what is meant for others too could be used by them (RFC 7523 §3).
    pub fn is_only(&self, is_ours: impl Fn(&str) -> bool) -> bool {
        match self {
            Self::One(audience) => is_ours(audience),
            Self::Many(audiences) => !audiences.is_empty() && audiences.iter().all(|audience| is_ours(audience)),
        }
    }
}

/// Reads who says it and of whom, without believing it.
#[derive(Debug, Deserialize)]
struct Claimed {
    iss: Option<String>,
    sub: Option<String>,
}

/// Returns the `iss` of an assertion, unverified: only to find the keys that verify it.
pub fn issuer_of(token: &str) -> Option<String> {
    claimed(token)?.iss
}

/// Returns the `sub` of an assertion, unverified: only to find the keys that verify it.
pub fn subject_of(token: &str) -> Option<String> {
    claimed(token)?.sub
}

/// Reads the claims of an assertion that a key of the set signed with this algorithm.
/// Looks at nothing that the claims say.
pub fn verify<T: DeserializeOwned>(token: &str, jwks: &Value, algorithm: AssertionAlgorithm) -> Option<T> {
    let header = header_of(token)?;
    let set: JwkSet = serde_json::from_value(jwks.clone()).ok()?;
    let candidates = set.keys.iter().filter(|key| is_candidate(key, &header, algorithm)).take(MAX_KEYS);
    candidates.filter_map(|key| DecodingKey::from_jwk(key).ok()).find_map(|key| open(token, &key, algorithm))
}

/// Reads the claims of an assertion that is signed with a client's secret (OIDC Core §9, `client_secret_jwt`).
pub fn verify_with_secret<T: DeserializeOwned>(token: &str, secret: &[u8]) -> Option<T> {
    header_of(token)?;
    open(token, &DecodingKey::from_secret(secret), AssertionAlgorithm::Hs256)
}

/// Checks a JWK Set that somebody wants to register for an algorithm; returns it without what is not needed.
///
/// # Errors
///
/// [`KeySetError`] says which rule is broken.
pub fn check_keys(jwks: &Value, algorithm: AssertionAlgorithm) -> Result<Value, KeySetError> {
    let keys = jwks.get("keys").and_then(Value::as_array).filter(|keys| !keys.is_empty()).ok_or(KeySetError::Malformed)?;
    if keys.len() > MAX_KEYS {
        return Err(KeySetError::TooMany);
    }
    if keys.iter().any(is_private) {
        return Err(KeySetError::Private);
    }
    let set: JwkSet = serde_json::from_value(jwks.clone()).map_err(|_| KeySetError::Malformed)?;
    if set.keys.iter().any(is_weak) {
        return Err(KeySetError::Weak);
    }
    let is_usable = |key: &Jwk| fits(key, algorithm) && DecodingKey::from_jwk(key).is_ok();
    if set.keys.iter().any(is_usable) { serde_json::to_value(set).map_err(|_| KeySetError::Malformed) } else { Err(KeySetError::Unfit) }
}

/// Tells whether a key has a part that only its owner has (RFC 7518 §6.2.2, §6.3.2, §6.4.1).
pub(super) fn is_private(key: &Value) -> bool {
    ["d", "p", "q", "dp", "dq", "qi", "oth", "k"].iter().any(|part| key.get(part).is_some())
}

/// Returns the header of an assertion that is one plain signed text.
fn header_of(token: &str) -> Option<Header> {
    if token.len() > MAX_BYTES {
        return None;
    }
    // RFC 7515 §4.1.11: an extension that must be understood, and we understand none.
    let header = jsonwebtoken::decode_header(token).ok().filter(|header| header.crit.is_none())?;
    // RFC 8725 §3.11: a token that is typed for another use is not an assertion.
    let plain = ["JWT", "client-authentication+jwt", "authorization-grant+jwt"];
    let is_plain = header.typ.as_deref().is_none_or(|typ| plain.iter().any(|plain| typ.eq_ignore_ascii_case(plain)));
    is_plain.then_some(header)
}

fn claimed(token: &str) -> Option<Claimed> {
    header_of(token)?;
    let payload = token.split('.').nth(1)?;
    let claimed: Claimed = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).ok()?).ok()?;
    // These are looked up, and PostgreSQL cannot even be asked for a text with NUL (security.md HT-04).
    let is_text = |text: &Option<String>| text.as_ref().is_none_or(|text| !text.contains('\0'));
    (is_text(&claimed.iss) && is_text(&claimed.sub)).then_some(claimed)
}

fn open<T: DeserializeOwned>(token: &str, key: &DecodingKey, algorithm: AssertionAlgorithm) -> Option<T> {
    let mut rules = Validation::new(algorithm_of(algorithm));
    // Times are held against our own clock by the caller.
    rules.validate_exp = false;
    rules.validate_aud = false;
    rules.required_spec_claims.clear();
    jsonwebtoken::decode::<T>(token, key, &rules).ok().map(|read| read.claims)
}

/// Tells a key that may have signed: of that name if both have one, and fit for the algorithm.
fn is_candidate(key: &Jwk, header: &Header, algorithm: AssertionAlgorithm) -> bool {
    // A key that was registered without a name, as from PEM, may be called anything (RFC 7515 §4.1.4: a hint).
    let is_named = header.kid.is_none() || key.common.key_id.is_none() || header.kid == key.common.key_id;
    is_named && fits(key, algorithm)
}

/// Tells whether a key is of the algorithm's kind, and for signatures.
pub(super) fn fits(key: &Jwk, algorithm: AssertionAlgorithm) -> bool {
    let is_for_signatures = key.common.public_key_use.as_ref().is_none_or(|used| *used == PublicKeyUse::Signature);
    let verifies = key.common.key_operations.as_ref().is_none_or(|all| all.contains(&KeyOperations::Verify));
    let is_named = key.common.key_algorithm.is_none_or(|own| own.to_string() == algorithm.as_str());
    is_for_signatures && verifies && is_named && is_of_kind(key, algorithm)
}

fn is_of_kind(key: &Jwk, algorithm: AssertionAlgorithm) -> bool {
    use jsonwebtoken::jwk::EllipticCurve::{Ed25519, P256, P384};
    match (&key.algorithm, algorithm) {
        (AlgorithmParameters::RSA(_), AssertionAlgorithm::Rs256 | AssertionAlgorithm::Ps256) => true,
        (AlgorithmParameters::EllipticCurve(key), AssertionAlgorithm::Es256) => key.curve == P256,
        (AlgorithmParameters::EllipticCurve(key), AssertionAlgorithm::Es384) => key.curve == P384,
        (AlgorithmParameters::OctetKeyPair(key), AssertionAlgorithm::EdDsa) => key.curve == Ed25519,
        _ => false,
    }
}

/// Tells an RSA key that is too short.
pub(super) fn is_weak(key: &Jwk) -> bool {
    match &key.algorithm {
        AlgorithmParameters::RSA(rsa) => URL_SAFE_NO_PAD.decode(&rsa.n).map_or(true, |n| n.len() < MIN_RSA_BYTES),
        _ => false,
    }
}

/// Returns what the library calls an algorithm.
pub(super) fn algorithm_of(algorithm: AssertionAlgorithm) -> Algorithm {
    match algorithm {
        AssertionAlgorithm::Es256 => Algorithm::ES256,
        AssertionAlgorithm::Es384 => Algorithm::ES384,
        AssertionAlgorithm::EdDsa => Algorithm::EdDSA,
        AssertionAlgorithm::Ps256 => Algorithm::PS256,
        AssertionAlgorithm::Rs256 => Algorithm::RS256,
        AssertionAlgorithm::Hs256 => Algorithm::HS256,
    }
}

#[cfg(test)]
mod tests;
