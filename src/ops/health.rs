//! Which providers are in trouble, as this process knows it: one breaker each.
//!
//! Pages ask here, so nothing waits: [`super::patrol`] keeps it in step with the other
//! replicas. While the database is away, this process judges by what it has seen itself.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, Utc};

use super::breaker::{Breaker, Outcome, State};
use super::metrics;
use crate::domain::identity::ProviderId;

/// What is known of one provider.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Condition {
    /// What its breaker says.
    pub state: State,
    /// Since when it is, or is not, in trouble, as far as that is known.
    pub since: Option<DateTime<Utc>>,
}

/// The breakers.
#[derive(Debug, Default)]
pub struct Health(Mutex<BTreeMap<ProviderId, Entry>>);

#[derive(Debug, Default)]
struct Entry {
    breaker: Breaker,
    worked_at: Option<DateTime<Utc>>,
}

impl Health {
    /// Tells what is known of a provider.
    pub fn condition(&self, provider: &ProviderId) -> Condition {
        let entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(entry) = entries.get(provider) else { return Condition::default() };
        Condition { state: entry.breaker.state(), since: entry.breaker.since() }
    }

    /// Counts a genuine `idp_outage`; tells whether the patrol has something to do now.
    pub fn fail(&self, provider: &ProviderId, outcome: Outcome) -> bool {
        self.change(provider, |entry| {
            entry.breaker.fail(outcome);
            entry.breaker.is_suspect() || entry.breaker.turned().is_some()
        })
    }

    /// Notes that a provider told who somebody is; tells whether the patrol has something to do now.
    pub fn succeed(&self, provider: &ProviderId, outcome: Outcome) -> bool {
        self.change(provider, |entry| {
            entry.breaker.succeed(outcome);
            entry.worked_at = Some(outcome.at);
            entry.breaker.turned().is_some()
        })
    }

    /// Returns when a provider last worked here.
    pub fn worked_at(&self, provider: &ProviderId) -> Option<DateTime<Utc>> {
        self.change(provider, |entry| entry.worked_at)
    }

    /// Returns a copy of a breaker, for the patrol to decide by.
    pub fn breaker(&self, provider: &ProviderId) -> Breaker {
        self.change(provider, |entry| entry.breaker.clone())
    }

    /// Changes a breaker and shows in the metrics what it says now.
    pub fn turn(&self, provider: &ProviderId, change: impl FnOnce(&mut Breaker)) {
        self.change(provider, |entry| change(&mut entry.breaker));
    }

    fn change<T>(&self, provider: &ProviderId, change: impl FnOnce(&mut Entry) -> T) -> T {
        let mut entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let entry = entries.entry(provider.clone()).or_default();
        let before = entry.breaker.state();
        let result = change(entry);
        let after = entry.breaker.state();
        drop(entries);
        if before != after {
            metrics::set_provider_state(provider, after);
        }
        result
    }
}
