//! The lab's signing keys: made when first needed, rotated on demand.

use std::sync::{Arc, Mutex, PoisonError};

use aws_lc_rs::encoding::AsDer as _;
use aws_lc_rs::rand::{self, SystemRandom};
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, RsaKeyPair};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::jwk::{Jwk, JwkSet, PublicKeyUse};
use jsonwebtoken::{Algorithm, EncodingKey};

/// Bytes before the RSA key in its PKCS #8 wrapping: outer length 4, version 3, algorithm 15, inner length 4 (RFC 5208 §5).
const PKCS8_HEAD: usize = 26;

/// How ID Tokens are signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SigningAlgorithm {
    /// RSA with SHA-256, which every provider has to offer (OIDC Core §15.1).
    Rs256,
    /// ECDSA on P-256 with SHA-256.
    Es256,
}

/// A key pair with its name.
pub(super) struct Key {
    pub(super) kid: String,
    pub(super) algorithm: Algorithm,
    pub(super) private: EncodingKey,
}

/// The keys of one lab.
pub(super) struct Keyring(Mutex<Keys>);

struct Keys {
    algorithm: SigningAlgorithm,
    /// Published keys, the one that signs first.
    published: Vec<Arc<Key>>,
    /// Signs what nobody can verify; never published.
    unpublished: Option<Arc<Key>>,
}

impl Keyring {
    /// Returns a ring without a key yet.
    pub(super) fn new() -> Self {
        Self(Mutex::new(Keys { algorithm: SigningAlgorithm::Rs256, published: Vec::new(), unpublished: None }))
    }

    /// Changes the algorithm; keys of the other one are dropped.
    pub(super) fn select(&self, algorithm: SigningAlgorithm) {
        let mut keys = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *keys = Keys { algorithm, published: Vec::new(), unpublished: None };
    }

    /// Puts a new key before the signing one and drops older ones.
    pub(super) fn rotate(&self) {
        let mut keys = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let next = Arc::new(Key::generate(keys.algorithm));
        keys.published.insert(0, next);
        keys.published.truncate(2);
    }

    /// Returns the key that signs.
    pub(super) fn signing(&self) -> Arc<Key> {
        let mut keys = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if keys.published.is_empty() {
            let first = Arc::new(Key::generate(keys.algorithm));
            keys.published.push(first);
        }
        Arc::clone(&keys.published[0])
    }

    /// Returns a key of the same kind that is not published.
    pub(super) fn unpublished(&self) -> Arc<Key> {
        let mut keys = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let algorithm = keys.algorithm;
        Arc::clone(keys.unpublished.get_or_insert_with(|| Arc::new(Key::generate(algorithm))))
    }

    /// Returns the public halves (RFC 7517 §5).
    pub(super) fn jwks(&self) -> JwkSet {
        self.signing();
        let keys = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        JwkSet { keys: keys.published.iter().map(|key| key.public()).collect() }
    }
}

impl Key {
    /// Makes a key pair; RSA with 2,048 bits (RFC 7518 §3.3).
    fn generate(algorithm: SigningAlgorithm) -> Self {
        let kid = random_token(9);
        match algorithm {
            SigningAlgorithm::Rs256 => {
                let pair = RsaKeyPair::generate(KeySize::Rsa2048).expect("RSA keys of 2,048 bits can be made");
                let der = pair.as_der().expect("a key just made can be written");
                Self { kid, algorithm: Algorithm::RS256, private: EncodingKey::from_rsa_der(&der.as_ref()[PKCS8_HEAD..]) }
            }
            SigningAlgorithm::Es256 => {
                let der =
                    EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new()).expect("P-256 keys can be made");
                Self { kid, algorithm: Algorithm::ES256, private: EncodingKey::from_ec_der(der.as_ref()) }
            }
        }
    }

    /// Returns the public half with its name and use.
    fn public(&self) -> Jwk {
        let mut public = Jwk::from_encoding_key(&self.private, self.algorithm).expect("a key just made has a public half");
        public.common.key_id = Some(self.kid.clone());
        public.common.public_key_use = Some(PublicKeyUse::Signature);
        public
    }
}

/// Returns `bytes` random bytes (at most 32) as base64url.
pub(super) fn random_token(bytes: usize) -> String {
    let mut buffer = [0; 32];
    rand::fill(&mut buffer).expect("the system's random generator does not fail once seeded");
    URL_SAFE_NO_PAD.encode(&buffer[..bytes.min(32)])
}
