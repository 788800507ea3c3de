//! Where incidents are raised and resolved: once, however many replicas see them.
//!
//! The database decides who was first, and only that one tells the receivers. While it
//! is away nothing is raised; what was seen is kept and looked at again.

use chrono::{DateTime, TimeDelta, Utc};

use super::dispatch::Dispatcher;
use super::{Alert, Incident, Kind, Turn, key};
use crate::clock::Clock;
use crate::domain::ids::RowId;
use crate::store::incidents::IncidentRow;
use crate::store::{Store, StoreError};

/// How long an incident that is over is remembered; `/status` shows as much.
pub const RETENTION: TimeDelta = TimeDelta::days(30);
/// How far apart two notes that an incident goes on are at least.
const NOTE_EVERY: TimeDelta = TimeDelta::seconds(30);

/// What is seen of an incident.
#[derive(Clone, Copy, Debug)]
pub struct Sighting<'a> {
    /// Its kind.
    pub kind: Kind,
    /// The provider's name.
    pub provider: &'a str,
    /// What about it.
    pub subject: &'a str,
    /// How many failures there were.
    pub failures: u32,
}

/// Raises and resolves.
#[derive(Clone)]
pub struct Desk {
    store: Store,
    clock: Clock,
    dispatcher: Dispatcher,
}

impl Desk {
    /// Keeps its book in `store` and tells through `dispatcher`.
    pub fn new(store: Store, clock: Clock, dispatcher: Dispatcher) -> Self {
        Self { store, clock, dispatcher }
    }

    /// Lists what goes on and what was raised since then; the newest first.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if the database fails.
    pub async fn list(&self, since: DateTime<Utc>) -> Result<Vec<Incident>, StoreError> {
        Ok(self.store.list_incidents(since).await?.into_iter().filter_map(Incident::read).collect())
    }

    /// Raises an incident if there is none of its key in `open`, or notes there that it goes on.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if the database fails; nothing is told then.
    pub async fn see(&self, open: &[Incident], sighting: Sighting<'_>) -> Result<(), StoreError> {
        let now = self.clock.now();
        let key = key(sighting.kind, sighting.provider, sighting.subject);
        if let Some(known) = open.iter().find(|incident| incident.resolved_at.is_none() && incident.key() == key) {
            return if now - known.seen_at < NOTE_EVERY { Ok(()) } else { self.store.touch_incident(key, now, now + RETENTION).await };
        }
        let Sighting { kind, provider, subject, failures } = sighting;
        let incident = Incident {
            id: RowId::new(&self.clock),
            kind,
            provider: provider.to_owned(),
            subject: subject.to_owned(),
            failures,
            opened_at: now,
            seen_at: now,
            resolved_at: None,
        };
        if self.store.raise_incident(row(&incident), key).await? {
            self.dispatcher.send(&Alert { turn: Turn::Raised, incident });
        }
        Ok(())
    }

    /// Ends an incident, and tells so unless another replica did.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if the database fails; nothing is told then.
    pub async fn resolve(&self, incident: &Incident) -> Result<(), StoreError> {
        let now = self.clock.now();
        if self.store.resolve_incident(incident.id, now).await? {
            let incident = Incident { resolved_at: Some(now), ..incident.clone() };
            self.dispatcher.send(&Alert { turn: Turn::Resolved, incident });
        }
        Ok(())
    }
}

fn row(incident: &Incident) -> IncidentRow {
    let Incident { id, kind, provider, subject, failures, opened_at, seen_at, resolved_at } = incident.clone();
    let expires_at = seen_at + RETENTION;
    IncidentRow { id, kind: kind.as_str().to_owned(), provider, subject, failures, opened_at, seen_at, resolved_at, expires_at }
}
