//! Two guards that tell operators what no single failure says: here it is probably us.
//!
//! | guard | what it has seen |
//! |---|---|
//! | hundred per cent | 20 failures of one provider in a row, all `browser_environment` or all `idp_outage` |
//! | first contact | 3 failures of a provider that has not worked since this process learned its configuration |
//!
//! A wrong cookie attribute, redirect address, host or secret looks like lost
//! browsers and outages, only every time. The guards change neither what people are
//! told nor the line of a failure: each says once, in a line of its own, that it has
//! tripped, and the next success ends the incident. They live in this process, so
//! every replica judges what it has seen itself.
//!
//! Only attempts count that were begun in the browser they failed in, each once, so
//! forged callbacks and reloads trip nothing (security.md LG-07).

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{Mutex, PoisonError};

use super::client::Client;
use super::metrics;
use crate::domain::identity::ProviderId;
use crate::domain::ids::AttemptId;
use crate::signin::failure::{Category, Cause, SigninFailure, Stage};

/// How many failures of one category in a row are more than bad luck.
const RUN_LENGTH: usize = 20;
/// How many failures a provider may have before it has worked once.
const FIRST_FAILURES: usize = 3;

/// Why a provider is suspected of being set up wrongly.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Guard {
    /// It has never worked.
    FirstContact,
    /// It fails every time in the same way.
    HundredPerCent,
}

impl Guard {
    /// Every guard, in the order in which they can trip.
    pub const ALL: [Self; 2] = [Self::FirstContact, Self::HundredPerCent];

    /// Returns the word for logs and metrics.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::FirstContact => "first_contact",
            Self::HundredPerCent => "hundred_per_cent",
        }
    }
}

/// A guard that has tripped, for whoever raises an alert: one client may have done it alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suspicion {
    /// Which guard.
    pub guard: Guard,
    /// The provider's name.
    pub provider: ProviderId,
    /// How many failures there were since it last worked.
    pub failures: usize,
    /// Of how many clients, as far as they were counted.
    pub clients: usize,
}

/// What every provider has come to since this process began.
#[derive(Debug, Default)]
pub struct Guards(Mutex<BTreeMap<ProviderId, Record>>);

impl Guards {
    /// Notes a failure; says so, once per incident, if it trips a guard.
    pub fn note_failure(&self, failure: &SigninFailure, client: Client) -> Option<Suspicion> {
        let (provider, attempt) = relevant(failure)?;
        let category = failure.cause.category();
        let tripped = self.with(provider, |record| {
            let guard = record.fail(category, attempt, client)?;
            Some(Suspicion { guard, provider: provider.clone(), failures: record.failures, clients: record.clients.len() })
        });
        if let Some(Suspicion { guard, failures, .. }) = tripped {
            metrics::set_provider_suspect(provider, guard.as_str(), true);
            log::error!(
                target: "genkan::ops",
                event = "provider_suspect",
                guard = guard.as_str(),
                provider = provider.as_str(),
                category = category.as_str(),
                failures = failures;
                "this provider has failed too often to be bad luck: check its configuration"
            );
        }
        tripped
    }

    /// Notes that a provider has told who somebody is; ends its incident, if there is one.
    pub fn note_success(&self, provider: &ProviderId) {
        let (was_suspect, failures) = self.with(provider, |record| {
            let before = std::mem::replace(record, Record { has_worked: true, ..Record::default() });
            (!before.tripped.is_empty(), before.failures)
        });
        if was_suspect {
            for guard in Guard::ALL {
                metrics::set_provider_suspect(provider, guard.as_str(), false);
            }
            log::info!(
                target: "genkan::ops",
                event = "provider_recovered",
                provider = provider.as_str(),
                failures = failures;
                "this provider works again"
            );
        }
    }

    fn with<T>(&self, provider: &ProviderId, change: impl FnOnce(&mut Record) -> T) -> T {
        // Counts stay usable even if somebody panicked over them.
        let mut records = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        change(records.entry(provider.clone()).or_default())
    }
}

/// Names provider and attempt of a failure that says something about the provider's set-up.
///
/// A failure without an attempt may be forged; a cancel and whatever concerns the
/// account show that the provider works; our own faults are not its.
fn relevant(failure: &SigninFailure) -> Option<(&ProviderId, AttemptId)> {
    let is_beside = failure.stage == Stage::Account
        || failure.cause.category() == Category::UserCancelled
        || matches!(failure.cause, Cause::StoreUnavailable | Cause::Internal);
    let (provider, attempt) = failure.provider.as_ref().zip(failure.attempt)?;
    (!is_beside).then_some((provider, attempt))
}

/// What one provider has come to since it last worked.
#[derive(Debug, Default)]
struct Record {
    has_worked: bool,
    failures: usize,
    /// The category of the last failures, and how many of them in a row.
    run: Option<(Category, usize)>,
    /// The attempts that were counted last, so that a reload counts once.
    counted: VecDeque<AttemptId>,
    tripped: Vec<Guard>,
    /// Who failed since it last worked, as many as matter.
    clients: BTreeSet<Client>,
}

impl Record {
    /// Counts a failure and returns the guard that it trips, which it does once.
    fn fail(&mut self, category: Category, attempt: AttemptId, client: Client) -> Option<Guard> {
        if self.counted.contains(&attempt) {
            return None;
        }
        self.counted.push_back(attempt);
        if self.counted.len() > RUN_LENGTH {
            self.counted.pop_front();
        }
        self.failures += 1;
        if self.clients.len() < RUN_LENGTH {
            self.clients.insert(client);
        }
        let before = self.run.filter(|(last, _)| *last == category).map_or(0, |(_, length)| length);
        self.run = Some((category, before + 1));
        let guard = Guard::ALL.into_iter().find(|guard| self.trips(*guard) && !self.tripped.contains(guard))?;
        self.tripped.push(guard);
        Some(guard)
    }

    fn trips(&self, guard: Guard) -> bool {
        match guard {
            Guard::FirstContact => !self.has_worked && self.failures >= FIRST_FAILURES,
            Guard::HundredPerCent => self.run.is_some_and(|(category, length)| {
                matches!(category, Category::BrowserEnvironment | Category::IdpOutage) && length >= RUN_LENGTH
            }),
        }
    }
}

#[cfg(test)]
mod tests;
