//! Registration with a password.

use std::time::Duration;

use secrecy::SecretString;

use crate::domain::email::EmailError;
use crate::domain::name::NameError;
use crate::domain::password::PasswordError;
use crate::signin::Signin;
use crate::signin::session::OpenSession;
use crate::signin::visitor::Visitor;
use crate::store::StoreError;

/// What somebody typed into the registration form.
#[derive(Debug)]
pub struct SignupForm {
    /// What to call them.
    pub name: String,
    /// The user name.
    pub username: String,
    /// The address; may be empty unless one is required.
    pub email: String,
    /// The password.
    pub password: SecretString,
    /// The token of an invitation.
    pub invitation: Option<String>,
}

/// What is wrong with one field or more; every field is checked, so that all is told at once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SignupFaults {
    /// The name.
    pub name: Option<NameError>,
    /// The user name.
    pub username: Option<UsernameFault>,
    /// The address.
    pub email: Option<EmailFault>,
    /// The password.
    pub password: Option<PasswordError>,
}

/// What is wrong with a user name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UsernameFault {
    /// It is none.
    Invalid(NameError),
    /// Somebody else has it.
    Taken,
}

/// What is wrong with an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EmailFault {
    /// It is none.
    Invalid(EmailError),
    /// One is required.
    Missing,
    /// Its domain is not allowed here.
    DomainNotAllowed,
    /// It belongs to an account. Without mail this has to be told (see `docs/security.md`).
    Taken,
}

/// Why no account was made.
#[derive(Debug)]
pub enum SignupRefused {
    /// Sign-up is closed, or the invitation does not work.
    Closed,
    /// Fields are wrong.
    Faults(SignupFaults),
    /// Too many registrations.
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
    /// Registers somebody with a password and signs them in. Logs `signup_succeeded`.
    ///
    /// # Errors
    ///
    /// [`SignupRefused`].
    pub async fn sign_up(&self, _form: SignupForm, _visitor: &Visitor) -> Result<OpenSession, SignupRefused> {
        todo!("part password")
    }

    /// Tells whether the registration form may be shown.
    pub async fn check_signup(&self, _invitation: Option<&str>) -> Result<bool, StoreError> {
        todo!("part password")
    }
}
