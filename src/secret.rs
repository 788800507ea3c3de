//! Cryptography in four verbs: hash, authenticate, seal, open.
//!
//! Everything goes through `aws-lc-rs`, which TLS and the JWT library link
//! already. Keys are made and kept by [`crate::signin::keyring`] and
//! [`crate::keys`].

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::{digest, hmac};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
pub use secrecy::{ExposeSecret, SecretString};

use crate::random;

/// Hashes a high-entropy token for storage: SHA-256 as base64url.
pub fn hash_token(token: &str) -> String {
    URL_SAFE_NO_PAD.encode(sha256(token.as_bytes()))
}

/// Computes SHA-256.
pub fn sha256(data: &[u8]) -> [u8; 32] {
    let mut hash = [0; 32];
    hash.copy_from_slice(digest::digest(&digest::SHA256, data).as_ref());
    hash
}

/// Computes HMAC-SHA-256 (RFC 2104).
pub fn hmac_sha256(key: &[u8], data: &[u8]) -> [u8; 32] {
    let mut tag = [0; 32];
    tag.copy_from_slice(hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), data).as_ref());
    tag
}

/// Seals small values with AES-256-GCM under a random nonce.
///
/// The context is authenticated, so a value sealed for one use opens for no
/// other. With random nonces one key is good for 2³² seals (NIST SP 800-38D
/// §8.3).
pub struct SealingKey(LessSafeKey);

impl SealingKey {
    /// Takes 256 bits of key.
    ///
    /// # Panics
    ///
    /// Never: the key has the length that the algorithm wants.
    pub fn new(key: &[u8; 32]) -> Self {
        let key = UnboundKey::new(&AES_256_GCM, key).expect("32 bytes are an AES-256 key");
        Self(LessSafeKey::new(key))
    }

    /// Seals `plain` for `context`; returns nonce and ciphertext as base64url.
    ///
    /// # Panics
    ///
    /// Never: only inputs of many gigabytes cannot be sealed.
    pub fn seal(&self, context: &str, plain: &[u8]) -> String {
        let nonce = random::bytes::<NONCE_LEN>();
        let mut sealed = plain.to_vec();
        self.0
            .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(context), &mut sealed)
            .expect("a small value can be sealed");
        URL_SAFE_NO_PAD.encode([nonce.as_slice(), &sealed].concat())
    }

    /// Opens what [`SealingKey::seal`] made for the same `context`; else `None`.
    pub fn open(&self, context: &str, sealed: &str) -> Option<Vec<u8>> {
        let mut bytes = URL_SAFE_NO_PAD.decode(sealed).ok()?;
        let (nonce, ciphertext) = bytes.split_at_mut_checked(NONCE_LEN)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let plain = self.0.open_in_place(nonce, Aad::from(context), ciphertext).ok()?;
        Some(plain.to_vec())
    }
}

impl std::fmt::Debug for SealingKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SealingKey(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_opens_for_its_context_only() {
        let key = SealingKey::new(&[7; 32]);
        let sealed = key.seal("flash", b"state_unknown");

        assert_eq!(key.open("flash", &sealed).as_deref(), Some(b"state_unknown".as_slice()));
        assert_eq!(key.open("key", &sealed), None);
        assert_eq!(SealingKey::new(&[8; 32]).open("flash", &sealed), None);
    }

    #[test]
    fn a_changed_or_short_value_does_not_open() {
        let key = SealingKey::new(&[7; 32]);
        let mut sealed = key.seal("flash", b"x");
        sealed.replace_range(0..1, if sealed.starts_with('A') { "B" } else { "A" });

        assert_eq!(key.open("flash", &sealed), None);
        assert_eq!(key.open("flash", ""), None);
        assert_eq!(key.open("flash", "AAAA"), None);
    }

    #[test]
    fn hmac_matches_rfc_4231_case_2() {
        let tag = hmac_sha256(b"Jefe", b"what do ya want for nothing?");

        assert_eq!(tag[..4], [0x5b, 0xdc, 0xc1, 0x46]);
    }
}
