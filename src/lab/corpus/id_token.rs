//! ID Tokens that are off in the way that the corpus says in words, claims and header.

use serde_json::{Map, Value};

use super::keep;
use crate::lab::case::{Claim, Forgery, Seal};

/// What the words mean where claims and header cannot say it: the beginning of the words, and what is done.
const SEALS: [(&str, Seal); 5] = [
    ("signature does not verify", Seal::Broken),
    ("kid is in no JWKS", Seal::UnknownKey),
    ("not three base64url parts", Seal::Undotted),
    ("five-part JWE", Seal::Encrypted),
    ("no kid and several keys", Seal::Unnamed),
];
/// Claims that are left out, by the beginning of the words.
const WITHOUT: [(&str, &str); 2] = [("no sub claim", "sub"), ("nonce was sent, claim is absent", "nonce")];

/// Makes the forgery of a case.
pub(super) fn forge(mutation: &str, claims: Map<String, Value>, header: Map<String, Value>) -> Forgery {
    let seal = SEALS.iter().find(|(words, _)| mutation.starts_with(words)).map_or(Seal::Sound, |(_, seal)| *seal);
    let changed = claims.into_iter().map(|(name, value)| (keep(name), Claim::Template(value)));
    let without = WITHOUT.iter().filter(|(words, _)| mutation.starts_with(words)).map(|(_, name)| (*name, Claim::Removed));
    let claims: Vec<_> = changed.chain(without).collect();
    // The algorithm that most providers sign with says nothing about the case.
    let header = header.into_iter().filter(|(_, value)| value != "RS256").map(|(name, value)| (keep(name), value));
    let header: Vec<_> = if seal == Seal::Sound { header.collect() } else { Vec::new() };
    Forgery { claims: claims.leak(), header: header.leak(), seal }
}
