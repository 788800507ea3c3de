//! Tokens that only the holder of a key can use: DPoP (RFC 9449).
//!
//! A client makes a key pair and signs, for each request, a proof with it: which
//! method, which address, when, and for which access token. What is issued on a proof is
//! bound to its key, and whoever steals it can do nothing with it.
//!
//! ```text
//! DPoP header ─▶ proof (read, signature) ─▶ check (for this request, now, once) ─▶ thumbprint
//!                                             │
//!                                           nonce (if the server wants its own in it)
//! ```
//!
//! | module | owns |
//! |---|---|
//! | [`proof`] | reading a proof and its signature: no I/O, no time |
//! | [`check`] | whether it is for this request, of now, and new |
//! | [`nonce`] | the server's own nonces, which no replica has to store |
//!
//! What is bound to which key is the grants' ([`super::grants`]), the code's
//! ([`super::authorize`]) and the token's ([`super::access_token`], [`super::bearer`]).

pub mod check;
pub mod nonce;
pub mod proof;

use crate::domain::client::AssertionAlgorithm;
use crate::store::StoreError;

/// A proof that came with a request, and the request that it has to be for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Offered<'a> {
    /// The value of the one `DPoP` header.
    pub proof: &'a str,
    /// The request's method.
    pub method: &'a str,
    /// The request's path; where we are is configured, and never read from the request.
    pub path: &'a str,
}

/// Why a proof does not count (RFC 9449 §4.3). The text is for developers and holds nothing of the proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProofFault {
    /// There has to be one and is none.
    #[error("a DPoP proof is needed here")]
    Missing,
    /// There is more than one header.
    #[error("there is more than one DPoP header, or it is no text")]
    Header,
    /// It is no signed token of this type with these claims, or too long.
    #[error("the DPoP proof is no JWT of type dpop+jwt with jti, htm, htu and iat")]
    Malformed,
    /// It is signed in a way that we do not take.
    #[error("the DPoP proof is signed with an algorithm that is not taken here")]
    Algorithm,
    /// Its key is private, too weak, or of another kind.
    #[error("the DPoP proof has no public key that fits its algorithm")]
    Key,
    /// Its key did not sign it.
    #[error("the signature of the DPoP proof is wrong")]
    Signature,
    /// It is for another method.
    #[error("htm of the DPoP proof is not this request's method")]
    Method,
    /// It is for another address.
    #[error("htu of the DPoP proof is not this request's address")]
    Address,
    /// It is too old, or not of now.
    #[error("the DPoP proof is too old, or from the future")]
    Time,
    /// It is for another access token, or for none.
    #[error("ath of the DPoP proof is not the hash of this access token")]
    Token,
    /// It has no nonce of ours, or an old one (RFC 9449 §8).
    #[error("the DPoP proof needs the nonce of the DPoP-Nonce header")]
    Nonce,
    /// It was used before.
    #[error("the DPoP proof was used before")]
    Replayed,
}

/// Why a request proves no key.
#[derive(Debug, thiserror::Error)]
pub enum Unproven {
    /// Its proof does not count.
    #[error(transparent)]
    Fault(#[from] ProofFault),
    /// Nobody can say whether it was used before.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl ProofFault {
    /// Returns the word of the standard (RFC 9449 §5, §8, §12.2).
    pub fn code(self) -> &'static str {
        match self {
            Self::Nonce => "use_dpop_nonce",
            _ => "invalid_dpop_proof",
        }
    }

    /// Returns the word for the log and the counter.
    pub fn reason(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Header => "header",
            Self::Malformed => "malformed",
            Self::Algorithm => "algorithm",
            Self::Key => "key",
            Self::Signature => "signature",
            Self::Method => "method",
            Self::Address => "address",
            Self::Time => "time",
            Self::Token => "token",
            Self::Nonce => "nonce",
            Self::Replayed => "replayed",
        }
    }
}

/// The algorithms of proofs: those of assertions, but for the one with a shared secret (RFC 9449
/// §4.3). That of Ed25519 has two names (RFC 8037 §3.1, RFC 9864 §2.2).
pub const ALGORITHMS: [(&str, AssertionAlgorithm); 6] = [
    ("ES256", AssertionAlgorithm::Es256),
    ("ES384", AssertionAlgorithm::Es384),
    ("EdDSA", AssertionAlgorithm::EdDsa),
    ("Ed25519", AssertionAlgorithm::EdDsa),
    ("PS256", AssertionAlgorithm::Ps256),
    ("RS256", AssertionAlgorithm::Rs256),
];

/// Returns what the algorithms are called.
pub fn algorithm_names() -> [&'static str; ALGORITHMS.len()] {
    ALGORITHMS.map(|(name, _)| name)
}
