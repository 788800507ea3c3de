//! The token, its row, and the short memory between them.
//!
//! A token is a JWT signed with ES256 whose `sid` names a row of `sessions`; the
//! row decides. Signature and row are checked once and remembered for a few
//! seconds, keyed by the whole token; ending a session drops it here at once.

use secrecy::SecretString;

use super::Signin;
use super::gate::Refusal;
use super::visitor::Visitor;
use crate::domain::ids::SessionId;
use crate::domain::user::{Method, Session, User};
use crate::store::StoreError;

/// A session that has just been opened.
#[derive(Clone, Debug)]
pub struct OpenSession {
    /// Whose it is.
    pub user: User,
    /// The row.
    pub session: Session,
    /// The signed token for the `jwt` cookie.
    pub token: SecretString,
}

/// Somebody who is signed in, and with what.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// Who.
    pub user: User,
    /// The session.
    pub session: Session,
}

/// Tokens checked a moment ago.
pub struct SessionCache {
    // part password
}

/// Why a session cannot be opened.
#[derive(Debug)]
pub enum OpenError {
    /// The user may not sign in.
    Refused(Refusal),
    /// The store failed.
    Store(StoreError),
}

impl Signin {
    /// Opens a session for a user who passes the gate (security.md SI-02, SE-03).
    ///
    /// # Errors
    ///
    /// [`OpenError`].
    pub async fn open_session(&self, _user: User, _method: &Method, _visitor: &Visitor) -> Result<OpenSession, OpenError> {
        todo!("part password")
    }

    /// Makes another token for a session that is open already (double delivery).
    pub async fn reopen_session(&self, _id: SessionId) -> Result<Option<OpenSession>, StoreError> {
        todo!("part password")
    }

    /// Checks a token: signature, claims, row, user. `None` means signed out.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if the row cannot be read; never "signed out" then.
    pub async fn authenticate(&self, _token: &str) -> Result<Option<std::sync::Arc<SignedIn>>, StoreError> {
        todo!("part password")
    }

    /// Ends one session of a user, here at once; logs `session_ended`.
    pub async fn end_session(&self, _signed_in: &SignedIn, _id: SessionId, _visitor: &Visitor) -> Result<bool, StoreError> {
        todo!("part password")
    }

    /// Ends all sessions of a user but `keep`.
    pub async fn end_other_sessions(
        &self,
        _signed_in: &SignedIn,
        _keep: Option<SessionId>,
        _visitor: &Visitor,
    ) -> Result<usize, StoreError> {
        todo!("part password")
    }

    /// Tells whether the sign-in is recent enough for a sensitive change (security.md SE-06).
    pub fn is_fresh(&self, _signed_in: &SignedIn) -> bool {
        todo!("part password")
    }
}
