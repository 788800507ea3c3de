//! `[session]`

use std::time::Duration;

use serde::Deserialize;

/// How long a session lasts.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SessionConfig {
    /// The absolute limit, in seconds; two days by default.
    pub ttl_secs: u64,
    /// The limit without any use, in seconds.
    pub idle_secs: u64,
    /// For how long a sign-in counts as fresh, in seconds.
    pub fresh_secs: u64,
    /// For how long a checked token is remembered in this process, in milliseconds; other processes notice an end within it.
    pub cache_ms: u64,
}

impl Default for SessionConfig {
    fn default() -> Self {
        Self { ttl_secs: 172_800, idle_secs: 86_400, fresh_secs: 600, cache_ms: 50 }
    }
}

impl SessionConfig {
    /// Returns how long what was read of sessions, access tokens and clients is remembered.
    pub fn memory(&self) -> Duration {
        Duration::from_millis(self.cache_ms)
    }

    /// Returns the absolute limit.
    pub fn ttl(&self) -> Duration {
        Duration::from_secs(self.ttl_secs)
    }
}
