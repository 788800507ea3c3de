//! What people are called: the display name and the user name.

use std::fmt;

/// The longest display name, in characters.
pub const MAX_DISPLAY_NAME_CHARS: usize = 100;
/// The longest user name, in characters.
pub const MAX_USERNAME_CHARS: usize = 64;

/// Why a name is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// Nothing but white space was given.
    #[error("the name is empty")]
    Empty,
    /// It has more characters than fit.
    #[error("the name is too long")]
    TooLong,
    /// It contains a character that has no place in a name.
    #[error("the name contains a character that is not allowed")]
    Forbidden,
}

/// A name to show: cleaned of control and direction characters (security.md WB-09).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DisplayName(String);

impl DisplayName {
    /// Parses what a person typed; white space at the ends is dropped.
    ///
    /// # Errors
    ///
    /// [`NameError`] says which rule is broken.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        let text = text.trim();
        if text.chars().any(is_invisible) {
            return Err(NameError::Forbidden);
        }
        match text.chars().count() {
            0 => Err(NameError::Empty),
            1..=MAX_DISPLAY_NAME_CHARS => Ok(Self(text.to_owned())),
            _ => Err(NameError::TooLong),
        }
    }

    /// Makes the best of a name that a provider sent: cleaned and cut, never refused.
    pub fn from_provider(text: &str) -> Option<Self> {
        let clean: String = text.chars().filter(|c| !is_invisible(*c)).take(MAX_DISPLAY_NAME_CHARS).collect();
        Self::parse(&clean).ok()
    }

    /// Returns the name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A user name: letters, digits, `.`, `_` and `-`, beginning with a letter or digit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Username(String);

impl Username {
    /// Parses what a person typed; white space at the ends is dropped.
    ///
    /// ASCII only: no two user names can look the same and differ (security.md EM-02).
    ///
    /// # Errors
    ///
    /// [`NameError`] says which rule is broken.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        let text = text.trim();
        let is_allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
        if text.is_empty() {
            return Err(NameError::Empty);
        }
        if !text.chars().all(is_allowed) || !text.starts_with(|c: char| c.is_ascii_alphanumeric()) {
            return Err(NameError::Forbidden);
        }
        if text.len() > MAX_USERNAME_CHARS {
            return Err(NameError::TooLong);
        }
        Ok(Self(text.to_owned()))
    }

    /// Returns the user name as it was typed.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the form that is unique: in lower case.
    pub fn normal(&self) -> String {
        self.0.to_ascii_lowercase()
    }
}

impl fmt::Display for DisplayName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for Username {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Tells control characters, direction overrides and other invisible ones.
fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wb_09_names_lose_control_and_direction_characters() {
        assert_eq!(DisplayName::parse("Anna\u{202E}gro"), Err(NameError::Forbidden));
        assert_eq!(DisplayName::parse("An\nna"), Err(NameError::Forbidden));
        assert_eq!(DisplayName::from_provider("An\u{202E}\u{0}na").map(|n| n.to_string()).as_deref(), Some("Anna"));
        assert_eq!(DisplayName::from_provider("\u{200B}"), None);
    }

    #[test]
    fn names_of_every_script_are_welcome_up_to_the_limit() {
        assert_eq!(DisplayName::parse("  山田 花子 ").map(|n| n.to_string()).as_deref(), Ok("山田 花子"));
        assert_eq!(DisplayName::parse(&"界".repeat(101)), Err(NameError::TooLong));
        assert_eq!(DisplayName::parse(" \t"), Err(NameError::Empty));
    }

    #[test]
    fn user_names_are_ascii_and_unique_without_case() {
        assert_eq!(Username::parse("Hanako.Y").map(|n| n.normal()).as_deref(), Ok("hanako.y"));
        for refused in ["花子", "a b", "-a", ".a", "a@b", "a/b", "а"] {
            assert_eq!(Username::parse(refused), Err(NameError::Forbidden), "{refused}");
        }
    }
}
