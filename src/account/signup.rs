//! Registration with a password.

use std::time::{Duration, Instant};

use secrecy::SecretString;

use crate::config::Signup;
use crate::domain::email::{Email, EmailError};
use crate::domain::identifier::Identifier;
use crate::domain::ids::UserId;
use crate::domain::name::{DisplayName, NameError, Username};
use crate::domain::password::{NewPassword, PasswordError};
use crate::domain::user::{Method, User};
use crate::ops::watch::Success;
use crate::secret::hash_token;
use crate::signin::Signin;
use crate::signin::event::Event;
use crate::signin::lane::Busy;
use crate::signin::session::{OpenError, OpenSession};
use crate::signin::throttle::Held;
use crate::signin::visitor::Visitor;
use crate::store::links::LinkPurpose;
use crate::store::sessions::Proof;
use crate::store::users::{NewLogin, NewUser};
use crate::store::{Conflict, StoreError};

/// What somebody typed into the registration form.
#[derive(Debug)]
pub struct SignupForm {
    /// What to call them.
    pub name: String,
    /// The user name.
    pub username: String,
    /// The address; may be empty unless one is required.
    pub email: String,
    /// The password.
    pub password: SecretString,
    /// The token of an invitation.
    pub invitation: Option<String>,
}

/// What is wrong with one field or more; every field is checked, so that all is told at once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SignupFaults {
    /// The name.
    pub name: Option<NameError>,
    /// The user name.
    pub username: Option<UsernameFault>,
    /// The address.
    pub email: Option<EmailFault>,
    /// The password.
    pub password: Option<PasswordError>,
}

/// What is wrong with a user name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UsernameFault {
    /// It is none.
    Invalid(NameError),
    /// Somebody else has it.
    Taken,
}

/// What is wrong with an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EmailFault {
    /// It is none.
    Invalid(EmailError),
    /// One is required.
    Missing,
    /// Its domain is not allowed here.
    DomainNotAllowed,
    /// It belongs to an account. Without mail this has to be told (see `docs/security.md`).
    Taken,
}

/// Why no account was made.
#[derive(Debug)]
pub enum SignupRefused {
    /// Sign-up is closed, or the invitation does not work.
    Closed,
    /// Fields are wrong.
    Faults(SignupFaults),
    /// Too many registrations.
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

/// What was typed, parsed.
struct Valid {
    name: DisplayName,
    username: Username,
    email: Option<Email>,
    password: NewPassword,
}

impl From<Held> for SignupRefused {
    fn from(held: Held) -> Self {
        match held {
            Held::Throttled(retry_after) => Self::Throttled { retry_after },
            Held::Busy(Busy { retry_after }) => Self::Busy { retry_after },
            Held::Store(error) => Self::Store(error),
        }
    }
}

impl From<StoreError> for SignupRefused {
    /// Says what is taken, if a unique constraint said so.
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Conflict(Conflict::Username) => Self::taken(true, false),
            StoreError::Conflict(Conflict::Email) => Self::taken(false, true),
            error => Self::Store(error),
        }
    }
}

impl SignupRefused {
    /// Returns the word for the log; faults are the form's own business.
    fn reason(&self) -> Option<&'static str> {
        match self {
            Self::Closed => Some("closed"),
            Self::Throttled { .. } => Some("throttled"),
            Self::Busy { .. } => Some("busy"),
            Self::Store(_) => Some("store_failed"),
            Self::Faults(_) => None,
        }
    }

    fn taken(username: bool, email: bool) -> Self {
        let username = username.then_some(UsernameFault::Taken);
        Self::Faults(SignupFaults { username, email: email.then_some(EmailFault::Taken), ..SignupFaults::default() })
    }
}

impl Signin {
    /// Registers somebody with a password and signs them in. Logs `signup_succeeded`, or
    /// `signup_refused` if it is not for the fields.
    ///
    /// # Errors
    ///
    /// [`SignupRefused`].
    pub async fn sign_up(&self, form: SignupForm, visitor: &Visitor) -> Result<OpenSession, SignupRefused> {
        let started = Instant::now();
        let signed_up = self.try_sign_up(form, visitor).await;
        if signed_up.is_ok() {
            self.watch.succeeded(&Success::with_password(started.elapsed()));
        }
        let event = match &signed_up {
            Ok(open) => Some(Event::signin("signup_succeeded", visitor).user(open.user.id).session(open.session.id)),
            Err(refused) => refused.reason().map(|reason| Event::signin("signup_refused", visitor).reason(reason)),
        };
        if let Some(event) = event {
            event.method(Method::Password.as_str()).took(started.elapsed()).log();
        }
        signed_up
    }

    async fn try_sign_up(&self, form: SignupForm, visitor: &Visitor) -> Result<OpenSession, SignupRefused> {
        let invitation = form.invitation.clone();
        if !self.check_signup(invitation.as_deref()).await? {
            return Err(SignupRefused::Closed);
        }
        let valid = self.validate_signup(form).map_err(SignupRefused::Faults)?;
        self.count(self.signup_counters(visitor)).await?;
        self.check_free(&valid).await?;
        let accounts = [Some(valid.username.normal()), valid.email.as_ref().map(Email::normal)];
        let (user, proof) = self.make_user(valid, invitation.as_deref()).await?;
        let mut open = self.open_session(user, proof, visitor).await.map_err(|error| match error {
            OpenError::Refused(_) | OpenError::Outdated => SignupRefused::Closed,
            OpenError::Store(error) => SignupRefused::Store(error),
        })?;
        accounts.iter().flatten().for_each(|account| self.learn_account(&mut open.device, account));
        Ok(open)
    }

    /// Tells whether the registration form may be shown.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if an invitation cannot be looked up.
    pub async fn check_signup(&self, invitation: Option<&str>) -> Result<bool, StoreError> {
        match (self.config.signin.signup, invitation) {
            (Signup::Open, _) => Ok(true),
            (Signup::Closed, _) | (Signup::Invitation, None) => Ok(false),
            (Signup::Invitation, Some(token)) => {
                let found = self.store.find_link(&hash_token(token), LinkPurpose::Invitation, self.clock.now()).await?;
                Ok(found.is_some())
            }
        }
    }

    fn validate_signup(&self, form: SignupForm) -> Result<Valid, SignupFaults> {
        let words = [self.site_words(), &form.name, &form.username, &form.email];
        let password = NewPassword::parse(form.password, self.config.password.min_length, &words);
        let (name, username) = (DisplayName::parse(&form.name), Username::parse(&form.username));
        match (name, username, self.parse_email(&form.email), password) {
            (Ok(name), Ok(username), Ok(email), Ok(password)) => Ok(Valid { name, username, email, password }),
            (name, username, email, password) => Err(SignupFaults {
                name: name.err(),
                username: username.err().map(UsernameFault::Invalid),
                email: email.err(),
                password: password.err(),
            }),
        }
    }

    /// Says at once all that is taken, before anything is hashed. Whoever is faster
    /// after that runs into the unique constraint. An address that does not count
    /// as proven is nobody's yet, so nothing is told about it.
    async fn check_free(&self, valid: &Valid) -> Result<(), SignupRefused> {
        let username = Identifier::Username(valid.username.clone());
        let username_taken = self.store.find_user_by_identifier(&username).await?.is_some();
        let email_taken = match &valid.email {
            Some(email) if self.proves_email() => self.store.find_user_by_identifier(&Identifier::Email(email.clone())).await?.is_some(),
            _ => false,
        };
        if username_taken || email_taken { Err(SignupRefused::taken(username_taken, email_taken)) } else { Ok(()) }
    }

    /// Makes the user, and with it uses the invitation up.
    async fn make_user(&self, valid: Valid, invitation: Option<&str>) -> Result<(User, Proof), SignupRefused> {
        let password_hash = self.hash_new(valid.password).await?;
        let user = NewUser {
            id: UserId::new(&self.clock),
            name: valid.name,
            is_email_proven: valid.email.is_some() && self.proves_email(),
            email: valid.email,
            password: Some(NewLogin { username: valid.username, password_hash: password_hash.clone() }),
            identity: None,
            now: self.clock.now(),
        };
        let user = match (self.config.signin.signup, invitation) {
            (Signup::Invitation, Some(token)) => self.store.insert_invited_user(&hash_token(token), user).await?,
            _ => Some(self.store.insert_user(user).await?),
        };
        Ok((user.ok_or(SignupRefused::Closed)?, Proof::Password(password_hash)))
    }
}

#[cfg(test)]
mod tests;
