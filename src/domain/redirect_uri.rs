//! Where an authorization response may go: the addresses that a client registered
//! (security.md CR-02, AS-01; RFC 9700 §2.1, §4.1).

mod difference;

use std::fmt;

use serde::{Deserialize, Serialize};
use url::{Host, Url};

pub use difference::Difference;

/// The longest redirect address, in bytes.
pub const MAX_REDIRECT_URI_BYTES: usize = 1024;

/// Why an address cannot be registered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RedirectUriError {
    /// It has more bytes than fit.
    #[error("the address is too long")]
    TooLong,
    /// It is no absolute address in plain ASCII, written as a browser would write it.
    #[error("the address is not written as a browser would write it")]
    Malformed,
    /// It has a fragment (RFC 6749 §3.1.2).
    #[error("the address has a fragment")]
    Fragment,
    /// It has a wildcard; addresses are compared byte for byte.
    #[error("the address has a wildcard")]
    Wildcard,
    /// It has a user name or password.
    #[error("the address has a user name or password")]
    Credentials,
    /// It is http to another machine; only this one's loopback may do without TLS.
    #[error("the address is http and not on the person's own machine")]
    NotHttps,
    /// Its scheme is no reverse domain name, as in `com.example.app` (RFC 8252 §7.1).
    #[error("the scheme of the address is not allowed")]
    Scheme,
}

/// What kind of place an address leads to (RFC 8252 §7).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// A site, over TLS.
    Https,
    /// The person's own machine: `127.0.0.1`, `[::1]` or `localhost`.
    Loopback,
    /// An application that has claimed a scheme of its own.
    PrivateUse,
}

/// A registered redirect address, kept byte for byte.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RedirectUri(String);

impl RedirectUri {
    /// Parses an address for registration; white space at the ends is dropped.
    ///
    /// It must be spelt as the URL standard would spell it (but for the slash of an
    /// empty path), so that what is compared byte for byte is what browsers visit.
    ///
    /// # Errors
    ///
    /// [`RedirectUriError`] says which rule is broken.
    pub fn parse(text: &str) -> Result<Self, RedirectUriError> {
        let text = text.trim();
        if text.len() > MAX_REDIRECT_URI_BYTES {
            return Err(RedirectUriError::TooLong);
        }
        if !text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\') {
            return Err(RedirectUriError::Malformed);
        }
        let url = Url::parse(text).map_err(|_| RedirectUriError::Malformed)?;
        target_of(&url)?;
        if text.contains('#') {
            return Err(RedirectUriError::Fragment);
        }
        if text.contains('*') {
            return Err(RedirectUriError::Wildcard);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(RedirectUriError::Credentials);
        }
        let is_as_written = url.as_str() == text || url.as_str().strip_suffix('/') == Some(text);
        if is_as_written { Ok(Self(text.to_owned())) } else { Err(RedirectUriError::Malformed) }
    }

    /// Returns the address, byte for byte as registered.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns what kind of place it leads to.
    ///
    /// # Panics
    ///
    /// Never: what was parsed once parses again.
    pub fn target(&self) -> Target {
        target_of(&self.to_url()).expect("a registered address has a known target")
    }

    /// Returns the host, or the scheme where there is none: what consent names.
    pub fn place(&self) -> String {
        let url = self.to_url();
        url.host_str().filter(|host| !host.is_empty() && self.target() != Target::PrivateUse).unwrap_or_else(|| url.scheme()).to_owned()
    }

    /// Returns the address as a URL, to add a response's parameters to.
    ///
    /// # Panics
    ///
    /// Never: what was parsed once parses again.
    pub fn to_url(&self) -> Url {
        Url::parse(&self.0).expect("a registered address is a URL")
    }

    /// Tells whether an address in a request is this one: the same bytes (security.md AS-01).
    ///
    /// The port of a loopback address may differ where `is_native`, because such an
    /// application takes the port that the system gives it (RFC 8252 §7.3).
    pub fn matches(&self, presented: &str, is_native: bool) -> bool {
        presented == self.0 || (is_native && self.target() == Target::Loopback && self.differs_in_port_only(presented))
    }

    fn differs_in_port_only(&self, presented: &str) -> bool {
        let is_written_well = Self::parse(presented).is_ok_and(|parsed| parsed.0 == presented);
        is_written_well && without_port(&self.0) == without_port(presented)
    }
}

/// Cuts the port out of the bytes of an address with a host.
fn without_port(address: &str) -> Option<(&str, &str)> {
    let begin = address.find("://")? + 3;
    let end = address[begin..].find(['/', '?']).map_or(address.len(), |length| begin + length);
    let authority = &address[..end];
    let host = authority.rsplit_once(':').filter(|(host, port)| host.len() > begin && port.bytes().all(|byte| byte.is_ascii_digit()));
    Some((host.map_or(authority, |(host, _)| host), &address[end..]))
}

fn target_of(url: &Url) -> Result<Target, RedirectUriError> {
    match url.scheme() {
        "https" => Ok(Target::Https),
        "http" if is_loopback(url) => Ok(Target::Loopback),
        "http" => Err(RedirectUriError::NotHttps),
        // `javascript:`, `data:` and their like have no dot; a reverse domain name has one.
        scheme if scheme.contains('.') => Ok(Target::PrivateUse),
        _ => Err(RedirectUriError::Scheme),
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

impl fmt::Display for RedirectUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for RedirectUri {
    type Error = RedirectUriError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl From<RedirectUri> for String {
    fn from(uri: RedirectUri) -> Self {
        uri.0
    }
}

#[cfg(test)]
mod tests;
