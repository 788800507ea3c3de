//! Proof Key for Code Exchange, with S256 and nothing else (RFC 7636, RFC 9700 §2.1.1).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use subtle::ConstantTimeEq as _;

use crate::secret;

/// How long a challenge is: SHA-256 as base64url (RFC 7636 §4.2).
const CHALLENGE_CHARS: usize = 43;

/// A `code_challenge` made with S256.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeChallenge(String);

/// What is wrong with the parameters of a challenge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChallengeFault {
    /// The method is not S256; without one it would be `plain` (RFC 7636 §4.3).
    #[error("code_challenge_method must be S256")]
    Method,
    /// It is no SHA-256 in base64url.
    #[error("code_challenge must be 43 characters of base64url")]
    Form,
    /// A method came without a challenge.
    #[error("code_challenge is missing")]
    Missing,
}

impl CodeChallenge {
    /// Reads `code_challenge` and `code_challenge_method`; `None` if neither came.
    ///
    /// # Errors
    ///
    /// [`ChallengeFault`].
    pub fn parse(challenge: Option<&str>, method: Option<&str>) -> Result<Option<Self>, ChallengeFault> {
        let Some(challenge) = challenge else {
            return if method.is_some() { Err(ChallengeFault::Missing) } else { Ok(None) };
        };
        if method != Some("S256") {
            return Err(ChallengeFault::Method);
        }
        Self::stored(challenge).map(Some).ok_or(ChallengeFault::Form)
    }

    /// Reads a challenge that was kept.
    pub fn stored(challenge: &str) -> Option<Self> {
        let is_sha256 = challenge.len() == CHALLENGE_CHARS && URL_SAFE_NO_PAD.decode(challenge).is_ok();
        is_sha256.then(|| Self(challenge.to_owned()))
    }

    /// Returns the text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Tells whether a `code_verifier` belongs to it (RFC 7636 §4.6), in constant time.
    pub fn is_proven_by(&self, verifier: &str) -> bool {
        let computed = secret::hash_token(verifier);
        is_verifier(verifier) && bool::from(computed.as_bytes().ct_eq(self.0.as_bytes()))
    }
}

/// Tells whether a text is a verifier: 43 to 128 unreserved characters (RFC 7636 §4.1).
fn is_verifier(text: &str) -> bool {
    (43..=128).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of RFC 7636, Appendix B.
    const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    #[test]
    fn as_03_the_example_of_the_rfc_proves_itself_and_nothing_else_does() {
        let challenge = CodeChallenge::parse(Some(CHALLENGE), Some("S256")).expect("well formed").expect("a challenge");

        assert!(challenge.is_proven_by(VERIFIER));
        for wrong in ["", CHALLENGE, &VERIFIER[1..], &format!("{VERIFIER}x"), &VERIFIER.to_lowercase(), &"a".repeat(129)] {
            assert!(!challenge.is_proven_by(wrong), "{wrong}");
        }
    }

    #[test]
    fn as_03_plain_and_malformed_challenges_are_refused() {
        for (challenge, method, fault) in [
            (Some(VERIFIER), Some("plain"), ChallengeFault::Method),
            (Some(CHALLENGE), None, ChallengeFault::Method),
            (Some(CHALLENGE), Some("s256"), ChallengeFault::Method),
            (Some("short"), Some("S256"), ChallengeFault::Form),
            (Some("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw+cM"), Some("S256"), ChallengeFault::Form),
            (None, Some("S256"), ChallengeFault::Missing),
        ] {
            assert_eq!(CodeChallenge::parse(challenge, method), Err(fault), "{challenge:?} {method:?}");
        }
        assert_eq!(CodeChallenge::parse(None, None), Ok(None));
    }

    #[test]
    fn a_verifier_too_short_to_be_one_proves_nothing_even_if_it_fits() {
        let challenge = CodeChallenge::stored(&secret::hash_token("short")).expect("a challenge");

        assert!(!challenge.is_proven_by("short"));
    }
}
