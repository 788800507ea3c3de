//! Changing and resetting the password.

use std::time::Duration;

use secrecy::SecretString;

use crate::domain::password::PasswordError;
use crate::domain::user::User;
use crate::signin::Signin;
use crate::signin::session::SignedIn;
use crate::signin::visitor::Visitor;
use crate::store::StoreError;

/// Why a password was not changed.
#[derive(Debug)]
pub enum ChangeRefused {
    /// The current password is wrong.
    Wrong,
    /// A user without a password must have signed in recently (security.md PW-07).
    NotFresh,
    /// The user name for the new password is wrong.
    Username(super::signup::UsernameFault),
    /// The new password is refused.
    New(PasswordError),
    /// The link does not work (any more).
    LinkInvalid,
    /// Too many tries.
    Throttled {
        /// How long to wait.
        retry_after: Duration,
    },
    /// Every hashing thread is busy.
    Busy {
        /// How long to wait.
        retry_after: Duration,
    },
    /// The store failed.
    Store(StoreError),
}

impl Signin {
    /// Changes the password of somebody who knows the current one; every other
    /// session ends. Logs `password_changed`.
    ///
    /// # Errors
    ///
    /// [`ChangeRefused`].
    pub async fn change_password(
        &self,
        _signed_in: &SignedIn,
        _current: SecretString,
        _new: SecretString,
        _visitor: &Visitor,
    ) -> Result<(), ChangeRefused> {
        todo!("part password")
    }

    /// Gives somebody who came with a provider a user name and password.
    ///
    /// # Errors
    ///
    /// [`ChangeRefused`].
    pub async fn add_password(
        &self,
        _signed_in: &SignedIn,
        _username: &str,
        _new: SecretString,
        _visitor: &Visitor,
    ) -> Result<(), ChangeRefused> {
        todo!("part password")
    }

    /// Finds whose reset link this is; `None` if it does not work (any more).
    pub async fn find_reset(&self, _token: &str) -> Result<Option<User>, StoreError> {
        todo!("part password")
    }

    /// Sets a new password with a reset link; every session ends, nobody is signed in.
    /// Logs `password_reset`.
    ///
    /// # Errors
    ///
    /// [`ChangeRefused`].
    pub async fn reset_password(&self, _token: &str, _new: SecretString, _visitor: &Visitor) -> Result<(), ChangeRefused> {
        todo!("part password")
    }
}
