//! One file per page: its template struct, and what it shows.

pub mod account;
pub mod application;
pub mod application_connect;
pub mod application_form;
pub mod applications;
pub mod cookies;
pub mod error;
pub mod health;
pub mod home;
pub mod language;
pub mod reset;
pub mod sessions;
pub mod signin;
pub mod signout;
pub mod signup;
pub mod social;
pub mod static_files;
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
    /// Whether the last try failed because the provider is in trouble.
    pub is_troubled: bool,
}
