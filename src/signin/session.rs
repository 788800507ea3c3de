//! The token, its row, and the short memory between them.
//!
//! A token is a JWT signed with ES256 whose `sid` names a row of `sessions`; the
//! row decides. Signature and row are checked once and remembered for a few
//! seconds, keyed by the whole token; ending a session drops it here at once. The
//! token itself is [`super::token`]'s, the memory [`super::cache`]'s.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, SubsecRound as _, TimeDelta, Utc};
use secrecy::SecretString;

pub use super::cache::SessionCache;
use super::device::Device;
use super::event::Event;
use super::gate::{self, Refusal};
use super::token::Useless;
use super::visitor::Visitor;
use super::{Signin, token};
use crate::domain::ids::{SessionId, UserId};
use crate::domain::user::{Session, User};
use crate::store::StoreError;
use crate::store::sessions::Proof;

/// How exactly the time of the last use is kept: one write in so much time.
const TOUCH_EVERY: Duration = Duration::from_secs(300);

/// A session that has just been opened.
#[derive(Clone, Debug)]
pub struct OpenSession {
    /// Whose it is.
    pub user: User,
    /// The row.
    pub session: Session,
    /// The signed token for the `jwt` cookie.
    pub token: SecretString,
    /// The browser, which knows this user now.
    pub device: Device,
}

/// Somebody who is signed in, and with what.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// Who.
    pub user: User,
    /// The session.
    pub session: Session,
}

/// Why a token signs nobody in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignedOut {
    /// It is none of ours.
    Foreign,
    /// Its time is over.
    Expired,
    /// Its session was ended.
    Ended,
    /// Its session was not used for too long.
    Idle,
    /// Its user is disabled.
    Disabled,
}

/// Why a session cannot be opened.
#[derive(Debug)]
pub enum OpenError {
    /// The user may not sign in.
    Refused(Refusal),
    /// What was proven does not hold any more: look at it all again.
    Outdated,
    /// The store failed.
    Store(StoreError),
}

impl Signin {
    /// Opens a session for a user who passes the gate, while the proof holds (security.md
    /// SI-02, SE-02, SE-03).
    ///
    /// # Errors
    ///
    /// [`OpenError`].
    pub async fn open_session(&self, user: User, proof: Proof, visitor: &Visitor) -> Result<OpenSession, OpenError> {
        gate::check(&user).map_err(OpenError::Refused)?;
        let now = self.clock.now().trunc_subsecs(0);
        let session = Session {
            id: SessionId::new(&self.clock),
            user_id: user.id,
            method: proof.method().as_str().to_owned(),
            browser: visitor.browser.clone(),
            created_at: now,
            seen_at: now,
            expires_at: now + delta(self.config.session.ttl()),
        };
        let store = self.store_telling_of_device(&user, visitor).await.map_err(OpenError::Store)?;
        let is_open = store.insert_session(session.clone(), proof).await.map_err(OpenError::Store)?;
        if is_open { Ok(self.with_token(user, session, visitor)) } else { Err(OpenError::Outdated) }
    }

    /// Makes another token for a session that is open already (double delivery).
    ///
    /// # Errors
    ///
    /// [`StoreError`] if the row cannot be read.
    pub async fn reopen_session(&self, id: SessionId, visitor: &Visitor) -> Result<Option<OpenSession>, StoreError> {
        let found = self.store.find_session(id, self.clock.now()).await?;
        Ok(found.filter(|(_, user)| gate::check(user).is_ok()).map(|(session, user)| self.with_token(user, session, visitor)))
    }

    /// Checks a token: signature, claims, row, user. `None` means signed out.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if the row cannot be read; never "signed out" then.
    pub async fn authenticate(&self, token: &str) -> Result<Option<Arc<SignedIn>>, StoreError> {
        Ok(self.find_signed_in(token).await?.ok())
    }

    /// As [`Signin::authenticate`], and says why somebody is signed out.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if the row cannot be read; never "signed out" then.
    pub async fn find_signed_in(&self, token: &str) -> Result<Result<Arc<SignedIn>, SignedOut>, StoreError> {
        if let Some(signed_in) = self.sessions.find(token) {
            return Ok(Ok(signed_in));
        }
        let now = self.clock.now();
        let named = match token::read(&self.keyring.chain, &self.config.server.origin(), token, now).await? {
            Ok(named) => named,
            Err(Useless::Foreign) => return Ok(Err(SignedOut::Foreign)),
            Err(Useless::Expired) => return Ok(Err(SignedOut::Expired)),
        };
        let reading = self.sessions.begin_reading();
        let found = self.store.find_session(named.session, now).await?;
        let Some((session, user)) = found.filter(|(_, user)| user.id == named.user) else { return Ok(Err(SignedOut::Ended)) };
        if gate::check(&user).is_err() {
            return Ok(Err(SignedOut::Disabled));
        }
        if self.is_idle(&session, now) {
            if self.store.end_session(user.id, session.id).await? {
                self.sessions.forget(user.id, &[session.id]);
                Event::account("session_ended", None).user(user.id).session(session.id).reason("idle").log();
            }
            return Ok(Err(SignedOut::Idle));
        }
        let session = self.touch(session, now).await;
        let signed_in = Arc::new(SignedIn { user, session });
        self.sessions.remember(token, &signed_in, reading);
        Ok(Ok(signed_in))
    }

    /// Ends one session of a user, here at once; logs `session_ended`.
    ///
    /// # Errors
    ///
    /// [`StoreError`]; the session goes on then.
    pub async fn end_session(&self, signed_in: &SignedIn, id: SessionId, visitor: &Visitor) -> Result<bool, StoreError> {
        let was_open = self.store.end_session(signed_in.user.id, id).await?;
        if was_open {
            self.note_ended(signed_in.user.id, &[id], visitor);
        }
        Ok(was_open)
    }

    /// Ends all sessions of a user but `keep`; returns how many. Logs `session_ended` for each.
    ///
    /// # Errors
    ///
    /// [`StoreError`]; the sessions go on then.
    pub async fn end_other_sessions(&self, signed_in: &SignedIn, keep: Option<SessionId>, visitor: &Visitor) -> Result<usize, StoreError> {
        let ended = self.store.end_sessions(signed_in.user.id, keep).await?;
        self.note_ended(signed_in.user.id, &ended, visitor);
        Ok(ended.len())
    }

    /// Tells whether the sign-in is recent enough for a sensitive change (security.md SE-06).
    pub fn is_fresh(&self, signed_in: &SignedIn) -> bool {
        self.clock.now() - signed_in.session.created_at <= delta(Duration::from_secs(self.config.session.fresh_secs))
    }

    /// Forgets sessions that have ended in the store, and logs each.
    pub(crate) fn note_ended(&self, user: UserId, ended: &[SessionId], visitor: &Visitor) {
        self.sessions.forget(user, ended);
        for id in ended {
            Event::account("session_ended", Some(visitor)).user(user).session(*id).log();
        }
    }

    fn with_token(&self, user: User, session: Session, visitor: &Visitor) -> OpenSession {
        let device = self.known_to(visitor.device.as_ref(), user.id);
        let token = token::make(&self.keyring.chain.signing_session(), &self.config.server.origin(), &session, self.clock.now());
        OpenSession { user, session, token, device }
    }

    fn is_idle(&self, session: &Session, now: DateTime<Utc>) -> bool {
        now - session.seen_at > delta(Duration::from_secs(self.config.session.idle_secs))
    }

    /// Notes the use, once in a while. A store that cannot write signs nobody out.
    async fn touch(&self, mut session: Session, now: DateTime<Utc>) -> Session {
        let every = TOUCH_EVERY.min(Duration::from_secs(self.config.session.idle_secs / 4));
        if now - session.seen_at >= delta(every) {
            match self.store.touch_session(session.id, now).await {
                Ok(()) => session.seen_at = now.trunc_subsecs(0),
                Err(error) => {
                    log::warn!(target: "genkan::signin", event = "session_not_touched"; "cannot note the use of a session: {error}");
                }
            }
        }
        session
    }
}

/// Converts a duration from the configuration; what does not fit is a very long time.
fn delta(duration: Duration) -> TimeDelta {
    TimeDelta::try_seconds(i64::try_from(duration.as_secs()).unwrap_or(i64::MAX)).unwrap_or(TimeDelta::weeks(5_200))
}

#[cfg(test)]
mod tests;
