//! The passwords that people try first.
//!
//! The bundled list holds passwords from published leaks, most of them short,
//! and everyday English words. Passwords of 12 characters are rare in leaks, and
//! the usual way to reach 12 is to decorate a short one; so a password is refused
//! not only if it is on the list, but also if it becomes so by
//!
//! - lower-casing it and undoing substitutions (`P@ssw0rd`),
//! - taking off digits and punctuation at its ends, up to half of it (`password1234!`),
//! - reducing repetition to its unit (`monkeymonkey`),
//!
//! and if it is nothing but a unit of four characters or fewer repeated, or a walk
//! over the keyboard, the alphabet or the digits (`1qaz2wsx3edc`).
//!
//! The list is text inside the binary and searched in place: nothing is parsed
//! or allocated at start.

use super::undo_substitutions;

/// The file: a comment, an empty line, then one entry a line, sorted by byte.
const FILE: &str = include_str!("../common_passwords.txt");
/// A unit of so few characters, repeated, is refused whatever it is.
const MAX_TRIVIAL_UNIT: usize = 4;
/// Rows, columns and diagonals of the US keyboard, along which fingers walk.
const KEYBOARD: [&str; 24] = [
    "`1234567890-=",
    "qwertyuiop[]\\",
    "asdfghjkl;'",
    "zxcvbnm,./",
    "1qaz",
    "2wsx",
    "3edc",
    "4rfv",
    "5tgb",
    "6yhn",
    "7ujm",
    "8ik,",
    "9ol.",
    "0p;/",
    "q2",
    "w3",
    "e4",
    "r5",
    "t6",
    "y7",
    "u8",
    "i9",
    "o0",
    "p-",
];

/// Tells whether a password is one that everybody tries, or built on one.
pub(super) fn is_common(password: &str) -> bool {
    let lower = password.to_lowercase();
    let core = strip_ends(&lower);
    [lower.as_str(), core].into_iter().any(|text| is_trivial_repetition(text) || is_listed_in_disguise(text)) || is_walk(&lower)
}

/// Tells whether `text`, its unit or the unit's core is listed, also with substitutions undone.
fn is_listed_in_disguise(text: &str) -> bool {
    let unit = &text[..unit_len(text)];
    [text, unit, strip_ends(unit)]
        .into_iter()
        .any(|plain| is_listed(plain) || ['i', 'l'].into_iter().any(|one| is_listed(&undo_substitutions(plain, one))))
}

/// Finds a line in the list by halving the text, not an index of it.
fn is_listed(entry: &str) -> bool {
    let mut rest = entries();
    while !rest.is_empty() {
        let (start, end) = line_around(rest, rest.len() / 2);
        match entry.as_bytes().cmp(&rest.as_bytes()[start..end]) {
            std::cmp::Ordering::Equal => return true,
            std::cmp::Ordering::Less => rest = &rest[..start],
            std::cmp::Ordering::Greater => rest = rest.get(end + 1..).unwrap_or_default(),
        }
    }
    false
}

/// Returns the entries without the comment above them.
fn entries() -> &'static str {
    FILE.split_once("\n\n").map_or("", |(_, entries)| entries)
}

/// Returns where the line that holds byte `at` starts and ends, line feed not included.
fn line_around(text: &str, at: usize) -> (usize, usize) {
    let bytes = text.as_bytes();
    let start = bytes[..at].iter().rposition(|&byte| byte == b'\n').map_or(0, |feed| feed + 1);
    let end = bytes[at..].iter().position(|&byte| byte == b'\n').map_or(bytes.len(), |feed| at + feed);
    (start, end)
}

/// Takes digits and punctuation off both ends, unless that is more than half.
fn strip_ends(text: &str) -> &str {
    let core = text.trim_matches(|c: char| !c.is_alphabetic());
    if core.chars().count() * 2 >= text.chars().count() { core } else { text }
}

/// Returns the length in bytes of the shortest unit whose repetition `text` is; the last may be cut.
fn unit_len(text: &str) -> usize {
    let chars: Vec<(usize, char)> = text.char_indices().collect();
    let is_unit = |len: &usize| chars.iter().zip(&chars[*len..]).all(|((_, one), (_, other))| one == other);
    (1..chars.len()).find(is_unit).map_or(text.len(), |len| chars[len].0)
}

fn is_trivial_repetition(text: &str) -> bool {
    let unit = unit_len(text);
    unit < text.len() && text[..unit].chars().count() <= MAX_TRIVIAL_UNIT
}

/// Tells a walk: of five steps at least four lead to a neighbour.
fn is_walk(text: &str) -> bool {
    let keys: Vec<char> = text.chars().map(unshift).collect();
    let jumps = keys.windows(2).filter(|pair| !are_neighbours(pair[0], pair[1])).count();
    jumps * 5 <= keys.len().saturating_sub(1)
}

fn are_neighbours(one: char, other: char) -> bool {
    let in_order = one.is_ascii_alphanumeric() && other.is_ascii_alphanumeric() && u32::from(one).abs_diff(u32::from(other)) <= 1;
    let on_keyboard = |line: &&str| line.chars().zip(line.chars().skip(1)).any(|pair| pair == (one, other) || pair == (other, one));
    one == other || in_order || KEYBOARD.iter().any(on_keyboard)
}

/// Returns the digit that shares a key with a sign on the US keyboard.
fn unshift(c: char) -> char {
    ")!@#$%^&*(".chars().zip('0'..='9').find(|(sign, _)| *sign == c).map_or(c, |(_, digit)| digit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pw_05_the_list_is_sorted_and_every_entry_is_found() {
        let lines: Vec<&str> = entries().lines().collect();

        assert!(lines.is_sorted(), "the search needs order by byte");
        assert!(lines.windows(2).all(|pair| pair[0] != pair[1]));
        assert!(lines.iter().all(|line| is_listed(line)));
        for absent in ["", "zzzzzzzzzzzzzzz~", "!!!!!!!!!!!!!~", "velvetharborgeese", "passwor\n", "\n"] {
            assert!(!is_listed(absent), "{absent:?}");
        }
    }

    #[test]
    fn pw_05_three_thousand_entries_and_more_fit_the_policy() {
        let of_length = |range: std::ops::Range<usize>| entries().lines().filter(|line| range.contains(&line.chars().count())).count();

        assert!(of_length(12..129) >= 4_000, "{}", of_length(12..129));
        assert!(of_length(8..12) >= 20_000, "{}", of_length(8..12));
    }

    #[test]
    fn pw_05_common_passwords_stay_common_in_disguise() {
        for refused in [
            "password1234",
            "P@ssw0rd1234",
            "1234567890ab",
            "Password123!",
            "passwordpassword",
            "monkeymonkeymonkey",
            "iloveyou2026!!",
            "qwertyuiop[]",
            "1qaz2wsx3edc",
            "!QAZ@WSX#EDC",
            "1q2w3e4r5t6y",
            "abcdefghijkl",
            "987654321098",
            "aaaaaaaaaaaa",
            "123123123123",
            "abcabcabcabc",
            "ADMINISTRATOR",
            "administrator1",
            "letmeinletme",
            "DRAGON!dragon!",
            "international",
            "l3tm31nl3tm31n",
        ] {
            assert!(is_common(refused), "{refused}");
        }
    }

    #[test]
    fn pw_05_what_a_leak_holds_is_refused_doubled_as_well() {
        let short = entries().lines().filter(|line| (6..=8).contains(&line.len()));

        assert!(short.clone().count() > 20_000);
        assert!(short.into_iter().all(|line| is_common(&line.repeat(2))));
    }

    #[test]
    fn a_password_that_only_contains_a_common_word_is_not_common() {
        for taken in [
            "velvetharborgeese",
            "dragon eats my toast",
            "monkey8472910375",
            "correct horse battery staple",
            "花は桜木人は武士也酒は灘",
            "xK9#mQ2$vL5!",
        ] {
            assert!(!is_common(taken), "{taken}");
        }
    }
}
