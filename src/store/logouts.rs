//! `client_sessions`: which clients have to hear of the end of a session (Back-Channel Logout).
//!
//! A row is written when a client that wants to know gets a code. Whichever way the
//! session ends, its own row goes, and the rows here without one are the messages
//! that are due. Several replicas may send; whoever changes a row's tries sends it.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;

use super::connection::AnyConnection;
use super::rows::{parse, stored};
use super::schema::{client_sessions, sessions};
use super::{Store, StoreError};
use crate::domain::client::ClientId;
use crate::domain::ids::{RowId, SessionId, UserId};

/// A client that is to hear when a session ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientSession {
    /// The row.
    pub id: RowId,
    /// The session.
    pub session: SessionId,
    /// Whose it is.
    pub user: UserId,
    /// The client.
    pub client: ClientId,
    /// How often it was told in vain.
    pub tries: i32,
    /// When to tell it at the earliest.
    pub next_try_at: DateTime<Utc>,
    /// When it is not worth telling any more.
    pub expires_at: DateTime<Utc>,
}

type Row = (String, String, String, String, i32, NaiveDateTime, NaiveDateTime);

fn read((id, session, user, client, tries, next_try_at, expires_at): Row) -> Result<ClientSession, StoreError> {
    const KIND: &str = "client's session";
    Ok(ClientSession {
        id: parse(KIND, &id)?,
        session: parse(KIND, &session)?,
        user: parse(KIND, &user)?,
        client: parse(KIND, &client)?,
        tries,
        next_try_at: next_try_at.and_utc(),
        expires_at: expires_at.and_utc(),
    })
}

impl Store {
    /// Lists the clients that want to hear of the end of a session, ended or not; the first ones first.
    ///
    /// # Errors
    ///
    /// [`StoreError::BrokenRow`], or what the database says.
    pub async fn list_session_clients(&self, session: SessionId, limit: i64) -> Result<Vec<ClientId>, StoreError> {
        let session = session.to_string();
        let ids = self.read(move |connection| {
            let entries = client_sessions::table.filter(client_sessions::session_id.eq(&session)).order(client_sessions::id);
            Ok(entries.limit(limit).select(client_sessions::client_id).load::<String>(connection)?)
        });
        ids.await?.iter().map(|id| parse("client's session", id)).collect()
    }

    /// Lists messages that are due: sessions that have ended, the oldest first. Leaves out rows
    /// that cannot be read, which are nobody else's trouble (security.md DB-14).
    ///
    /// # Errors
    ///
    /// [`StoreError`] if the database fails.
    pub async fn list_due_logouts(&self, now: DateTime<Utc>, limit: i64) -> Result<Vec<ClientSession>, StoreError> {
        let now = stored(now);
        let rows = self.read(move |connection| {
            let columns = (
                client_sessions::id,
                client_sessions::session_id,
                client_sessions::user_id,
                client_sessions::client_id,
                client_sessions::tries,
                client_sessions::next_try_at,
                client_sessions::expires_at,
            );
            let ended = client_sessions::table
                .left_join(sessions::table.on(sessions::id.eq(client_sessions::session_id)))
                .filter(sessions::id.nullable().is_null())
                .filter(client_sessions::next_try_at.le(now))
                .filter(client_sessions::expires_at.gt(now));
            Ok(ended.order(client_sessions::next_try_at).limit(limit).select(columns).load::<Row>(connection)?)
        });
        Ok(rows.await?.into_iter().filter_map(|row| read(row).ok()).collect())
    }

    /// Claims a message for this process to send; `false` if another one did.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if the database fails.
    pub async fn claim_logout(&self, due: &ClientSession, next_try_at: DateTime<Utc>) -> Result<bool, StoreError> {
        let (id, tries) = (due.id.to_string(), due.tries);
        self.write(move |connection| {
            let unchanged = client_sessions::table.find(&id).filter(client_sessions::tries.eq(tries));
            let columns = (client_sessions::tries.eq(tries + 1), client_sessions::next_try_at.eq(stored(next_try_at)));
            Ok(diesel::update(unchanged).set(columns).execute(connection)? == 1)
        })
        .await
    }

    /// Forgets a message that was sent, or is given up.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if the database fails.
    pub async fn delete_logout(&self, id: RowId) -> Result<(), StoreError> {
        self.write(move |connection| {
            diesel::delete(client_sessions::table.find(id.to_string())).execute(connection)?;
            Ok(())
        })
        .await
    }
}

/// Notes that a client is to hear of the end of a session, once however often it gets a code.
pub(super) fn insert_client_session(connection: &mut AnyConnection, entry: &ClientSession) -> Result<(), StoreError> {
    let (session, client) = (entry.session.to_string(), entry.client.to_string());
    let known = client_sessions::table.filter(client_sessions::session_id.eq(&session)).filter(client_sessions::client_id.eq(&client));
    if known.count().get_result::<i64>(connection)? > 0 {
        return Ok(());
    }
    let row = (
        client_sessions::id.eq(entry.id.to_string()),
        client_sessions::session_id.eq(&session),
        client_sessions::user_id.eq(entry.user.to_string()),
        client_sessions::client_id.eq(&client),
        client_sessions::tries.eq(entry.tries),
        client_sessions::next_try_at.eq(stored(entry.next_try_at)),
        client_sessions::expires_at.eq(stored(entry.expires_at)),
    );
    match diesel::insert_into(client_sessions::table).values(row).execute(connection).map_err(StoreError::from) {
        Err(error) if super::transaction::is_unique_violation(&error) => Err(super::transaction::start_over()),
        result => result.map(|_| ()),
    }
}
