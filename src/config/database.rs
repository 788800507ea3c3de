//! `[database]`

use serde::Deserialize;

/// Where the data is.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DatabaseConfig {
    /// `sqlite:PATH`, `postgres://…` or `mysql://…`. May hold a password: never printed.
    pub url: secrecy::SecretString,
    /// A file with the URL.
    pub url_file: Option<std::path::PathBuf>,
    /// How many connections at most.
    pub max_connections: u32,
    /// How long a request waits for a connection before it is answered 503, in seconds.
    pub wait_timeout_secs: u64,
}

impl Default for DatabaseConfig {
    fn default() -> Self {
        Self { url: "sqlite:genkan.db".into(), url_file: None, max_connections: 16, wait_timeout_secs: 3 }
    }
}
