//! Sessions that were checked a moment ago, so that a signed-in request costs one lookup.
//!
//! Keyed by the whole token: the map hashes it and compares every byte. An entry lives
//! fractions of a second, and never longer than its session. An end that happens here drops
//! its entries at once, also those that are being read from the store just then.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use chrono::{DateTime, Utc};
use quick_cache::sync::Cache;

use super::session::SignedIn;
use crate::clock::Clock;
use crate::domain::ids::{SessionId, UserId};

/// How many tokens are remembered at most; about a kilobyte each.
const CAPACITY: usize = 10_000;

/// Tokens checked a moment ago.
pub struct SessionCache {
    entries: Cache<Arc<str>, Entry>,
    /// How many times something was forgotten.
    forgotten: AtomicU64,
    ttl: Duration,
    clock: Clock,
}

/// A moment before a session was read from the store.
#[derive(Clone, Copy)]
pub(super) struct Reading(u64);

#[derive(Clone)]
struct Entry {
    signed_in: Arc<SignedIn>,
    checked_at: DateTime<Utc>,
    good_until: DateTime<Utc>,
}

impl SessionCache {
    /// Makes an empty cache whose entries live `ttl` at most.
    pub fn new(ttl: Duration, clock: Clock) -> Self {
        Self { entries: Cache::new(CAPACITY), forgotten: AtomicU64::new(0), ttl, clock }
    }

    /// Finds who a token belongs to, if it was checked a moment ago.
    pub(super) fn find(&self, token: &str) -> Option<Arc<SignedIn>> {
        let entry = self.entries.get(token)?;
        let now = self.clock.now();
        // A clock that was set back must not make an entry live longer.
        (entry.checked_at <= now && now < entry.good_until).then_some(entry.signed_in)
    }

    /// Marks the moment before a session is read.
    pub(super) fn begin_reading(&self) -> Reading {
        Reading(self.forgotten.load(Ordering::SeqCst))
    }

    /// Remembers who a token belongs to, unless something was forgotten since the reading began.
    pub(super) fn remember(&self, token: &str, signed_in: &Arc<SignedIn>, reading: Reading) {
        let now = self.clock.now();
        let good_until = (now + self.ttl).min(signed_in.session.expires_at);
        self.entries.insert(token.into(), Entry { signed_in: Arc::clone(signed_in), checked_at: now, good_until });
        // After the insertion: whoever forgets later than this will find the entry.
        if self.forgotten.load(Ordering::SeqCst) != reading.0 {
            self.entries.remove(token);
        }
    }

    /// Forgets sessions that have ended.
    pub fn forget(&self, ended: &[SessionId]) {
        self.forget_if(|signed_in| ended.contains(&signed_in.session.id));
    }

    /// Forgets every session but one.
    pub fn forget_all_but(&self, kept: SessionId) {
        self.forget_if(|signed_in| signed_in.session.id != kept);
    }

    /// Forgets what is known of a user who has changed; the sessions go on.
    pub fn forget_user(&self, user: UserId) {
        self.forget_if(|signed_in| signed_in.user.id == user);
    }

    fn forget_if(&self, is_gone: impl Fn(&SignedIn) -> bool) {
        self.forgotten.fetch_add(1, Ordering::SeqCst);
        self.entries.retain(|_, entry| !is_gone(&entry.signed_in));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::user::{Session, User};

    fn clock() -> Clock {
        Clock::fixed(DateTime::from_timestamp(1_800_000_000, 0).expect("a time"))
    }

    fn signed_in(clock: &Clock, lives: Duration) -> Arc<SignedIn> {
        let (id, now) = (UserId::new(clock), clock.now());
        let (username, email, name) = (None, None, String::new());
        let user = User { id, name, username, email, is_email_proven: false, is_operator: false, is_disabled: false, created_at: now };
        let (method, browser) = (String::new(), String::new());
        let (created_at, seen_at, expires_at) = (now, now, now + lives);
        let session = Session { id: SessionId::new(clock), user_id: id, method, browser, created_at, seen_at, expires_at };
        Arc::new(SignedIn { user, session })
    }

    #[test]
    fn an_entry_lives_for_the_ttl_and_no_longer_than_its_session() {
        let clock = clock();
        let cache = SessionCache::new(Duration::from_secs(3), clock.clone());
        cache.remember("long", &signed_in(&clock, Duration::from_secs(60)), cache.begin_reading());
        cache.remember("short", &signed_in(&clock, Duration::from_secs(2)), cache.begin_reading());

        clock.advance(Duration::from_secs(2));
        assert!(cache.find("long").is_some());
        assert!(cache.find("short").is_none());
        assert!(cache.find("lonG").is_none());

        clock.advance(Duration::from_secs(1));
        assert!(cache.find("long").is_none());
    }

    #[test]
    fn se_02_what_is_forgotten_is_gone_and_others_stay() {
        let clock = clock();
        let cache = SessionCache::new(Duration::from_secs(3), clock.clone());
        let (one, two) = (signed_in(&clock, Duration::from_secs(60)), signed_in(&clock, Duration::from_secs(60)));
        cache.remember("one", &one, cache.begin_reading());
        cache.remember("two", &two, cache.begin_reading());

        cache.forget(&[one.session.id]);
        assert!(cache.find("one").is_none());
        assert!(cache.find("two").is_some());

        cache.forget_user(two.user.id);
        assert!(cache.find("two").is_none());
    }

    #[test]
    fn se_02_a_session_that_ended_while_it_was_read_is_not_remembered() {
        let clock = clock();
        let cache = SessionCache::new(Duration::from_secs(3), clock.clone());
        let one = signed_in(&clock, Duration::from_secs(60));

        let reading = cache.begin_reading();
        cache.forget(&[one.session.id]);
        cache.remember("one", &one, reading);

        assert!(cache.find("one").is_none());
    }
}
