//! Valid values to store.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use genkan::clock::Clock;
use genkan::domain::email::Email;
use genkan::domain::identifier::Identifier;
use genkan::domain::identity::{Identity, ProviderId, Subject};
use genkan::domain::ids::{AttemptId, RowId, SessionId, UserId};
use genkan::domain::name::{DisplayName, Username};
use genkan::domain::user::{Session, User};
use genkan::store::Store;
use genkan::store::authentications::PasswordChange;
use genkan::store::identities::{Linking, Unlinking};
use genkan::store::links::{LinkPurpose, NewLink};
use genkan::store::sessions::Proof;
use genkan::store::users::{NewLogin, NewUser};

/// The time of every test.
pub fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_000_000, 0).expect("a time in 2026")
}

pub fn later(seconds: i64) -> DateTime<Utc> {
    now() + TimeDelta::seconds(seconds)
}

pub fn clock() -> Clock {
    let clock = Clock::fixed(now());
    clock.advance(Duration::from_millis(1));
    clock
}

pub fn user_id() -> UserId {
    UserId::new(&clock())
}

pub fn attempt_id() -> AttemptId {
    AttemptId::new(&clock())
}

pub fn email(text: &str) -> Email {
    Email::parse(text).expect("an address")
}

pub fn login(username: &str) -> NewLogin {
    NewLogin { username: Username::parse(username).expect("a user name"), password_hash: format!("hash of {username}") }
}

pub fn identity(subject: &str) -> Identity {
    Identity {
        provider: ProviderId::parse("lab").expect("a provider"),
        issuer: "https://lab.example".to_owned(),
        subject: Subject::parse(subject).expect("a subject"),
    }
}

/// A user with nothing but a name, and their own id as identity.
pub fn nobody() -> NewUser {
    let id = user_id();
    NewUser {
        id,
        name: DisplayName::parse("山田 花子").expect("a name"),
        email: None,
        is_email_proven: false,
        password: None,
        identity: Some(identity(&id.to_string())),
        now: now(),
    }
}

pub fn with_login(username: &str) -> NewUser {
    NewUser { password: Some(login(username)), identity: None, ..nobody() }
}

pub fn with_identity(subject: &str) -> NewUser {
    NewUser { identity: Some(identity(subject)), ..nobody() }
}

pub fn with_email(address: &str, is_email_proven: bool) -> NewUser {
    NewUser { email: Some(email(address)), is_email_proven, ..nobody() }
}

pub fn session_of(user: UserId) -> Session {
    Session {
        id: SessionId::new(&clock()),
        user_id: user,
        method: "password".to_owned(),
        browser: "Firefox on Linux".to_owned(),
        created_at: now(),
        seen_at: now(),
        expires_at: later(3600),
    }
}

pub fn reset_link(token_hash: &str, user: UserId) -> NewLink {
    NewLink {
        token_hash: token_hash.to_owned(),
        purpose: LinkPurpose::PasswordReset,
        user_id: Some(user),
        now: now(),
        expires_at: later(3600),
    }
}

pub fn invitation(token_hash: &str) -> NewLink {
    NewLink { purpose: LinkPurpose::Invitation, user_id: None, ..reset_link(token_hash, user_id()) }
}

pub fn by(text: &str) -> Identifier {
    Identifier::parse(text)
}

/// Stores a user; panics if that fails.
pub async fn insert(store: &Store, user: NewUser) -> User {
    store.insert_user(user).await.expect("the user can be stored")
}

/// Finds what a user of [`with_login`] or [`nobody`] signs in by.
pub async fn proof_of(store: &Store, user: UserId) -> Proof {
    let login = store.find_login_of(user).await.expect("a query");
    login.map_or_else(|| Proof::Identity(identity(&user.to_string())), |login| Proof::Password(login.password_hash))
}

/// Opens a session; panics if that fails.
pub async fn open_session(store: &Store, user: UserId) -> Session {
    let (session, proof) = (session_of(user), proof_of(store, user).await);
    assert!(store.insert_session(session.clone(), proof).await.expect("the session can be stored"));
    session
}

/// Describes the change of a password; the time is [`now`].
pub fn new_password(old_hash: &str, new_hash: &str, keep: Option<SessionId>) -> PasswordChange {
    PasswordChange { old_hash: old_hash.to_owned(), new_hash: new_hash.to_owned(), keep, now: now() }
}

/// Describes a link without tokens, made in this session.
pub fn linking(session: SessionId, identity: Identity, now: DateTime<Utc>) -> Linking {
    Linking { session, identity, tokens: None, now }
}

/// Describes a removal where `lab` can be used.
pub fn unlinking(identity: RowId, keep: SessionId) -> Unlinking {
    Unlinking { identity, usable: vec![ProviderId::parse("lab").expect("a provider")], keep, now: now() }
}
