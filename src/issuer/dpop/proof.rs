//! A proof as it came: its form, its key, its signature (RFC 9449 §4.2).
//!
//! The header brings the key along; so the signature says nothing but that who made the
//! proof has that key. Which key it has to be is the caller's to know.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::jwk::{AlgorithmParameters, Jwk, ThumbprintHash};
use jsonwebtoken::{DecodingKey, crypto};
use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::Value;
use url::Url;

use super::{ALGORITHMS, ProofFault};
use crate::domain::client::AssertionAlgorithm;
use crate::domain::thumbprint::Thumbprint;
use crate::issuer::assertion;

/// The longest proof, in bytes: one with an RSA key of 8192 bits, the largest that can be checked, fits.
pub const MAX_BYTES: usize = 6 * 1_024;
/// The longest `jti`, in bytes.
const MAX_JTI_BYTES: usize = 256;
/// What the header says of its kind (RFC 9449 §4.2): nothing else has it.
const TYP: &str = "dpop+jwt";

/// A proof whose key signed it. Whether it is for this request, of now, and new is not looked at.
#[derive(Clone, Debug)]
pub struct Proof {
    /// What its key is called.
    pub key: Thumbprint,
    /// What it says.
    pub claims: Claims,
}

/// What a proof says (RFC 9449 §4.2).
#[derive(Clone, Debug, Deserialize)]
pub struct Claims {
    /// Names the proof; the client gives no two the same.
    pub jti: String,
    /// The request's method.
    pub htm: String,
    /// The request's address; query and fragment mean nothing.
    pub htu: String,
    /// When it was made, in seconds since the epoch.
    pub iat: i64,
    /// When it ends, if it says so (RFC 7519 §4.1.4).
    pub exp: Option<i64>,
    /// When it begins, if it says so (RFC 7519 §4.1.5).
    pub nbf: Option<i64>,
    /// SHA-256 of the access token that it goes with.
    pub ath: Option<String>,
    /// What the server gave for it.
    pub nonce: Option<String>,
}

/// What the header of a proof has to say.
#[derive(Deserialize)]
struct Header {
    typ: String,
    alg: String,
    jwk: Value,
    crit: Option<IgnoredAny>,
}

impl Proof {
    /// Reads a proof and checks its signature (RFC 9449 §4.3, 2 to 7).
    ///
    /// # Errors
    ///
    /// [`ProofFault`] says what is wrong with it.
    pub fn read(text: &str) -> Result<Self, ProofFault> {
        if text.len() > MAX_BYTES {
            return Err(ProofFault::Malformed);
        }
        let (signed, signature) = text.rsplit_once('.').ok_or(ProofFault::Malformed)?;
        let (header, claims) = signed.split_once('.').ok_or(ProofFault::Malformed)?;
        let header: Header = part(header)?;
        // RFC 7515 §4.1.9: media types are compared without regard to case; §4.1.11: what is critical has to be understood.
        if !header.typ.eq_ignore_ascii_case(TYP) || header.crit.is_some() {
            return Err(ProofFault::Malformed);
        }
        let (_, algorithm) = ALGORITHMS.into_iter().find(|(name, _)| *name == header.alg).ok_or(ProofFault::Algorithm)?;
        let (key, verifying) = key_of(&header.jwk, algorithm).ok_or(ProofFault::Key)?;
        let is_signed = crypto::verify(signature, signed.as_bytes(), &verifying, assertion::algorithm_of(algorithm));
        if !is_signed.unwrap_or(false) {
            return Err(ProofFault::Signature);
        }
        let claims: Claims = part(claims)?;
        let is_named = !claims.jti.is_empty() && claims.jti.len() <= MAX_JTI_BYTES;
        if is_named { Ok(Self { key, claims }) } else { Err(ProofFault::Malformed) }
    }
}

impl Claims {
    /// Tells whether the proof is for an address: without query and fragment, and normalised (RFC 9449 §4.3, 9).
    pub fn is_for(&self, address: &Url) -> bool {
        // What the URL standard would mend (blanks, `\`) is no address that a client was told.
        let is_plain = self.htu.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
        let Some(mut given) = Url::parse(&self.htu).ok().filter(|_| is_plain) else { return false };
        given.set_query(None);
        given.set_fragment(None);
        given == *address
    }
}

fn part<T: DeserializeOwned>(encoded: &str) -> Result<T, ProofFault> {
    let bytes = URL_SAFE_NO_PAD.decode(encoded).map_err(|_| ProofFault::Malformed)?;
    serde_json::from_slice(&bytes).map_err(|_| ProofFault::Malformed)
}

/// Reads the key of a header: public, strong enough, of the kind that the algorithm is for.
fn key_of(jwk: &Value, algorithm: AssertionAlgorithm) -> Option<(Thumbprint, DecodingKey)> {
    if assertion::is_private(jwk) {
        return None;
    }
    let key: Jwk = serde_json::from_value(jwk.clone()).ok()?;
    if !assertion::fits(&key, algorithm) || assertion::is_weak(&key) || !is_canonical(&key) {
        return None;
    }
    let thumbprint = key.thumbprint(ThumbprintHash::SHA256).ok()?;
    Some((Thumbprint::parse(&thumbprint)?, DecodingKey::from_jwk(&key).ok()?))
}

/// Tells whether a key is written in the one way that there is, so that it has one thumbprint (RFC 7638 §3.3, RFC 7518 §6.2.1.2, §6.3.1).
fn is_canonical(key: &Jwk) -> bool {
    use jsonwebtoken::jwk::EllipticCurve::{P256, P384};
    let bytes = |text: &str| URL_SAFE_NO_PAD.decode(text).unwrap_or_default();
    match &key.algorithm {
        AlgorithmParameters::RSA(rsa) => [&rsa.n, &rsa.e].iter().all(|number| bytes(number).first().is_some_and(|first| *first != 0)),
        AlgorithmParameters::EllipticCurve(point) => {
            let length = match point.curve {
                P256 => 32,
                P384 => 48,
                _ => return false,
            };
            bytes(&point.x).len() == length && bytes(&point.y).len() == length
        }
        AlgorithmParameters::OctetKeyPair(point) => bytes(&point.x).len() == 32,
        _ => false,
    }
}

#[cfg(test)]
mod tests;
