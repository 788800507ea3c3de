//! `[database]`

use std::path::PathBuf;

use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;

/// Where the data is.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DatabaseConfig {
    /// `sqlite:PATH`, `postgres://…` or `mysql://…`. May hold a password: never printed.
    pub url: SecretString,
    /// A file with the URL.
    pub url_file: Option<PathBuf>,
    /// How many connections at most; with SQLite one more, which writes.
    pub max_connections: u32,
    /// How long a request waits for a connection, or its turn to write, before it is answered 503, in seconds.
    pub wait_timeout_secs: u64,
}

impl Default for DatabaseConfig {
    fn default() -> Self {
        Self { url: "sqlite:genkan.db".into(), url_file: None, max_connections: 16, wait_timeout_secs: 3 }
    }
}

impl DatabaseConfig {
    /// Returns the file of an SQLite database; `None` for a database on a server or in memory.
    pub fn sqlite_path(&self) -> Option<PathBuf> {
        let path = self.url.expose_secret().strip_prefix("sqlite:")?;
        let path = path.strip_prefix("//").unwrap_or(path);
        let path = path.split('?').next().unwrap_or_default();
        (!path.is_empty() && path != ":memory:").then(|| PathBuf::from(path))
    }
}
