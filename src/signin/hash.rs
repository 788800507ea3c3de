//! Password hashes: bcrypt over a keyed pre-hash (security.md PW-03, PW-04).
//!
//! bcrypt reads 72 bytes at most and repeats its key up to a NUL, so it never sees
//! a password: it sees base64 of HMAC-SHA-256 under the pepper, 43 characters
//! whatever was typed. Such a hash carries a tag: `$genkan1` before bcrypt's own
//! `$2b$…`. Hashes without the tag come from elsewhere (imports); they are checked
//! as they are and replaced at the next sign-in, as are those of a lower cost.
//!
//! Every check costs the same, 2^cost rounds, whether or not there is a hash and
//! whether or not it matches: the right password of a disabled account must not
//! be told from a wrong one (security.md SI-03). Where there is none, the password is hashed under a constant
//! salt and the result thrown away: bcrypt's time does not depend on its salt, and
//! nothing has to be computed at start. A check at a lower cost is made up for
//! with one more hash of each cost from there to the configured one, which adds
//! up exactly: 2^c + (2^c + 2^(c+1) + … + 2^(cost-1)) = 2^cost.

use std::hint::black_box;
use std::ops::RangeInclusive;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use bcrypt::{HashParts, Version};

use crate::{random, secret};

/// Marks our own format; a bcrypt string follows.
const TAG: &str = "$genkan1";
/// bcrypt's versions that compute the same for what we feed them.
const BCRYPT_PREFIXES: [&str; 3] = ["$2a$", "$2b$", "$2y$"];
/// The costs that are worked at: more would stall the lane for minutes (2^31 rounds
/// are days), less is no bcrypt.
const COSTS: RangeInclusive<u32> = 4..=16;
/// The salt where there is no hash to take one from.
const STAND_IN_SALT: [u8; 16] = *b"genkan, no user.";

/// What hashing depends on besides the password.
#[derive(Clone, Copy)]
pub struct Hashing {
    /// Keys the pre-hash.
    pub pepper: [u8; 32],
    /// The bcrypt cost of new hashes.
    pub cost: u32,
}

/// Whether a password is the right one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is not, or there is no hash that it could match.
    Wrong,
    /// It is.
    Right,
    /// It is, and its hash should be replaced by a better one.
    RightButOutdated,
}

/// A stored hash that can be checked.
struct Stored<'a> {
    /// The bcrypt string.
    bcrypt: &'a str,
    /// Its cost, within [`COSTS`].
    cost: u32,
    /// Whether it was made from the pre-hash.
    is_ours: bool,
}

impl<'a> Stored<'a> {
    /// Reads a stored hash; `None` for a broken one or one of an absurd cost.
    fn read(text: &'a str) -> Option<Self> {
        let (bcrypt, is_ours) = text.strip_prefix(TAG).map_or((text, false), |bcrypt| (bcrypt, true));
        let is_known = BCRYPT_PREFIXES.iter().any(|prefix| bcrypt.starts_with(prefix));
        let cost = bcrypt.parse::<HashParts>().ok().filter(|_| is_known)?.get_cost();
        COSTS.contains(&cost).then_some(Self { bcrypt, cost, is_ours })
    }
}

impl Hashing {
    /// Hashes a new password. Takes a third of a second at cost 12: only for the lane.
    pub fn hash(&self, password: &str) -> String {
        let cost = self.cost();
        format!("{TAG}{}", bcrypt_of(self.pre_hash(password).as_bytes(), cost, random::bytes()))
    }

    /// Checks a password against a stored hash; `None` stands for an account that
    /// does not exist or has no password. Only for the lane.
    pub fn check(&self, password: &str, stored: Option<&str>) -> Verdict {
        let stored = stored.and_then(Stored::read);
        let is_right = stored.as_ref().is_some_and(|stored| self.matches(password, stored));
        let pre_hash = self.pre_hash(password);
        for cost in self.padding(stored.as_ref()) {
            black_box(bcrypt_of(pre_hash.as_bytes(), cost, STAND_IN_SALT));
        }
        match stored {
            Some(stored) if is_right && stored.is_ours && stored.cost >= self.cost() => Verdict::Right,
            Some(_) if is_right => Verdict::RightButOutdated,
            _ => Verdict::Wrong,
        }
    }

    /// Lists the costs of the hashes that are needed beside the check itself, so that
    /// every answer costs the same.
    fn padding(&self, stored: Option<&Stored<'_>>) -> std::ops::Range<u32> {
        let cost = self.cost();
        stored.map_or(cost..cost + 1, |stored| stored.cost..cost)
    }

    /// Compares in constant time. A foreign hash of a password with a NUL in it would
    /// match other passwords too, so what contains one is matched to nothing.
    fn matches(&self, password: &str, stored: &Stored<'_>) -> bool {
        let pre_hash = self.pre_hash(password);
        let input = if stored.is_ours { pre_hash.as_str() } else { password };
        bcrypt::verify(input, stored.bcrypt).unwrap_or(false) && !input.contains('\0')
    }

    fn pre_hash(&self, password: &str) -> String {
        STANDARD_NO_PAD.encode(secret::hmac_sha256(&self.pepper, password.as_bytes()))
    }

    /// Returns the configured cost, within what we work at.
    fn cost(&self) -> u32 {
        self.cost.clamp(*COSTS.start(), *COSTS.end())
    }
}

fn bcrypt_of(input: &[u8], cost: u32, salt: [u8; 16]) -> String {
    let parts = bcrypt::hash_with_salt(input, cost, salt).expect("the cost is within COSTS");
    parts.format_for_version(Version::TwoB)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FAST: Hashing = Hashing { pepper: [7; 32], cost: 5 };

    /// Adds up the rounds that checking a password against `stored` takes.
    fn rounds(stored: Option<&str>) -> u64 {
        let stored = stored.and_then(Stored::read);
        let padding: u64 = FAST.padding(stored.as_ref()).map(|cost| 1 << cost).sum();
        padding + stored.map_or(0, |stored| 1 << stored.cost)
    }

    fn plain(password: &str, cost: u32) -> String {
        bcrypt::hash(password, cost).expect("a cost that bcrypt allows")
    }

    #[test]
    fn pw_03_a_hash_carries_its_tag_and_matches_its_password_only() {
        let stored = FAST.hash("correct horse");

        assert!(stored.starts_with("$genkan1$2b$05$"), "{stored}");
        assert_eq!(FAST.check("correct horse", Some(&stored)), Verdict::Right);
        assert_eq!(FAST.check("correct horse ", Some(&stored)), Verdict::Wrong);
        assert_eq!(Hashing { pepper: [8; 32], ..FAST }.check("correct horse", Some(&stored)), Verdict::Wrong);
        assert_ne!(stored, FAST.hash("correct horse"), "every hash has its own salt");
    }

    #[test]
    fn pw_03_bytes_past_72_and_nul_count() {
        let long = "x".repeat(72);
        assert_eq!(FAST.check(&format!("{long}b"), Some(&FAST.hash(&format!("{long}a")))), Verdict::Wrong);
        assert_eq!(FAST.check("a\0a", Some(&FAST.hash("a"))), Verdict::Wrong);
        assert_eq!(FAST.check("a\0b", Some(&FAST.hash("a\0c"))), Verdict::Wrong);
        assert_eq!(FAST.check("a\0b", Some(&FAST.hash("a\0b"))), Verdict::Right);
    }

    #[test]
    fn pw_03_foreign_hashes_match_and_are_to_be_replaced() {
        for version in ["$2a$", "$2b$", "$2y$"] {
            let stored = plain("correct horse", 5).replace("$2b$", version);
            assert_eq!(FAST.check("correct horse", Some(&stored)), Verdict::RightButOutdated, "{version}");
            assert_eq!(FAST.check("wrong", Some(&stored)), Verdict::Wrong, "{version}");
        }
        assert_eq!(FAST.check("a\0a", Some(&plain("a", 5))), Verdict::Wrong);
    }

    #[test]
    fn pw_04_a_hash_of_lower_cost_is_to_be_replaced_and_one_of_higher_cost_is_kept() {
        let cheap = Hashing { cost: 4, ..FAST }.hash("correct horse");
        let dear = Hashing { cost: 6, ..FAST }.hash("correct horse");

        assert_eq!(FAST.check("correct horse", Some(&cheap)), Verdict::RightButOutdated);
        assert_eq!(FAST.check("correct horse", Some(&dear)), Verdict::Right);
    }

    #[test]
    fn pw_04_broken_and_absurd_hashes_are_wrong_without_a_panic() {
        let good = FAST.hash("x");
        let absurd = ["$genkan1$2b$31$", "$genkan1$2b$17$", "$genkan1$2b$03$", "$genkan1$2b$99$", "$genkan1$2x$05$"];
        let mut broken: Vec<String> = absurd.iter().map(|head| good.replace("$genkan1$2b$05$", head)).collect();
        broken.extend(["", "$genkan1", "$2b$", "plain", "$argon2id$v=19$m=1,t=1,p=1$YQ$YQ", "$genkan2$2b$05$"].map(str::to_owned));
        broken.extend([good[..40].to_owned(), format!("{good}x"), good.replace("05", "é"), "é".repeat(34)]);

        for stored in broken {
            assert_eq!(FAST.check("x", Some(&stored)), Verdict::Wrong, "{stored}");
            assert_eq!(rounds(Some(&stored)), 1 << 5, "{stored}");
        }
    }

    #[test]
    fn si_03_every_check_costs_the_same_rounds() {
        let ours = FAST.hash("x");
        let cheap = Hashing { cost: 4, ..FAST }.hash("x");

        for stored in [None, Some(ours.as_str()), Some(cheap.as_str()), Some(plain("x", 4).as_str()), Some("broken")] {
            assert_eq!(rounds(stored), 1 << 5, "{stored:?}");
        }
    }
}
