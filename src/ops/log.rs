//! How a log line looks, as text and as JSON.

use crate::config::LogConfig;

/// Starts logging to standard error.
pub fn init(_config: &LogConfig) {
    todo!("part config")
}
