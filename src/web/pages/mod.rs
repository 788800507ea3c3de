//! One file per page: its template struct, and what it shows.

pub mod account;
pub mod error;
pub mod reset;
pub mod signin;
pub mod signup;
pub mod social;

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
}
