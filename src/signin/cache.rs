//! Sessions that were checked a moment ago, so that a signed-in request costs one lookup.
//!
//! What others remember of the same people has to go at the same moment (the issuer its
//! access tokens, security.md TK-14): they listen here.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use super::session::SignedIn;
use crate::clock::Clock;
use crate::domain::ids::{SessionId, UserId};
use crate::remembered::{Reading, Remembered};

/// Hears of a user who has changed, or whose sessions have ended; of everybody if it is `None`.
type Listener = Box<dyn Fn(Option<UserId>) + Send + Sync>;

/// Tokens checked a moment ago.
pub struct SessionCache {
    tokens: Remembered<SignedIn>,
    listeners: RwLock<Vec<Listener>>,
}

impl SessionCache {
    /// Makes an empty cache whose entries live `ttl` at most.
    pub fn new(ttl: Duration, clock: Clock) -> Self {
        Self { tokens: Remembered::new(ttl, clock), listeners: RwLock::default() }
    }

    /// Calls `listener` from now on for every user of whom something is forgotten.
    pub fn listen(&self, listener: impl Fn(Option<UserId>) + Send + Sync + 'static) {
        self.listeners.write().unwrap_or_else(PoisonError::into_inner).push(Box::new(listener));
    }

    /// Finds who a token belongs to, if it was checked a moment ago.
    pub(super) fn find(&self, token: &str) -> Option<Arc<SignedIn>> {
        self.tokens.find(token)
    }

    /// Marks the moment before a session is read.
    pub(super) fn begin_reading(&self) -> Reading {
        self.tokens.begin_reading()
    }

    /// Remembers who a token belongs to, unless something was forgotten since the reading began.
    pub(super) fn remember(&self, token: &str, signed_in: &Arc<SignedIn>, reading: Reading) {
        self.tokens.remember(token, signed_in, signed_in.session.expires_at, reading);
    }

    /// Forgets sessions of a user that have ended.
    pub fn forget(&self, user: UserId, ended: &[SessionId]) {
        self.tokens.forget_if(|signed_in| ended.contains(&signed_in.session.id));
        self.tell(Some(user));
    }

    /// Forgets every session but one.
    pub fn forget_all_but(&self, kept: SessionId) {
        self.tokens.forget_if(|signed_in| signed_in.session.id != kept);
        self.tell(None);
    }

    /// Forgets what is known of a user who has changed; the sessions go on.
    pub fn forget_user(&self, user: UserId) {
        self.tokens.forget_if(|signed_in| signed_in.user.id == user);
        self.tell(Some(user));
    }

    fn tell(&self, user: Option<UserId>) {
        for listener in self.listeners.read().unwrap_or_else(PoisonError::into_inner).iter() {
            listener(user);
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

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

        cache.forget(one.user.id, &[one.session.id]);
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
        cache.forget(one.user.id, &[one.session.id]);
        cache.remember("one", &one, reading);

        assert!(cache.find("one").is_none());
    }
}
