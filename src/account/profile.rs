//! Name and address.

use crate::domain::email::Email;
use crate::domain::name::{DisplayName, NameError};
use crate::domain::user::User;
use crate::mail::Notice;
use crate::signin::Signin;
use crate::signin::event::Event;
use crate::signin::session::SignedIn;
use crate::signin::visitor::Visitor;
use crate::store::users::ProfileChange;
use crate::store::{Conflict, Store, StoreError};

use super::signup::EmailFault;

/// Why a profile was not changed.
#[derive(Debug)]
pub enum ProfileRefused {
    /// Fields are wrong.
    Faults {
        /// The name.
        name: Option<NameError>,
        /// The address.
        email: Option<EmailFault>,
    },
    /// Changing the address needs a fresh sign-in (security.md SE-06).
    NotFresh,
    /// Too many letters were asked for.
    Throttled,
    /// The store failed.
    Store(StoreError),
}

impl From<StoreError> for ProfileRefused {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Conflict(Conflict::Email) => Self::Faults { name: None, email: Some(EmailFault::Taken) },
            error => Self::Store(error),
        }
    }
}

impl Signin {
    /// Changes name and address of the signed-in user. Logs `profile_changed`.
    ///
    /// Where addresses are proven by mail, a new one takes the place of a proven one only once
    /// it is proven itself (security.md EM-11); one that nobody has proven gives way at once.
    /// An address that stays as it is stays as proven as it was, whatever the rules
    /// for new ones are.
    ///
    /// # Errors
    ///
    /// [`ProfileRefused`].
    pub async fn update_profile(&self, signed_in: &SignedIn, name: &str, email: &str, visitor: &Visitor) -> Result<User, ProfileRefused> {
        let user = &signed_in.user;
        let is_kept = email.trim() == user.email.as_deref().unwrap_or_default();
        let parsed = if is_kept { Email::parse(email).map(Some).or(Ok(None)) } else { self.parse_email(email) };
        let (name, email) = match (DisplayName::parse(name), parsed) {
            (Ok(name), Ok(email)) => (name, email),
            (name, email) => return Err(ProfileRefused::Faults { name: name.err(), email: email.err() }),
        };
        if !is_kept && !self.is_fresh(signed_in) {
            return Err(ProfileRefused::NotFresh);
        }
        let (store, change) = match email {
            email if is_kept => (self.store.clone(), ProfileChange { name, email, is_email_proven: user.is_email_proven, claim: None }),
            Some(email) if !self.proves_email() => self.keep_until_proven(user, name, email, visitor).await?,
            email => {
                let change = ProfileChange { name, is_email_proven: email.is_some(), email, claim: None };
                (self.store_telling(user, &Notice::EmailChanged, visitor), change)
            }
        };
        let changed = store.update_profile(user.id, change, self.clock.now()).await?;
        self.sessions.forget_user(user.id);
        Event::account("profile_changed", Some(visitor)).user(user.id).session(signed_in.session.id).log();
        Ok(changed)
    }

    /// Changes the name, and writes to the new address.
    async fn keep_until_proven(
        &self,
        user: &User,
        name: DisplayName,
        email: Email,
        visitor: &Visitor,
    ) -> Result<(Store, ProfileChange), ProfileRefused> {
        let (claim, letter) = self.count_claim(email.clone(), visitor).await?.ok_or(ProfileRefused::Throttled)?;
        let old = user.email.as_deref().filter(|_| user.is_email_proven).and_then(|old| Email::parse(old).ok());
        let (email, is_email_proven) = old.map_or((email, false), |old| (old, true));
        Ok((self.store_with([letter]), ProfileChange { name, email: Some(email), is_email_proven, claim: Some(claim) }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signin::testing::World;

    #[tokio::test]
    async fn a_change_shows_at_once_and_keeps_the_session() {
        let world = World::new().await;
        world.add("hanako").await;
        let open = world.sign_in("hanako").await;
        let signed_in = world.authenticate(&open).await.expect("signed in");

        let user = world.signin.update_profile(&signed_in, " 山田 花子 ", "new@example.org", &world.visitor).await.expect("changed");

        assert_eq!((user.name.as_str(), user.email.as_deref(), user.is_email_proven), ("山田 花子", Some("new@example.org"), true));
        assert_eq!(world.authenticate(&open).await.expect("signed in").user, user);
        assert_eq!(world.sign_in("new@example.org").await.user.id, user.id);
        world.try_password("hanako@example.org", crate::signin::testing::PASSWORD).await.expect_err("no longer theirs");
    }

    #[tokio::test]
    async fn se_06_the_address_needs_a_fresh_sign_in_and_the_name_does_not() {
        let world = World::new().await;
        world.add("hanako").await;
        let signed_in = world.sign_in("hanako").await.signed_in();
        world.pass(601);

        let changed = world.signin.update_profile(&signed_in, "Hana", "hanako@example.org", &world.visitor).await.expect("only the name");
        assert!(changed.is_email_proven);
        for email in ["other@example.org", ""] {
            let refused = world.signin.update_profile(&signed_in, "Hana", email, &world.visitor).await;
            assert!(matches!(refused, Err(ProfileRefused::NotFresh)), "{email}");
        }
    }

    #[tokio::test]
    async fn faults_are_told_together_and_a_taken_address_is_one() {
        let world = World::with(|config| config.signin.require_email = true).await;
        world.add("taro").await;
        world.add("hanako").await;
        let signed_in = world.sign_in("hanako").await.signed_in();
        let update = async |name: &str, email: &str| match world.signin.update_profile(&signed_in, name, email, &world.visitor).await {
            Err(ProfileRefused::Faults { name, email }) => (name, email),
            other => panic!("no faults: {other:?}"),
        };

        assert_eq!(update("", "").await, (Some(NameError::Empty), Some(EmailFault::Missing)));
        assert_eq!(update("Hana", "taro@example.org").await, (None, Some(EmailFault::Taken)));
    }
}
