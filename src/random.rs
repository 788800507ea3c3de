//! Unguessable values, all from the system's generator through `aws-lc-rs`.

use aws_lc_rs::rand;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// Letters and digits that survive being read out on the telephone.
const REFERENCE_ALPHABET: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

/// Returns `N` random bytes.
///
/// # Panics
///
/// Never in practice: the system's generator does not fail once it is seeded.
pub fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    rand::fill(&mut bytes).expect("the system's random generator does not fail once seeded");
    bytes
}

/// Returns a token of 256 bits as 43 characters of base64url.
pub fn token() -> String {
    URL_SAFE_NO_PAD.encode(bytes::<32>())
}

/// Returns a reference of 40 bits for a person to quote, as in `K7Q2-9F3M`.
///
/// It names a failure and grants nothing, so it need not be unguessable.
pub fn reference() -> String {
    let letters = bytes::<8>().map(|byte| char::from(REFERENCE_ALPHABET[usize::from(byte) % 32]));
    let (head, tail) = letters.split_at(4);
    head.iter().chain(['-'].iter()).chain(tail).collect()
}

/// Reads a reference as somebody types it: in lower case, without the dash, with spaces around it.
pub fn parse_reference(text: &str) -> Option<String> {
    let letters: String = text.trim().chars().filter(|c| *c != '-').map(|c| c.to_ascii_uppercase()).collect();
    let is_reference = letters.len() == 8 && letters.bytes().all(|letter| REFERENCE_ALPHABET.contains(&letter));
    is_reference.then(|| format!("{}-{}", &letters[..4], &letters[4..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_reads_as_two_groups_of_four() {
        let reference = reference();

        assert_eq!(reference.len(), 9, "{reference}");
        assert_eq!(reference.as_bytes()[4], b'-', "{reference}");
        assert!(!reference.contains(['0', '1', 'I', 'O']), "{reference}");
    }

    #[test]
    fn a_reference_is_read_as_people_type_it() {
        for typed in ["K7Q2-9F3M", "k7q2-9f3m", "k7q29f3m", " K7Q29F3M "] {
            assert_eq!(parse_reference(typed).as_deref(), Some("K7Q2-9F3M"), "{typed}");
        }
        for typed in ["", "K7Q2-9F3", "K7Q2-9F3M2", "K7Q2-9F3I", "token_timeout", "日本語日本"] {
            assert_eq!(parse_reference(typed), None, "{typed}");
        }
    }

    #[test]
    fn ky_04_two_tokens_differ_and_hold_256_bits() {
        assert_ne!(token(), token());
        assert_eq!(token().len(), 43);
    }
}
