//! Public keys in PEM, as a JWK Set: `SubjectPublicKeyInfo` (RFC 5280 §4.1.2.7, RFC 7468 §13)
//! and X.509 certificates.
//!
//! Of a certificate only the key is taken. Its dates, its names and who signed it mean
//! nothing here: whoever registers the key trusts it until they take it away.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rustls::pki_types::pem::{PemObject as _, SectionKind};
use serde_json::{Value, json};
use spki::der::asn1::{AnyRef, ObjectIdentifier, UintRef};
use spki::der::{Decode as _, Reader as _, SliceReader, TagNumber};
use spki::{SubjectPublicKeyInfoRef, der};

use super::assertion::{MAX_KEYS, MIN_RSA_BYTES};
use crate::domain::client::AssertionAlgorithm;

/// RFC 8017, Appendix A.1.
const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
/// RFC 5480 §2.1.1.
const EC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
const P256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7");
const P384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.34");
/// RFC 8410 §3.
const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");
/// The field before the serial number of every certificate but the oldest (RFC 5280 §4.1).
const VERSION: der::Tag = der::Tag::ContextSpecific { constructed: true, number: TagNumber::N0 };
/// Serial number, algorithm, issuer, validity, subject: what stands before the key (RFC 5280 §4.1).
const FIELDS_BEFORE_KEY: usize = 5;

/// Why a PEM file gives no keys.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PemError {
    /// There is no block that could be one.
    #[error("it holds no public key: a block `BEGIN PUBLIC KEY` or `BEGIN CERTIFICATE` is expected")]
    NoKey,
    /// A block has no end, or is no base64.
    #[error("a block of it is cut off or is no base64")]
    Garbled,
    /// It holds what must stay where it was made.
    #[error("it holds a private key, which must stay with its issuer; `openssl pkey -pubout` writes the public one")]
    Private,
    /// A block is of the form that is RSA's own (RFC 8017, Appendix A.1.1).
    #[error("`BEGIN RSA PUBLIC KEY` is not read; `openssl rsa -RSAPublicKey_in -pubout` writes the form that is")]
    Pkcs1,
    /// A block is not what its label says.
    #[error("a {0} of it cannot be read: what is in the block is damaged, or something else")]
    Broken(&'static str),
    /// A key is of a kind that nobody here can check signatures with.
    #[error("a key of it is of a kind that is not known here (OID {0}); RSA, EC and Ed25519 are")]
    UnknownKind(ObjectIdentifier),
    /// An elliptic curve is another one.
    #[error("an EC key of it is on another curve than P-256 and P-384, or not uncompressed")]
    UnknownCurve,
    /// An RSA key is too short (RFC 7518 §3.3).
    #[error("an RSA key of it has {0} bits; 2048 are the least")]
    Weak(usize),
    /// A key makes no signatures of the algorithm.
    #[error("a key of it is {kind}, which makes no signatures of {algorithm}")]
    Unfit {
        /// What it is.
        kind: &'static str,
        /// What was asked for.
        algorithm: AssertionAlgorithm,
    },
    /// There are too many.
    #[error("it holds more than {MAX_KEYS} keys")]
    TooMany,
}

/// Reads every public key of a PEM file into a JWK Set (RFC 7517 §5); all of them have to fit the algorithm.
///
/// # Errors
///
/// [`PemError`] says which rule is broken.
pub fn key_set_of(text: &str, algorithm: AssertionAlgorithm) -> Result<Value, PemError> {
    if text.contains("-----BEGIN RSA PUBLIC KEY-----") {
        return Err(PemError::Pkcs1);
    }
    // A key that is encrypted, or of a kind that the reader does not know, is one all the same.
    if text.lines().any(|line| line.starts_with("-----BEGIN ") && line.contains("PRIVATE KEY-----")) {
        return Err(PemError::Private);
    }
    let mut keys = Vec::new();
    for section in <(SectionKind, Vec<u8>)>::pem_slice_iter(text.as_bytes()) {
        let (kind, bytes) = section.map_err(|_| PemError::Garbled)?;
        match kind {
            SectionKind::PublicKey => keys.push(read_public_key(&bytes, algorithm)?),
            SectionKind::Certificate => keys.push(read_certificate(&bytes, algorithm)?),
            _ => {}
        }
    }
    match keys.len() {
        0 => Err(PemError::NoKey),
        count if count > MAX_KEYS => Err(PemError::TooMany),
        _ => Ok(json!({ "keys": keys })),
    }
}

fn read_public_key(bytes: &[u8], algorithm: AssertionAlgorithm) -> Result<Value, PemError> {
    const KIND: &str = "public key";
    let key = SubjectPublicKeyInfoRef::from_der(bytes).map_err(|_| PemError::Broken(KIND))?;
    jwk_of(&key, KIND, algorithm)
}

fn read_certificate(bytes: &[u8], algorithm: AssertionAlgorithm) -> Result<Value, PemError> {
    const KIND: &str = "certificate";
    let key = key_of_certificate(bytes).map_err(|_| PemError::Broken(KIND))?;
    jwk_of(&key, KIND, algorithm)
}

/// Finds the key in a certificate; whatever stands around it only has to be well formed (RFC 5280 §4.1).
fn key_of_certificate(bytes: &[u8]) -> der::Result<SubjectPublicKeyInfoRef<'_>> {
    let mut reader = SliceReader::new(bytes)?;
    let key = reader.sequence(|certificate| {
        let key = certificate.sequence(|body| {
            if body.peek_tag()? == VERSION {
                AnyRef::decode(body)?;
            }
            for _ in 0..FIELDS_BEFORE_KEY {
                AnyRef::decode(body)?;
            }
            let key = SubjectPublicKeyInfoRef::decode(body)?;
            skip_rest(body)?;
            Ok(key)
        })?;
        skip_rest(certificate)?;
        Ok(key)
    })?;
    reader.finish(key)
}

fn skip_rest<'a>(reader: &mut impl der::Reader<'a>) -> der::Result<()> {
    while !reader.is_finished() {
        AnyRef::decode(reader)?;
    }
    Ok(())
}

/// Writes a key as a JWK (RFC 7518 §6, RFC 8037 §2). It gets no name: its assertions may call it anything.
fn jwk_of(key: &SubjectPublicKeyInfoRef<'_>, label: &'static str, algorithm: AssertionAlgorithm) -> Result<Value, PemError> {
    let bytes = key.subject_public_key.as_bytes().ok_or(PemError::Broken(label))?;
    let (kind, fits, jwk) = match key.algorithm.oid {
        RSA => ("RSA", [AssertionAlgorithm::Rs256, AssertionAlgorithm::Ps256].contains(&algorithm), rsa_jwk(bytes, label)?),
        EC => match key.algorithm.parameters_oid() {
            Ok(P256) => ("EC P-256", algorithm == AssertionAlgorithm::Es256, ec_jwk("P-256", 32, bytes)?),
            Ok(P384) => ("EC P-384", algorithm == AssertionAlgorithm::Es384, ec_jwk("P-384", 48, bytes)?),
            _ => return Err(PemError::UnknownCurve),
        },
        ED25519 if bytes.len() == 32 => {
            let jwk = json!({ "kty": "OKP", "crv": "Ed25519", "x": URL_SAFE_NO_PAD.encode(bytes), "use": "sig" });
            ("Ed25519", algorithm == AssertionAlgorithm::EdDsa, jwk)
        }
        ED25519 => return Err(PemError::Broken(label)),
        other => return Err(PemError::UnknownKind(other)),
    };
    if fits { Ok(jwk) } else { Err(PemError::Unfit { kind, algorithm }) }
}

/// Reads modulus and exponent (RFC 8017, Appendix A.1.1).
fn rsa_jwk(bytes: &[u8], label: &'static str) -> Result<Value, PemError> {
    let read = || -> der::Result<(UintRef<'_>, UintRef<'_>)> {
        let mut reader = SliceReader::new(bytes)?;
        let numbers = reader.sequence(|numbers| Ok((UintRef::decode(numbers)?, UintRef::decode(numbers)?)))?;
        reader.finish(numbers)
    };
    let (modulus, exponent) = read().map_err(|_| PemError::Broken(label))?;
    let (modulus, exponent) = (modulus.as_bytes(), exponent.as_bytes());
    if modulus.len() < MIN_RSA_BYTES {
        return Err(PemError::Weak(modulus.len() * 8));
    }
    Ok(json!({ "kty": "RSA", "n": URL_SAFE_NO_PAD.encode(modulus), "e": URL_SAFE_NO_PAD.encode(exponent), "use": "sig" }))
}

/// Reads a point that is not compressed: 4, x, y (SEC 1 §2.3.3).
fn ec_jwk(curve: &str, width: usize, bytes: &[u8]) -> Result<Value, PemError> {
    let point = bytes.strip_prefix(&[4]).filter(|point| point.len() == 2 * width).ok_or(PemError::UnknownCurve)?;
    let (x, y) = point.split_at(width);
    Ok(json!({ "kty": "EC", "crv": curve, "x": URL_SAFE_NO_PAD.encode(x), "y": URL_SAFE_NO_PAD.encode(y), "use": "sig" }))
}

#[cfg(test)]
mod tests;
