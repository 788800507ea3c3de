//! What a new password must be (security.md PW-01, PW-02, PW-05, PW-06).

use secrecy::{ExposeSecret, SecretString};

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
    pub fn parse(_text: SecretString, _min_chars: usize, _words: &[&str]) -> Result<Self, PasswordError> {
        todo!("part password")
    }

    /// Returns the password for hashing.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}
