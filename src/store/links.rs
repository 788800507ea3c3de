//! `one_time_links`: addresses that work once, mailed or handed over by an operator.

use chrono::{DateTime, Utc};

use super::{Store, StoreError};
use crate::domain::ids::{SessionId, UserId};
use crate::domain::user::User;

/// What a one-time link is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkPurpose {
    /// To set a new password.
    PasswordReset,
    /// To register although sign-up is by invitation.
    Invitation,
}

impl LinkPurpose {
    /// Returns the word in the table.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::PasswordReset => "password_reset",
            Self::Invitation => "invitation",
        }
    }
}

/// A link to be made. The token itself is never stored (security.md EM-06).
#[derive(Clone, Debug)]
pub struct NewLink {
    /// SHA-256 of the token ([`crate::secret::hash_token`]).
    pub token_hash: String,
    /// What it is good for.
    pub purpose: LinkPurpose,
    /// Whose it is; `None` for an invitation.
    pub user_id: Option<UserId>,
    /// The time.
    pub now: DateTime<Utc>,
    /// When it stops working.
    pub expires_at: DateTime<Utc>,
}

impl Store {
    /// Makes a link; older ones of the same purpose and user stop working.
    pub async fn insert_link(&self, _link: NewLink) -> Result<(), StoreError> {
        todo!("part store")
    }

    /// Tells whether a link works, without using it up; with its user, if it has one.
    pub async fn find_link(
        &self,
        _token_hash: &str,
        _purpose: LinkPurpose,
        _now: DateTime<Utc>,
    ) -> Result<Option<Option<User>>, StoreError> {
        todo!("part store")
    }

    /// Uses a link up; tells whether this call was the first to do so.
    pub async fn consume_link(&self, _token_hash: &str, _purpose: LinkPurpose, _now: DateTime<Utc>) -> Result<bool, StoreError> {
        todo!("part store")
    }

    /// Uses a password-reset link up, sets the password hash (making the row with
    /// `username` for a user without one) and ends every session, in one
    /// transaction. Returns the user and the ended sessions; `None` if the link
    /// does not work (any more).
    pub async fn reset_password(
        &self,
        _token_hash: &str,
        _password_hash: String,
        _now: DateTime<Utc>,
    ) -> Result<Option<(UserId, Vec<SessionId>)>, StoreError> {
        todo!("part store")
    }
}
