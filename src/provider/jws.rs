//! Signed tokens (RFC 7515): taken apart and verified, before any claim is looked at.
//!
//! Only keys that were fetched from the provider count; what the header offers
//! (`jwk`, `jku`, `x5u`, `x5c`) is never read (security.md SO-05).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use openidconnect::core::{CoreJsonWebKey, CoreJsonWebKeySet, CoreJwsSigningAlgorithm as Algorithm};
use openidconnect::{JsonWebKey as _, JwsSigningAlgorithm as _};
use serde_json::{Map, Value};

use super::error::Fault;

/// The shortest modulus of an RSA key, in bytes (RFC 7518 §3.3).
const MIN_RSA_BYTES: usize = 256;

/// A token whose signature verifies.
pub(super) struct Verified {
    pub claims: Map<String, Value>,
    pub algorithm: Algorithm,
    /// The key that signed it; the hashes of OIDC Core §3.1.3.6 depend on its kind.
    pub key: CoreJsonWebKey,
}

impl Verified {
    /// Tells whether our own client secret signed it, not a published key.
    pub fn is_by_secret(&self) -> bool {
        self.algorithm == Algorithm::HmacSha256
    }
}

/// A token taken apart; nothing in it is to be believed.
struct Parts<'a> {
    algorithm: Algorithm,
    key_id: Option<String>,
    signed: &'a [u8],
    signature: Vec<u8>,
    claims: Map<String, Value>,
}

/// Verifies a token in compact form with one of `keys` and one of `algorithms`.
///
/// # Errors
///
/// [`Fault::Malformed`], [`Fault::AlgorithmUnexpected`], [`Fault::KeyUnknown`] or [`Fault::SignatureInvalid`].
pub(super) fn verify(token: &str, keys: &CoreJsonWebKeySet, algorithms: &[Algorithm]) -> Result<Verified, Fault> {
    let parts = take_apart(token)?;
    if !algorithms.contains(&parts.algorithm) {
        return Err(Fault::AlgorithmUnexpected);
    }
    let candidates: Vec<_> = keys.keys().iter().filter(|key| is_candidate(key, &parts)).collect();
    let is_ambiguous = parts.key_id.is_none() && candidates.len() > 1;
    if candidates.is_empty() || is_ambiguous {
        return Err(Fault::KeyUnknown);
    }
    let signer = candidates.into_iter().find(|key| key.verify_signature(&parts.algorithm, parts.signed, &parts.signature).is_ok());
    let key = signer.ok_or(Fault::SignatureInvalid)?.clone();
    Ok(Verified { claims: parts.claims, algorithm: parts.algorithm, key })
}

/// Tells a token that says it is signed with HS256 (RFC 7518 §3.2).
pub(super) fn is_hs256(token: &str) -> bool {
    take_apart(token).is_ok_and(|parts| parts.algorithm == Algorithm::HmacSha256)
}

/// Verifies a token that is signed with the client secret; only for providers whose preset says they do so.
///
/// # Errors
///
/// As [`verify`].
pub(super) fn verify_hs256(token: &str, secret: &[u8]) -> Result<Verified, Fault> {
    let parts = take_apart(token)?;
    let key = CoreJsonWebKey::new_symmetric(secret.to_vec());
    if parts.algorithm != Algorithm::HmacSha256 {
        return Err(Fault::AlgorithmUnexpected);
    }
    key.verify_signature(&parts.algorithm, parts.signed, &parts.signature).map_err(|_| Fault::SignatureInvalid)?;
    Ok(Verified { claims: parts.claims, algorithm: parts.algorithm, key })
}

fn take_apart(token: &str) -> Result<Parts<'_>, Fault> {
    let (signed, signature) = token.rsplit_once('.').ok_or(Fault::Malformed)?;
    let (header, payload) = signed.split_once('.').filter(|(_, payload)| !payload.contains('.')).ok_or(Fault::Malformed)?;
    let header = decode_object(header).ok_or(Fault::Malformed)?;
    // RFC 7515 §4.1.11: an extension that must be understood, and we understand none.
    if header.contains_key("crit") || !is_plain_type(header.get("typ")) {
        return Err(Fault::Malformed);
    }
    let algorithm = header.get("alg").filter(|algorithm| algorithm.is_string()).ok_or(Fault::Malformed)?;
    let algorithm = serde_json::from_value(algorithm.clone()).map_err(|_| Fault::AlgorithmUnexpected)?;
    let key_id = match header.get("kid") {
        None => None,
        Some(Value::String(id)) => Some(id.clone()),
        Some(_) => return Err(Fault::Malformed),
    };
    Ok(Parts {
        algorithm,
        key_id,
        signed: signed.as_bytes(),
        signature: URL_SAFE_NO_PAD.decode(signature).map_err(|_| Fault::Malformed)?,
        claims: decode_object(payload).ok_or(Fault::Malformed)?,
    })
}

fn decode_object(part: &str) -> Option<Map<String, Value>> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).ok()?).ok()
}

/// Tells a plain JWT from one that is typed for another use, such as `at+jwt` (RFC 8725 §3.11).
fn is_plain_type(kind: Option<&Value>) -> bool {
    let is_plain = |kind: &str| ["jwt", "application/jwt", "jose", "application/jose"].iter().any(|plain| kind.eq_ignore_ascii_case(plain));
    kind.is_none_or(|kind| kind.as_str().is_some_and(is_plain))
}

/// Refuses RSA keys below 2048 bits (RFC 7518 §3.3).
fn is_strong(key: &CoreJsonWebKey) -> bool {
    let modulus = serde_json::to_value(key).ok().and_then(|key| URL_SAFE_NO_PAD.decode(key.get("n")?.as_str()?).ok());
    modulus.is_none_or(|modulus| modulus.iter().skip_while(|byte| **byte == 0).count() >= MIN_RSA_BYTES)
}

/// Tells a key that may have signed: of that id if there is one, of the right kind, long enough, and not for encryption.
fn is_candidate(key: &CoreJsonWebKey, parts: &Parts<'_>) -> bool {
    let is_named = parts.key_id.as_ref().is_none_or(|id| key.key_id().is_some_and(|key_id| key_id.as_str() == id));
    let may_sign = key.key_use().is_none_or(openidconnect::JsonWebKeyUse::allows_signature);
    let fits = match key.signing_alg() {
        openidconnect::JsonWebKeyAlgorithm::Unspecified => true,
        openidconnect::JsonWebKeyAlgorithm::Algorithm(algorithm) => *algorithm == parts.algorithm,
        openidconnect::JsonWebKeyAlgorithm::Unsupported => false,
    };
    is_named && may_sign && fits && is_strong(key) && parts.algorithm.key_type().as_ref() == Some(key.key_type())
}
