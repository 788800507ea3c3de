//! `users`: people, and what is known of them.
//!
//! `email_normal` is unique and set only for a proven address (design.md, Store);
//! any number of people may claim an address that nobody has proven.
//! `authentications` has their passwords, `identities` their
//! identities.

use chrono::{DateTime, Utc};

use diesel::prelude::*;

use super::authentications::set_password;
use super::connection::AnyConnection;
use super::email_links::{Claim, delete_claims, insert_claim};
use super::families::delete_lasting_families;
use super::identities::insert_identity;
use super::rows::{UserRow, stored};
use super::schema::{user_authentications, users};
use super::sessions::delete_sessions;
use super::{Store, StoreError};
use crate::domain::email::Email;
use crate::domain::identifier::Identifier;
use crate::domain::identity::Identity;
use crate::domain::ids::{SessionId, UserId};
use crate::domain::name::{DisplayName, Username};
use crate::domain::user::User;

/// Stands where a hash stands and matches no password, until the person sets one.
pub const NO_PASSWORD: &str = "!";

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
    /// The address to be proven by mail.
    pub claim: Option<Claim>,
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
    /// Another address, which takes the place of that one once it is proven.
    pub claim: Option<Claim>,
}

impl Store {
    /// Makes a user with all given ways to sign in, in one transaction.
    ///
    /// # Errors
    ///
    /// [`StoreError::Conflict`] names what is taken; nothing is written then.
    pub async fn insert_user(&self, user: NewUser) -> Result<User, StoreError> {
        self.write(move |connection| insert_with_ways(connection, &user)).await
    }

    /// Finds a user.
    ///
    /// # Errors
    ///
    /// [`StoreError::BrokenRow`], or what the database says.
    pub async fn find_user(&self, id: UserId) -> Result<Option<User>, StoreError> {
        self.read(move |connection| load_user(connection, id)).await
    }

    /// Finds the user a user name or a proven address belongs to, whatever ways in they have.
    ///
    /// # Errors
    ///
    /// [`StoreError::BrokenRow`], or what the database says.
    pub async fn find_user_by_identifier(&self, identifier: &Identifier) -> Result<Option<User>, StoreError> {
        let identifier = identifier.clone();
        self.read(move |connection| {
            let users = users::table.left_join(user_authentications::table).select(UserRow::as_select());
            let row = match &identifier {
                Identifier::Email(email) => users.filter(users::email_normal.eq(email.normal())).first(connection),
                Identifier::Username(name) => users.filter(user_authentications::username_normal.eq(name.normal())).first(connection),
                // No user name is empty, and looking for one takes as long.
                Identifier::Nobody => users.filter(user_authentications::username_normal.eq("")).first(connection),
            };
            row.optional()?.map(User::try_from).transpose()
        })
        .await
    }

    /// Lists users by their time of making, `limit` at most, after the given one.
    /// Leaves out rows that cannot be read.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if the database fails.
    pub async fn list_users(&self, after: Option<UserId>, limit: i64) -> Result<Vec<User>, StoreError> {
        // An identifier begins with the time it was made at (RFC 9562 §5.7).
        let after = after.map_or_else(String::new, |id| id.to_string());
        self.read(move |connection| {
            let page = users::table.left_join(user_authentications::table).filter(users::id.gt(&after)).order(users::id).limit(limit);
            let rows = page.select(UserRow::as_select()).load_iter::<UserRow, _>(connection)?;
            let users = rows.map(|row| row.map_err(StoreError::from).and_then(User::try_from));
            users.filter(|user| !matches!(user, Err(StoreError::BrokenRow(_)))).collect()
        })
        .await
    }

    /// Changes name and address.
    ///
    /// # Errors
    ///
    /// [`StoreError::Conflict`] (address), [`StoreError::NotFound`].
    pub async fn update_profile(&self, user: UserId, change: ProfileChange, now: DateTime<Utc>) -> Result<User, StoreError> {
        self.write(move |connection| {
            let columns = (
                users::name.eq(change.name.as_str()),
                users::email.eq(change.email.as_ref().map(Email::as_str)),
                users::email_normal.eq(proven_address(change.email.as_ref(), change.is_email_proven)),
                users::is_email_proven.eq(change.email.is_some() && change.is_email_proven),
                users::updated_at.eq(stored(now)),
            );
            diesel::update(users::table.find(user.to_string())).set(columns).execute(connection)?;
            match &change.claim {
                Some(claim) => insert_claim(connection, user, claim, stored(now))?,
                None if change.email.is_none() => delete_claims(connection, user)?,
                None => {}
            }
            load_user(connection, user)?.ok_or(StoreError::NotFound)
        })
        .await
    }

    /// Disables or enables a user; disabling ends all sessions in the same
    /// transaction. Returns the ended sessions.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotFound`].
    pub async fn set_user_disabled(&self, user: UserId, is_disabled: bool, now: DateTime<Utc>) -> Result<Vec<SessionId>, StoreError> {
        let now = stored(now);
        self.write(move |connection| {
            let columns = (users::disabled_at.eq(is_disabled.then_some(now)), users::updated_at.eq(now));
            match diesel::update(users::table.find(user.to_string())).set(columns).execute(connection)? {
                0 => Err(StoreError::NotFound),
                _ if is_disabled => {
                    let ended = delete_sessions(connection, user, None)?;
                    delete_lasting_families(connection, user)?;
                    Ok(ended)
                }
                _ => Ok(Vec::new()),
            }
        })
        .await
    }

    /// Makes a user an operator, or no longer one.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotFound`].
    pub async fn set_user_operator(&self, user: UserId, is_operator: bool, now: DateTime<Utc>) -> Result<(), StoreError> {
        self.write(move |connection| {
            let columns = (users::is_operator.eq(is_operator), users::updated_at.eq(stored(now)));
            match diesel::update(users::table.find(user.to_string())).set(columns).execute(connection)? {
                0 => Err(StoreError::NotFound),
                _ => Ok(()),
            }
        })
        .await
    }
}

/// Inserts a user with all given ways to sign in.
pub(super) fn insert_with_ways(connection: &mut AnyConnection, user: &NewUser) -> Result<User, StoreError> {
    insert_row(connection, user)?;
    if let Some(login) = &user.password {
        set_password(connection, user.id, login.username.as_str(), &login.password_hash, user.now)?;
    }
    if let Some(identity) = &user.identity {
        insert_identity(connection, user.id, identity, user.now)?;
    }
    if let Some(claim) = &user.claim {
        insert_claim(connection, user.id, claim, stored(user.now))?;
    }
    load_user(connection, user.id)?.ok_or(StoreError::NotFound)
}

/// Returns the unique form of an address that counts as proven.
fn proven_address(email: Option<&Email>, is_proven: bool) -> Option<String> {
    email.filter(|_| is_proven).map(Email::normal)
}

fn insert_row(connection: &mut AnyConnection, user: &NewUser) -> Result<(), StoreError> {
    let row = (
        users::id.eq(user.id.to_string()),
        users::name.eq(user.name.as_str()),
        users::email.eq(user.email.as_ref().map(Email::as_str)),
        users::email_normal.eq(proven_address(user.email.as_ref(), user.is_email_proven)),
        users::is_email_proven.eq(user.email.is_some() && user.is_email_proven),
        users::is_operator.eq(false),
        users::created_at.eq(stored(user.now)),
        users::updated_at.eq(stored(user.now)),
    );
    diesel::insert_into(users::table).values(row).execute(connection)?;
    Ok(())
}

/// Finds a user with their user name.
pub(super) fn load_user(connection: &mut AnyConnection, id: UserId) -> Result<Option<User>, StoreError> {
    let user = users::table.left_join(user_authentications::table).filter(users::id.eq(id.to_string()));
    user.select(UserRow::as_select()).first(connection).optional()?.map(User::try_from).transpose()
}
