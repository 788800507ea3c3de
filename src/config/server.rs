//! `[server]`

use std::net::SocketAddr;
use std::path::PathBuf;

use ipnet::IpNet;
use secrecy::SecretString;
use serde::Deserialize;
use url::{Position, Url};

use crate::domain::identity::ProviderId;

/// Where we listen and what we are called.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ServerConfig {
    /// The address to listen on.
    pub listen: SocketAddr,
    /// The address that browsers use; https gives Secure cookies with the `__Host-` prefix.
    pub public_url: Url,
    /// More names that requests may come under, as in `genkan.internal:8080`; only looked at where `public_url` is https.
    pub other_hosts: Vec<String>,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpNet>,
    /// The master key that seals every other key: 32 bytes or more of base64 or text.
    pub secret: Option<SecretString>,
    /// A file with the master key.
    pub secret_file: Option<PathBuf>,
    /// Worker threads; 0 means one per core.
    pub workers: usize,
    /// How long requests in flight may take after SIGTERM, in seconds.
    pub shutdown_timeout_secs: u64,
    /// How long one request may take in all, in seconds.
    pub request_timeout_secs: u64,
}

impl Default for ServerConfig {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            public_url: Url::parse("http://localhost:8080").expect("a valid constant"),
            other_hosts: Vec::new(),
            trusted_proxies: Vec::new(),
            secret: None,
            secret_file: None,
            workers: 0,
            shutdown_timeout_secs: 15,
            request_timeout_secs: 20,
        }
    }
}

impl ServerConfig {
    /// Tells whether browsers reach us over https.
    pub fn is_https(&self) -> bool {
        self.public_url.scheme() == "https"
    }

    /// Returns the origin of our pages, as in `https://accounts.example.com` (RFC 6454 §6.2).
    pub fn origin(&self) -> String {
        // What a URL of http or https without a name and password begins with; the configuration takes no other.
        self.public_url[..Position::AfterPort].to_owned()
    }

    /// Tells whether our pages are plain http on this machine, as on a developer's.
    pub fn is_loopback(&self) -> bool {
        self.public_url.scheme() == "http" && is_loopback(&self.public_url)
    }

    /// Returns the origin that a browser used: the public one, whatever `Host` says.
    ///
    /// On loopback only, `localhost`, `127.0.0.1` and `[::1]` at the same port are one:
    /// there a name can be chosen by nobody but the person at the keyboard.
    pub fn origin_used(&self, host: Option<&str>) -> String {
        let used = host.map(|host| format!("http://{host}")).filter(|origin| self.is_ours(origin));
        used.unwrap_or_else(|| self.origin())
    }

    /// Tells whether requests may come under this name: the public one, this machine's, or one of `other_hosts` (security.md EM-04).
    ///
    /// Without https every name will do: that is a developer's machine, or a laboratory.
    pub fn answers_to(&self, host: &str) -> bool {
        // Nearly every request names us as the configuration does: that needs no parsing.
        if !self.is_https() || host == &self.public_url[Position::BeforeHost..Position::AfterPort] {
            return true;
        }
        let Ok(url) = Url::parse(&format!("https://{host}")) else { return false };
        let is_same = |other: &str| Url::parse(&format!("https://{other}")).is_ok_and(|other| other.origin() == url.origin());
        url.origin() == self.public_url.origin() || is_loopback(&url) || self.other_hosts.iter().any(|other| is_same(other))
    }

    /// Tells whether an `Origin` is ours, under the public name or, on loopback, any name of this machine.
    pub fn is_ours(&self, origin: &str) -> bool {
        let is_alias = |url: Url| {
            is_loopback(&url) && url.scheme() == "http" && url.port_or_known_default() == self.public_url.port_or_known_default()
        };
        let is_origin = |url: &Url| url.origin().ascii_serialization() == origin;
        origin == self.origin() || (self.is_loopback() && Url::parse(origin).ok().filter(is_origin).is_some_and(is_alias))
    }
}

/// Returns the redirect address of a provider, to be registered there.
pub fn redirect_uri(origin: &str, provider: &ProviderId) -> String {
    format!("{origin}/auth/{provider}/callback")
}

/// Tells whether a URL names this machine.
pub(super) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn used(public_url: &str, host: &str) -> String {
        let server = ServerConfig { public_url: Url::parse(public_url).expect("a URL"), ..ServerConfig::default() };
        server.origin_used(Some(host))
    }

    #[test]
    fn on_loopback_every_name_of_this_machine_is_ours() {
        assert_eq!(used("http://localhost:8080", "127.0.0.1:8080"), "http://127.0.0.1:8080");
        assert_eq!(used("http://127.0.0.1:8080", "localhost:8080"), "http://localhost:8080");
        assert_eq!(used("http://localhost:8080", "localhost:8081"), "http://localhost:8080");
        assert_eq!(used("http://localhost:8080", "example.com:8080"), "http://localhost:8080");
    }

    #[test]
    fn em_04_under_https_only_known_names_are_answered() {
        let other_hosts = vec!["genkan.internal:8080".to_owned()];
        let public_url = Url::parse("https://accounts.example.com").expect("a URL");
        let server = ServerConfig { public_url, other_hosts, ..ServerConfig::default() };
        for (host, expected) in [
            ("accounts.example.com", true),
            ("Accounts.Example.COM:443", true),
            ("127.0.0.1:8080", true),
            ("[::1]:8080", true),
            ("localhost:8080", true),
            ("genkan.internal:8080", true),
            ("genkan.internal", false),
            ("accounts.example.com:8443", false),
            ("accounts.example.com.evil.example", false),
            ("evil.example", false),
            ("10.0.0.7:8080", false),
            ("", false),
            ("a/b", false),
            ("accounts.example.com@evil.example", false),
        ] {
            assert_eq!(server.answers_to(host), expected, "{host}");
        }
        assert!(ServerConfig::default().answers_to("evil.example"), "http: a developer's machine");
    }

    #[test]
    fn em_04_beyond_loopback_the_host_header_decides_nothing() {
        assert_eq!(used("https://accounts.example.com", "evil.example"), "https://accounts.example.com");
        assert_eq!(used("https://accounts.example.com", "localhost"), "https://accounts.example.com");
        assert_eq!(used("https://localhost:8080", "127.0.0.1:8080"), "https://localhost:8080");
    }
}
