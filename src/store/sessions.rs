//! `sessions`: the rows that decide whether a token still counts.
//!
//! Ending a session deletes its row. So a session is open if and only if there is
//! an unexpired row: no query can forget to ask, the table holds nothing that is
//! over, and that a session ended is told by the log, not kept here.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;

use super::authentications::touch_password;
use super::connection::AnyConnection;
use super::identities::touch_identity;
use super::provider_tokens::{Sealer, put_tokens};
use super::rows::{SessionRow, UserRow, stored};
use super::schema::{device_codes, email_links, one_time_links, sessions, token_families, user_authentications, users};
use super::transaction::Ending;
use super::{Store, StoreError};
use crate::domain::identity::Identity;
use crate::domain::ids::{SessionId, UserId};
use crate::domain::user::{Method, Session, User};

/// What somebody signs in by; it has to hold still when the session is opened.
#[derive(Clone, Debug)]
pub enum Proof {
    /// The password behind this stored hash.
    Password(String),
    /// This identity.
    Identity(Identity),
    /// This identity, with tokens of its provider that are kept beside it.
    IdentityWith(Identity, Sealer),
}

impl Proof {
    /// Returns the way of signing in that it is.
    pub fn method(&self) -> Method {
        match self {
            Self::Password(_) => Method::Password,
            Self::Identity(identity) | Self::IdentityWith(identity, _) => Method::Provider(identity.provider.clone()),
        }
    }
}

impl Store {
    /// Opens a session if its user may still have one by what was proven; tells whether.
    ///
    /// Checking a password and asking a provider take time, in which the password can
    /// change, the identity be removed and the user be disabled. Each of these ends the
    /// sessions there are, so none may be opened after it (security.md SE-02). The rows
    /// that they change are written here first: whoever comes second waits and sees.
    /// Tokens that are to be kept are written in the same transaction.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if the database fails.
    pub async fn insert_session(&self, session: Session, proof: Proof) -> Result<bool, StoreError> {
        let (user, now) = (session.user_id, stored(session.created_at));
        let row = SessionRow::from(session);
        self.write_or_undo(move |connection| {
            let enabled = users::table.find(user.to_string()).filter(users::disabled_at.is_null());
            let is_enabled = diesel::update(enabled).set(users::updated_at.eq(users::updated_at)).execute(connection)? == 1;
            let holds = is_enabled
                && match &proof {
                    Proof::Password(hash) => touch_password(connection, user, hash)?,
                    Proof::Identity(identity) | Proof::IdentityWith(identity, _) => touch_identity(connection, user, identity, now)?,
                };
            if !holds {
                return Ok(Ending::RollBack(false));
            }
            if let Proof::IdentityWith(identity, sealer) = &proof {
                put_tokens(connection, identity, sealer, now)?;
            }
            diesel::insert_into(sessions::table).values(&row).execute(connection)?;
            Ok(Ending::Commit(true))
        })
        .await
    }

    /// Finds a session that has neither ended nor expired, with its user.
    ///
    /// # Errors
    ///
    /// [`StoreError::BrokenRow`], or what the database says.
    pub async fn find_session(&self, id: SessionId, now: DateTime<Utc>) -> Result<Option<(Session, User)>, StoreError> {
        let (id, now) = (id.to_string(), stored(now));
        let found = self.read(move |connection| {
            let row = sessions::table
                .inner_join(users::table.left_join(user_authentications::table))
                .filter(sessions::id.eq(&id))
                .filter(sessions::expires_at.gt(now))
                .select((SessionRow::as_select(), UserRow::as_select()))
                .first::<(SessionRow, UserRow)>(connection);
            Ok(row.optional()?)
        });
        found.await?.map(|(session, user)| Ok((session.try_into()?, user.try_into()?))).transpose()
    }

    /// Lists a user's open sessions, the newest first.
    ///
    /// # Errors
    ///
    /// [`StoreError::BrokenRow`], or what the database says.
    pub async fn list_sessions(&self, user: UserId, now: DateTime<Utc>) -> Result<Vec<Session>, StoreError> {
        let (user, now) = (user.to_string(), stored(now));
        let rows = self.read(move |connection| {
            let open = sessions::table.filter(sessions::user_id.eq(&user)).filter(sessions::expires_at.gt(now));
            let newest_first = open.order((sessions::created_at.desc(), sessions::id.desc()));
            Ok(newest_first.select(SessionRow::as_select()).load(connection)?)
        });
        rows.await?.into_iter().map(Session::try_from).collect()
    }

    /// Notes that a session was used.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if the database fails. That there is no such session is none.
    pub async fn touch_session(&self, id: SessionId, now: DateTime<Utc>) -> Result<(), StoreError> {
        let (id, now) = (id.to_string(), stored(now));
        self.write(move |connection| {
            let older = sessions::table.find(&id).filter(sessions::seen_at.lt(now));
            diesel::update(older).set(sessions::seen_at.eq(now)).execute(connection)?;
            Ok(())
        })
        .await
    }

    /// Ends one session of a user; tells whether it was open.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if the database fails.
    pub async fn end_session(&self, user: UserId, id: SessionId) -> Result<bool, StoreError> {
        let (user, id) = (user.to_string(), id.to_string());
        self.write(move |connection| {
            let own = sessions::table.find(&id).filter(sessions::user_id.eq(&user));
            Ok(diesel::delete(own).execute(connection)? == 1)
        })
        .await
    }

    /// Ends all sessions of a user but `keep`; returns the ended ones.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if the database fails.
    pub async fn end_sessions(&self, user: UserId, keep: Option<SessionId>) -> Result<Vec<SessionId>, StoreError> {
        self.write(move |connection| delete_sessions(connection, user, keep)).await
    }

    /// Ends all sessions of everybody; returns how many. Everything that people have given to applications, and every link
    /// that was mailed to one of them, ends too: after an older copy of the database was restored nobody knows
    /// what of it had ended before (security.md DB-13).
    ///
    /// # Errors
    ///
    /// [`StoreError`] if the database fails.
    pub async fn end_all_sessions(&self) -> Result<usize, StoreError> {
        self.write(|connection| {
            let ended = diesel::delete(sessions::table).execute(connection)?;
            diesel::delete(device_codes::table).execute(connection)?;
            diesel::delete(token_families::table).execute(connection)?;
            diesel::delete(one_time_links::table.filter(one_time_links::user_id.is_not_null())).execute(connection)?;
            diesel::delete(email_links::table).execute(connection)?;
            Ok(ended)
        })
        .await
    }
}

/// Deletes a user's sessions but `keep`, whether their ids can be read or not.
pub(super) fn delete_sessions(connection: &mut AnyConnection, user: UserId, keep: Option<SessionId>) -> Result<Vec<SessionId>, StoreError> {
    let keep = keep.map_or_else(String::new, |id| id.to_string());
    let ending = sessions::table.filter(sessions::user_id.eq(user.to_string())).filter(sessions::id.ne(keep));
    let ids: Vec<String> = ending.clone().select(sessions::id).load(connection)?;
    diesel::delete(ending).execute(connection)?;
    Ok(ids.iter().filter_map(|id| id.parse().ok()).collect())
}

/// Deletes a user's sessions that were opened by one method, but `keep`.
pub(super) fn delete_sessions_by(
    connection: &mut AnyConnection,
    user: UserId,
    method: &str,
    keep: SessionId,
) -> Result<Vec<SessionId>, StoreError> {
    let own = sessions::table.filter(sessions::user_id.eq(user.to_string())).filter(sessions::id.ne(keep.to_string()));
    let ending = own.filter(sessions::method.eq(method));
    let ids: Vec<String> = ending.clone().select(sessions::id).load(connection)?;
    diesel::delete(ending).execute(connection)?;
    Ok(ids.iter().filter_map(|id| id.parse().ok()).collect())
}

/// Tells whether a session is open and the user's, and keeps it so until the transaction ends.
pub(super) fn touch_open(connection: &mut AnyConnection, user: UserId, id: SessionId, now: NaiveDateTime) -> Result<bool, StoreError> {
    let open = sessions::table.find(id.to_string()).filter(sessions::user_id.eq(user.to_string())).filter(sessions::expires_at.gt(now));
    Ok(diesel::update(open).set(sessions::seen_at.eq(sessions::seen_at)).execute(connection)? == 1)
}

/// Tells whether a session is open and the user's.
pub(super) fn is_open(connection: &mut AnyConnection, user: UserId, id: SessionId, now: NaiveDateTime) -> Result<bool, StoreError> {
    let open = sessions::table.find(id.to_string()).filter(sessions::user_id.eq(user.to_string())).filter(sessions::expires_at.gt(now));
    Ok(open.count().get_result::<i64>(connection)? == 1)
}
