//! The road with a password.
//!
//! Known and unknown accounts cost the same work and get the same answer
//! (security.md SI-03): lane first, then counters, then one hash, then the gate.
//! Only a sign-in that succeeds takes its try back: the right password of a disabled
//! account counts like a wrong one, or else the throttle would tell them apart.

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
use crate::ops;
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
                ops::metrics::count_success(None, Method::Password.as_str());
                let event = Event::signin("signin_succeeded", visitor).method(Method::Password.as_str());
                event.user(open.user.id).session(open.session.id).took(started.elapsed()).log();
                Ok(open)
            }
            Err(refused) => {
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
        let counters = self.password_counters(&account_of(&identifier, typed), visitor);
        self.count(counters.clone()).await?;
        for _ in 0..MAX_CHECKS {
            if let Some(open) = self.check_and_open(&ticket, &identifier, &password, visitor).await? {
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
mod tests {
    use futures_util::future::join_all;

    use super::*;
    use crate::signin::testing::{PASSWORD, World};

    fn plain(password: &str) -> String {
        bcrypt::hash(password, 5).expect("a hash")
    }

    #[tokio::test]
    async fn a_user_name_or_a_proven_address_and_the_password_open_a_session() {
        let world = World::new().await;
        let user = world.add("hanako").await;

        for identifier in ["hanako", " HANAKO", "hanako@example.org", "Hanako@Example.ORG"] {
            let open = world.sign_in(identifier).await;
            assert_eq!((open.user.id, open.session.method.as_str()), (user.id, "password"));
        }
    }

    #[tokio::test]
    async fn si_03_every_refusal_costs_one_job_and_reads_the_same() {
        let world = World::new().await;
        world.add("hanako").await;
        world.add_user("guest", None).await;
        world.add_user("broken", Some("$genkan1$2b$31$".to_owned())).await;
        let disabled = world.add("disabled").await;
        world.signin.store.set_user_disabled(disabled.id, true, world.clock.now()).await.expect("disabled");

        for (identifier, password) in [
            ("hanako", "wrong"),
            ("nobody", PASSWORD),
            ("nobody@example.org", PASSWORD),
            ("花子", PASSWORD),
            ("guest@example.org", PASSWORD),
            ("broken", PASSWORD),
            ("disabled", PASSWORD),
            ("disabled", "wrong"),
        ] {
            let before = world.signin.lane.finished();
            let refused = world.try_password(identifier, password).await;
            assert!(matches!(refused, Err(PasswordRefused::Wrong)), "{identifier}: {refused:?}");
            assert_eq!(world.signin.lane.finished() - before, 1, "{identifier}");
        }
    }

    #[tokio::test]
    async fn si_04_known_unknown_and_disabled_accounts_are_throttled_alike() {
        let world = World::with(|config| config.throttle.per_account = 3).await;
        world.add("hanako").await;
        let disabled = world.add("disabled").await;
        world.signin.store.set_user_disabled(disabled.id, true, world.clock.now()).await.expect("disabled");

        for (identifier, password) in [("hanako", "wrong"), ("nobody", "wrong"), ("disabled", PASSWORD)] {
            for _ in 0..3 {
                assert!(matches!(world.try_password(identifier, password).await, Err(PasswordRefused::Wrong)), "{identifier}");
            }
            let refused = world.try_password(identifier, PASSWORD).await;
            assert!(matches!(refused, Err(PasswordRefused::Throttled { retry_after }) if !retry_after.is_zero()), "{identifier}");
        }
        world.pass(901);
        world.sign_in("hanako").await;
    }

    #[tokio::test]
    async fn si_04_parallel_tries_cannot_slip_through() {
        let world = World::with(|config| config.throttle.per_account = 5).await;
        world.add("hanako").await;

        let results = join_all((0..40).map(|_| world.try_password("hanako", "wrong"))).await;

        let wrong = results.iter().filter(|result| matches!(result, Err(PasswordRefused::Wrong))).count();
        let throttled = results.iter().filter(|result| matches!(result, Err(PasswordRefused::Throttled { .. }))).count();
        assert_eq!((wrong, throttled), (5, 35));
        assert_eq!(world.signin.lane.finished(), 5);
    }

    #[tokio::test]
    async fn si_06_a_success_takes_back_its_own_try_and_no_other() {
        let world = World::with(|config| (config.throttle.per_account, config.throttle.per_address) = (4, 5)).await;
        world.add("hanako").await;
        world.add("taro").await;
        for _ in 0..3 {
            world.try_password("hanako", "wrong").await.expect_err("wrong");
        }

        for _ in 0..6 {
            world.sign_in("hanako").await;
        }
        assert!(matches!(world.try_password("hanako", "wrong").await, Err(PasswordRefused::Wrong)));
        assert!(matches!(world.try_password("hanako", PASSWORD).await, Err(PasswordRefused::Throttled { .. })));

        assert!(matches!(world.try_password("taro", "wrong").await, Err(PasswordRefused::Wrong)));
        assert!(matches!(world.try_password("taro", PASSWORD).await, Err(PasswordRefused::Throttled { .. })), "the address is full");
    }

    #[tokio::test]
    async fn pw_03_an_imported_hash_is_replaced_at_sign_in() {
        let world = World::new().await;
        let user = world.add_user("hanako", Some(plain(PASSWORD))).await;
        world.try_password("hanako", "wrong").await.expect_err("wrong");
        world.sign_in("hanako").await;

        let login = world.signin.store.find_login_of(user.id).await.expect("the store answers").expect("a login");

        assert!(login.password_hash.starts_with("$genkan1$"), "{}", login.password_hash);
        world.sign_in("hanako").await;
    }

    #[tokio::test]
    async fn pw_03_replacing_a_hash_turns_no_simultaneous_sign_in_away() {
        let world = World::new().await;
        world.add_user("hanako", Some(plain(PASSWORD))).await;

        let results = join_all((0..8).map(|_| world.try_password("hanako", PASSWORD))).await;

        assert!(results.iter().all(Result::is_ok), "{results:?}");
    }

    #[tokio::test]
    async fn pw_01_a_password_that_is_too_long_costs_no_hash() {
        let world = World::new().await;

        let refused = world.try_password("hanako", &"x".repeat(513)).await;

        assert!(matches!(refused, Err(PasswordRefused::Wrong)));
        assert_eq!(world.signin.lane.finished(), 0);
    }

    #[tokio::test]
    async fn pw_09_a_full_lane_refuses_before_anything_is_counted() {
        let world = World::with(|config| (config.password.queue, config.throttle.per_account) = (0, 1)).await;
        world.add("hanako").await;
        let mut held = Vec::new();
        while let Ok(ticket) = world.signin.lane.enter().await {
            held.push(ticket);
        }

        let refused = world.try_password("hanako", PASSWORD).await;
        assert!(matches!(refused, Err(PasswordRefused::Busy { retry_after }) if !retry_after.is_zero()));

        drop(held);
        world.sign_in("hanako").await;
    }
}
