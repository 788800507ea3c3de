//! Passwords made of the site's and the person's own words.

use super::undo_substitutions;

/// Shorter words are too likely to stand in a password by chance.
const MIN_WORD_CHARS: usize = 4;

/// Tells whether more than half of a password is made of `words` or their parts.
///
/// A word counts whole, without its signs and in parts: `hanako.y@example.com` is also
/// `hanako`, `example` and the rest. Substitutions do not hide a word (`h@nak0`).
pub(super) fn is_personal(password: &str, words: &[&str]) -> bool {
    ['i', 'l'].into_iter().any(|one| {
        let rest = parts(words, one).iter().fold(undo_substitutions(password, one), |rest, part| rest.replace(part, "\n"));
        let left = rest.chars().filter(|c| *c != '\n').count();
        left * 2 < password.chars().count()
    })
}

/// Returns the words and their parts, the longest first, in the same spelling as the password.
fn parts(words: &[&str], one: char) -> Vec<String> {
    let split = |word: &&str| {
        let whole = word.to_lowercase();
        let joined = whole.chars().filter(|c| c.is_alphanumeric()).collect();
        let pieces = whole.split(|c: char| !c.is_alphanumeric()).map(str::to_owned).collect::<Vec<_>>();
        [vec![whole, joined], pieces].concat()
    };
    let mut parts: Vec<String> = words.iter().flat_map(split).map(|part| undo_substitutions(&part, one)).collect();
    parts.retain(|part| part.chars().count() >= MIN_WORD_CHARS);
    parts.sort_by_key(|part| std::cmp::Reverse(part.len()));
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    const WORDS: [&str; 4] = ["accounts.example.org", "Hanako Yamada", "hanako.y", "flower82@mail.test"];

    #[test]
    fn pw_05_names_and_addresses_make_no_password() {
        for refused in [
            "hanakoyamada",
            "yamadahanako",
            "HanakoYamada1",
            "H@nak0Yam@da",
            "accounts2026",
            "exampleexample",
            "flower82flower82",
            "hanako.y2026",
            "mail.test.hanako",
            "accounts.example.org!",
        ] {
            assert!(is_personal(refused, &WORDS), "{refused}");
        }
    }

    #[test]
    fn a_name_within_a_long_password_is_fine() {
        for taken in ["hanako likes velvet geese", "velvetharborgeese", "org y velvet harbor"] {
            assert!(!is_personal(taken, &WORDS), "{taken}");
        }
        assert!(!is_personal("velvetharborgeese", &["", "a", "@", " "]));
    }
}
