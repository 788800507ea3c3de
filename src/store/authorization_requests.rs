//! `authorization_requests`: what clients ask for, kept here while people sign in and
//! decide (security.md AS-10).
//!
//! A row is *pushed* until a browser arrives with it, then *open* until it is
//! answered; answering deletes it. It holds the parameters as they came, so that
//! every step reads and checks them anew.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;

use super::rows::{parse, stored};
use super::schema::authorization_requests;
use super::{Store, StoreError};
use crate::domain::ids::SessionId;

/// A request of a client that waits for its answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredRequest {
    /// SHA-256 of the identifier.
    pub id_hash: String,
    /// Whether no browser has arrived with it yet.
    pub is_pushed: bool,
    /// The client that it names, as it names it.
    pub client_id: String,
    /// The parameters, as a query.
    pub parameters: String,
    /// The session that the browser had when it arrived.
    pub session: Option<SessionId>,
    /// When the browser arrived; before that, when it was pushed.
    pub created_at: DateTime<Utc>,
    /// When it is too late.
    pub expires_at: DateTime<Utc>,
}

type Row = (String, String, String, String, Option<String>, NaiveDateTime, NaiveDateTime);

const PUSHED: &str = "pushed";
const OPEN: &str = "open";

fn read((id_hash, state, client_id, parameters, session, created_at, expires_at): Row) -> Result<StoredRequest, StoreError> {
    Ok(StoredRequest {
        id_hash,
        is_pushed: state == PUSHED,
        client_id,
        parameters,
        session: session.map(|id| parse("authorization request", &id)).transpose()?,
        created_at: created_at.and_utc(),
        expires_at: expires_at.and_utc(),
    })
}

impl Store {
    /// Keeps a request.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if the database fails.
    pub async fn insert_authorization_request(&self, request: StoredRequest) -> Result<(), StoreError> {
        self.write(move |connection| {
            let row = (
                authorization_requests::id_hash.eq(&request.id_hash),
                authorization_requests::state.eq(if request.is_pushed { PUSHED } else { OPEN }),
                authorization_requests::client_id.eq(&request.client_id),
                authorization_requests::parameters.eq(&request.parameters),
                authorization_requests::session_id.eq(request.session.map(|id| id.to_string())),
                authorization_requests::created_at.eq(stored(request.created_at)),
                authorization_requests::expires_at.eq(stored(request.expires_at)),
            );
            diesel::insert_into(authorization_requests::table).values(row).execute(connection)?;
            Ok(())
        })
        .await
    }

    /// Finds a request that is not too old.
    ///
    /// # Errors
    ///
    /// [`StoreError::BrokenRow`], or what the database says.
    pub async fn find_authorization_request(&self, id_hash: &str, now: DateTime<Utc>) -> Result<Option<StoredRequest>, StoreError> {
        let (id_hash, now) = (id_hash.to_owned(), stored(now));
        let row = self.read(move |connection| {
            let waiting = authorization_requests::table.find(&id_hash).filter(authorization_requests::expires_at.gt(now));
            Ok(waiting.first::<Row>(connection).optional()?)
        });
        row.await?.map(read).transpose()
    }

    /// Opens a pushed request for the browser that arrived with it; tells whether it was
    /// the first (RFC 9126 §4).
    ///
    /// # Errors
    ///
    /// [`StoreError`] if the database fails.
    pub async fn open_authorization_request(&self, request: &StoredRequest) -> Result<bool, StoreError> {
        let request = request.clone();
        self.write(move |connection| {
            let pushed = authorization_requests::table.find(&request.id_hash).filter(authorization_requests::state.eq(PUSHED));
            let columns = (
                authorization_requests::state.eq(OPEN),
                authorization_requests::session_id.eq(request.session.map(|id| id.to_string())),
                authorization_requests::created_at.eq(stored(request.created_at)),
                authorization_requests::expires_at.eq(stored(request.expires_at)),
            );
            Ok(diesel::update(pushed).set(columns).execute(connection)? == 1)
        })
        .await
    }

    /// Takes a request out, because it is answered without a code; tells whether it was there.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if the database fails.
    pub async fn delete_authorization_request(&self, id_hash: &str) -> Result<bool, StoreError> {
        let id_hash = id_hash.to_owned();
        self.write(move |connection| Ok(diesel::delete(authorization_requests::table.find(&id_hash)).execute(connection)? == 1)).await
    }
}
