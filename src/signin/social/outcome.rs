//! How a consumed attempt ended, told to whoever delivers its answer once more.
//!
//! A browser delivers a GET at least once, and a code is good once: the first
//! delivery writes its outcome, the others wait for it and take part.

use std::time::{Duration, Instant};

use chrono::TimeDelta;

use super::Finished;
use super::finish::{Departure, Trip};
use crate::domain::ids::AttemptId;
use crate::signin::Signin;
use crate::signin::failure::{Category, Cause, Reported, Stage};
use crate::signin::visitor::Visitor;
use crate::store::attempts::Outcome;

/// How often the outcome of a double delivery is looked up.
const OUTCOME_POLL: Duration = Duration::from_millis(50);
/// What a double delivery waits beyond the time that calls to the provider may take.
pub(super) const OUTCOME_SLACK: Duration = Duration::from_secs(2);
/// For how long a second delivery gets the session of the first: 30 s, and 90 s for replicas whose clocks differ (security.md DP-04).
const OUTCOME_TTL: TimeDelta = TimeDelta::seconds(120);

impl Signin {
    /// Waits for what the first delivery of the same answer comes to, and takes part in it.
    pub(super) async fn await_outcome(&self, trip: &Trip<'_>, visitor: &Visitor) -> Result<Finished, Departure> {
        let wait = Duration::from_secs(self.config.http.total_timeout_secs) + OUTCOME_SLACK;
        let deadline = Instant::now() + wait;
        let repeated = || trip.fail(Cause::AttemptRepeated, Stage::Callback);
        loop {
            let outcome = self.store.find_outcome(trip.attempt.id).await;
            match outcome.map_err(|error| trip.store_failed(&error, Stage::Callback))? {
                Some(outcome) => return self.join(trip, outcome, visitor).await?.ok_or_else(|| repeated().into()),
                None if Instant::now() >= deadline => return Err(repeated().into()),
                None => tokio::time::sleep(OUTCOME_POLL).await,
            }
        }
    }

    async fn join(&self, trip: &Trip<'_>, outcome: Outcome, visitor: &Visitor) -> Result<Option<Finished>, Departure> {
        let attempt = trip.attempt.clone();
        match outcome {
            Outcome::SignedIn { session_id, .. } => {
                let reopened = self.reopen_session(session_id, visitor).await;
                let session = reopened.map_err(|error| trip.store_failed(&error, Stage::Account))?;
                let session = session.filter(|session| self.clock.now() - session.session.created_at <= OUTCOME_TTL);
                Ok(session.map(|session| Finished::SignedIn { attempt, session: Box::new(session), is_new: false }))
            }
            Outcome::Linked { .. } => Ok(Some(Finished::Linked { attempt })),
            Outcome::Failed { cause, reference } => {
                let (cause, category) = read_words(&cause);
                let rest = Reported::of(trip.fail(cause, Stage::Callback));
                Err(Departure::Told(Reported { category: category.unwrap_or(rest.category), reference, ..rest }))
            }
        }
    }

    pub(super) async fn record_failure(&self, id: AttemptId, reported: &Reported) {
        let outcome = Outcome::Failed { cause: words_of(reported), reference: reported.reference.clone() };
        self.record_outcome(id, outcome).await;
    }

    /// Writes the outcome for a second delivery. That nobody may need it is no reason to fail.
    pub(super) async fn record_outcome(&self, id: AttemptId, outcome: Outcome) {
        if let Err(error) = self.store.record_outcome(id, outcome).await {
            log::warn!(target: "genkan::store", event = "outcome_not_recorded", attempt = id.to_string(), problem = error.to_string(); "a second delivery of this attempt will be told that it was used");
        }
    }
}

/// Names a failure's cause, and its category where a rule of the operators says another one than the cause.
fn words_of(reported: &Reported) -> String {
    let cause = reported.cause.as_str();
    if reported.category == reported.cause.category() { cause.to_owned() } else { format!("{cause} {}", reported.category) }
}

/// Reads what [`words_of`] has written.
fn read_words(words: &str) -> (Cause, Option<Category>) {
    let (cause, category) = words.split_once(' ').unwrap_or((words, ""));
    (Cause::from_name(cause).unwrap_or(Cause::Internal), Category::from_name(category))
}
