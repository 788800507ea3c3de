//! Telling people by mail what happened to their account.

use chrono::TimeDelta;

use super::Signin;
use super::visitor::Visitor;
use crate::domain::identifier::Identifier;
use crate::domain::user::User;
use crate::mail::notice::{self, Circumstances};
use crate::mail::{Letter, Notice};
use crate::store::throttles::Verdict;
use crate::store::{Store, StoreError};

/// How old an account is whose owner knows that somebody has just signed in.
const JUST_MADE: TimeDelta = TimeDelta::minutes(5);
/// How many letters about new browsers one account gets in a day: browsers that keep no cookies are always new.
const DEVICE_LETTERS: u32 = 3;

impl Signin {
    /// Returns a store whose next transaction carries a notice to the owner, if it comes to anything.
    pub(crate) fn store_telling(&self, user: &User, notice: &Notice, visitor: &Visitor) -> Store {
        let circumstances = Circumstances {
            language: visitor.language,
            at: self.clock.now(),
            browser: &visitor.browser,
            origin: &self.config.server.origin(),
        };
        self.store_with(notice::write(notice, user, &circumstances))
    }

    /// Returns a store whose next transaction tells the owner of a browser that is new, a few times a day at most.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if the letters cannot be counted.
    pub(crate) async fn store_telling_of_device(&self, user: &User, visitor: &Visitor) -> Result<Store, StoreError> {
        let is_just_made = self.clock.now() - user.created_at < JUST_MADE;
        if self.post.is_none() || is_just_made || self.is_known_to(visitor.device.as_ref(), user.id) {
            return Ok(self.store.clone());
        }
        let counter = self.letter_counter("letter-device", &user.id.to_string(), DEVICE_LETTERS);
        Ok(match self.store.count_try(vec![counter], self.clock.now()).await? {
            Verdict::Allowed => self.store_telling(user, &Notice::NewDevice, visitor),
            Verdict::Refused { .. } => self.store.clone(),
        })
    }

    /// Tells the owner of an account that its password is being guessed, once a day, after the answer has gone out:
    /// how long the answer takes tells nobody whether there is such an account (security.md SI-03).
    pub(crate) fn tell_of_tries(&self, identifier: Identifier, account: String, visitor: &Visitor) {
        if self.post.is_none() {
            return;
        }
        let (signin, visitor) = (self.clone(), Visitor { browser: String::new(), ..visitor.clone() });
        tokio::spawn(async move {
            if let Err(error) = signin.post_of_tries(&identifier, &account, &visitor).await {
                log::warn!(target: "genkan::mail", event = "outbox_unreachable", problem = error.to_string(); "nobody was told of tries");
            }
        });
    }

    async fn post_of_tries(&self, identifier: &Identifier, account: &str, visitor: &Visitor) -> Result<(), StoreError> {
        let Some(login) = self.store.find_login(identifier).await? else { return Ok(()) };
        // Counted and told in one transaction: who counts first tells.
        let counter = self.letter_counter("letter-tries", account, 1);
        self.store_telling(&login.user, &Notice::ManyTries, visitor).count_try(vec![counter], self.clock.now()).await?;
        Ok(())
    }

    /// Returns a store whose next transaction carries letters; none without a mail server.
    pub(crate) fn store_with(&self, letters: impl IntoIterator<Item = Letter>) -> Store {
        let Some(post) = &self.post else { return self.store.clone() };
        self.store.with_letters(letters.into_iter().map(|letter| post.seal(&letter, &self.clock)).collect())
    }
}
