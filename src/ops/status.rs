//! What visitors may know: which ways in work now, and which were in trouble lately.
//!
//! No causes, no counts, nothing of alarms that concern operators alone.

use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::Mutex;

use super::alarm::{Incident, Kind};
use crate::signin::Signin;

/// How far back trouble is told.
const LOOK_BACK: TimeDelta = TimeDelta::days(30);
/// For how long a report counts, so that visitors cannot load the database.
pub const TTL: Duration = Duration::from_secs(3);
/// How many troubles are told at most.
const MAX_OUTAGES: usize = 100;

/// What works, as of now.
#[derive(Clone, Debug)]
pub struct Status {
    /// When this was found out.
    pub at: DateTime<Utc>,
    /// Whether our own database answers: without it nobody gets in.
    pub is_open: bool,
    /// The providers, in the order of their buttons.
    pub ways: Vec<Way>,
    /// Trouble of the last 30 days, the newest first; it is not known while the database is away.
    pub outages: Vec<Outage>,
}

/// A provider, as a way in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Way {
    /// Its name in addresses.
    pub id: String,
    /// Its name for people.
    pub name: String,
    /// Whether it is in trouble.
    pub is_troubled: bool,
    /// Since when it is, or is not, as far as that is known.
    pub since: Option<DateTime<Utc>>,
}

/// A time in which a provider was in trouble.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outage {
    /// What names it.
    pub id: String,
    /// The provider's name in addresses.
    pub provider: String,
    /// Its name for people.
    pub name: String,
    /// When it was noticed.
    pub from: DateTime<Utc>,
    /// When it was seen last; `None` while it goes on.
    pub until: Option<DateTime<Utc>>,
}

impl Status {
    /// Tells whether everybody can get in by any way.
    pub fn is_all_well(&self) -> bool {
        self.is_open && self.ways.iter().all(|way| !way.is_troubled)
    }
}

/// Keeps the last report for a moment.
#[derive(Default)]
pub struct StatusCache(Mutex<Option<(Instant, Arc<Status>)>>);

impl StatusCache {
    /// Returns what works, no older than a few seconds.
    pub async fn get(&self, signin: &Signin) -> Arc<Status> {
        let mut last = self.0.lock().await;
        if let Some((_, status)) = last.as_ref().filter(|(at, _)| at.elapsed() < TTL) {
            return Arc::clone(status);
        }
        let status = Arc::new(find(signin).await);
        *last = Some((Instant::now(), Arc::clone(&status)));
        status
    }
}

/// Finds out what works.
pub async fn find(signin: &Signin) -> Status {
    let now = signin.clock.now();
    let ways = signin.providers.iter().map(|provider| {
        let condition = signin.watch.health.condition(&provider.id);
        Way { id: provider.id.to_string(), name: provider.name.clone(), is_troubled: condition.state.is_troubled(), since: condition.since }
    });
    let rows = signin.store.list_incidents(now - LOOK_BACK).await;
    let is_open = rows.is_ok();
    let outages = rows.unwrap_or_default().into_iter().filter_map(Incident::read).filter_map(|incident| outage(signin, incident));
    Status { at: now, is_open, ways: ways.collect(), outages: outages.take(MAX_OUTAGES).collect() }
}

/// Takes what visitors may know of an incident: that a provider which they can see was in trouble.
fn outage(signin: &Signin, incident: Incident) -> Option<Outage> {
    let provider = signin.providers.find(&incident.provider).filter(|_| incident.kind == Kind::IdpOutage)?;
    // It was over when it was seen last; that nothing came for a while only proved it.
    let is_troubled = signin.watch.health.condition(&provider.id).state.is_troubled();
    let until = (incident.resolved_at.is_some() || !is_troubled).then_some(incident.seen_at);
    Some(Outage { id: incident.id.to_string(), provider: incident.provider, name: provider.name.clone(), from: incident.opened_at, until })
}
