//! The one ear for how sign-ins begin and end.
//!
//! The flows tell [`Watch`] and nobody else; it tells whoever keeps count: the
//! metrics, the guards and the failure record. None of them may keep a person waiting or fail a sign-in,
//! so nothing here is async and nothing returns an error.

use std::time::Duration;

use super::guard::Guards;
use super::metrics;
use super::record::{Outcome, Recorder};
use super::rules::{Judgement, Rules};
use crate::domain::identity::ProviderId;
use crate::domain::ids::AttemptId;
use crate::signin::attempt::Purpose;
use crate::signin::failure::SigninFailure;
use crate::signin::visitor::Visitor;

/// A sign-in or link that went well.
#[derive(Clone, Debug)]
pub struct Success<'a> {
    /// The provider; `None` for a password.
    pub provider: Option<&'a ProviderId>,
    /// The attempt; `None` for a password.
    pub attempt: Option<AttemptId>,
    /// What it was for.
    pub purpose: Purpose,
    /// How long we worked on the request that ended it.
    pub duration: Duration,
}

impl Success<'_> {
    /// Makes the success of a password.
    pub fn with_password(duration: Duration) -> Self {
        Self { provider: None, attempt: None, purpose: Purpose::SignIn, duration }
    }
}

/// Hears of every attempt that begins and of every sign-in that ends.
pub struct Watch {
    guards: Guards,
    /// The failure record.
    pub recorder: Recorder,
    /// What operators have decided about categories and levels.
    pub rules: Rules,
}

impl Watch {
    /// Makes a watch that has heard nothing yet.
    pub fn new(recorder: Recorder) -> Self {
        Self { guards: Guards::default(), recorder, rules: Rules::default() }
    }

    /// Notes that somebody is sent to a provider.
    pub fn attempt_begun(&self, provider: &ProviderId) {
        metrics::count_attempt(provider);
        self.recorder.count(Some(provider), Outcome::Begun);
    }

    /// Notes that somebody is sent to a provider once more by itself.
    pub fn attempt_restarted(&self, provider: &ProviderId) {
        metrics::count_restart(provider);
    }

    /// Notes that a provider has told who somebody is, whatever becomes of it here.
    pub fn provider_worked(&self, provider: &ProviderId) {
        self.guards.note_success(provider);
    }

    /// Notes a sign-in or link that went well.
    pub fn succeeded(&self, success: &Success<'_>) {
        let outcome = match success.purpose {
            Purpose::SignIn => {
                metrics::count_success(success.provider);
                Outcome::SignedIn
            }
            Purpose::Link => Outcome::Linked,
        };
        self.recorder.count(success.provider, outcome);
        self.note_return(success.provider, success.attempt);
    }

    /// Notes a failure that stands in the log under `reference`.
    pub fn failed(&self, failure: &SigninFailure, judgement: &Judgement, reference: &str, visitor: &Visitor) {
        self.guards.note_failure(failure);
        metrics::count_failure(failure, judgement.category);
        self.recorder.count(failure.provider.as_ref(), Outcome::Failed(judgement.category));
        self.recorder.take(failure, judgement, reference, &visitor.request_id);
        self.note_return(failure.provider.as_ref(), failure.attempt);
    }

    /// Notes a password that did not let somebody in.
    pub fn password_refused(&self) {
        self.recorder.count(None, Outcome::PasswordRefused);
    }

    fn note_return(&self, provider: Option<&ProviderId>, attempt: Option<AttemptId>) {
        if let Some((provider, attempt)) = provider.zip(attempt) {
            self.recorder.count_returned(provider, attempt);
        }
    }
}
