//! The road through a provider, from the button to a session.

use url::Url;

use super::Signin;
use super::attempt::{Attempt, Attempts, Purpose};
use super::failure::SigninFailure;
use super::session::OpenSession;
use super::visitor::Visitor;
use crate::domain::language::Language;
use crate::domain::return_to::ReturnTo;
use crate::domain::user::User;

/// What somebody asks for at the start of an attempt.
#[derive(Clone, Debug)]
pub struct BeginRequest {
    /// The provider's name, as it stands in the path.
    pub provider: String,
    /// What the attempt is for.
    pub purpose: Purpose,
    /// Where to go afterwards.
    pub return_to: Option<ReturnTo>,
    /// Who is signed in.
    pub user: Option<User>,
    /// The person's language.
    pub language: Language,
}

/// What the browser brought back, and what it carried all along.
#[derive(Clone, Debug)]
pub struct FinishRequest<'a> {
    /// The provider's name, as it stands in the path.
    pub provider: &'a str,
    /// The query string or the form body, raw.
    pub raw: &'a [u8],
    /// The attempts in the session cookie; `None` if no session cookie came at all.
    pub attempts: Option<&'a Attempts>,
    /// Who is signed in.
    pub user: Option<User>,
    /// Who asks.
    pub visitor: &'a Visitor,
}

/// How an attempt ended well.
#[derive(Clone, Debug)]
pub enum Finished {
    /// A session was opened.
    SignedIn {
        /// The attempt, to be dropped from the cookie.
        attempt: Attempt,
        /// The session and its token.
        session: OpenSession,
        /// Whether the user was made just now.
        is_new: bool,
    },
    /// An identity was linked to the signed-in user.
    Linked {
        /// The attempt, to be dropped from the cookie.
        attempt: Attempt,
    },
    /// The answer had been used and this browser is signed in: go on.
    Onward {
        /// Where to.
        return_to: Option<ReturnTo>,
    },
}

impl Signin {
    /// Begins an attempt: the browser is to be sent to the returned address.
    ///
    /// # Errors
    ///
    /// [`SigninFailure`] with stage `start`.
    pub async fn begin(&self, _request: BeginRequest) -> Result<(Attempt, Url), SigninFailure> {
        todo!("part social")
    }

    /// Ends an attempt.
    ///
    /// # Errors
    ///
    /// [`SigninFailure`] for whatever leaves the road. The caller drops the attempt it
    /// names from the cookie, except for a cancel that came without state.
    pub async fn finish(&self, _request: FinishRequest<'_>) -> Result<Finished, SigninFailure> {
        todo!("part social")
    }
}
