//! The road through a provider, from the button to a session.
//!
//! | part | owns |
//! |---|---|
//! | here | the start of an attempt, and what its end is asked with and answers |
//! | `finish` | the end: from what the browser brought back to a session |
//! | `outcome` | how it ended, for whoever delivers the same answer again |
//! | `person` | finding, making or linking the account |

mod finish;
mod outcome;
mod person;

use std::time::Instant;

use url::Url;

use super::Signin;
use super::attempt::{Attempt, Attempts, Purpose};
use super::classify::classify;
use super::failure::{Cause, ProviderErrorCode, Reported, SigninFailure, Stage, report};
use super::session::OpenSession;
use super::visitor::Visitor;
use crate::config::redirect_uri;
use crate::domain::language::Language;
use crate::domain::return_to::ReturnTo;
use crate::domain::user::User;
use crate::provider::{AuthorizationRequest, Provider, ProviderError};

/// What somebody asks for at the start of an attempt.
#[derive(Clone, Debug)]
pub struct BeginRequest<'a> {
    /// The provider's name, as it stands in the path.
    pub provider: &'a str,
    /// The origin of our pages, as this browser knows it.
    pub origin: &'a str,
    /// What the attempt is for.
    pub purpose: Purpose,
    /// Where to go afterwards.
    pub return_to: Option<ReturnTo>,
    /// Who is signed in; linking needs somebody.
    pub user: Option<&'a User>,
    /// The person's language.
    pub language: Language,
    /// The attempts of this browser that are under way.
    pub attempts: &'a Attempts,
    /// Who asks.
    pub visitor: &'a Visitor,
}

/// What the browser brought back, and what it carried all along.
#[derive(Clone, Debug)]
pub struct FinishRequest<'a> {
    /// The provider's name, as it stands in the path.
    pub provider: &'a str,
    /// The origin of our pages, as this browser knows it: the same as at the start.
    pub origin: &'a str,
    /// The query string or the form body, raw.
    pub raw: &'a [u8],
    /// Whether it came in the address, where others can read it.
    pub is_query: bool,
    /// The attempts in the session cookie; `None` if no session cookie came at all.
    pub attempts: Option<&'a Attempts>,
    /// Who is signed in.
    pub user: Option<&'a User>,
    /// Who asks.
    pub visitor: &'a Visitor,
}

/// How an attempt ended well.
#[derive(Clone, Debug)]
pub enum Finished {
    /// A session was opened.
    SignedIn {
        /// The attempt, finished.
        attempt: Attempt,
        /// The session and its token.
        session: Box<OpenSession>,
        /// Whether the user was made just now.
        is_new: bool,
    },
    /// An identity was linked to the signed-in user.
    Linked {
        /// The attempt, finished.
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
    /// The reported failure, with stage `start`.
    pub async fn begin(&self, request: BeginRequest<'_>) -> Result<(Attempt, Url), Reported> {
        let started = Instant::now();
        let begun = self.begin_road(&request).await;
        begun.map_err(|failure| report(SigninFailure { duration: started.elapsed(), ..failure }, request.visitor))
    }

    async fn begin_road(&self, request: &BeginRequest<'_>) -> Result<(Attempt, Url), SigninFailure> {
        let fail = |cause| SigninFailure {
            purpose: request.purpose,
            return_to: request.return_to.clone(),
            ..SigninFailure::new(cause, Stage::Start)
        };
        let provider = self.providers.find(request.provider).ok_or_else(|| fail(Cause::ProviderUnknown))?;
        let linking_user = match request.purpose {
            Purpose::SignIn => None,
            Purpose::Link => Some(request.user.ok_or_else(|| fail(Cause::LinkSessionChanged))?.id),
        };
        crate::ops::metrics::count_attempt(&provider.id);
        let attempt = Attempt::new(&self.clock, &provider.id, request.purpose, request.return_to.clone(), linking_user);
        let is_retry = request.attempts.is_pending(&provider.id, self.clock.now(), self.config.signin.attempt_ttl());
        let url = authorization_url(provider, &attempt, request, is_retry).await;
        let url = url.map_err(|error| SigninFailure { stage: Stage::Start, ..of_provider(&error, provider, &attempt) })?;
        Ok((attempt, url))
    }
}

/// Builds the address; `is_retry`: an earlier attempt of this browser did not come back.
async fn authorization_url(
    provider: &Provider,
    attempt: &Attempt,
    request: &BeginRequest<'_>,
    is_retry: bool,
) -> Result<Url, ProviderError> {
    let request = AuthorizationRequest {
        redirect_uri: &redirect_uri(request.origin, &provider.id),
        state: &attempt.state(),
        nonce: &attempt.nonce(),
        code_verifier: &attempt.code_verifier(),
        language: request.language,
        is_retry,
    };
    provider.authorization_url(&request).await
}

/// Makes the failure of an attempt of which no more is known than cause and stage.
fn of_attempt(cause: Cause, stage: Stage, provider: &Provider, attempt: &Attempt) -> SigninFailure {
    SigninFailure {
        provider: Some(provider.id.clone()),
        attempt: Some(attempt.id),
        purpose: attempt.purpose,
        return_to: attempt.return_to.clone(),
        ..SigninFailure::new(cause, stage)
    }
}

/// Makes the failure that a provider's fault is.
fn of_provider(error: &ProviderError, provider: &Provider, attempt: &Attempt) -> SigninFailure {
    let (cause, stage) = classify(error);
    SigninFailure {
        provider_error: error.code.as_deref().and_then(ProviderErrorCode::clean),
        http_status: error.http_status,
        ..of_attempt(cause, stage, provider, attempt)
    }
}
