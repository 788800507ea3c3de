//! Who a provider says somebody is: never an address or a name, only the
//! provider's own identifier (security.md SO-08).

use std::fmt;

/// The longest subject, in characters (OIDC Core §2, `sub`).
pub const MAX_SUBJECT_CHARS: usize = 255;
/// The longest issuer that is stored, in bytes.
pub const MAX_ISSUER_BYTES: usize = 255;
/// The longest provider name, in bytes.
pub const MAX_PROVIDER_ID_BYTES: usize = 32;

/// A provider's name in URLs, logs and `user_oauths.provider`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ProviderId(String);

impl ProviderId {
    /// Parses lower-case letters, digits, `-` and `_`, beginning with a letter.
    pub fn parse(text: &str) -> Option<Self> {
        let is_allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
        let is_valid =
            text.starts_with(|c: char| c.is_ascii_lowercase()) && text.len() <= MAX_PROVIDER_ID_BYTES && text.chars().all(is_allowed);
        is_valid.then(|| Self(text.to_owned()))
    }

    /// Returns the name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ProviderId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A provider's identifier of a person (OIDC Core §2, `sub`).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Subject(String);

impl Subject {
    /// Parses 1 to 255 characters, none of them a control character.
    ///
    /// White space at either end is refused: some databases ignore it when they
    /// compare, and two people must never be equal.
    pub fn parse(text: &str) -> Option<Self> {
        let is_valid =
            !text.is_empty() && text.trim() == text && text.chars().count() <= MAX_SUBJECT_CHARS && !text.chars().any(char::is_control);
        is_valid.then(|| Self(text.to_owned()))
    }

    /// Returns the identifier, byte for byte as the provider sent it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A person as asserted by a provider: who says so, and whom they mean.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Identity {
    /// The provider's name in our configuration.
    pub provider: ProviderId,
    /// The provider's issuer; empty for one that speaks plain OAuth 2.0.
    pub issuer: String,
    /// The provider's identifier of the person.
    pub subject: Subject,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn so_06_a_subject_is_1_to_255_characters_without_control_or_outer_space() {
        assert!(Subject::parse(&"界".repeat(255)).is_some());
        for refused in ["", " a", "a ", "a\u{0}", "a\nb"] {
            assert_eq!(Subject::parse(refused), None, "{refused:?}");
        }
        assert_eq!(Subject::parse(&"a".repeat(256)), None);
    }

    #[test]
    fn provider_names_fit_a_url() {
        for (text, is_valid) in [("github", true), ("my-idp_2", true), ("", false), ("Git", false), ("2a", false), ("a/b", false)] {
            assert_eq!(ProviderId::parse(text).is_some(), is_valid, "{text}");
        }
    }
}
