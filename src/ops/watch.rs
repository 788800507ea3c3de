//! The one ear for how sign-ins begin and end.
//!
//! The flows tell [`Watch`] and nobody else; it tells whoever keeps count: the
//! metrics and the guards. None of them may keep a person waiting or fail a sign-in,
//! so nothing here is async and nothing returns an error.

use std::time::Duration;

use super::guard::Guards;
use super::metrics;
use crate::domain::identity::ProviderId;
use crate::domain::ids::AttemptId;
use crate::signin::attempt::Purpose;
use crate::signin::failure::SigninFailure;

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
#[derive(Debug, Default)]
pub struct Watch {
    guards: Guards,
}

impl Watch {
    /// Notes that somebody is sent to a provider.
    pub fn attempt_begun(&self, provider: &ProviderId) {
        metrics::count_attempt(provider);
    }

    /// Notes that a provider has told who somebody is, whatever becomes of it here.
    pub fn provider_worked(&self, provider: &ProviderId) {
        self.guards.note_success(provider);
    }

    /// Notes a sign-in or link that went well.
    pub fn succeeded(&self, success: &Success<'_>) {
        if success.purpose == Purpose::SignIn {
            metrics::count_success(success.provider);
        }
    }

    /// Notes a failure that stands in the log under `reference`.
    pub fn failed(&self, failure: &SigninFailure, _reference: &str) {
        self.guards.note_failure(failure);
        metrics::count_failure(failure);
    }
}
