//! Where in the configuration something is wrong.

use crate::config::{ConfigError, ProviderConfig};

/// A key of a provider.
pub(super) struct Place<'a> {
    id: &'a str,
    key: &'static str,
}

impl<'a> Place<'a> {
    /// Names a key of a provider.
    pub fn of(config: &'a ProviderConfig, key: &'static str) -> Self {
        Self { id: &config.id, key }
    }

    /// Makes the error.
    pub fn refuse(self, problem: &str, remedy: &str) -> ConfigError {
        ConfigError {
            key: format!("providers.{}.{}", self.id, self.key),
            problem: problem.to_owned(),
            source_name: "[[providers]]".to_owned(),
            remedy: remedy.to_owned(),
        }
    }

    /// Makes the error of an address.
    pub fn not_a_url(self) -> ConfigError {
        self.refuse("is not an address that may be called", "use https; http is allowed to 127.0.0.1, [::1] and localhost only")
    }
}
