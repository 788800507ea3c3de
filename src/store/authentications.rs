//! `user_authentications`: user names and password hashes.

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use super::connection::AnyConnection;
use super::email_links::delete_all_links;
use super::families::delete_lasting_families;
use super::rows::{UserRow, stored};
use super::schema::{user_authentications, users};
use super::sessions::delete_sessions;
use super::transaction::{Ending, is_unique_violation};
use super::users::{Login, NewLogin};
use super::{Store, StoreError};
use crate::clock::Clock;
use crate::domain::identifier::Identifier;
use crate::domain::ids::{RowId, SessionId, UserId};

/// A new password in the place of one that was checked.
#[derive(Clone, Debug)]
pub struct PasswordChange {
    /// The hash that the current password was checked against.
    pub old_hash: String,
    /// The hash of the new one.
    pub new_hash: String,
    /// The session that goes on.
    pub keep: Option<SessionId>,
    /// The time.
    pub now: DateTime<Utc>,
}

impl Store {
    /// Finds user and hash for a user name or a proven address.
    ///
    /// # Errors
    ///
    /// [`StoreError::BrokenRow`], or what the database says.
    pub async fn find_login(&self, identifier: &Identifier) -> Result<Option<Login>, StoreError> {
        let identifier = identifier.clone();
        self.read(move |connection| {
            let logins =
                users::table.inner_join(user_authentications::table).select((UserRow::as_select(), user_authentications::password_hash));
            let row = match &identifier {
                Identifier::Email(email) => logins.filter(users::email_normal.eq(email.normal())).first(connection),
                Identifier::Username(name) => logins.filter(user_authentications::username_normal.eq(name.normal())).first(connection),
                // No user name is empty, and looking for one takes as long.
                Identifier::Nobody => logins.filter(user_authentications::username_normal.eq("")).first(connection),
            };
            row.optional()?.map(login).transpose()
        })
        .await
    }

    /// Finds user and hash for a signed-in user.
    ///
    /// # Errors
    ///
    /// [`StoreError::BrokenRow`], or what the database says.
    pub async fn find_login_of(&self, user: UserId) -> Result<Option<Login>, StoreError> {
        let user = user.to_string();
        self.read(move |connection| {
            let row = users::table
                .inner_join(user_authentications::table)
                .filter(users::id.eq(&user))
                .select((UserRow::as_select(), user_authentications::password_hash))
                .first(connection);
            row.optional()?.map(login).transpose()
        })
        .await
    }

    /// Sets a new password hash and ends every session but one, in one transaction
    /// (security.md SE-02). Voids one-time links too. Returns the ended sessions; `None`
    /// if the hash is no longer the one that was checked: then nothing happens.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if the database fails.
    pub async fn update_password(&self, user: UserId, change: PasswordChange) -> Result<Option<Vec<SessionId>>, StoreError> {
        self.write_or_undo(move |connection| {
            if touch_password(connection, user, &change.old_hash)? && replace_password(connection, user, &change.new_hash, change.now)? {
                end_after_new_password(connection, user, change.keep).map(Some).map(Ending::Commit)
            } else {
                Ok(Ending::RollBack(None))
            }
        })
        .await
    }

    /// Gives a user without password a user name and password; as `update_password` else.
    ///
    /// # Errors
    ///
    /// [`StoreError::Conflict`] (user name); [`StoreError::NotFound`] if there is no
    /// such user, or if they have a password already.
    pub async fn insert_login(
        &self,
        user: UserId,
        login: NewLogin,
        keep: Option<SessionId>,
        now: DateTime<Utc>,
    ) -> Result<Vec<SessionId>, StoreError> {
        let inserted = self.write(move |connection| {
            set_password(connection, user, login.username.as_str(), &login.password_hash, now)?;
            end_after_new_password(connection, user, keep)
        });
        // A taken user name is a conflict by now; what is left is one password per user.
        inserted.await.map_err(|error| if is_unique_violation(&error) { StoreError::NotFound } else { error })
    }

    /// Replaces a hash by a better one of the same password, if it is still the old one.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if the database fails.
    pub async fn upgrade_password_hash(&self, user: UserId, old: &str, new: String) -> Result<(), StoreError> {
        let (user, old) = (user.to_string(), old.to_owned());
        self.write(move |connection| {
            let unchanged = user_authentications::table
                .filter(user_authentications::user_id.eq(&user))
                .filter(user_authentications::password_hash.eq(&old));
            diesel::update(unchanged).set(user_authentications::password_hash.eq(&new)).execute(connection)?;
            Ok(())
        })
        .await
    }
}

fn login((user, password_hash): (UserRow, String)) -> Result<Login, StoreError> {
    Ok(Login { user: user.try_into()?, password_hash })
}

/// Inserts the row of a user who has none.
pub(super) fn set_password(
    connection: &mut AnyConnection,
    user: UserId,
    username: &str,
    hash: &str,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let row = (
        user_authentications::id.eq(RowId::new(&Clock::fixed(now)).to_string()),
        user_authentications::user_id.eq(user.to_string()),
        user_authentications::username.eq(username),
        user_authentications::username_normal.eq(username.to_ascii_lowercase()),
        user_authentications::password_hash.eq(hash),
        user_authentications::created_at.eq(stored(now)),
        user_authentications::updated_at.eq(stored(now)),
    );
    diesel::insert_into(user_authentications::table).values(row).execute(connection)?;
    Ok(())
}

/// Tells whether a user's hash is still this one, and keeps it so until the transaction ends.
pub(super) fn touch_password(connection: &mut AnyConnection, user: UserId, hash: &str) -> Result<bool, StoreError> {
    let unchanged = user_authentications::table
        .filter(user_authentications::user_id.eq(user.to_string()))
        .filter(user_authentications::password_hash.eq(hash));
    let nothing = user_authentications::updated_at.eq(user_authentications::updated_at);
    Ok(diesel::update(unchanged).set(nothing).execute(connection)? == 1)
}

/// Replaces the hash of a user; tells whether they have one.
pub(super) fn replace_password(connection: &mut AnyConnection, user: UserId, hash: &str, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let own = user_authentications::table.filter(user_authentications::user_id.eq(user.to_string()));
    let columns = (user_authentications::password_hash.eq(hash), user_authentications::updated_at.eq(stored(now)));
    Ok(diesel::update(own).set(columns).execute(connection)? == 1)
}

/// Ends whatever the old password may have opened: sessions but `keep`, what hangs on none, and one-time links.
pub(super) fn end_after_new_password(
    connection: &mut AnyConnection,
    user: UserId,
    keep: Option<SessionId>,
) -> Result<Vec<SessionId>, StoreError> {
    delete_all_links(connection, user)?;
    let ended = delete_sessions(connection, user, keep)?;
    delete_lasting_families(connection, user)?;
    Ok(ended)
}
