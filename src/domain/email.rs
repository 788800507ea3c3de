//! E-mail addresses and their one normal form (security.md EM-01, EM-02).

use std::fmt;

/// The longest address, in bytes (RFC 5321 §4.5.3.1.3 less the brackets).
pub const MAX_EMAIL_BYTES: usize = 254;
/// The longest local part, in bytes (RFC 5321 §4.5.3.1.1).
const MAX_LOCAL_BYTES: usize = 64;

/// Why an address is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EmailError {
    /// It has more bytes than an address can have.
    #[error("the address is too long")]
    TooLong,
    /// It is not one plain `local@domain`.
    #[error("this is not an e-mail address")]
    Malformed,
}

/// One plain e-mail address: no list, no display name, no quoting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Email {
    /// As it was given, with the domain in ASCII form.
    address: String,
    at: usize,
}

impl Email {
    /// Parses `local@domain`; white space at the ends is dropped.
    ///
    /// The local part is limited to the unquoted ASCII of RFC 5322 §3.2.3, so
    /// that no two addresses look alike; the domain becomes ASCII (RFC 5891).
    ///
    /// # Errors
    ///
    /// [`EmailError`] says which rule is broken.
    pub fn parse(text: &str) -> Result<Self, EmailError> {
        let text = text.trim();
        if text.len() > MAX_EMAIL_BYTES {
            return Err(EmailError::TooLong);
        }
        let (local, domain) = text.split_once('@').ok_or(EmailError::Malformed)?;
        if !is_local_part(local) {
            return Err(EmailError::Malformed);
        }
        let domain = parse_domain(domain)?;
        let address = format!("{local}@{domain}");
        if address.len() > MAX_EMAIL_BYTES {
            return Err(EmailError::TooLong);
        }
        Ok(Self { address, at: local.len() })
    }

    /// Returns the address to write to and to show.
    pub fn as_str(&self) -> &str {
        &self.address
    }

    /// Returns the domain, in lower-case ASCII.
    pub fn domain(&self) -> &str {
        &self.address[self.at + 1..]
    }

    /// Returns the form that is compared and unique: all in lower case.
    pub fn normal(&self) -> String {
        self.address.to_ascii_lowercase()
    }
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.address)
    }
}

/// Tells a `dot-atom` of RFC 5322 §3.2.3.
fn is_local_part(local: &str) -> bool {
    let is_atom = |atom: &str| !atom.is_empty() && atom.chars().all(|c| c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c));
    local.len() <= MAX_LOCAL_BYTES && local.split('.').all(is_atom)
}

fn parse_domain(domain: &str) -> Result<String, EmailError> {
    let ascii = idna::domain_to_ascii_strict(domain).map_err(|_| EmailError::Malformed)?;
    let labels: Vec<&str> = ascii.split('.').collect();
    let is_name = labels.len() >= 2 && labels.iter().all(|label| !label.is_empty());
    let is_number = labels.last().is_some_and(|last| last.bytes().all(|b| b.is_ascii_digit()));
    if is_name && !is_number { Ok(ascii) } else { Err(EmailError::Malformed) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_addresses_are_taken_and_normalised() {
        for (given, normal) in [
            (" Hanako@Example.COM ", "hanako@example.com"),
            ("a.b+tag@sub.example.co.jp", "a.b+tag@sub.example.co.jp"),
            ("taro@例え.テスト", "taro@xn--r8jz45g.xn--zckzah"),
        ] {
            assert_eq!(Email::parse(given).map(|e| e.normal()).as_deref(), Ok(normal), "{given}");
        }
    }

    #[test]
    fn everything_else_is_refused() {
        for given in [
            "",
            "a",
            "@example.com",
            "a@",
            "a@@example.com",
            "a@b@example.com",
            "a b@example.com",
            "a@exa mple.com",
            "a@example",
            "a@127.0.0.1",
            "a@[127.0.0.1]",
            "Anna <a@example.com>",
            "a@example.com,b@example.com",
            ".a@example.com",
            "a.@example.com",
            "a..b@example.com",
            "\"a\"@example.com",
            "а@example.com",
            "a@example.com\r\nBcc: x@example.com",
            "a\u{0}@example.com",
            "a@-example.com",
            "a@example..com",
        ] {
            assert_eq!(Email::parse(given), Err(EmailError::Malformed), "{given:?}");
        }
        assert_eq!(Email::parse(&format!("{}@example.com", "a".repeat(250))), Err(EmailError::TooLong));
        assert_eq!(Email::parse(&format!("{}@example.com", "a".repeat(65))), Err(EmailError::Malformed));
    }
}
