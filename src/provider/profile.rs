//! What a provider tells about a person.

use crate::domain::email::Email;
use crate::domain::identity::Identity;
use crate::domain::name::DisplayName;

/// A person as a provider describes them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// Who it is; the only thing that accounts are found by.
    pub identity: Identity,
    /// What to call them.
    pub name: Option<DisplayName>,
    /// Their address, if it was given and is one.
    pub email: Option<Email>,
    /// Whether the provider says, with a boolean `true`, that the address is verified.
    pub is_email_verified: bool,
    /// The scopes that were granted, where the provider said so.
    pub granted_scopes: Option<Vec<String>>,
}
