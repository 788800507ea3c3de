//! `[signin]`

use std::time::Duration;

use serde::Deserialize;

/// Who may make an account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Signup {
    /// Everybody.
    #[default]
    Open,
    /// Whoever has a link from `genkan user invite`.
    Invitation,
    /// Nobody; `genkan user create` makes users.
    Closed,
}

/// Who may sign in and up.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SigninConfig {
    /// How long an attempt with a provider may take, in seconds.
    pub attempt_ttl_secs: u64,
    /// Who may make an account.
    pub signup: Signup,
    /// Whether an account needs an address.
    pub require_email: bool,
    /// Whether an account made with a provider needs an address that the provider calls verified.
    pub require_verified_email: bool,
    /// Whether an address must be proven by mail before it counts; absent: as soon as there is mail. See
    /// [`super::Config::verifies_email`].
    pub verify_email: Option<bool>,
    /// The domains whose addresses may sign up; empty: all.
    pub allowed_email_domains: Vec<String>,
}

impl Default for SigninConfig {
    fn default() -> Self {
        Self {
            attempt_ttl_secs: 600,
            signup: Signup::Open,
            require_email: false,
            require_verified_email: false,
            verify_email: None,
            allowed_email_domains: Vec::new(),
        }
    }
}

impl SigninConfig {
    /// Returns how long an attempt may take.
    pub fn attempt_ttl(&self) -> Duration {
        Duration::from_secs(self.attempt_ttl_secs)
    }
}
