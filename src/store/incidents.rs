//! `incidents` and `seen_failures`: what was raised, by exactly one replica.
//!
//! While an incident lasts, its `open_key` is unique; when it is over the key is
//! empty, which no database counts as a duplicate. So an insert raises, a conditional
//! update resolves, and either has one winner.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;

use super::rows::{parse, stored};
use super::schema::{incidents, seen_failures};
use super::transaction::is_first;
use super::{Store, StoreError};
use crate::domain::ids::RowId;

/// An incident, going on or over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IncidentRow {
    /// Its name.
    pub id: RowId,
    /// Which kind, as a word.
    pub kind: String,
    /// The provider's name.
    pub provider: String,
    /// What about it, in words of ours.
    pub subject: String,
    /// How many failures it was raised for.
    pub failures: u32,
    /// When it was raised.
    pub opened_at: DateTime<Utc>,
    /// When it was last seen.
    pub seen_at: DateTime<Utc>,
    /// When it was found to be over.
    pub resolved_at: Option<DateTime<Utc>>,
    /// When it may be forgotten.
    pub expires_at: DateTime<Utc>,
}

type Row = (String, String, String, String, Option<String>, i32, NaiveDateTime, NaiveDateTime, Option<NaiveDateTime>, NaiveDateTime);

impl Store {
    /// Raises an incident; tells whether there was none of that key going on.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if the database fails.
    pub async fn raise_incident(&self, incident: IncidentRow, open_key: String) -> Result<bool, StoreError> {
        let inserted = self.write(move |connection| {
            let row = (
                incidents::id.eq(incident.id.to_string()),
                incidents::kind.eq(&incident.kind),
                incidents::provider.eq(&incident.provider),
                incidents::subject.eq(&incident.subject),
                incidents::open_key.eq(Some(&open_key)),
                incidents::failures.eq(i32::try_from(incident.failures).unwrap_or(i32::MAX)),
                incidents::opened_at.eq(stored(incident.opened_at)),
                incidents::seen_at.eq(stored(incident.seen_at)),
                incidents::expires_at.eq(stored(incident.expires_at)),
            );
            diesel::insert_into(incidents::table).values(row).execute(connection)?;
            Ok(())
        });
        is_first(inserted.await)
    }

    /// Notes that an incident goes on.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if the database fails.
    pub async fn touch_incident(&self, open_key: String, now: DateTime<Utc>, expires_at: DateTime<Utc>) -> Result<(), StoreError> {
        let (now, expires_at) = (stored(now), stored(expires_at));
        self.write(move |connection| {
            let open = incidents::table.filter(incidents::open_key.eq(&open_key));
            diesel::update(open).set((incidents::seen_at.eq(now), incidents::expires_at.eq(expires_at))).execute(connection)?;
            Ok(())
        })
        .await
    }

    /// Ends an incident; tells whether it was going on until now.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if the database fails.
    pub async fn resolve_incident(&self, id: RowId, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let now = stored(now);
        self.write(move |connection| {
            let open = incidents::table.find(id.to_string()).filter(incidents::resolved_at.is_null());
            let over = (incidents::resolved_at.eq(Some(now)), incidents::open_key.eq(None::<String>));
            Ok(diesel::update(open).set(over).execute(connection)? == 1)
        })
        .await
    }

    /// Lists what goes on, and what was raised since then; the newest first.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if the database fails or a row cannot be read.
    pub async fn list_incidents(&self, since: DateTime<Utc>) -> Result<Vec<IncidentRow>, StoreError> {
        let since = stored(since);
        let rows = self
            .read(move |connection| {
                let wanted = incidents::resolved_at.is_null().or(incidents::opened_at.ge(since));
                Ok(incidents::table.filter(wanted).order((incidents::opened_at.desc(), incidents::id.desc())).load::<Row>(connection)?)
            })
            .await?;
        rows.into_iter().map(read).collect()
    }

    /// Notes a failure of that fingerprint; tells whether it is the first within the retention.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if the database fails.
    pub async fn note_fingerprint(&self, fingerprint: String, now: DateTime<Utc>, expires_at: DateTime<Utc>) -> Result<bool, StoreError> {
        let (now, expires_at) = (stored(now), stored(expires_at));
        let known = fingerprint.clone();
        let inserted = self.write(move |connection| {
            let row = (
                seen_failures::fingerprint.eq(&fingerprint),
                seen_failures::first_seen_at.eq(now),
                seen_failures::expires_at.eq(expires_at),
            );
            diesel::insert_into(seen_failures::table).values(row).execute(connection)?;
            Ok(())
        });
        if is_first(inserted.await)? {
            return Ok(true);
        }
        self.write(move |connection| {
            let row = || seen_failures::table.find(&known);
            let anew = (seen_failures::first_seen_at.eq(now), seen_failures::expires_at.eq(expires_at));
            if diesel::update(row().filter(seen_failures::expires_at.le(now))).set(anew).execute(connection)? == 1 {
                return Ok(true);
            }
            diesel::update(row()).set(seen_failures::expires_at.eq(expires_at)).execute(connection)?;
            Ok(false)
        })
        .await
    }
}

fn read((id, kind, provider, subject, _, failures, opened_at, seen_at, resolved_at, expires_at): Row) -> Result<IncidentRow, StoreError> {
    Ok(IncidentRow {
        id: parse("incident", &id)?,
        kind,
        provider,
        subject,
        failures: u32::try_from(failures).unwrap_or(0),
        opened_at: opened_at.and_utc(),
        seen_at: seen_at.and_utc(),
        resolved_at: resolved_at.map(|at| at.and_utc()),
        expires_at: expires_at.and_utc(),
    })
}
