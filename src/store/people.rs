//! Users and sessions as operators look for them.

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use super::connection::MultiBackend;
use super::rows::{SessionRow, UserRow, stored};
use super::schema::{sessions, user_authentications, users};
use super::{Store, StoreError};
use crate::domain::email::Email;
use crate::domain::ids::{SessionId, UserId};
use crate::domain::user::{Session, User};

/// Stands after every character that a normal user name can have.
const AFTER_LAST: char = '~';

/// Which users an operator looks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UserSearch {
    /// Everybody.
    All,
    /// Whoever has this identifier.
    Id(UserId),
    /// Whoever has proven this address.
    Email(Email),
    /// Whoever's user name begins so, in its normal form.
    UsernamePrefix(String),
}

impl UserSearch {
    /// Reads what was typed: nothing, an identifier, an address or the beginning of a user name.
    pub fn parse(text: &str) -> Self {
        let text = text.trim();
        if text.is_empty() {
            return Self::All;
        }
        if let Ok(id) = text.parse() {
            return Self::Id(id);
        }
        Email::parse(text).map_or_else(|_| Self::UsernamePrefix(text.to_lowercase()), Self::Email)
    }
}

impl Store {
    /// Lists users that a search finds, the newest first, at most `limit`, before the given one.
    /// Leaves out rows that cannot be read.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if the database fails.
    pub async fn search_users(&self, search: UserSearch, before: Option<UserId>, limit: i64) -> Result<Vec<User>, StoreError> {
        self.read(move |connection| {
            let mut query = users::table.left_join(user_authentications::table).into_boxed::<MultiBackend>();
            query = match search.clone() {
                UserSearch::All => query,
                UserSearch::Id(id) => query.filter(users::id.eq(id.to_string())),
                UserSearch::Email(email) => query.filter(users::email_normal.eq(email.normal())),
                // A range, since the databases disagree about LIKE: what case is, and what escapes a wildcard.
                UserSearch::UsernamePrefix(prefix) => query
                    .filter(user_authentications::username_normal.ge(prefix.clone()))
                    .filter(user_authentications::username_normal.lt(format!("{prefix}{AFTER_LAST}"))),
            };
            if let Some(before) = before {
                query = query.filter(users::id.lt(before.to_string()));
            }
            // An identifier begins with the time it was made at (RFC 9562 §5.7).
            let page = query.order(users::id.desc()).limit(limit).select(UserRow::as_select());
            let rows = page.load_iter::<UserRow, _>(connection)?;
            let users = rows.map(|row| row.map_err(StoreError::from).and_then(User::try_from));
            users.filter(|user| !matches!(user, Err(StoreError::BrokenRow(_)))).collect()
        })
        .await
    }

    /// Lists everybody's open sessions with their users, the newest first, at most `limit`, before the given one.
    ///
    /// # Errors
    ///
    /// [`StoreError::BrokenRow`], or what the database says.
    pub async fn list_all_sessions(
        &self,
        before: Option<SessionId>,
        now: DateTime<Utc>,
        limit: i64,
    ) -> Result<Vec<(Session, User)>, StoreError> {
        let rows: Vec<(SessionRow, UserRow)> = self
            .read(move |connection| {
                let open = sessions::table
                    .inner_join(users::table.left_join(user_authentications::table))
                    .filter(sessions::expires_at.gt(stored(now)));
                let mut query = open.into_boxed::<MultiBackend>();
                if let Some(before) = before {
                    query = query.filter(sessions::id.lt(before.to_string()));
                }
                let columns = (SessionRow::as_select(), UserRow::as_select());
                Ok(query.order(sessions::id.desc()).limit(limit).select(columns).load(connection)?)
            })
            .await?;
        rows.into_iter().map(|(session, user)| Ok((session.try_into()?, user.try_into()?))).collect()
    }

    /// Ends every session but one; returns how many ended.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if the database fails.
    pub async fn end_all_sessions_but(&self, keep: SessionId) -> Result<usize, StoreError> {
        let keep = keep.to_string();
        self.write(move |connection| Ok(diesel::delete(sessions::table.filter(sessions::id.ne(&keep))).execute(connection)?)).await
    }
}
