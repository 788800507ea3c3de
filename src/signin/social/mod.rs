//! The road through a provider, from the button to a session.
//!
//! | part | owns |
//! |---|---|
//! | here | the start of an attempt, and what its end is asked with and answers |
//! | `finish` | the end: from what the browser brought back to a session |
//! | `keep` | what becomes of the provider's tokens |
//! | `restart` | another trip, where the provider's answer asks for one |
//! | `outcome` | how it ended, for whoever delivers the same answer again |
//! | `person` | finding, making or linking the account |

mod finish;
mod keep;
mod outcome;
mod person;
mod restart;

use std::time::Instant;

use url::Url;

use super::Signin;
use super::attempt::{Attempt, Attempts, Purpose};
use super::classify::classify;
use super::failure::{Cause, ProviderErrorCode, Reported, SigninFailure, Stage};
use super::session::{OpenSession, SignedIn};
use super::visitor::Visitor;
use crate::config::redirect_uri;
use crate::domain::language::Language;
use crate::domain::return_to::ReturnTo;
use crate::provider::{AuthorizationRequest, Provider, ProviderError, trace};

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
    pub who: Option<&'a SignedIn>,
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
    pub who: Option<&'a SignedIn>,
    /// The language to be sent away in once more; none: whoever asks cannot be sent away.
    pub language: Option<Language>,
    /// Who asks.
    pub visitor: &'a Visitor,
}

/// How the start of an attempt went.
#[derive(Clone, Debug)]
pub enum Begun {
    /// The browser is to be sent away.
    Away {
        /// The attempt, for the browser to carry.
        attempt: Box<Attempt>,
        /// Where to.
        url: Url,
    },
    /// Linking needs a sign-in of just now (security.md LK-01, SE-06); nothing has begun.
    SignInFirst,
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
    /// The provider asks for another trip, which happens once; the browser is to be sent away again.
    Again {
        /// The attempt, begun once more.
        attempt: Box<Attempt>,
        /// Where to.
        url: Url,
    },
    /// The answer had been used and this browser is signed in: go on.
    Onward {
        /// Where to.
        return_to: Option<ReturnTo>,
    },
}

impl Signin {
    /// Begins an attempt.
    ///
    /// # Errors
    ///
    /// The reported failure, with stage `start`.
    pub async fn begin(&self, request: BeginRequest<'_>) -> Result<Begun, Reported> {
        let started = Instant::now();
        let (begun, steps) = trace::collect(Box::pin(self.begin_road(&request))).await;
        begun.map_err(|failure| self.report(SigninFailure { duration: started.elapsed(), steps, ..failure }, request.visitor))
    }

    async fn begin_road(&self, request: &BeginRequest<'_>) -> Result<Begun, SigninFailure> {
        let fail = |cause| SigninFailure {
            purpose: request.purpose,
            return_to: request.return_to.clone(),
            ..SigninFailure::new(cause, Stage::Start)
        };
        let provider = self.providers.find(request.provider).ok_or_else(|| fail(Cause::ProviderUnknown))?;
        let linking_user = match request.purpose {
            Purpose::SignIn => None,
            Purpose::Link => {
                let who = request.who.ok_or_else(|| fail(Cause::LinkSessionChanged))?;
                if !self.is_fresh(who) {
                    return Ok(Begun::SignInFirst);
                }
                Some(who.user.id)
            }
        };
        self.watch.attempt_begun(&provider.id, request.visitor);
        let attempt = Attempt::new(&self.clock, &provider.id, request.purpose, request.return_to.clone(), linking_user);
        let is_retry = request.attempts.is_pending(&provider.id, self.clock.now(), self.config.signin.attempt_ttl());
        let url = authorization_url(provider, &attempt, (request.origin, request.language), is_retry).await;
        let url = url.map_err(|error| SigninFailure { stage: Stage::Start, ..of_provider(&error, provider, &attempt) })?;
        Ok(Begun::Away { attempt: Box::new(attempt), url })
    }
}

/// Builds the address; `is_retry`: an earlier attempt of this browser did not come back.
async fn authorization_url(
    provider: &Provider,
    attempt: &Attempt,
    (origin, language): (&str, Language),
    is_retry: bool,
) -> Result<Url, ProviderError> {
    let request = AuthorizationRequest {
        redirect_uri: &redirect_uri(origin, &provider.id),
        state: &attempt.state(),
        nonce: &attempt.nonce(),
        code_verifier: &attempt.code_verifier(),
        language,
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

/// Names how far the clocks are apart, where a time in an ID Token was wrong (security.md DP-04).
fn clock_difference(cause: Cause, provider: &Provider) -> Option<i64> {
    let is_about_time = matches!(cause, Cause::IdTokenExpired | Cause::IdTokenFromFuture);
    provider.clock_difference_secs().filter(|_| is_about_time)
}

/// Makes the failure that a provider's fault is.
fn of_provider(error: &ProviderError, provider: &Provider, attempt: &Attempt) -> SigninFailure {
    let (cause, stage) = classify(error);
    SigninFailure {
        provider_error: error.code.as_deref().and_then(ProviderErrorCode::clean),
        http_status: error.http_status,
        clock_difference_secs: clock_difference(cause, provider),
        ..of_attempt(cause, stage, provider, attempt)
    }
}
