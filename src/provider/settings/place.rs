//! Where in the configuration something is wrong.

use crate::config::{ConfigError, ProviderConfig};
use crate::domain::identity::ProviderId;

/// A key of a provider.
pub(super) struct Place<'a> {
    config: &'a ProviderConfig,
    key: &'static str,
}

impl<'a> Place<'a> {
    /// Names a key of a provider.
    pub fn of(config: &'a ProviderConfig, key: &'static str) -> Self {
        Self { config, key }
    }

    /// Makes the error.
    pub fn refuse(self, problem: &str, remedy: &str) -> ConfigError {
        let label = ProviderId::parse(&self.config.id).map_or_else(|| "providers".to_owned(), |id| format!("providers.{id}"));
        ConfigError {
            key: format!("{label}.{}", self.key),
            problem: problem.to_owned(),
            source_name: self.config.origin(self.key).to_owned(),
            remedy: remedy.to_owned(),
        }
    }

    /// Makes the error of an address.
    pub fn not_a_url(self) -> ConfigError {
        self.refuse("is not an address that may be called", "use https; http is allowed to 127.0.0.1, [::1] and localhost only")
    }
}
