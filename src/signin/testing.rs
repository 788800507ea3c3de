//! A whole [`Signin`] over a private `SQLite` file and a clock that stands still.

use std::sync::Arc;
use std::time::Duration;

use chrono::DateTime;
use secrecy::ExposeSecret as _;

use super::Signin;
use super::keyring::Keyring;
use super::lane::Lane;
use super::password::PasswordRefused;
use super::session::{OpenSession, SessionCache, SignedIn};
use super::visitor::Visitor;
use crate::account::signup::SignupForm;
use crate::clock::Clock;
use crate::config::Config;
use crate::domain::email::Email;
use crate::domain::identity::{Identity, ProviderId, Subject};
use crate::domain::ids::UserId;
use crate::domain::name::{DisplayName, Username};
use crate::domain::user::User;
use crate::ops::alarm::dispatch::Dispatcher;
use crate::ops::record::Recorder;
use crate::ops::watch::Watch;
use crate::provider::Providers;
use crate::store::Store;
use crate::store::sessions::Proof;
use crate::store::users::{NewLogin, NewUser};

/// The password of everybody in these tests.
pub const PASSWORD: &str = "velvet harbor nineteen geese";

/// A site of its own, gone when dropped.
pub struct World {
    pub signin: Signin,
    pub clock: Clock,
    pub visitor: Visitor,
    _directory: tempfile::TempDir,
}

impl World {
    pub async fn new() -> Self {
        Self::with(|_| ()).await
    }

    pub async fn with(change: impl FnOnce(&mut Config)) -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        let clock = Clock::fixed(DateTime::from_timestamp(1_800_000_000, 0).expect("a time"));
        let mut config = Config::default();
        config.database.url = format!("sqlite:{}", directory.path().join("test.db").display()).into();
        config.password.cost = 4;
        config.password.threads = 2;
        change(&mut config);
        let store = Store::connect(&config.database).await.expect("a database");
        store.migrate().await.expect("migrations");
        let signin = Signin {
            keyring: Arc::new(Keyring::open(&store, &"master".into(), &clock, config.session.ttl()).await.expect("keys")),
            lane: Arc::new(Lane::new(&config.password).expect("threads")),
            sessions: Arc::new(SessionCache::new(config.session.memory(), clock.clone())),
            providers: Arc::new(Providers::new(&[], &config.http, clock.clone()).expect("no providers")),
            config: Arc::new(config),
            post: None,
            watch: Arc::new(Watch::new(clock.clone(), Dispatcher::default(), Recorder::new(clock.clone(), Duration::from_secs(3600)))),
            clock: clock.clone(),
            store,
        };
        Self { signin, clock, visitor: Visitor::default(), _directory: directory }
    }

    /// Makes a user with this hash, or else with an identity of that name, who has the
    /// address `username@example.org`.
    pub async fn add_user(&self, username: &str, password_hash: Option<String>) -> User {
        let name = Username::parse(username).expect("a user name");
        let user = NewUser {
            id: UserId::new(&self.clock),
            name: DisplayName::parse(username).expect("a name"),
            email: Email::parse(&format!("{username}@example.org")).ok(),
            is_email_proven: true,
            identity: password_hash.is_none().then(|| identity(username)),
            claim: None,
            password: password_hash.map(|password_hash| NewLogin { username: name, password_hash }),
            now: self.clock.now(),
        };
        self.signin.store.insert_user(user).await.expect("a new user")
    }

    /// Makes a user with the password of everybody.
    pub async fn add(&self, username: &str) -> User {
        let hash = self.signin.hashing().hash(PASSWORD);
        self.add_user(username, Some(hash)).await
    }

    /// Opens a session for a user without password, by their identity.
    pub async fn open(&self, user: User) -> OpenSession {
        let proof = Proof::Identity(identity(&user.name));
        self.signin.open_session(user, proof, &self.visitor).await.expect("a session")
    }

    pub async fn try_password(&self, identifier: &str, password: &str) -> Result<OpenSession, PasswordRefused> {
        self.signin.sign_in_with_password(identifier, password.into(), &self.visitor).await
    }

    /// Signs in with the password of everybody.
    pub async fn sign_in(&self, identifier: &str) -> OpenSession {
        self.try_password(identifier, PASSWORD).await.expect("the right password")
    }

    /// Tells who a session's token belongs to.
    pub async fn authenticate(&self, open: &OpenSession) -> Option<Arc<SignedIn>> {
        self.signin.authenticate(open.token.expose_secret()).await.expect("the store answers")
    }

    /// Lets so many seconds pass.
    pub fn pass(&self, seconds: u64) {
        self.clock.advance(Duration::from_secs(seconds));
    }
}

impl OpenSession {
    /// Returns the session as a request would find it.
    pub fn signed_in(&self) -> SignedIn {
        SignedIn { user: self.user.clone(), session: self.session.clone() }
    }
}

/// Returns an identity at the provider `lab`.
pub fn identity(subject: &str) -> Identity {
    let (provider, subject) = (ProviderId::parse("lab").expect("a provider"), Subject::parse(subject).expect("a subject"));
    Identity { provider, issuer: "https://lab.example".to_owned(), subject }
}

/// Returns a form with which `username` can register.
pub fn form(username: &str) -> SignupForm {
    SignupForm {
        name: "Taro Suzuki".to_owned(),
        username: username.to_owned(),
        email: format!("{username}@example.org"),
        password: PASSWORD.into(),
        invitation: None,
    }
}
