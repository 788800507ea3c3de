//! One pair of keys: made, opened, signing.
//!
//! The pair is read once and signs with what was read: the JWT library would read it
//! again for each token, which costs RSA half of its speed.

use aws_lc_rs::encoding::AsDer as _;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, RSA_PKCS1_SHA256, RsaKeyPair};
use chrono::{DateTime, Utc};
use jsonwebtoken::jwk::{Jwk, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey};

use crate::domain::client::SigningAlgorithm;
use crate::store::token_keys::TokenKeyRow;

/// Bytes before the RSA key in its PKCS #8 wrapping: outer length 4, version 3, algorithm 15, inner length 4 (RFC 5208 §5).
const PKCS8_HEAD: usize = 26;

/// What a key signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// The session token in the `jwt` cookie, with ES256.
    Session,
    /// What the issuer signs with RS256, which every one has to offer (OIDC Core §15.1).
    Rs256,
    /// What the issuer signs with ES256.
    Es256,
}

impl Purpose {
    /// The issuer's.
    pub const OF_ISSUER: [Self; 2] = [Self::Rs256, Self::Es256];
    /// Every one.
    pub const ALL: [Self; 3] = [Self::Session, Self::Rs256, Self::Es256];

    /// Returns the name in the database; a key's name begins with it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Session => "session-token",
            Self::Rs256 => "issuer-rs256",
            Self::Es256 => "issuer-es256",
        }
    }

    /// Reads a name; `None` for one of another version.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|purpose| purpose.as_str() == name)
    }

    /// Tells whether the public half is published.
    pub const fn is_issuers(self) -> bool {
        matches!(self, Self::Rs256 | Self::Es256)
    }

    /// Returns the algorithm (RFC 7518 §3.1).
    pub const fn algorithm(self) -> Algorithm {
        match self {
            Self::Rs256 => Algorithm::RS256,
            Self::Session | Self::Es256 => Algorithm::ES256,
        }
    }

    /// Makes a pair, as PKCS #8; RSA with 2,048 bits (RFC 7518 §3.3).
    ///
    /// # Panics
    ///
    /// Never in practice: the system's generator does not fail once it is seeded.
    pub fn new_material(self) -> Vec<u8> {
        const REASON: &str = "the system's random generator does not fail once seeded";
        match self {
            Self::Rs256 => {
                let pair = RsaKeyPair::generate(KeySize::Rsa2048).expect(REASON);
                pair.as_der().expect("a key just made can be written").as_ref().to_vec()
            }
            Self::Session | Self::Es256 => {
                let pkcs8 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new());
                pkcs8.expect(REASON).as_ref().to_vec()
            }
        }
    }
}

impl From<SigningAlgorithm> for Purpose {
    /// Finds what the issuer signs with an algorithm.
    fn from(algorithm: SigningAlgorithm) -> Self {
        match algorithm {
            SigningAlgorithm::Rs256 => Self::Rs256,
            SigningAlgorithm::Es256 => Self::Es256,
        }
    }
}

/// A pair of keys, ready to sign.
pub struct Key {
    /// Names it in a token's header (RFC 7515 §4.1.4).
    pub kid: String,
    /// What it signs.
    pub purpose: Purpose,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it begins to sign.
    pub signs_at: DateTime<Utc>,
    /// The public half, for checking.
    pub verifying: DecodingKey,
    /// The public half, for others (RFC 7517).
    pub jwk: Jwk,
    pair: Pair,
}

enum Pair {
    Rsa(RsaKeyPair),
    Ecdsa(EcdsaKeyPair),
}

impl Key {
    /// Reads the pair of a row from PKCS #8; `None` if it is none for this purpose.
    pub fn open(purpose: Purpose, row: &TokenKeyRow, pkcs8: &[u8]) -> Option<Self> {
        let (pair, encoding) = match purpose {
            Purpose::Rs256 => (Pair::Rsa(RsaKeyPair::from_pkcs8(pkcs8).ok()?), EncodingKey::from_rsa_der(pkcs8.get(PKCS8_HEAD..)?)),
            Purpose::Session | Purpose::Es256 => {
                let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8).ok()?;
                (Pair::Ecdsa(pair), EncodingKey::from_ec_der(pkcs8))
            }
        };
        let mut jwk = Jwk::from_encoding_key(&encoding, purpose.algorithm()).ok()?;
        jwk.common.key_id = Some(row.kid.clone());
        jwk.common.public_key_use = Some(PublicKeyUse::Signature);
        let verifying = DecodingKey::from_jwk(&jwk).ok()?;
        let (kid, created_at, signs_at) = (row.kid.clone(), row.created_at, row.signs_at);
        Some(Self { kid, purpose, created_at, signs_at, verifying, jwk, pair })
    }

    /// Signs a message (RFC 7518 §3.3, §3.4).
    ///
    /// # Panics
    ///
    /// Never in practice: the system's generator does not fail once it is seeded.
    pub fn sign(&self, message: &[u8]) -> Vec<u8> {
        const REASON: &str = "a key that was read signs";
        match &self.pair {
            Pair::Rsa(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature).expect(REASON);
                signature
            }
            Pair::Ecdsa(pair) => pair.sign(&SystemRandom::new(), message).expect(REASON).as_ref().to_vec(),
        }
    }
}
