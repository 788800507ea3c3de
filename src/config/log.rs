//! `[log]`

use serde::Deserialize;

/// How a log line looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON object per line.
    Json,
}

/// How log lines look and which are let through.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LogConfig {
    /// Text or JSON.
    pub format: LogFormat,
    /// The filter, as `env_logger` reads it; all four categories pass by default.
    ///
    /// Of actix-session only errors, and of actix-http nothing: they tell of every cookie
    /// that cannot be opened and of every request that cannot be read, the latter as an
    /// error; those a stranger can send by the thousand.
    pub filter: String,
}

impl Default for LogConfig {
    fn default() -> Self {
        Self { format: LogFormat::Text, filter: "info,actix_server=warn,actix_http=off,actix_session=error,genkan=debug".to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use log::{Level, Log as _, Metadata};

    use super::*;

    #[test]
    fn by_default_every_category_passes_and_strangers_write_nothing() {
        let logger = env_logger::Builder::new().parse_filters(&LogConfig::default().filter).build();
        let passes = |target: &str, level| logger.enabled(&Metadata::builder().target(target).level(level).build());

        for level in [Level::Debug, Level::Info, Level::Warn, Level::Error] {
            assert!(passes("genkan::signin", level), "{level}");
        }
        assert!(!passes("actix_session::middleware", Level::Warn));
        assert!(passes("actix_session::middleware", Level::Error));
        assert!(!passes("actix_http::h1::dispatcher", Level::Error), "a request that cannot be read is no fault of ours");
    }
}
