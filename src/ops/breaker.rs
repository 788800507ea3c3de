//! One provider's breaker: whether people are told that it is in trouble.
//!
//! ```text
//! closed ─(failures of many clients, or of few and a probe that fails)─▶ open ─(a good probe)─▶ probing
//!    ▲                                                                     ▲                        │
//!    ├──────────────(somebody signed in with it)───────────────────────────┴───(a probe fails)──────┤
//!    └──────────────────────────────────(another good probe)────────────────────────────────────────┘
//! ```
//!
//! It judges the last ten genuine outcomes of the last minutes: an attempt counts once,
//! and only in the browser that began it. One client's failures open nothing by
//! themselves, however many they are: they make us ask the provider ourselves
//! (security.md LG-07). Nothing is ever closed to anybody: the button says that the
//! provider is in trouble and still works.

use std::collections::{BTreeSet, VecDeque};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use super::client::Client;
use crate::domain::ids::AttemptId;

/// How many outcomes are judged.
const OUTCOMES: usize = 10;
/// How old an outcome may be to be judged.
const MEMORY: TimeDelta = TimeDelta::minutes(10);
/// How many failures among them open it, if they are of enough clients.
const OPENS_AT: usize = 5;
/// How many clients are enough.
const CLIENTS: usize = 3;
/// How many failures among them are worth a look of our own.
const SUSPECT_AT: usize = 3;
/// How many good probes in a row close it.
const GOOD_PROBES: u32 = 2;
/// The first pause between two probes; each failure makes it longer by half.
const FIRST_PAUSE: Duration = Duration::from_secs(5);
/// The longest pause; with what closing takes it stays below a minute.
pub const LONGEST_PAUSE: Duration = Duration::from_secs(20);

/// What a breaker says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum State {
    /// Nothing is known against the provider.
    #[default]
    Closed,
    /// It is in trouble.
    Open,
    /// It is in trouble, but a probe went well.
    Probing,
}

impl State {
    /// Every state.
    pub const ALL: [Self; 3] = [Self::Closed, Self::Open, Self::Probing];

    /// Returns the word for metrics and logs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Closed => "closed",
            Self::Open => "open",
            Self::Probing => "probing",
        }
    }

    /// Tells whether people are told.
    pub fn is_troubled(self) -> bool {
        self != Self::Closed
    }
}

/// A genuine outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// The attempt.
    pub attempt: AttemptId,
    /// Whose it was.
    pub client: Client,
    /// When it ended.
    pub at: DateTime<Utc>,
}

/// The breaker.
#[derive(Clone, Debug, Default)]
pub struct Breaker {
    state: State,
    since: Option<DateTime<Utc>>,
    outcomes: VecDeque<(Outcome, bool)>,
    good_probes: u32,
    /// Which way it turned here, until the other replicas know.
    turned: Option<bool>,
    is_suspect: bool,
}

impl Breaker {
    /// Returns what it says.
    pub fn state(&self) -> State {
        self.state
    }

    /// Returns since when the provider is, or is not, in trouble; `None` if it has not changed as far as we know.
    pub fn since(&self) -> Option<DateTime<Utc>> {
        self.since
    }

    /// Returns how many of the outcomes that it judges are failures.
    pub fn failures(&self) -> usize {
        self.outcomes.iter().filter(|(_, is_failure)| *is_failure).count()
    }

    /// Returns how many probes in a row went well.
    pub fn good_probes(&self) -> u32 {
        self.good_probes
    }

    /// Tells whether a look of our own would settle whether it is in trouble.
    pub fn is_suspect(&self) -> bool {
        self.is_suspect && self.state == State::Closed
    }

    /// Counts an `idp_outage`; the same attempt counts once.
    pub fn fail(&mut self, outcome: Outcome) {
        if self.outcomes.iter().any(|(counted, _)| counted.attempt == outcome.attempt) {
            return;
        }
        self.note(outcome, true);
        let failed = || self.outcomes.iter().filter(|(_, is_failure)| *is_failure).map(|(outcome, _)| outcome);
        let (failures, clients) = (failed().count(), failed().map(|outcome| outcome.client).collect::<BTreeSet<_>>().len());
        self.is_suspect |= failures >= SUSPECT_AT;
        if failures >= OPENS_AT && clients >= CLIENTS {
            self.open(outcome.at);
        }
    }

    /// Notes that the provider told who somebody is: whatever was before, it works.
    pub fn succeed(&mut self, outcome: Outcome) {
        if self.state.is_troubled() {
            self.close(outcome.at);
        }
        self.is_suspect = false;
        self.note(outcome, false);
    }

    /// Notes what a probe came to.
    pub fn probed(&mut self, works: bool, at: DateTime<Utc>) {
        self.good_probes = if works { self.good_probes + 1 } else { 0 };
        match (self.state, works) {
            (State::Closed, true) => self.is_suspect = false,
            (State::Closed, false) if self.is_suspect => self.open(at),
            (State::Closed, false) => {}
            (State::Open | State::Probing, false) => self.state = State::Open,
            (State::Open | State::Probing, true) if self.good_probes >= GOOD_PROBES => self.close(at),
            (State::Open | State::Probing, true) => self.state = State::Probing,
        }
    }

    /// Returns how long to wait after this probe before the next one, given the pause before it.
    ///
    /// `chance` from 0 to 255 spreads it by a fifth to either side, so that replicas and sites do not march in step.
    pub fn pause_after(before: Duration, was_good: bool, chance: u8) -> Duration {
        let plain = if was_good || before.is_zero() { FIRST_PAUSE } else { (before * 3 / 2).min(LONGEST_PAUSE) };
        // From four fifths to six fifths of it.
        (plain / 5 * (4 * 255 + 2 * u32::from(chance)) / 255).min(LONGEST_PAUSE)
    }

    /// Takes over what all replicas know, unless this one knows better and has not said so yet.
    pub fn learn(&mut self, is_troubled: bool, good_probes: u32, since: DateTime<Utc>) {
        if self.turned.is_some() {
            return;
        }
        if is_troubled != self.state.is_troubled() {
            self.outcomes.clear();
            self.is_suspect = false;
        }
        self.state = match (is_troubled, good_probes) {
            (false, _) => State::Closed,
            (true, 0) => State::Open,
            (true, _) => State::Probing,
        };
        (self.good_probes, self.since) = (if is_troubled { good_probes } else { 0 }, Some(since));
    }

    /// Returns which way it turned here, if the others do not know yet.
    pub fn turned(&self) -> Option<bool> {
        self.turned
    }

    /// Forgets that the others did not know.
    pub fn told(&mut self, is_troubled: bool) {
        self.turned = self.turned.filter(|turned| *turned != is_troubled);
    }

    fn note(&mut self, outcome: Outcome, is_failure: bool) {
        self.outcomes.retain(|(counted, _)| outcome.at - counted.at < MEMORY);
        self.outcomes.push_back((outcome, is_failure));
        if self.outcomes.len() > OUTCOMES {
            self.outcomes.pop_front();
        }
    }

    fn open(&mut self, at: DateTime<Utc>) {
        if self.state == State::Closed {
            self.turn(State::Open, at);
        }
    }

    fn close(&mut self, at: DateTime<Utc>) {
        self.turn(State::Closed, at);
        self.outcomes.clear();
    }

    fn turn(&mut self, state: State, at: DateTime<Utc>) {
        (self.state, self.since, self.turned) = (state, Some(at), Some(state.is_troubled()));
        (self.good_probes, self.is_suspect) = (0, false);
    }
}

#[cfg(test)]
mod tests;
