//! The one ear for how sign-ins begin and end.
//!
//! The flows tell [`Watch`] and nobody else; it tells whoever keeps count: the
//! metrics, the guards, the failure record, the breakers and the alarms. None of them
//! may keep a person waiting or fail a sign-in, so nothing here is async and nothing
//! returns an error. What has to wait for the database or a provider is left to
//! [`super::patrol`].

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;

use super::alarm::dispatch::Dispatcher;
use super::alarm::receiver::Report;
use super::alarm::strange::{Sieve, Strange};
use super::alarm::tally::{Counted, Tally};
use super::breaker::Outcome;
use super::client::Client;
use super::guard::{Guards, Suspicion};
use super::health::Health;
use super::metrics;
use super::record::{Outcome as Counts, Recorder};
use super::rules::{Judgement, Rules};
use crate::clock::Clock;
use crate::domain::identity::ProviderId;
use crate::domain::ids::AttemptId;
use crate::signin::attempt::Purpose;
use crate::signin::failure::{Category, Cause, SigninFailure, Stage};
use crate::signin::visitor::Visitor;

/// How many signals wait for the patrol at most; more of them say nothing new.
const MAX_SIGNALS: usize = 256;

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

/// Something that may be an incident, for the patrol to look into.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Signal {
    /// A guard has tripped.
    Suspicion(Suspicion),
    /// A failure may be the first of its kind.
    Strange(Strange),
}

/// Hears of every attempt that begins and of every sign-in that ends.
pub struct Watch {
    clock: Clock,
    dispatcher: Dispatcher,
    guards: Guards,
    /// The failure record.
    pub recorder: Recorder,
    /// What operators have decided about categories and levels.
    pub rules: Rules,
    /// Which providers are in trouble.
    pub health: Health,
    tally: Mutex<Tally>,
    sieve: Mutex<Sieve>,
    signals: Mutex<Vec<Signal>>,
    /// Wakes the patrol before its time.
    pub wake: Notify,
}

impl Watch {
    /// Hears by that clock, hands failures on to whoever collects them, and keeps the record.
    pub fn new(clock: Clock, dispatcher: Dispatcher, recorder: Recorder) -> Self {
        Self {
            clock,
            dispatcher,
            guards: Guards::default(),
            recorder,
            rules: Rules::default(),
            health: Health::default(),
            tally: Mutex::default(),
            sieve: Mutex::default(),
            signals: Mutex::default(),
            wake: Notify::default(),
        }
    }

    /// Returns where alerts go.
    pub fn dispatcher(&self) -> &Dispatcher {
        &self.dispatcher
    }

    /// Notes that somebody is sent to a provider.
    pub fn attempt_begun(&self, provider: &ProviderId, visitor: &Visitor) {
        metrics::count_attempt(provider);
        self.recorder.count(Some(provider), Counts::Begun);
        self.with_tally(|tally| tally.begin(provider, Client::of(visitor.address), self.clock.now()));
    }

    /// Notes that somebody is sent to a provider once more by itself.
    pub fn attempt_restarted(&self, provider: &ProviderId) {
        metrics::count_restart(provider);
    }

    /// Notes that a provider has told who somebody is, whatever becomes of it here.
    pub fn provider_worked(&self, provider: &ProviderId, attempt: AttemptId, visitor: &Visitor) {
        self.guards.note_success(provider);
        let outcome = Outcome { attempt, client: Client::of(visitor.address), at: self.clock.now() };
        self.with_tally(|tally| tally.end(provider, outcome.client, attempt, (Counted::Ended, outcome.at)));
        if self.health.succeed(provider, outcome) {
            self.wake.notify_waiters();
        }
    }

    /// Notes a sign-in or link that went well.
    pub fn succeeded(&self, success: &Success<'_>) {
        let outcome = match success.purpose {
            Purpose::SignIn => {
                metrics::count_success(success.provider);
                Counts::SignedIn
            }
            Purpose::Link => Counts::Linked,
        };
        self.recorder.count(success.provider, outcome);
        self.note_return(success.provider, success.attempt);
    }

    /// Notes a failure that stands in the log under `reference`.
    pub fn failed(&self, failure: &SigninFailure, judgement: &Judgement, reference: &str, visitor: &Visitor) {
        metrics::count_failure(failure, judgement.category);
        self.recorder.count(failure.provider.as_ref(), Counts::Failed(judgement.category));
        self.recorder.take(failure, judgement, reference, &visitor.request_id);
        self.note_return(failure.provider.as_ref(), failure.attempt);
        let client = Client::of(visitor.address);
        if let Some(suspicion) = self.guards.note_failure(failure, client) {
            self.signal(Signal::Suspicion(suspicion));
        }
        let strange = self.sieve.lock().unwrap_or_else(PoisonError::into_inner).pass(failure, client);
        if let Some(strange) = strange {
            self.signal(Signal::Strange(strange));
        }
        self.dispatcher.report(|| Report::of(failure, judgement.category, reference, self.clock.now()));
        self.weigh(failure, client);
    }

    /// Notes a password that did not let somebody in.
    pub fn password_refused(&self) {
        self.recorder.count(None, Counts::PasswordRefused);
    }

    /// Notes a program that got nothing: a token that opens nothing, or none given.
    pub fn token_refused(&self) {
        self.recorder.count(None, Counts::TokenRefused);
    }

    fn note_return(&self, provider: Option<&ProviderId>, attempt: Option<AttemptId>) {
        if let Some((provider, attempt)) = provider.zip(attempt) {
            self.recorder.count_returned(provider, attempt);
        }
    }

    /// Takes what the patrol is to look into.
    pub fn take_signals(&self) -> Vec<Signal> {
        std::mem::take(&mut self.signals.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Puts a signal back, or in: told once, however often it comes before the patrol does.
    pub fn signal(&self, signal: Signal) {
        let mut signals = self.signals.lock().unwrap_or_else(PoisonError::into_inner);
        if signals.len() < MAX_SIGNALS && !signals.contains(&signal) {
            signals.push(signal);
        }
    }

    /// Changes what is counted for the alarms.
    pub fn with_tally<T>(&self, change: impl FnOnce(&mut Tally) -> T) -> T {
        change(&mut self.tally.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Counts the end of a genuine attempt: one that this browser began (security.md LG-07).
    fn weigh(&self, failure: &SigninFailure, client: Client) {
        let Some((provider, attempt)) = failure.provider.as_ref().zip(failure.attempt) else { return };
        let at = self.clock.now();
        let how = match failure.cause.category() {
            // A second delivery says nothing about the first, which is counted.
            _ if failure.cause == Cause::AttemptRepeated => return,
            Category::IdpOutage if failure.stage != Stage::Account => Counted::Outage,
            Category::BrowserEnvironment => Counted::Browser,
            Category::UserCancelled | Category::IdpOutage | Category::Other => Counted::Ended,
        };
        self.with_tally(|tally| tally.end(provider, client, attempt, (how, at)));
        if how == Counted::Outage && self.health.fail(provider, Outcome { attempt, client, at }) {
            self.wake.notify_waiters();
        }
    }
}
