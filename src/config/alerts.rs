//! `[alerts]`

use std::path::PathBuf;

use secrecy::SecretString;
use serde::Deserialize;

/// Where operators are told of incidents. Addresses are secrets: many carry one in their path.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AlertsConfig {
    /// Whether alerts stand in the log.
    pub log: bool,
    /// Where signed JSON is posted.
    pub webhook_url: Option<SecretString>,
    /// A file with that address.
    pub webhook_url_file: Option<PathBuf>,
    /// The key of the signature.
    pub webhook_secret: Option<SecretString>,
    /// A file with that key.
    pub webhook_secret_file: Option<PathBuf>,
    /// An incoming webhook of Slack, or of anything that takes the same.
    pub slack_url: Option<SecretString>,
    /// A file with that address.
    pub slack_url_file: Option<PathBuf>,
    /// The project of Sentry that gets failures and alerts.
    pub sentry_dsn: Option<SecretString>,
    /// A file with that address.
    pub sentry_dsn_file: Option<PathBuf>,
    /// Whom letters go to; needs `[mail]`.
    pub mail_to: Vec<String>,
    /// How long one delivery may take, in seconds.
    pub timeout_secs: u64,
    /// How often a delivery is tried.
    pub tries: u32,
}

impl Default for AlertsConfig {
    fn default() -> Self {
        Self {
            log: true,
            webhook_url: None,
            webhook_url_file: None,
            webhook_secret: None,
            webhook_secret_file: None,
            slack_url: None,
            slack_url_file: None,
            sentry_dsn: None,
            sentry_dsn_file: None,
            mail_to: Vec::new(),
            timeout_secs: 10,
            tries: 5,
        }
    }
}
