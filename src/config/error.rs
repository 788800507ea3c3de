//! Why a configuration is refused.

/// Why the configuration is refused: names key, source and remedy, never the value.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
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

impl ConfigError {
    /// Makes an error about a key, from where it was set.
    pub(super) fn new(key: impl Into<String>, origin: impl Into<String>, problem: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { key: key.into(), problem: problem.into(), source_name: origin.into(), remedy: remedy.into() }
    }
}
