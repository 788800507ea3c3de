//! What a new password must be (security.md PW-01, PW-02, PW-05, PW-06).
//!
//! Length is all that is asked of a password, and that it is none that others
//! would guess: `common` knows the ones that everybody tries, `personal` the
//! ones that are made of names. There are no rules about kinds of characters.

mod common;
mod personal;

use secrecy::{ExposeSecret, SecretString};

/// The shortest password that any configuration can allow, in characters.
pub const MIN_PASSWORD_CHARS: usize = 8;
/// The longest password, in characters.
pub const MAX_PASSWORD_CHARS: usize = 128;
/// The longest password, in bytes.
pub const MAX_PASSWORD_BYTES: usize = 512;

/// Why a password is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    /// It has fewer characters than the policy asks for.
    #[error("the password is too short")]
    TooShort,
    /// It has more than 128 characters or 512 bytes.
    #[error("the password is too long")]
    TooLong,
    /// It is one of the passwords that everybody tries first.
    #[error("the password is too common")]
    TooCommon,
    /// It is built on the site's name or on the person's own words.
    #[error("the password is built on a name or an address")]
    TooPersonal,
}

/// A password that has passed the policy.
#[derive(Debug)]
pub struct NewPassword(SecretString);

impl NewPassword {
    /// Checks `text`, exactly as typed, against the policy.
    ///
    /// `words` are the site's and the person's own: name, user name, address.
    ///
    /// # Errors
    ///
    /// [`PasswordError`] says which rule is broken.
    pub fn parse(text: SecretString, min_chars: usize, words: &[&str]) -> Result<Self, PasswordError> {
        let typed = text.expose_secret();
        if is_too_long(typed) {
            return Err(PasswordError::TooLong);
        }
        if typed.chars().count() < min_chars.max(MIN_PASSWORD_CHARS) {
            return Err(PasswordError::TooShort);
        }
        if common::is_common(typed) {
            return Err(PasswordError::TooCommon);
        }
        if personal::is_personal(typed, words) {
            return Err(PasswordError::TooPersonal);
        }
        Ok(Self(text))
    }

    /// Returns the password for hashing.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

/// Tells whether a password is longer than any that could have been set; such
/// a one is refused before any hashing (security.md PW-01).
pub fn is_too_long(password: &str) -> bool {
    password.len() > MAX_PASSWORD_BYTES || password.chars().count() > MAX_PASSWORD_CHARS
}

/// Returns `text` in lower case, with common substitutions undone; `one` is what the digit 1 stands for.
fn undo_substitutions(text: &str, one: char) -> String {
    let plain = |c| match c {
        '0' => 'o',
        '1' | '!' => one,
        '3' => 'e',
        '4' | '@' => 'a',
        '5' | '$' => 's',
        '7' => 't',
        '8' => 'b',
        '9' => 'g',
        other => other,
    };
    text.to_lowercase().chars().map(plain).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str) -> Result<(), PasswordError> {
        NewPassword::parse(text.into(), 12, &["localhost", "Hanako Yamada", "hanako.y", "hanako@example.com"]).map(|_| ())
    }

    #[test]
    fn pw_01_length_is_counted_in_characters_within_bounds() {
        assert_eq!(check("花は桜木人は武士也酒"), Err(PasswordError::TooShort));
        assert_eq!(check("花は桜木人は武士也酒は灘"), Ok(()));
        assert_eq!(check("7vq%Kd2#xLp"), Err(PasswordError::TooShort));
        assert_eq!(check(&"vq7Kd2xLpw".repeat(13)), Err(PasswordError::TooLong));
        assert_eq!(check(&"𝒳𝒴𝒵".repeat(43)), Err(PasswordError::TooLong));
    }

    #[test]
    fn pw_01_no_configuration_goes_below_eight_characters() {
        let parse = |text: &str| NewPassword::parse(text.into(), 1, &[]).map(|_| ());

        assert_eq!(parse("7vq%Kd2"), Err(PasswordError::TooShort));
        assert_eq!(parse("7vq%Kd2#"), Ok(()));
    }

    #[test]
    fn pw_02_the_password_stays_exactly_as_typed() {
        let typed = "  Ｆull Width e\u{301} tail  ";

        let password = NewPassword::parse(typed.into(), 12, &[]).expect("a good password");

        assert_eq!(password.expose(), typed);
    }

    #[test]
    fn pw_06_no_kind_of_character_is_asked_for() {
        for plain in ["velvet harbor nineteen geese", "velvetharborgeese", "840 173 962 516", "VELVETHARBORGEESE"] {
            assert_eq!(check(plain), Ok(()), "{plain}");
        }
    }

    #[test]
    fn pw_05_common_and_personal_passwords_are_told_apart() {
        assert_eq!(check("P@ssword1234"), Err(PasswordError::TooCommon));
        assert_eq!(check("Hanako-Yamada1"), Err(PasswordError::TooPersonal));
    }
}
