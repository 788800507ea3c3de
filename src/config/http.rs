//! `[http]`

use std::path::PathBuf;

use serde::Deserialize;

/// Calls to providers.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct HttpConfig {
    /// An extra certificate authority, as a PEM file; `SSL_CERT_FILE` is honoured too.
    pub ca_file: Option<PathBuf>,
    /// How long connecting may take, in seconds.
    pub connect_timeout_secs: u64,
    /// How long all calls of one sign-in may take together, in seconds.
    pub total_timeout_secs: u64,
    /// How many calls to one provider may be under way at once; more wait, within their own time.
    pub max_calls_per_provider: usize,
}

impl Default for HttpConfig {
    fn default() -> Self {
        Self { ca_file: None, connect_timeout_secs: 3, total_timeout_secs: 8, max_calls_per_provider: 128 }
    }
}
