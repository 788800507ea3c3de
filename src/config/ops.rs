//! `[ops]`

use std::time::Duration;

use serde::Deserialize;

/// What is kept for operators.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct OpsConfig {
    /// For how many days the failure record is kept; 0: nothing is recorded.
    pub failure_retention_days: u64,
}

impl Default for OpsConfig {
    fn default() -> Self {
        Self { failure_retention_days: 30 }
    }
}

impl OpsConfig {
    /// Returns for how long the failure record is kept.
    pub fn failure_retention(&self) -> Duration {
        Duration::from_secs(self.failure_retention_days * 86_400)
    }
}
