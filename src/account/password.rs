//! Changing and resetting the password.

use std::time::Duration;

use secrecy::{ExposeSecret as _, SecretString};

use super::signup::UsernameFault;
use crate::domain::identifier::Identifier;
use crate::domain::ids::SessionId;
use crate::domain::name::Username;
use crate::domain::password::{NewPassword, PasswordError, is_too_long};
use crate::domain::user::{Method, User};
use crate::mail::Notice;
use crate::secret::hash_token;
use crate::signin::event::Event;
use crate::signin::hash::Verdict;
use crate::signin::lane::Busy;
use crate::signin::session::SignedIn;
use crate::signin::throttle::{Held, account_of};
use crate::signin::visitor::Visitor;
use crate::signin::{Signin, gate};
use crate::store::authentications::PasswordChange;
use crate::store::links::LinkPurpose;
use crate::store::users::NewLogin;
use crate::store::{Conflict, StoreError};

/// Why a password was not changed.
#[derive(Debug)]
pub enum ChangeRefused {
    /// The current password is wrong.
    Wrong,
    /// A user without a password must have signed in recently (security.md PW-07).
    NotFresh,
    /// The user name for the new password is wrong.
    Username(UsernameFault),
    /// The new password is refused.
    New(PasswordError),
    /// The link does not work (any more).
    LinkInvalid,
    /// Too many tries.
    Throttled {
        /// How long to wait.
        retry_after: Duration,
    },
    /// Every hashing thread is busy.
    Busy {
        /// How long to wait.
        retry_after: Duration,
    },
    /// The store failed.
    Store(StoreError),
}

impl ChangeRefused {
    /// Returns the word for the log, where a check of the current password was refused.
    fn reason(&self) -> Option<&'static str> {
        match self {
            Self::Wrong => Some("wrong"),
            Self::Throttled { .. } => Some("throttled"),
            Self::Busy { .. } => Some("busy"),
            Self::NotFresh | Self::Username(_) | Self::New(_) | Self::LinkInvalid | Self::Store(_) => None,
        }
    }
}

impl From<Held> for ChangeRefused {
    fn from(held: Held) -> Self {
        match held {
            Held::Throttled(retry_after) => Self::Throttled { retry_after },
            Held::Busy(Busy { retry_after }) => Self::Busy { retry_after },
            Held::Store(error) => Self::Store(error),
        }
    }
}

impl From<StoreError> for ChangeRefused {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Conflict(Conflict::Username) => Self::Username(UsernameFault::Taken),
            error => Self::Store(error),
        }
    }
}

impl Signin {
    /// Changes the password of somebody who knows the current one; every other
    /// session ends. Logs `password_changed` or `password_refused`.
    ///
    /// The current password is counted like a sign-in with it (security.md SI-05).
    ///
    /// # Errors
    ///
    /// [`ChangeRefused`].
    pub async fn change_password(
        &self,
        signed_in: &SignedIn,
        current: SecretString,
        new: SecretString,
        visitor: &Visitor,
    ) -> Result<(), ChangeRefused> {
        let changed = self.try_change(signed_in, current, new, visitor).await;
        if let Some(reason) = changed.as_ref().err().and_then(ChangeRefused::reason) {
            let event = Event::account("password_refused", Some(visitor)).method(Method::Password.as_str()).reason(reason);
            event.user(signed_in.user.id).session(signed_in.session.id).log();
        }
        self.note_changed(signed_in, &changed?, visitor);
        Ok(())
    }

    /// Changes the password and returns the sessions that ended by it.
    async fn try_change(
        &self,
        signed_in: &SignedIn,
        current: SecretString,
        new: SecretString,
        visitor: &Visitor,
    ) -> Result<Vec<SessionId>, ChangeRefused> {
        let user = signed_in.user.id;
        let new = self.parse_new(new, &signed_in.user, None)?;
        if is_too_long(current.expose_secret()) {
            return Err(ChangeRefused::Wrong);
        }
        let ticket = self.lane.enter().await.map_err(Held::from)?;
        let account = signed_in.user.username.as_deref().unwrap_or_default();
        let counters = self.password_counters(&account_of(&Identifier::parse(account), account), visitor);
        self.count(counters.clone()).await?;
        let stored = self.store.find_login_of(user).await?.map(|login| login.password_hash);
        let (hashing, checked) = (self.hashing(), stored.clone());
        let job = move || {
            let verdict = hashing.check(current.expose_secret(), checked.as_deref());
            (verdict != Verdict::Wrong).then(|| hashing.hash(new.expose()))
        };
        let new_hash = ticket.run(job).await.map_err(Held::from)?.ok_or(ChangeRefused::Wrong)?;
        let old_hash = stored.ok_or(ChangeRefused::Wrong)?;
        let change = PasswordChange { old_hash, new_hash, keep: Some(signed_in.session.id), now: self.clock.now() };
        // Whoever has set another password meanwhile knew more than this one did.
        let store = self.store_telling(&signed_in.user, &Notice::PasswordChanged, visitor);
        let ended = store.update_password(user, change).await?.ok_or(ChangeRefused::Wrong)?;
        self.store.take_back_try(counters).await?;
        Ok(ended)
    }

    /// Gives somebody who came with a provider a user name and password. Logs `password_changed`.
    ///
    /// # Errors
    ///
    /// [`ChangeRefused`].
    pub async fn add_password(
        &self,
        signed_in: &SignedIn,
        username: &str,
        new: SecretString,
        visitor: &Visitor,
    ) -> Result<(), ChangeRefused> {
        if !self.is_fresh(signed_in) {
            return Err(ChangeRefused::NotFresh);
        }
        let username = Username::parse(username).map_err(|error| ChangeRefused::Username(UsernameFault::Invalid(error)))?;
        let new = self.parse_new(new, &signed_in.user, Some(&username))?;
        let login = NewLogin { username, password_hash: self.hash_new(new).await? };
        let store = self.store_telling(&signed_in.user, &Notice::PasswordAdded, visitor);
        let ended = store.insert_login(signed_in.user.id, login, Some(signed_in.session.id), self.clock.now()).await?;
        self.note_changed(signed_in, &ended, visitor);
        self.sessions.forget_user(signed_in.user.id);
        Ok(())
    }

    /// Finds whose reset link this is; `None` if it does not work (any more).
    ///
    /// # Errors
    ///
    /// [`StoreError`] if the link cannot be looked up.
    pub async fn find_reset(&self, token: &str) -> Result<Option<User>, StoreError> {
        let found = self.store.find_link(&hash_token(token), LinkPurpose::PasswordReset, self.clock.now()).await?;
        Ok(found.flatten().filter(|user| gate::check(user).is_ok()))
    }

    /// Sets a new password with a reset link; every session ends, nobody is signed in.
    /// Logs `password_reset`.
    ///
    /// # Errors
    ///
    /// [`ChangeRefused`].
    pub async fn reset_password(&self, token: &str, new: SecretString, visitor: &Visitor) -> Result<(), ChangeRefused> {
        let user = self.find_reset(token).await?.ok_or(ChangeRefused::LinkInvalid)?;
        let hash = self.hash_new(self.parse_new(new, &user, None)?).await?;
        let store = self.store_telling(&user, &Notice::PasswordReset, visitor);
        let reset = store.reset_password(&hash_token(token), hash, self.clock.now()).await?;
        let (user, ended) = reset.ok_or(ChangeRefused::LinkInvalid)?;
        Event::account("password_reset", Some(visitor)).user(user).log();
        self.note_ended(user, &ended, visitor);
        Ok(())
    }

    /// Hashes a new password on the lane.
    pub(super) async fn hash_new(&self, new: NewPassword) -> Result<String, Held> {
        let hashing = self.hashing();
        let ticket = self.lane.enter().await?;
        Ok(ticket.run(move || hashing.hash(new.expose())).await?)
    }

    /// Checks a new password against the policy and the user's own words.
    fn parse_new(&self, new: SecretString, user: &User, username: Option<&Username>) -> Result<NewPassword, ChangeRefused> {
        let username = username.map(Username::as_str).or(user.username.as_deref()).unwrap_or_default();
        let words = [self.site_words(), &user.name, username, user.email.as_deref().unwrap_or_default()];
        NewPassword::parse(new, self.config.password.min_length, &words).map_err(ChangeRefused::New)
    }

    fn note_changed(&self, signed_in: &SignedIn, ended: &[SessionId], visitor: &Visitor) {
        let event = Event::account("password_changed", Some(visitor)).method(Method::Password.as_str());
        event.user(signed_in.user.id).session(signed_in.session.id).log();
        self.note_ended(signed_in.user.id, ended, visitor);
    }
}

#[cfg(test)]
mod tests;
