//! Name and address.

use crate::domain::email::Email;
use crate::domain::name::{DisplayName, NameError};
use crate::domain::user::User;
use crate::signin::Signin;
use crate::signin::event::Event;
use crate::signin::session::SignedIn;
use crate::store::users::ProfileChange;
use crate::store::{Conflict, StoreError};

use super::signup::EmailFault;

/// Why a profile was not changed.
#[derive(Debug)]
pub enum ProfileRefused {
    /// Fields are wrong.
    Faults {
        /// The name.
        name: Option<NameError>,
        /// The address.
        email: Option<EmailFault>,
    },
    /// Changing the address needs a fresh sign-in (security.md SE-06).
    NotFresh,
    /// The store failed.
    Store(StoreError),
}

impl From<StoreError> for ProfileRefused {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Conflict(Conflict::Email) => Self::Faults { name: None, email: Some(EmailFault::Taken) },
            error => Self::Store(error),
        }
    }
}

impl Signin {
    /// Changes name and address of the signed-in user. Logs `profile_changed`.
    ///
    /// An address that stays as it is stays as proven as it was, whatever the rules
    /// for new ones are.
    ///
    /// # Errors
    ///
    /// [`ProfileRefused`].
    pub async fn update_profile(&self, signed_in: &SignedIn, name: &str, email: &str) -> Result<User, ProfileRefused> {
        let user = &signed_in.user;
        let is_kept = email.trim() == user.email.as_deref().unwrap_or_default();
        let parsed = if is_kept { Email::parse(email).map(Some).or(Ok(None)) } else { self.parse_email(email) };
        let (name, email) = match (DisplayName::parse(name), parsed) {
            (Ok(name), Ok(email)) => (name, email),
            (name, email) => return Err(ProfileRefused::Faults { name: name.err(), email: email.err() }),
        };
        if !is_kept && !self.is_fresh(signed_in) {
            return Err(ProfileRefused::NotFresh);
        }
        let is_email_proven = if is_kept { user.is_email_proven } else { email.is_some() && self.proves_email() };
        let change = ProfileChange { name, email, is_email_proven };
        let changed = self.store.update_profile(user.id, change, self.clock.now()).await?;
        self.sessions.forget_user(user.id);
        Event::account("profile_changed", None).user(user.id).session(signed_in.session.id).log();
        Ok(changed)
    }
}
