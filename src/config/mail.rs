//! `[mail]`

use std::path::PathBuf;

use secrecy::SecretString;
use serde::Deserialize;

/// How the way to the mail server is protected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MailTls {
    /// TLS after `STARTTLS` (RFC 3207); a server without it gets nothing.
    #[default]
    Starttls,
    /// TLS from the first byte (RFC 8314 §3).
    Tls,
    /// None; for a server on this machine alone.
    None,
}

impl MailTls {
    /// Returns the port that is usual with it (RFC 6409 §3.1, RFC 8314 §7.3, RFC 5321 §4.5.4.2).
    pub fn port(self) -> u16 {
        match self {
            Self::Starttls => 587,
            Self::Tls => 465,
            Self::None => 25,
        }
    }
}

/// The server that takes our mail.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MailConfig {
    /// Its name, as its certificate says.
    pub host: String,
    /// Its port; absent: the usual one for `tls`.
    pub port: Option<u16>,
    /// How the way there is protected.
    #[serde(default)]
    pub tls: MailTls,
    /// Who we are there; absent: nobody asks.
    pub username: Option<String>,
    /// The password to it.
    pub password: Option<SecretString>,
    /// A file with the password.
    pub password_file: Option<PathBuf>,
    /// The address that mail comes from.
    pub from: String,
    /// How long one delivery may take, in seconds.
    #[serde(default = "default_timeout_secs")]
    pub timeout_secs: u64,
}

impl MailConfig {
    /// Returns the port.
    pub fn port(&self) -> u16 {
        self.port.unwrap_or(self.tls.port())
    }
}

fn default_timeout_secs() -> u64 {
    20
}
