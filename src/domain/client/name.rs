//! What an application is called, so that it cannot pass for another (security.md CR-03).

use std::fmt;

use serde::{Deserialize, Serialize};
use unicode_security::GeneralSecurityProfile as _;
use unicode_security::confusable_detection::skeleton;
use unicode_security::{RestrictionLevel, RestrictionLevelDetection as _};

use crate::domain::name::NameError;

/// The longest name of an application, in characters: it has to fit into one line of consent.
pub const MAX_CLIENT_NAME_CHARS: usize = 60;
/// How much of a skeleton is compared; one letter can look like several.
const MAX_SKELETON_CHARS: usize = 255;
/// What may stand between the letters and digits of a name.
const PUNCTUATION: &str = " !#&'()+,-./:?@_~·–—’・「」、。（）！？＆";

/// A name for an application: one line of letters that belong together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ClientName(String);

impl ClientName {
    /// Parses what somebody typed; white space is cut to single spaces.
    ///
    /// Letters must be ones that are used in identifiers (UTS #39 §3.1), and of scripts
    /// that are written together (UTS #39 §5.2, highly restrictive): `Раypal` with a
    /// Cyrillic beginning is refused, `写真 Photo` is not.
    ///
    /// # Errors
    ///
    /// [`NameError`] says which rule is broken.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        let name = text.split([' ', '\u{3000}']).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
        if name.chars().any(|c| !c.identifier_allowed() && !PUNCTUATION.contains(c)) {
            return Err(NameError::Forbidden);
        }
        let letters: String = name.chars().filter(|c| !PUNCTUATION.contains(*c)).collect();
        match name.chars().count() {
            _ if letters.is_empty() => Err(NameError::Empty),
            0..=MAX_CLIENT_NAME_CHARS if letters.check_restriction_level(RestrictionLevel::HighlyRestrictive) => Ok(Self(name)),
            0..=MAX_CLIENT_NAME_CHARS => Err(NameError::Forbidden),
            _ => Err(NameError::TooLong),
        }
    }

    /// Returns the name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns what names have in common that look alike: without case, spaces and
    /// punctuation, every letter replaced by its plainest look (UTS #39 §4).
    pub fn skeleton(&self) -> String {
        skeleton_of(&self.0)
    }
}

/// Returns the skeleton of any text; see [`ClientName::skeleton`].
pub fn skeleton_of(text: &str) -> String {
    let plain: String = text.to_lowercase().chars().filter(|c| !PUNCTUATION.contains(*c)).collect();
    // Only lower case is folded before; capital I looks like l after it, as a skeleton has it.
    skeleton(&plain).collect::<String>().to_lowercase().chars().take(MAX_SKELETON_CHARS).collect()
}

impl fmt::Display for ClientName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for ClientName {
    type Error = NameError;

    fn try_from(text: String) -> Result<Self, NameError> {
        Self::parse(&text)
    }
}

impl From<ClientName> for String {
    fn from(name: ClientName) -> Self {
        name.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> ClientName {
        ClientName::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    #[test]
    fn cr_03_names_are_one_line_of_letters_that_belong_together() {
        for (typed, kept) in [
            ("  Photo   Album ", "Photo Album"),
            ("写真 Photo", "写真 Photo"),
            ("ふぉと・アルバム", "ふぉと・アルバム"),
            ("Müller & Söhne (Test)", "Müller & Söhne (Test)"),
            ("Фото", "Фото"),
            ("C++ 2.0!", "C++ 2.0!"),
        ] {
            assert_eq!(name(typed).as_str(), kept);
        }
        for (typed, error) in [
            ("", NameError::Empty),
            (" \u{3000} ", NameError::Empty),
            ("...", NameError::Empty),
            (&*"a".repeat(61), NameError::TooLong),
            ("Anna\u{202E}gro", NameError::Forbidden),
            ("a\u{200B}b", NameError::Forbidden),
            ("a\u{AD}b", NameError::Forbidden),
            ("a\nb", NameError::Forbidden),
            ("\u{420}\u{430}ypal", NameError::Forbidden),
            ("g\u{3BF}\u{3BF}gle", NameError::Forbidden),
            ("<b>x</b>", NameError::Forbidden),
            ("ｇｅｎｋａｎ", NameError::Forbidden),
            ("Verified ✓", NameError::Forbidden),
        ] {
            assert_eq!(ClientName::parse(typed), Err(error), "{typed:?}");
        }
    }

    #[test]
    fn cr_03_names_that_look_alike_have_one_skeleton() {
        for (one, other) in
            [("Photo Album", "photo-album"), ("Paypal", "Paypa1"), ("Gooогle", "Google"), ("modern", "modem"), ("Scope", "Ѕсоре")]
        {
            assert_eq!(skeleton_of(one).as_str() == skeleton_of(other).as_str(), one != "Gooогle", "{one} {other}");
        }
        assert_ne!(name("Photo Album").skeleton(), name("Photo Alban").skeleton());
    }
}
