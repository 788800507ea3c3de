//! Groups that operators put users into, for whoever asks who may come in.

use std::fmt;

/// The longest name, in bytes.
pub const MAX_GROUP_BYTES: usize = 64;

/// The name of a group, as in `editors`: small letters, digits, `.`, `_`, `-`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Group(String);

/// Why a name is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a group is named with small letters, digits, `.`, `_` and `-`, at most {MAX_GROUP_BYTES} of them")]
pub struct GroupError;

impl Group {
    /// Parses a name.
    ///
    /// # Errors
    ///
    /// [`GroupError`].
    pub fn parse(text: &str) -> Result<Self, GroupError> {
        let is_allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'.' | b'_' | b'-');
        let is_valid = !text.is_empty() && text.len() <= MAX_GROUP_BYTES && text.bytes().all(is_allowed);
        if is_valid { Ok(Self(text.to_owned())) } else { Err(GroupError) }
    }

    /// Returns the name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Group {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_plain() {
        for name in ["a", "editors", "team-1.eu_west", &"x".repeat(64)] {
            assert!(Group::parse(name).is_ok(), "{name}");
        }
        for name in ["", "Editors", "a b", "a,b", "ü", "a\n", &"x".repeat(65)] {
            assert_eq!(Group::parse(name), Err(GroupError), "{name}");
        }
    }
}
