//! The road with a password.
//!
//! Known and unknown accounts cost the same work and get the same answer
//! (security.md SI-03): lane first, then counters, then one hash, then the gate.
//! Only a sign-in that succeeds takes its try back: the right password of a disabled
//! account counts like a wrong one, or else the throttle would tell them apart.

mod grant;

use std::time::{Duration, Instant};

use secrecy::{ExposeSecret as _, SecretString};

use super::event::Event;
use super::hash::{Hashing, Verdict};
use super::lane::{Busy, Ticket};
use super::session::{OpenError, OpenSession};
use super::throttle::{Held, account_of};
use super::visitor::Visitor;
use super::{Signin, gate};
use crate::domain::identifier::Identifier;
use crate::domain::ids::UserId;
use crate::domain::password::is_too_long;
use crate::domain::user::Method;
use crate::ops::watch::Success;
use crate::store::StoreError;
use crate::store::sessions::Proof;
use crate::store::users::Login;

/// How often a password is checked whose stored hash is replaced meanwhile: once more
/// than there are reasons for it that leave the password right (an upgrade).
const MAX_CHECKS: usize = 2;

/// Why a password did not let somebody in.
#[derive(Debug)]
pub enum PasswordRefused {
    /// Wrong password, unknown account, disabled account: not told apart.
    Wrong,
    /// Too many tries.
    Throttled {
        /// How long to wait.
        retry_after: Duration,
    },
    /// Every hashing thread is busy and the queue is full.
    Busy {
        /// How long to wait.
        retry_after: Duration,
    },
    /// The store failed.
    Store(StoreError),
}

/// A refusal, with what only the log is told.
struct Refused {
    answer: PasswordRefused,
    reason: &'static str,
    user: Option<UserId>,
}

impl Signin {
    /// Signs in with a user name or address, and a password.
    ///
    /// Logs `signin_succeeded` or `password_refused`.
    ///
    /// # Errors
    ///
    /// [`PasswordRefused`].
    pub async fn sign_in_with_password(
        &self,
        identifier: &str,
        password: SecretString,
        visitor: &Visitor,
    ) -> Result<OpenSession, PasswordRefused> {
        let started = Instant::now();
        match self.try_password(identifier, password, visitor).await {
            Ok(open) => {
                self.watch.succeeded(&Success::with_password(started.elapsed()));
                let event = Event::signin("signin_succeeded", visitor).method(Method::Password.as_str());
                event.user(open.user.id).session(open.session.id).took(started.elapsed()).log();
                Ok(open)
            }
            Err(refused) => {
                self.watch.password_refused();
                let event = Event::signin("password_refused", visitor).method(Method::Password.as_str()).reason(refused.reason);
                let event = if let Some(user) = refused.user { event.user(user) } else { event };
                event.took(started.elapsed()).log();
                Err(refused.answer)
            }
        }
    }

    async fn try_password(&self, typed: &str, password: SecretString, visitor: &Visitor) -> Result<OpenSession, Refused> {
        if is_too_long(password.expose_secret()) {
            return Err(Refused::wrong(None));
        }
        let ticket = self.lane.enter().await.map_err(Held::from)?;
        let identifier = Identifier::parse(typed);
        let account = account_of(&identifier, typed);
        let counters = self.password_counters(&account, visitor);
        if let Err(held) = self.count(counters.clone()).await {
            if matches!(held, Held::Throttled(_)) {
                self.tell_of_tries(identifier, account, visitor);
            }
            return Err(held.into());
        }
        for _ in 0..MAX_CHECKS {
            if let Some(mut open) = self.check_and_open(&ticket, &identifier, &password, visitor).await? {
                self.learn_account(&mut open.device, &account);
                self.store.take_back_try(counters).await.map_err(Held::from)?;
                return Ok(open);
            }
        }
        Err(Refused::wrong(None))
    }

    /// Checks a password and opens a session; `None` if the stored hash was replaced meanwhile.
    async fn check_and_open(
        &self,
        ticket: &Ticket,
        identifier: &Identifier,
        password: &SecretString,
        visitor: &Visitor,
    ) -> Result<Option<OpenSession>, Refused> {
        let login = self.store.find_login(identifier).await.map_err(Held::from)?;
        let is_let_in = login.as_ref().is_some_and(|login| gate::check(&login.user).is_ok());
        let (verdict, better) = self.check_on_lane(ticket, password.clone(), login.as_ref(), is_let_in).await.map_err(Held::from)?;
        let user = login.as_ref().map(|login| login.user.id);
        let login = login.filter(|_| verdict != Verdict::Wrong).ok_or(Refused::wrong(user))?;
        let disabled = || Refused { reason: "disabled", ..Refused::wrong(user) };
        if !is_let_in {
            return Err(disabled());
        }
        let open = match self.open_session(login.user.clone(), Proof::Password(login.password_hash.clone()), visitor).await {
            Ok(open) => open,
            Err(OpenError::Outdated) => return Ok(None),
            Err(OpenError::Refused(_)) => return Err(disabled()),
            Err(OpenError::Store(error)) => return Err(Held::from(error).into()),
        };
        if let Some(better) = better {
            self.upgrade(&login, better).await;
        }
        Ok(Some(open))
    }

    /// Checks a password on the lane; makes a better hash too if it is right and `may_upgrade`.
    async fn check_on_lane(
        &self,
        ticket: &Ticket,
        password: SecretString,
        login: Option<&Login>,
        may_upgrade: bool,
    ) -> Result<(Verdict, Option<String>), Busy> {
        let (hashing, stored) = (self.hashing(), login.map(|login| login.password_hash.clone()));
        let job = move || {
            let verdict = hashing.check(password.expose_secret(), stored.as_deref());
            let is_wanted = may_upgrade && verdict == Verdict::RightButOutdated;
            (verdict, is_wanted.then(|| hashing.hash(password.expose_secret())))
        };
        ticket.run(job).await
    }

    /// Returns what hashing depends on.
    pub(crate) fn hashing(&self) -> Hashing {
        Hashing { pepper: self.keyring.pepper, cost: self.config.password.cost }
    }

    /// Replaces a hash. Whoever has signed in is not turned away if that fails; the next
    /// sign-in tries again.
    async fn upgrade(&self, login: &Login, better: String) {
        if let Err(error) = self.store.upgrade_password_hash(login.user.id, &login.password_hash, better).await {
            log::warn!(target: "genkan::signin", event = "hash_not_upgraded"; "cannot replace an outdated hash: {error}");
        }
    }
}

impl Refused {
    fn wrong(user: Option<UserId>) -> Self {
        Self { answer: PasswordRefused::Wrong, reason: "wrong", user }
    }
}

impl From<Held> for Refused {
    fn from(held: Held) -> Self {
        let (answer, reason) = match held {
            Held::Throttled(retry_after) => (PasswordRefused::Throttled { retry_after }, "throttled"),
            Held::Busy(Busy { retry_after }) => (PasswordRefused::Busy { retry_after }, "busy"),
            Held::Store(error) => (PasswordRefused::Store(error), "store_failed"),
        };
        Self { answer, reason, user: None }
    }
}

#[cfg(test)]
mod tests;
