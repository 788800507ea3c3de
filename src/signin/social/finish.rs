//! The end of an attempt: one straight road, and one place that reports whoever leaves it.

use std::time::{Duration, Instant};

use super::outcome::OUTCOME_SLACK;
use super::person::Refused;
use super::restart::may_restart;
use super::{FinishRequest, Finished, of_attempt, of_provider};
use crate::config::redirect_uri;
use crate::domain::ids::AttemptId;
use crate::ops::watch::Success;
use crate::provider::{CodeExchange, Identified, Profile, Provider, trace};
use crate::signin::Signin;
use crate::signin::attempt::{Attempt, Attempts, Purpose};
use crate::signin::callback::Callback;
use crate::signin::event::Event;
use crate::signin::failure::{Cause, Reported, SigninFailure, Stage};
use crate::store::StoreError;
use crate::store::attempts::Outcome;
use crate::store::provider_tokens::Sealer;

/// Whoever leaves the road.
pub(super) enum Departure {
    /// With a failure, to be reported; names the attempt if this request consumed it.
    Failed(Box<SigninFailure>, Option<AttemptId>),
    /// With the failure that the first delivery of the same answer has reported.
    Told(Reported),
}

impl From<SigninFailure> for Departure {
    fn from(failure: SigninFailure) -> Self {
        Self::Failed(Box::new(failure), None)
    }
}

/// A road whose attempt is found: what every further failure tells.
pub(super) struct Trip<'a> {
    /// The origin of our pages, as this browser knows it.
    pub origin: &'a str,
    pub provider: &'a Provider,
    pub attempt: &'a Attempt,
}

impl Trip<'_> {
    pub fn fail(&self, cause: Cause, stage: Stage) -> SigninFailure {
        of_attempt(cause, stage, self.provider, self.attempt)
    }

    /// Tells whether whoever comes back to link is who left.
    pub fn is_who_began(&self, request: &FinishRequest<'_>) -> bool {
        self.attempt.purpose == Purpose::SignIn || self.attempt.linking_user == request.who.map(|who| who.user.id)
    }

    fn success(&self, started: Instant) -> Success<'_> {
        let Attempt { id, purpose, .. } = *self.attempt;
        Success { provider: Some(&self.provider.id), attempt: Some(id), purpose, duration: started.elapsed() }
    }

    /// Makes the failure of a store that did not answer.
    pub(super) fn store_failed(&self, error: &StoreError, stage: Stage) -> SigninFailure {
        store_failed(error, self.fail(Cause::StoreUnavailable, stage))
    }

    /// Ends a consumed attempt for which there is no account, or no store to find it in.
    fn refused(&self, refused: Refused) -> Departure {
        self.consumed(refused.into_failure(self.fail(Cause::StoreUnavailable, Stage::Account)))
    }

    /// Marks a failure as the outcome of an attempt that is consumed.
    fn consumed(&self, failure: SigninFailure) -> Departure {
        Departure::Failed(Box::new(failure), Some(self.attempt.id))
    }
}

impl Signin {
    /// Ends an attempt.
    ///
    /// # Errors
    ///
    /// The reported failure. The caller drops [`Reported::attempt`] from the cookie; a
    /// cancel that came without state names none, so its attempt stays alive.
    pub async fn finish(&self, request: FinishRequest<'_>) -> Result<Finished, Reported> {
        let started = Instant::now();
        let (finished, steps) = trace::collect(Box::pin(self.finish_road(&request, started))).await;
        match finished {
            Ok(finished) => Ok(finished),
            Err(Departure::Told(reported)) => Err(reported),
            Err(Departure::Failed(failure, consumed)) => {
                let reported = self.report(SigninFailure { duration: started.elapsed(), steps, ..*failure }, request.visitor);
                if let Some(id) = consumed {
                    self.record_failure(id, &reported).await;
                }
                Err(reported)
            }
        }
    }

    async fn finish_road(&self, request: &FinishRequest<'_>, started: Instant) -> Result<Finished, Departure> {
        let provider = self.providers.find(request.provider);
        let provider = provider.ok_or_else(|| SigninFailure::new(Cause::ProviderUnknown, Stage::Callback))?;
        let callback = Callback::read(request.raw).map_err(|cause| at_callback(provider, cause))?;
        let attempt = match self.find_attempt(request, provider, &callback)? {
            Found::Pending(attempt) => attempt,
            Found::Onward(finished) => return Ok(finished),
        };
        let trip = Trip { origin: request.origin, provider, attempt };
        let code = match self.check(request, &callback, &trip).await {
            Err(failure) if may_restart(request, &callback, &trip, &failure) => return self.restart(request, &trip).await,
            checked => checked?,
        };
        if !self.consume(&trip).await? {
            return self.await_outcome(&trip, request.visitor).await;
        }
        let deadline = started + Duration::from_secs(self.config.http.total_timeout_secs);
        let Identified { profile, tokens } = self.identify(&trip, code, deadline).await.map_err(|failure| trip.consumed(failure))?;
        self.watch.provider_worked(&provider.id, attempt.id, request.visitor);
        let tokens = self.settle_tokens(&trip, &profile.identity, tokens, deadline).await.map_err(|failure| trip.consumed(failure))?;
        let arrival = Arrival { profile, tokens, started };
        match attempt.purpose {
            Purpose::SignIn => self.sign_in_as(&trip, arrival, request).await,
            Purpose::Link => self.link_to(&trip, arrival, request).await,
        }
    }

    /// Finds the attempt that the answer belongs to: steps 6 to 9 of the order.
    fn find_attempt<'a>(&self, request: &FinishRequest<'a>, provider: &Provider, callback: &Callback) -> Result<Found<'a>, Departure> {
        let none = const { &Attempts::NONE };
        let (now, ttl) = (self.clock.now(), self.config.signin.attempt_ttl());
        let attempts = request.attempts.unwrap_or(none);
        let fail = |cause| Departure::from(at_callback(provider, cause));
        let Some(state) = callback.state.as_deref().filter(|state| !state.is_empty()) else {
            let is_cancel = callback.is_cancel() && attempts.is_pending(&provider.id, now, ttl);
            return Err(fail(if is_cancel { Cause::ConsentDenied } else { lost(request, Cause::StateMissing) }));
        };
        if let Some(finished) = attempts.find_finished(state) {
            let return_to = finished.return_to.clone();
            let onward = Found::Onward(Finished::Onward { return_to });
            return if request.who.is_some() { Ok(onward) } else { Err(fail(Cause::AttemptRepeated)) };
        }
        let attempt = attempts.find_by_state(state).ok_or_else(|| fail(lost(request, Cause::StateUnknown)))?;
        if attempt.is_expired(now, ttl) {
            return Err(of_attempt(Cause::AttemptExpired, Stage::Callback, provider, attempt).into());
        }
        if attempt.provider != provider.id.as_str() {
            return Err(fail(Cause::StateOfOtherProvider));
        }
        Ok(Found::Pending(attempt))
    }

    /// Checks the answer of a found attempt: steps 10 to 16 of the order, and who began to link.
    async fn check<'c>(&self, request: &FinishRequest<'_>, callback: &'c Callback, trip: &Trip<'_>) -> Result<&'c str, SigninFailure> {
        let issuer = trip.provider.check_response_issuer(callback.iss.as_deref()).await;
        issuer.map_err(|error| of_provider(&error, trip.provider, trip.attempt))?;
        let code = callback
            .accept(|answer| trip.provider.explain(answer).and_then(Cause::from_name))
            .map_err(|cause| SigninFailure { provider_error: callback.provider_error(), ..trip.fail(cause, Stage::Authorization) })?;
        if request.is_query && trip.provider.wants_form() {
            return Err(trip.fail(Cause::ResponseContradictory, Stage::Authorization));
        }
        if !trip.is_who_began(request) {
            return Err(trip.fail(Cause::LinkSessionChanged, Stage::Callback));
        }
        Ok(code)
    }

    /// Consumes the attempt, before its code is sent anywhere (security.md SO-02, DB-01).
    async fn consume(&self, trip: &Trip<'_>) -> Result<bool, SigninFailure> {
        let ttl = self.config.signin.attempt_ttl();
        let expires_at = self.clock.now() + ttl + OUTCOME_SLACK;
        let consumed = self.store.consume_attempt(trip.attempt.id, expires_at).await;
        consumed.map_err(|error| trip.store_failed(&error, Stage::Callback))
    }

    async fn identify(&self, trip: &Trip<'_>, code: &str, deadline: Instant) -> Result<Identified, SigninFailure> {
        let exchange = CodeExchange {
            code,
            code_verifier: &trip.attempt.code_verifier(),
            nonce: &trip.attempt.nonce(),
            redirect_uri: &redirect_uri(trip.origin, &trip.provider.id),
            deadline,
        };
        let identified = trip.provider.identify(&exchange).await.inspect_err(trace::note_fault);
        let identified = identified.map_err(|error| of_provider(&error, trip.provider, trip.attempt))?;
        let granted = identified.profile.granted_scopes.as_ref();
        let is_granted = |scope: &String| granted.is_none_or(|granted| granted.contains(scope));
        let is_enough = trip.provider.required_scopes.iter().all(is_granted);
        if is_enough { Ok(identified) } else { Err(trip.fail(Cause::ConsentPartial, Stage::Token)) }
    }

    async fn sign_in_as(&self, trip: &Trip<'_>, arrival: Arrival, request: &FinishRequest<'_>) -> Result<Finished, Departure> {
        let (started, begun_at) = (arrival.started, Instant::now());
        let signed_in = self.sign_in(trip.provider, arrival.profile, arrival.tokens, request.visitor).await;
        trace::note("account", begun_at, if signed_in.is_ok() { "ok" } else { "refused" });
        let (session, is_new) = signed_in.map_err(|refused| trip.refused(refused))?;
        let outcome = Outcome::SignedIn { user_id: session.user.id, session_id: session.session.id };
        self.record_outcome(trip.attempt.id, outcome).await;
        self.watch.succeeded(&trip.success(started));
        let event = Event::signin("signin_succeeded", request.visitor).method("provider").provider(&trip.provider.id).attempt(trip.attempt);
        event.user(session.user.id).new_user(is_new).took(started.elapsed()).log();
        Ok(Finished::SignedIn { attempt: trip.attempt.clone(), session: Box::new(session), is_new })
    }

    async fn link_to(&self, trip: &Trip<'_>, arrival: Arrival, request: &FinishRequest<'_>) -> Result<Finished, Departure> {
        let Some(who) = request.who else {
            return Err(trip.consumed(trip.fail(Cause::LinkSessionChanged, Stage::Account)));
        };
        let begun_at = Instant::now();
        let linked = self.link(who, trip.provider, &arrival, request.visitor).await;
        trace::note("account", begun_at, if linked.is_ok() { "ok" } else { "refused" });
        let is_new = linked.map_err(|refused| trip.refused(refused))?;
        self.record_outcome(trip.attempt.id, Outcome::Linked { user_id: who.user.id }).await;
        self.watch.succeeded(&trip.success(arrival.started));
        let event = Event::signin("link_added", request.visitor).provider(&trip.provider.id).attempt(trip.attempt);
        event.user(who.user.id).new_link(is_new).took(arrival.started.elapsed()).log();
        Ok(Finished::Linked { attempt: trip.attempt.clone() })
    }
}

/// Whoever has arrived: who it is, and which tokens are to be kept.
pub(super) struct Arrival {
    pub profile: Profile,
    pub tokens: Option<Sealer>,
    pub started: Instant,
}

/// What a state leads to.
enum Found<'a> {
    Pending(&'a Attempt),
    Onward(Finished),
}

/// Makes a failure that belongs to no attempt.
fn at_callback(provider: &Provider, cause: Cause) -> SigninFailure {
    SigninFailure { provider: Some(provider.id.clone()), ..SigninFailure::new(cause, Stage::Callback) }
}

/// Names what got lost: the whole cookie, if none came, explains more than a missing attempt.
fn lost(request: &FinishRequest<'_>, cause: Cause) -> Cause {
    if request.attempts.is_none() { Cause::CookieMissing } else { cause }
}

/// Adds what the store said, for the log; the person only learns that it is us.
pub(super) fn store_failed(error: &StoreError, failure: SigninFailure) -> SigninFailure {
    SigninFailure { detail: Some(error.to_string()), ..failure }
}
