//! `[server]`

use std::net::SocketAddr;
use std::path::PathBuf;

use ipnet::IpNet;
use secrecy::SecretString;
use serde::Deserialize;
use url::Url;

/// Where we listen and what we are called.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ServerConfig {
    /// The address to listen on.
    pub listen: SocketAddr,
    /// The address that browsers use; https gives Secure cookies with the `__Host-` prefix.
    pub public_url: Url,
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
        self.public_url.origin().ascii_serialization()
    }

    /// Returns the redirect address of a provider, to be registered there.
    pub fn redirect_uri(&self, provider: &str) -> String {
        format!("{}/auth/{provider}/callback", self.origin())
    }
}
