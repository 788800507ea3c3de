//! `users`, `user_authentications` and `user_oauths`.

use chrono::{DateTime, Utc};

use super::{Store, StoreError};
use crate::domain::email::Email;
use crate::domain::identifier::Identifier;
use crate::domain::identity::Identity;
use crate::domain::ids::{SessionId, UserId};
use crate::domain::name::{DisplayName, Username};
use crate::domain::user::{LinkedIdentity, User};

/// A user to be made, with the ways to sign in to begin with.
#[derive(Clone, Debug)]
pub struct NewUser {
    /// The identifier, made by the caller.
    pub id: UserId,
    /// What to call them.
    pub name: DisplayName,
    /// Their address.
    pub email: Option<Email>,
    /// Whether the address counts as proven: then it is unique and signs in.
    pub is_email_proven: bool,
    /// User name and password hash.
    pub password: Option<NewLogin>,
    /// The identity they came with.
    pub identity: Option<Identity>,
    /// The time.
    pub now: DateTime<Utc>,
}

/// A row of `user_authentications` to be made.
#[derive(Clone, Debug)]
pub struct NewLogin {
    /// The user name.
    pub username: Username,
    /// The hash, with its format tag.
    pub password_hash: String,
}

/// A user who can sign in with a password, and the hash to check it against.
#[derive(Clone, Debug)]
pub struct Login {
    /// The user.
    pub user: User,
    /// The stored hash.
    pub password_hash: String,
}

/// What a person may change about the own profile.
#[derive(Clone, Debug)]
pub struct ProfileChange {
    /// What to call them.
    pub name: DisplayName,
    /// The address; `None` removes it.
    pub email: Option<Email>,
    /// Whether that address counts as proven.
    pub is_email_proven: bool,
}

impl Store {
    /// Makes a user with all given ways to sign in, in one transaction.
    ///
    /// # Errors
    ///
    /// [`StoreError::Conflict`] names what is taken; nothing is written then.
    pub async fn insert_user(&self, _user: NewUser) -> Result<User, StoreError> {
        todo!("part store")
    }

    /// Finds a user.
    pub async fn find_user(&self, _id: UserId) -> Result<Option<User>, StoreError> {
        todo!("part store")
    }

    /// Finds the user an identity belongs to, and notes that it was used `now`.
    pub async fn find_user_by_identity(&self, _identity: &Identity, _now: DateTime<Utc>) -> Result<Option<User>, StoreError> {
        todo!("part store")
    }

    /// Finds the user a user name or a proven address belongs to, whatever ways in they have.
    pub async fn find_user_by_identifier(&self, _identifier: &Identifier) -> Result<Option<User>, StoreError> {
        todo!("part store")
    }

    /// Finds user and hash for a user name or a proven address.
    pub async fn find_login(&self, _identifier: &Identifier) -> Result<Option<Login>, StoreError> {
        todo!("part store")
    }

    /// Finds user and hash for a signed-in user.
    pub async fn find_login_of(&self, _user: UserId) -> Result<Option<Login>, StoreError> {
        todo!("part store")
    }

    /// Lists users by their time of making, `limit` at most, after the given one.
    pub async fn list_users(&self, _after: Option<UserId>, _limit: i64) -> Result<Vec<User>, StoreError> {
        todo!("part store")
    }

    /// Lists the identities of a user.
    pub async fn list_identities(&self, _user: UserId) -> Result<Vec<LinkedIdentity>, StoreError> {
        todo!("part store")
    }

    /// Links an identity to an existing user.
    ///
    /// # Errors
    ///
    /// [`StoreError::Conflict`] (identity) if it belongs to somebody else;
    /// linking it twice to the same user is no error.
    pub async fn link_identity(&self, _user: UserId, _identity: &Identity, _now: DateTime<Utc>) -> Result<(), StoreError> {
        todo!("part store")
    }

    /// Changes name and address.
    ///
    /// # Errors
    ///
    /// [`StoreError::Conflict`] (address), [`StoreError::NotFound`].
    pub async fn update_profile(&self, _user: UserId, _change: ProfileChange, _now: DateTime<Utc>) -> Result<User, StoreError> {
        todo!("part store")
    }

    /// Sets a new password hash and ends every session but `keep`, in one
    /// transaction (security.md SE-02). Voids one-time links too. Returns the ended sessions.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotFound`] if the user has no password.
    pub async fn update_password(
        &self,
        _user: UserId,
        _hash: String,
        _keep: Option<SessionId>,
        _now: DateTime<Utc>,
    ) -> Result<Vec<SessionId>, StoreError> {
        todo!("part store")
    }

    /// Gives a user without password a user name and password; as `update_password` else.
    pub async fn insert_login(
        &self,
        _user: UserId,
        _login: NewLogin,
        _keep: Option<SessionId>,
        _now: DateTime<Utc>,
    ) -> Result<Vec<SessionId>, StoreError> {
        todo!("part store")
    }

    /// Replaces a hash by a better one of the same password, if it is still the old one.
    pub async fn upgrade_password_hash(&self, _user: UserId, _old: &str, _new: String) -> Result<(), StoreError> {
        todo!("part store")
    }

    /// Disables or enables a user; disabling ends all sessions in the same
    /// transaction. Returns the ended sessions.
    pub async fn set_user_disabled(&self, _user: UserId, _is_disabled: bool, _now: DateTime<Utc>) -> Result<Vec<SessionId>, StoreError> {
        todo!("part store")
    }

    /// Makes a user an operator, or no longer one.
    pub async fn set_user_operator(&self, _user: UserId, _is_operator: bool, _now: DateTime<Utc>) -> Result<(), StoreError> {
        todo!("part store")
    }
}
