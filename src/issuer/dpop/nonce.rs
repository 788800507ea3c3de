//! Nonces of our own in proofs (RFC 9449 §8).
//!
//! With one, a proof cannot have been made before we gave it out: not by somebody who had
//! the client's key for a moment and made proofs for later. A nonce is the minute in which
//! it was given and an HMAC over that, so replicas agree without storing anything; that a
//! proof counts once is what its `jti` is for.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use subtle::ConstantTimeEq as _;

use super::check::SKEW;
use crate::issuer::Issuer;
use crate::secret::hmac_sha256;

/// How long the same nonce is given out, in seconds.
const STEP_SECS: i64 = 60;
/// How long a nonce counts after that, in seconds.
const LIFE_SECS: i64 = 240;
/// How much of the HMAC is in it, in bytes.
const TAG_BYTES: usize = 16;
/// Keeps this use of the key apart from any other.
const LABEL: &[u8] = b"genkan: nonces of DPoP proofs, version 1";

impl Issuer {
    /// Returns the nonce of this minute, if proofs need one.
    pub fn dpop_nonce(&self) -> Option<String> {
        self.config.issuer.dpop_nonce.then(|| make(&self.throttle, self.clock.now().timestamp().div_euclid(STEP_SECS)))
    }

    /// Tells whether a proof has the nonce that it needs; whatever it has, if none is needed.
    pub(super) fn is_nonce_good(&self, nonce: Option<&str>) -> bool {
        !self.config.issuer.dpop_nonce || nonce.is_some_and(|nonce| is_good(&self.throttle, nonce, self.clock.now()))
    }
}

fn make(key: &[u8], step: i64) -> String {
    let step = step.to_be_bytes();
    let tag = hmac_sha256(&hmac_sha256(key, LABEL), &step);
    URL_SAFE_NO_PAD.encode([&step[..], &tag[..TAG_BYTES]].concat())
}

/// Tells whether a nonce is ours, and of the last minutes by some replica's clock (security.md DP-04).
fn is_good(key: &[u8], nonce: &str, now: DateTime<Utc>) -> bool {
    let bytes = URL_SAFE_NO_PAD.decode(nonce).unwrap_or_default();
    let Some(step) = bytes.first_chunk().map(|step| i64::from_be_bytes(*step)) else { return false };
    if !bool::from(make(key, step).as_bytes().ct_eq(nonce.as_bytes())) {
        return false;
    }
    let begun = step.saturating_mul(STEP_SECS);
    begun <= (now + SKEW).timestamp() && begun + STEP_SECS + LIFE_SECS > (now - SKEW).timestamp()
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    #[test]
    fn tk_08_a_nonce_counts_for_minutes_on_every_replica_and_no_made_up_one_does() {
        let at = |secs| DateTime::UNIX_EPOCH + TimeDelta::seconds(secs);
        let nonce = make(&[7; 32], 100);

        for secs in [6_000 - 90, 6_000, 6_059, 6_300 + 89] {
            assert!(is_good(&[7; 32], &nonce, at(secs)), "{secs}");
        }
        for secs in [6_000 - 91, 6_300 + 90] {
            assert!(!is_good(&[7; 32], &nonce, at(secs)), "{secs}");
        }
        assert!(!is_good(&[8; 32], &nonce, at(6_000)));
        for made_up in ["", "a", &nonce[1..], &format!("{nonce}A"), &format!("{nonce}="), &make(&[0; 32], i64::MAX)] {
            assert!(!is_good(&[7; 32], made_up, at(6_000)), "{made_up}");
        }
    }
}
