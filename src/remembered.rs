//! What was checked a moment ago, so that a token costs one lookup and not one per request.
//!
//! Keyed by the whole token: the map hashes it and compares every byte. An entry lives
//! fractions of a second, and never longer than what it stands for. An end that happens
//! here drops its entries at once, also those that are being read just then.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use chrono::{DateTime, Utc};
use quick_cache::sync::Cache;

use crate::clock::Clock;

/// How many tokens are remembered at most; about a kilobyte each.
const CAPACITY: usize = 10_000;

/// What tokens stand for, as it was a moment ago.
pub struct Remembered<T> {
    entries: Cache<Arc<str>, Entry<T>>,
    /// How many times something was forgotten.
    forgotten: AtomicU64,
    ttl: Duration,
    clock: Clock,
}

/// A moment before something was read from the store.
#[derive(Clone, Copy)]
pub struct Reading(u64);

struct Entry<T> {
    value: Arc<T>,
    checked_at: DateTime<Utc>,
    good_until: DateTime<Utc>,
}

impl<T> Clone for Entry<T> {
    fn clone(&self) -> Self {
        Self { value: Arc::clone(&self.value), checked_at: self.checked_at, good_until: self.good_until }
    }
}

impl<T> Remembered<T> {
    /// Remembers nothing yet; entries live `ttl` at most.
    pub fn new(ttl: Duration, clock: Clock) -> Self {
        Self { entries: Cache::new(CAPACITY), forgotten: AtomicU64::new(0), ttl, clock }
    }

    /// Finds what a token stands for, if it was checked a moment ago.
    pub fn find(&self, token: &str) -> Option<Arc<T>> {
        let entry = self.entries.get(token)?;
        let now = self.clock.now();
        // A clock that was set back must not make an entry live longer.
        (entry.checked_at <= now && now < entry.good_until).then_some(entry.value)
    }

    /// Marks the moment before something is read.
    pub fn begin_reading(&self) -> Reading {
        Reading(self.forgotten.load(Ordering::SeqCst))
    }

    /// Remembers what a token stands for until `ends_at` at most, unless something was
    /// forgotten since the reading began.
    pub fn remember(&self, token: &str, value: &Arc<T>, ends_at: DateTime<Utc>, reading: Reading) {
        let now = self.clock.now();
        let good_until = (now + self.ttl).min(ends_at);
        self.entries.insert(token.into(), Entry { value: Arc::clone(value), checked_at: now, good_until });
        // After the insertion: whoever forgets later than this will find the entry.
        if self.forgotten.load(Ordering::SeqCst) != reading.0 {
            self.entries.remove(token);
        }
    }

    /// Forgets what this is true of.
    pub fn forget_if(&self, is_gone: impl Fn(&T) -> bool) {
        self.forgotten.fetch_add(1, Ordering::SeqCst);
        self.entries.retain(|_, entry| !is_gone(&entry.value));
    }
}
