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
    /// Of actix-session only errors: it warns of every cookie that it cannot open, and
    /// those a stranger can send by the thousand.
    pub filter: String,
}

impl Default for LogConfig {
    fn default() -> Self {
        Self { format: LogFormat::Text, filter: "info,actix_server=warn,actix_session=error,genkan=debug".to_owned() }
    }
}
