//! The road with a password.
//!
//! Known and unknown accounts cost the same work and get the same answer
//! (security.md SI-03): lane first, then counters, then one hash, then the gate.

use std::time::Duration;

use secrecy::SecretString;

use super::Signin;
use super::session::OpenSession;
use super::visitor::Visitor;
use crate::store::StoreError;

/// Why a password did not let somebody in.
#[derive(Debug)]
pub enum PasswordRefused {
    /// Wrong password, unknown account, disabled account: not told apart.
    Wrong,
    /// Too many tries.
    Throttled {
        /// How long to wait.
        retry_after: Duration,
    },
    /// Every hashing thread is busy and the queue is full.
    Busy {
        /// How long to wait.
        retry_after: Duration,
    },
    /// The store failed.
    Store(StoreError),
}

impl Signin {
    /// Signs in with a user name or address, and a password.
    ///
    /// Logs `signin_succeeded` or `password_refused`.
    ///
    /// # Errors
    ///
    /// [`PasswordRefused`].
    pub async fn sign_in_with_password(
        &self,
        _identifier: &str,
        _password: SecretString,
        _visitor: &Visitor,
    ) -> Result<OpenSession, PasswordRefused> {
        todo!("part password")
    }
}
