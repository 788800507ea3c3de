//! `client_refusals`: what clients did not get, one row for each kind with a counter.
//!
//! Every word in a row is one of ours, so a client has no more rows than there are kinds
//! of refusals, however often strangers knock.

use std::time::Duration;

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;

use super::rows::{parse, stored};
use super::schema::client_refusals;
use super::transaction::{is_unique_violation, start_over};
use super::{Store, StoreError};
use crate::domain::client::ClientId;
use crate::secret;

/// How many kinds are listed at most.
const MAX_LISTED: i64 = 50;

/// One kind of refusal: equal ones are counted together.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RefusalKind {
    /// Who did not get it.
    pub client: ClientId,
    /// Where it was asked for.
    pub place: String,
    /// The short word of the grant, or nothing.
    pub grant: String,
    /// The word of the standard.
    pub error: String,
    /// What was wrong, in fixed words; up to 255 characters.
    pub detail: String,
}

impl RefusalKind {
    /// Returns the key of its row.
    fn id(&self) -> String {
        let Self { client, place, grant, error, detail } = self;
        secret::hash_token(&format!("{client}\n{place}\n{grant}\n{error}\n{detail}"))
    }
}

/// How often something was refused, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// What.
    pub kind: RefusalKind,
    /// How often.
    pub times: u32,
    /// When for the first time.
    pub first_at: DateTime<Utc>,
    /// When for the last time.
    pub last_at: DateTime<Utc>,
}

type Row = (String, String, String, String, String, i64, NaiveDateTime, NaiveDateTime);

impl Store {
    /// Adds what was counted of one kind; it is kept for `retention` after the last time.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotFound`] if there is no such client (any more).
    pub async fn add_refusal(&self, refusal: Refusal, retention: Duration) -> Result<(), StoreError> {
        let (id, expires_at) = (refusal.kind.id(), stored(refusal.last_at + retention));
        let times = i64::from(refusal.times);
        self.write(move |connection| {
            let row = client_refusals::table.find(&id);
            let added = (client_refusals::times.eq(client_refusals::times + times), client_refusals::expires_at.eq(expires_at));
            if diesel::update(row).set((added, client_refusals::last_at.eq(stored(refusal.last_at)))).execute(connection)? == 1 {
                return Ok(());
            }
            let kind = &refusal.kind;
            let new = (
                client_refusals::id.eq(&id),
                client_refusals::client_id.eq(kind.client.as_str()),
                client_refusals::place.eq(&kind.place),
                client_refusals::grant_type.eq(&kind.grant),
                client_refusals::error.eq(&kind.error),
                client_refusals::detail.eq(&kind.detail),
                client_refusals::times.eq(times),
                client_refusals::first_at.eq(stored(refusal.first_at)),
                client_refusals::last_at.eq(stored(refusal.last_at)),
                client_refusals::expires_at.eq(expires_at),
            );
            match diesel::insert_into(client_refusals::table).values(new).execute(connection).map_err(StoreError::from) {
                // Another replica was faster: now there is a row to count on.
                Err(error) if is_unique_violation(&error) => Err(start_over()),
                inserted => inserted.map(|_| ()),
            }
        })
        .await
    }

    /// Lists what a client did not get, the latest first; 50 kinds at most.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if the database fails.
    pub async fn list_refusals(&self, client: &ClientId) -> Result<Vec<Refusal>, StoreError> {
        let client = client.to_string();
        let columns = (
            client_refusals::client_id,
            client_refusals::place,
            client_refusals::grant_type,
            client_refusals::error,
            client_refusals::detail,
            client_refusals::times,
            client_refusals::first_at,
            client_refusals::last_at,
        );
        let rows = self.read(move |connection| {
            let own = client_refusals::table.filter(client_refusals::client_id.eq(&client));
            let latest = own.order((client_refusals::last_at.desc(), client_refusals::id)).limit(MAX_LISTED);
            Ok(latest.select(columns).load::<Row>(connection)?)
        });
        rows.await?.into_iter().map(read).collect()
    }
}

fn read((client, place, grant, error, detail, times, first_at, last_at): Row) -> Result<Refusal, StoreError> {
    Ok(Refusal {
        kind: RefusalKind { client: parse("client", &client)?, place, grant, error, detail },
        times: u32::try_from(times).unwrap_or(u32::MAX),
        first_at: first_at.and_utc(),
        last_at: last_at.and_utc(),
    })
}
