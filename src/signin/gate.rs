//! The one gate: who may have a session, whichever way they came (security.md SI-02).

use super::failure::Cause;
use crate::domain::user::User;

/// Why somebody may not have a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The account is disabled.
    Disabled,
}

impl Refusal {
    /// Names the cause for a sign-in with a provider.
    pub fn cause(self) -> Cause {
        match self {
            Self::Disabled => Cause::UserDisabled,
        }
    }
}

/// Lets a user pass, or says why not.
///
/// # Errors
///
/// [`Refusal`].
pub fn check(user: &User) -> Result<(), Refusal> {
    if user.is_disabled { Err(Refusal::Disabled) } else { Ok(()) }
}
