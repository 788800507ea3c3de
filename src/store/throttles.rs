//! `throttles`: tries, counted before they are checked (security.md SI-04).

use std::time::Duration;

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};

use diesel::prelude::*;

use super::connection::AnyConnection;
use super::rows::stored;
use super::schema::throttles;
use super::transaction::{Ending, is_unique_violation, start_over};
use super::{Store, StoreError};
use crate::secret;

/// One counter: what is counted, and how much of it is let through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counter {
    /// What is counted; a hash where it would name a person or an address.
    pub key: String,
    /// How many tries a window lets through.
    pub limit: u32,
    /// How long a window is.
    pub window: Duration,
}

/// Whether a try may go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It may; it is counted.
    Allowed,
    /// It may not before that time has passed; it is not counted.
    Refused {
        /// How long to wait.
        retry_after: Duration,
    },
}

/// A counter as it is stored.
struct Row {
    key_hash: String,
    limit: i32,
    window: TimeDelta,
}

impl From<&Counter> for Row {
    fn from(counter: &Counter) -> Self {
        Self {
            key_hash: secret::hash_token(&counter.key),
            limit: i32::try_from(counter.limit).unwrap_or(i32::MAX),
            window: TimeDelta::from_std(counter.window).unwrap_or(TimeDelta::days(36_500)),
        }
    }
}

/// Returns the rows in the one order in which everybody locks them.
fn rows(counters: &[Counter]) -> Vec<Row> {
    let mut rows: Vec<Row> = counters.iter().map(Row::from).collect();
    rows.sort_by(|a, b| a.key_hash.cmp(&b.key_hash));
    rows
}

impl Store {
    /// Counts one try on every counter, or on none if one of them is full.
    ///
    /// Parallel tries cannot slip through: each is one conditional update, and its
    /// row count decides.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if the database fails; nothing is counted then, and nothing allowed.
    pub async fn count_try(&self, counters: Vec<Counter>, now: DateTime<Utc>) -> Result<Verdict, StoreError> {
        let (rows, now) = (rows(&counters), stored(now));
        self.write_or_undo(move |connection| {
            for row in &rows {
                if let Some(retry_after) = count(connection, row, now)? {
                    return Ok(Ending::RollBack(Verdict::Refused { retry_after }));
                }
            }
            Ok(Ending::Commit(Verdict::Allowed))
        })
        .await
    }

    /// Takes back one try of each counter, after a success. Never below zero.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if the database fails.
    pub async fn take_back_try(&self, counters: Vec<Counter>) -> Result<(), StoreError> {
        let rows = rows(&counters);
        self.write(move |connection| {
            for row in &rows {
                let counted = throttles::table.find(&row.key_hash).filter(throttles::tries.gt(0));
                diesel::update(counted).set(throttles::tries.eq(throttles::tries - 1)).execute(connection)?;
            }
            Ok(())
        })
        .await
    }
}

/// Makes whoever comes with the same name wait until this transaction ends: the row of a
/// counter is the lock where there is no other row to write.
pub(super) fn wait_in_line(connection: &mut AnyConnection, name: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
    let row = Row { key_hash: secret::hash_token(name), limit: i32::MAX, window: TimeDelta::days(1) };
    count(connection, &row, stored(now)).map(|_| ())
}

/// Counts one try in the window that is open, or opens one. Returns how long to
/// wait if the window is full.
fn count(connection: &mut AnyConnection, row: &Row, now: NaiveDateTime) -> Result<Option<Duration>, StoreError> {
    let counter = || throttles::table.find(&row.key_hash);
    let has_room = counter().filter(throttles::expires_at.gt(now)).filter(throttles::tries.lt(row.limit));
    if diesel::update(has_room).set(throttles::tries.eq(throttles::tries + 1)).execute(connection)? == 1 {
        return Ok(None);
    }
    match counter().select((throttles::expires_at, throttles::tries)).first::<(NaiveDateTime, i32)>(connection).optional()? {
        // Somebody opened the window after our update had looked for it: it is neither full nor ours yet.
        Some((expires_at, tries)) if expires_at > now && tries < row.limit => Err(start_over()),
        Some((expires_at, _)) if expires_at > now => Ok(Some((expires_at - now).to_std().unwrap_or_default())),
        _ if row.limit == 0 => Ok(Some(row.window.to_std().unwrap_or_default())),
        found => open_window(connection, row, now, found.is_some()),
    }
}

/// Opens a window with one try in it. Whoever is beaten to it starts over.
fn open_window(connection: &mut AnyConnection, row: &Row, now: NaiveDateTime, exists: bool) -> Result<Option<Duration>, StoreError> {
    let window = (throttles::window_started_at.eq(now), throttles::tries.eq(1), throttles::expires_at.eq(now + row.window));
    let opened = if exists {
        let over = throttles::table.find(&row.key_hash).filter(throttles::expires_at.le(now));
        diesel::update(over).set(window).execute(connection)
    } else {
        diesel::insert_into(throttles::table).values((throttles::key_hash.eq(&row.key_hash), window)).execute(connection)
    };
    match opened.map_err(StoreError::from) {
        Ok(1) => Ok(None),
        Ok(_) => Err(start_over()),
        Err(error) if is_unique_violation(&error) => Err(start_over()),
        Err(error) => Err(error),
    }
}
