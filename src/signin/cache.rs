//! Sessions that were checked a moment ago, so that a signed-in request costs one lookup.

use std::sync::Arc;
use std::time::Duration;

use super::session::SignedIn;
use crate::clock::Clock;
use crate::domain::ids::{SessionId, UserId};
use crate::remembered::{Reading, Remembered};

/// Tokens checked a moment ago.
pub struct SessionCache(Remembered<SignedIn>);

impl SessionCache {
    /// Makes an empty cache whose entries live `ttl` at most.
    pub fn new(ttl: Duration, clock: Clock) -> Self {
        Self(Remembered::new(ttl, clock))
    }

    /// Finds who a token belongs to, if it was checked a moment ago.
    pub(super) fn find(&self, token: &str) -> Option<Arc<SignedIn>> {
        self.0.find(token)
    }

    /// Marks the moment before a session is read.
    pub(super) fn begin_reading(&self) -> Reading {
        self.0.begin_reading()
    }

    /// Remembers who a token belongs to, unless something was forgotten since the reading began.
    pub(super) fn remember(&self, token: &str, signed_in: &Arc<SignedIn>, reading: Reading) {
        self.0.remember(token, signed_in, signed_in.session.expires_at, reading);
    }

    /// Forgets sessions that have ended.
    pub fn forget(&self, ended: &[SessionId]) {
        self.0.forget_if(|signed_in| ended.contains(&signed_in.session.id));
    }

    /// Forgets every session but one.
    pub fn forget_all_but(&self, kept: SessionId) {
        self.0.forget_if(|signed_in| signed_in.session.id != kept);
    }

    /// Forgets what is known of a user who has changed; the sessions go on.
    pub fn forget_user(&self, user: UserId) {
        self.0.forget_if(|signed_in| signed_in.user.id == user);
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
