//! From a profile to an account: found by identity, made if policy allows, never
//! found by address (security.md SO-08, LK-01).

use super::finish::Arrival;
use crate::config::Signup;
use crate::domain::email::Email;
use crate::domain::identifier::Identifier;
use crate::domain::ids::UserId;
use crate::domain::name::DisplayName;
use crate::domain::user::User;
use crate::mail::Notice;
use crate::provider::{Profile, Provider};
use crate::signin::Signin;
use crate::signin::failure::{Cause, SigninFailure};
use crate::signin::session::{OpenError, OpenSession, SignedIn};
use crate::signin::visitor::Visitor;
use crate::store::identities::Linking;
use crate::store::provider_tokens::Sealer;
use crate::store::sessions::Proof;
use crate::store::users::NewUser;
use crate::store::{Conflict, StoreError};

/// Who signs in.
struct Person {
    user: User,
    /// Whether the account was made just now.
    is_new: bool,
}

/// Why there is no account for a profile.
pub(super) enum Refused {
    /// Policy, or a conflict.
    Because(Cause),
    /// The store failed.
    Store(StoreError),
}

impl From<StoreError> for Refused {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Conflict(Conflict::Email) => Self::Because(Cause::EmailTaken),
            StoreError::Conflict(Conflict::Identity) => Self::Because(Cause::IdentityTaken),
            error => Self::Store(error),
        }
    }
}

impl Refused {
    /// Makes the failure; `failure` is that of a failed store.
    pub fn into_failure(self, failure: SigninFailure) -> SigninFailure {
        match self {
            Self::Because(cause) => SigninFailure { cause, ..failure },
            Self::Store(error) => super::finish::store_failed(&error, failure),
        }
    }
}

impl From<OpenError> for Refused {
    fn from(error: OpenError) -> Self {
        match error {
            OpenError::Refused(refusal) => Self::Because(refusal.cause()),
            OpenError::Outdated => Self::Because(Cause::Internal),
            OpenError::Store(error) => Self::Store(error),
        }
    }
}

impl Signin {
    /// Opens a session for whoever a profile is of, and stores `tokens` with it; tells whether the account is new.
    pub(super) async fn sign_in(
        &self,
        provider: &Provider,
        profile: Profile,
        tokens: Option<Sealer>,
        visitor: &Visitor,
    ) -> Result<(OpenSession, bool), Refused> {
        let identity = profile.identity.clone();
        let proof = match tokens {
            Some(sealer) => Proof::IdentityWith(identity, sealer),
            None => Proof::Identity(identity),
        };
        let Person { user, is_new } = self.find_or_make_user(provider, profile.clone()).await?;
        match self.open_session(user, proof.clone(), visitor).await {
            // Removed from the account, or the account disabled, while we looked: what holds now?
            Err(OpenError::Outdated) => {
                let Person { user, is_new } = self.find_or_make_user(provider, profile).await?;
                Ok((self.open_session(user, proof, visitor).await?, is_new))
            }
            opened => Ok((opened?, is_new)),
        }
    }

    /// Finds the user an identity belongs to, or makes one.
    async fn find_or_make_user(&self, provider: &Provider, profile: Profile) -> Result<Person, Refused> {
        let identity = profile.identity.clone();
        if let Some(user) = self.store.find_user_by_identity(&identity).await? {
            return Ok(Person { user, is_new: false });
        }
        match self.make_account(provider, profile).await {
            Ok(user) => Ok(Person { user, is_new: true }),
            // Two first sign-ins of one person at once: the other one made the user, and took the address for it.
            Err(refused @ Refused::Because(Cause::IdentityTaken | Cause::EmailTaken)) => {
                let user = self.store.find_user_by_identity(&identity).await?;
                user.map(|user| Person { user, is_new: false }).ok_or(refused)
            }
            Err(refused) => Err(refused),
        }
    }

    async fn make_account(&self, provider: &Provider, profile: Profile) -> Result<User, Refused> {
        let new_user = self.admit(provider, profile).await?;
        Ok(self.store.insert_user(new_user).await?)
    }

    /// Links an identity to somebody who is still signed in (security.md LK-01, LK-05); tells
    /// whether they did not have it before.
    pub(super) async fn link(&self, who: &SignedIn, provider: &Provider, arrival: &Arrival, visitor: &Visitor) -> Result<bool, Refused> {
        let store = self.store_telling(&who.user, &Notice::LinkAdded(provider.name.clone()), visitor);
        let (identity, tokens) = (arrival.profile.identity.clone(), arrival.tokens.clone());
        let linking = Linking { session: who.session.id, identity, tokens, now: self.clock.now() };
        match store.link_identity(who.user.id, linking).await {
            Err(StoreError::NotFound) => Err(Refused::Because(Cause::LinkSessionChanged)),
            linked => Ok(linked?),
        }
    }

    /// Applies the rules for new accounts to a profile.
    async fn admit(&self, provider: &Provider, profile: Profile) -> Result<NewUser, Refused> {
        let rules = &self.config.signin;
        if rules.signup != Signup::Open {
            return Err(Refused::Because(Cause::SignupClosed));
        }
        self.check_address(profile.email.as_ref(), profile.is_email_verified).await?;
        let name = profile.name.or_else(|| name_from(profile.email.as_ref())).or_else(|| DisplayName::parse(&provider.name).ok());
        Ok(NewUser {
            id: UserId::new(&self.clock),
            name: name.ok_or(Refused::Because(Cause::Internal))?,
            is_email_proven: profile.email.is_some() && profile.is_email_verified && provider.trusts_email,
            email: profile.email,
            password: None,
            identity: Some(profile.identity),
            now: self.clock.now(),
        })
    }

    async fn check_address(&self, email: Option<&Email>, is_verified: bool) -> Result<(), Refused> {
        let rules = &self.config.signin;
        let is_needed = rules.require_email || rules.require_verified_email || !rules.allowed_email_domains.is_empty();
        let Some(email) = email else {
            return if is_needed { Err(Refused::Because(Cause::EmailMissing)) } else { Ok(()) };
        };
        if rules.require_verified_email && !is_verified {
            return Err(Refused::Because(Cause::EmailUnverified));
        }
        let is_allowed = |domain: &String| domain.eq_ignore_ascii_case(email.domain());
        if !rules.allowed_email_domains.is_empty() && !rules.allowed_email_domains.iter().any(is_allowed) {
            return Err(Refused::Because(Cause::DomainNotAllowed));
        }
        // Whatever the provider's word is worth: an address that is proven here is never
        // shared and never linked silently.
        match self.store.find_user_by_identifier(&Identifier::Email(email.clone())).await? {
            Some(_) => Err(Refused::Because(Cause::EmailTaken)),
            None => Ok(()),
        }
    }
}

fn name_from(email: Option<&Email>) -> Option<DisplayName> {
    email?.as_str().split('@').next().and_then(DisplayName::from_provider)
}
