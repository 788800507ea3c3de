//! Reads the sources, merges them and checks the whole.

use std::path::PathBuf;

use super::Config;

/// Where the settings come from.
#[derive(Clone, Debug, Default)]
pub struct Source {
    /// The file named with `--config`; absent: `genkan.toml` if it is there.
    pub file: Option<PathBuf>,
}

/// Why the configuration is refused: names key, source and remedy, never the value.
#[derive(Debug, thiserror::Error)]
#[error("{key}: {problem} (from {source_name}); {remedy}")]
pub struct ConfigError {
    /// The key, as in `server.public_url`.
    pub key: String,
    /// What is wrong with it.
    pub problem: String,
    /// The file or environment variable that it came from.
    pub source_name: String,
    /// What to do.
    pub remedy: String,
}

/// Reads and checks every source.
///
/// # Errors
///
/// [`ConfigError`] for the first key that is unknown, unreadable or out of range.
pub fn load(_source: &Source) -> Result<Config, ConfigError> {
    todo!("part config")
}
