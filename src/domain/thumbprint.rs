//! What names a public key: the hash of what it is (RFC 7638).

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// How long a thumbprint is: SHA-256 as base64url.
const CHARS: usize = 43;

/// The SHA-256 thumbprint of a public key (RFC 7638 §3); the `jkt` of RFC 9449 §6.1. No secret.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Thumbprint(String);

impl Thumbprint {
    /// Reads a thumbprint; `None` if it can be none.
    pub fn parse(text: &str) -> Option<Self> {
        let is_one = text.len() == CHARS && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
        is_one.then(|| Self(text.to_owned()))
    }

    /// Returns the thumbprint.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Thumbprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Thumbprint {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text).ok_or("no thumbprint")
    }
}

impl TryFrom<String> for Thumbprint {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Thumbprint> for String {
    fn from(thumbprint: Thumbprint) -> Self {
        thumbprint.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thumbprint_is_forty_three_characters_of_base64url() {
        let example = "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs";

        assert_eq!(Thumbprint::parse(example).as_ref().map(Thumbprint::as_str), Some(example));
        for text in ["", &example[1..], &format!("{example}A"), &example.replace('-', "+"), &example.replace('-', "=")] {
            assert_eq!(Thumbprint::parse(text), None, "{text}");
        }
    }
}
