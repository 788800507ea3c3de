//! One file per page: its template struct, and what it shows.

pub mod account;
pub mod application;
pub mod application_connect;
pub mod application_form;
pub mod application_refusals;
pub mod applications;
pub mod cookies;
pub mod error;
pub mod health;
pub mod home;
pub mod language;
pub mod ops;
pub mod reset;
pub mod sessions;
pub mod signin;
pub mod signout;
pub mod signup;
pub mod social;
pub mod static_files;
pub mod status;
pub mod verify;
pub mod ways;

#[cfg(test)]
mod samples;
#[cfg(test)]
mod tests;

use crate::web::assets::Mark;

/// A button that leads to a provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProviderButton {
    /// The provider's name in URLs.
    pub id: String,
    /// What the button says.
    pub name: String,
    /// Its mark: `assets::mark(&provider.mark)`.
    pub mark: Mark,
    /// Whether the provider is in trouble: the last try failed for it, or its breaker says so.
    pub is_troubled: bool,
}

/// Tells whether any of the providers is in trouble, so that the page says where to read more.
pub fn is_any_troubled(providers: &[ProviderButton]) -> bool {
    providers.iter().any(|provider| provider.is_troubled)
}
