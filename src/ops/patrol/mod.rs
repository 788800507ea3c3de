//! The rounds behind the pages: breakers kept in step, probes, incidents raised and resolved.
//!
//! Nothing here is on anybody's way to a sign-in. Each provider has a round of its own
//! (`rounds`), so that one that hangs delays no other's; what concerns all of them is
//! looked after in one more (`book`). Any number of replicas do the same; the
//! database decides which of them probes, raises and tells.

mod book;
mod rounds;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};
use futures_util::future::{join, join_all};
use tokio::time::{sleep, timeout};

use super::alarm::desk::Desk;
use super::watch::Watch;
use crate::clock::Clock;
use crate::config::redirect_uri;
use crate::domain::identity::ProviderId;
use crate::provider::{Probed, Provider, Providers};
use crate::random;
use crate::signin::Signin;
use crate::store::{Store, StoreError};

/// How often each round is made; a signal makes the next one sooner.
const EVERY: Duration = Duration::from_secs(2);

/// Makes the rounds.
pub struct Patrol {
    store: Store,
    providers: Arc<Providers>,
    watch: Arc<Watch>,
    desk: Desk,
    clock: Clock,
    origin: String,
    /// Tells this process's counts from those of others.
    replica: String,
    /// What is remembered of each provider's rounds.
    notes: Mutex<BTreeMap<ProviderId, rounds::Note>>,
    book: tokio::sync::Mutex<book::Book>,
    /// Whether the database did not answer the last time.
    is_alone: Mutex<bool>,
}

impl Patrol {
    /// Looks after the providers of these flows.
    pub fn new(signin: &Signin) -> Self {
        let desk = Desk::new(signin.store.clone(), signin.clock.clone(), signin.watch.dispatcher().clone());
        Self {
            store: signin.store.clone(),
            providers: Arc::clone(&signin.providers),
            watch: Arc::clone(&signin.watch),
            desk,
            clock: signin.clock.clone(),
            origin: signin.config.server.origin(),
            replica: random::token(),
            notes: Mutex::default(),
            book: tokio::sync::Mutex::default(),
            is_alone: Mutex::default(),
        }
    }

    /// Makes rounds until it is dropped.
    pub async fn run(&self) {
        let providers = join_all(self.providers.iter().map(|provider| async move {
            loop {
                self.look_after(provider).await;
                self.rest().await;
            }
        }));
        let book = async {
            loop {
                self.keep_book().await;
                self.rest().await;
            }
        };
        join(providers, book).await;
    }

    /// Makes every round once.
    pub async fn tick(&self) {
        join_all(self.providers.iter().map(|provider| self.look_after(provider))).await;
        self.keep_book().await;
    }

    /// Waits for the next round, or for something that wants one now.
    async fn rest(&self) {
        // A signal that comes between two rounds waits for the next one at most.
        let spread = Duration::from_millis(u64::from(random::bytes::<1>()[0]) * 2);
        drop(timeout(EVERY + spread, self.watch.wake.notified()).await);
        // Many signals at once are one round.
        sleep(Duration::from_millis(20)).await;
    }

    async fn probe(&self, provider: &Provider) -> Probed {
        provider.probe(&redirect_uri(&self.origin, &provider.id)).await
    }

    /// Notes whether the database answers, and says so when that changes.
    fn note_store<T>(&self, result: Result<T, StoreError>) -> Option<T> {
        let mut is_alone = self.is_alone.lock().unwrap_or_else(PoisonError::into_inner);
        match &result {
            Err(error) if !*is_alone => {
                *is_alone = true;
                let problem = error.to_string();
                log::warn!(target: "genkan::ops", event = "patrol_alone", problem = problem; "incidents are not shared with other replicas until the database answers");
            }
            Ok(_) if *is_alone => {
                *is_alone = false;
                log::info!(target: "genkan::ops", event = "patrol_joined"; "incidents are shared with other replicas again");
            }
            _ => {}
        }
        result.ok()
    }

    fn with_note<T>(&self, provider: &ProviderId, change: impl FnOnce(&mut rounds::Note) -> T) -> T {
        change(self.notes.lock().unwrap_or_else(PoisonError::into_inner).entry(provider.clone()).or_default())
    }

    fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }
}
