//! Name and address.

use crate::domain::name::NameError;
use crate::domain::user::User;
use crate::signin::Signin;
use crate::signin::session::SignedIn;
use crate::store::StoreError;

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

impl Signin {
    /// Changes name and address of the signed-in user.
    ///
    /// # Errors
    ///
    /// [`ProfileRefused`].
    pub async fn update_profile(&self, _signed_in: &SignedIn, _name: &str, _email: &str) -> Result<User, ProfileRefused> {
        todo!("part password")
    }
}
