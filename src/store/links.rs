//! `one_time_links`: addresses that work once, mailed or handed over by an operator.

use chrono::{DateTime, NaiveDateTime, Utc};

use diesel::prelude::*;

use super::authentications::{end_after_new_password, replace_password, set_password};
use super::connection::AnyConnection;
use super::rows::{UserRow, parse, stored};
use super::schema::{one_time_links, user_authentications, users};
use super::transaction::Ending;
use super::users::{NewUser, insert_with_ways};
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
    ///
    /// # Errors
    ///
    /// [`StoreError::NotFound`] if there is no such user.
    pub async fn insert_link(&self, link: NewLink) -> Result<(), StoreError> {
        self.write(move |connection| {
            if let Some(user) = link.user_id {
                delete_older_links(connection, user, &link)?;
            }
            let row = (
                one_time_links::token_hash.eq(&link.token_hash),
                one_time_links::purpose.eq(link.purpose.as_str()),
                one_time_links::user_id.eq(link.user_id.map(|user| user.to_string())),
                one_time_links::created_at.eq(stored(link.now)),
                one_time_links::expires_at.eq(stored(link.expires_at)),
            );
            diesel::insert_into(one_time_links::table).values(row).execute(connection)?;
            Ok(())
        })
        .await
    }

    /// Tells whether a link works, without using it up; with its user, if it has one.
    ///
    /// # Errors
    ///
    /// [`StoreError::BrokenRow`], or what the database says.
    pub async fn find_link(&self, token_hash: &str, purpose: LinkPurpose, now: DateTime<Utc>) -> Result<Option<Option<User>>, StoreError> {
        let (token_hash, now) = (token_hash.to_owned(), stored(now));
        let row = self.read(move |connection| {
            let row = one_time_links::table
                .left_join(users::table.left_join(user_authentications::table))
                .filter(one_time_links::token_hash.eq(&token_hash))
                .filter(one_time_links::purpose.eq(purpose.as_str()))
                .filter(one_time_links::expires_at.gt(now))
                .select((one_time_links::purpose, Option::<UserRow>::as_select()))
                .first::<(String, Option<UserRow>)>(connection);
            Ok(row.optional()?)
        });
        row.await?.map(|(_, user)| user.map(User::try_from).transpose()).transpose()
    }

    /// Uses an invitation up and makes the user, in one transaction (security.md DB-02).
    /// `None` if the invitation does not work (any more).
    ///
    /// # Errors
    ///
    /// [`StoreError::Conflict`] names what is taken; the invitation works on then.
    pub async fn insert_invited_user(&self, token_hash: &str, user: NewUser) -> Result<Option<User>, StoreError> {
        let token_hash = token_hash.to_owned();
        self.write_or_undo(move |connection| {
            let works = delete_working_link(connection, &token_hash, LinkPurpose::Invitation, stored(user.now))?;
            if works { insert_with_ways(connection, &user).map(Some).map(Ending::Commit) } else { Ok(Ending::RollBack(None)) }
        })
        .await
    }

    /// Uses a password-reset link up, sets the password hash and ends every
    /// session, in one transaction. Returns the user and the ended sessions; `None`
    /// if the link does not work (any more).
    ///
    /// A user without password gets one, with a user name made from the user's id:
    /// they sign in with their address, and nobody else can have that name.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if the database fails; the link works on then.
    pub async fn reset_password(
        &self,
        token_hash: &str,
        password_hash: String,
        now: DateTime<Utc>,
    ) -> Result<Option<(UserId, Vec<SessionId>)>, StoreError> {
        const PURPOSE: LinkPurpose = LinkPurpose::PasswordReset;
        let token_hash = token_hash.to_owned();
        self.write_or_undo(move |connection| {
            let found = one_time_links::table.find(&token_hash).select(one_time_links::user_id).first::<Option<String>>(connection);
            let Some(user) = found.optional()?.flatten() else { return Ok(Ending::RollBack(None)) };
            if !delete_working_link(connection, &token_hash, PURPOSE, stored(now))? {
                return Ok(Ending::RollBack(None));
            }
            let user: UserId = parse("one-time link", &user)?;
            if !replace_password(connection, user, &password_hash, now)? {
                set_password(connection, user, &format!("u-{user}"), &password_hash, now)?;
            }
            let ended = end_after_new_password(connection, user, None)?;
            Ok(Ending::Commit(Some((user, ended))))
        })
        .await
    }
}

/// Deletes a link if it works; tells whether it did.
fn delete_working_link(
    connection: &mut AnyConnection,
    token_hash: &str,
    purpose: LinkPurpose,
    now: NaiveDateTime,
) -> Result<bool, StoreError> {
    let working = one_time_links::table
        .find(token_hash)
        .filter(one_time_links::purpose.eq(purpose.as_str()))
        .filter(one_time_links::expires_at.gt(now));
    Ok(diesel::delete(working).execute(connection)? == 1)
}

/// Deletes what `link` replaces. The user's row is written first, so that two
/// new links wait for each other and one remains.
fn delete_older_links(connection: &mut AnyConnection, user: UserId, link: &NewLink) -> Result<(), StoreError> {
    let user = user.to_string();
    let touched = diesel::update(users::table.find(&user)).set(users::updated_at.eq(stored(link.now))).execute(connection)?;
    if touched == 0 {
        return Err(StoreError::NotFound);
    }
    let older = one_time_links::table.filter(one_time_links::user_id.eq(user)).filter(one_time_links::purpose.eq(link.purpose.as_str()));
    diesel::delete(older).execute(connection)?;
    Ok(())
}
