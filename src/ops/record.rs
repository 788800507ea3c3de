//! The failure record: what went wrong and how often, kept in the database.
//!
//! [`Recorder`] takes what the watch hears into a bounded queue in memory and
//! writes it in batches, beside the requests. It keeps nobody waiting: if the queue
//! is full the oldest failure gives way and is counted, and a database that is away
//! is tried again. Failures are rows, everything is also counted; the words of the
//! counts are [`Outcome`]'s. Replicas write their own rows, and reading adds them up.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::{DateTime, DurationRound as _, TimeDelta, Utc};
use tokio::sync::Notify;

use super::metrics;
use super::rules::Judgement;
use crate::clock::Clock;
use crate::domain::identity::ProviderId;
use crate::domain::ids::{AttemptId, RowId};
use crate::provider::trace::TraceStep;
use crate::signin::failure::{Category, ProviderErrorCode, SigninFailure};
use crate::store::counts::{Count, RecordBatch};
use crate::store::failures::{Failure, Step, Story};
use crate::store::{Store, StoreError};

/// How many failures wait at most; then the oldest gives way.
const MAX_QUEUED: usize = 10_000;
/// How many totals are remembered at most: a day of many providers and outcomes.
const MAX_COUNTS: usize = 20_000;
/// How many failures one transaction writes at most.
const BATCH: usize = 200;
/// How long something waits before it is written.
const PAUSE: Duration = Duration::from_secs(1);
/// How long the database is left alone after it has failed.
const PAUSE_AFTER_FAILURE: Duration = Duration::from_secs(5);
/// How finely is counted.
const WIDTH: TimeDelta = TimeDelta::minutes(5);
/// How many attempts are remembered, so that each comes back once.
const MAX_RETURNED: usize = 10_000;
/// The longest detail that is kept, in characters.
const MAX_DETAIL_CHARS: usize = 300;
/// The longest identifier of a request that is kept, in characters.
const MAX_REQUEST_ID_CHARS: usize = 64;

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// An attempt began.
    Begun,
    /// An attempt that began in these five minutes has ended, whichever way; the others are lost or still away.
    Returned,
    /// Somebody has signed in.
    SignedIn,
    /// Somebody has linked an identity.
    Linked,
    /// A sign-in failed.
    Failed(Category),
    /// A password did not let somebody in.
    PasswordRefused,
    /// An access token opened nothing, or an endpoint of the issuer gave a client nothing.
    TokenRefused,
}

impl Outcome {
    /// Returns the word in the table: `begun`, `returned`, `signed_in`, `linked`, a category, `password_refused`, `token_refused`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Begun => "begun",
            Self::Returned => "returned",
            Self::SignedIn => "signed_in",
            Self::Linked => "linked",
            Self::Failed(category) => category.as_str(),
            Self::PasswordRefused => "password_refused",
            Self::TokenRefused => "token_refused",
        }
    }
}

/// Takes what is to be recorded, and writes it.
pub struct Recorder {
    clock: Clock,
    retention: Duration,
    queue: Mutex<Queue>,
    /// The batch of which nobody knows whether it was written; whoever writes holds it.
    pending: tokio::sync::Mutex<Option<RecordBatch>>,
    is_full: Notify,
}

/// What waits to be written.
#[derive(Default)]
struct Queue {
    failures: VecDeque<Failure>,
    dropped: u64,
    /// Running totals by step, provider and outcome.
    totals: BTreeMap<(DateTime<Utc>, String, Outcome), Total>,
    /// The attempts that came back last; identifiers sort by time.
    returned: BTreeSet<AttemptId>,
}

/// A running total, and what of it stands in the database.
struct Total {
    id: RowId,
    count: u32,
    stored: Option<u32>,
}

impl Recorder {
    /// Makes a recorder whose rows are kept for `retention`; zero: it records nothing.
    pub fn new(clock: Clock, retention: Duration) -> Self {
        Self { clock, retention, queue: Mutex::default(), pending: tokio::sync::Mutex::default(), is_full: Notify::new() }
    }

    /// Counts something that has just happened.
    pub fn count(&self, provider: Option<&ProviderId>, outcome: Outcome) {
        if !self.retention.is_zero() {
            self.queue().count(&self.clock, self.clock.now(), provider, outcome);
        }
    }

    /// Counts that an attempt has ended, where it began; the second time it does nothing.
    pub fn count_returned(&self, provider: &ProviderId, attempt: AttemptId) {
        let mut queue = self.queue();
        if self.retention.is_zero() || !queue.returned.insert(attempt) {
            return;
        }
        if queue.returned.len() > MAX_RETURNED {
            queue.returned.pop_first();
        }
        queue.count(&self.clock, attempt.made_at(), Some(provider), Outcome::Returned);
    }

    /// Takes a failure that is told under `reference`; the oldest gives way if too many wait.
    pub fn take(&self, failure: &SigninFailure, judgement: &Judgement, reference: &str, request_id: &str) {
        if self.retention.is_zero() {
            return;
        }
        let failure = self.record_of(failure, judgement, reference, request_id);
        let mut queue = self.queue();
        queue.failures.push_back(failure);
        if queue.failures.len() > MAX_QUEUED {
            queue.failures.pop_front();
            queue.dropped += 1;
            metrics::count_failure_dropped();
            if queue.dropped == 1 {
                log::error!(target: "genkan::ops", event = "record_full", waiting = MAX_QUEUED; "the database takes no failures; the oldest are dropped from the record");
            }
        }
        if queue.failures.len() >= BATCH {
            self.is_full.notify_one();
        }
    }

    /// Describes a failure that is told under `reference`.
    fn record_of(&self, failure: &SigninFailure, judgement: &Judgement, reference: &str, request_id: &str) -> Failure {
        let word = |word: Option<&str>| word.map(str::to_owned);
        Failure {
            id: RowId::new(&self.clock),
            reference: reference.to_owned(),
            failed_at: self.clock.now(),
            provider: word(failure.provider.as_ref().map(ProviderId::as_str)),
            category: judgement.category.as_str().to_owned(),
            cause: failure.cause.as_str().to_owned(),
            stage: failure.stage.as_str().to_owned(),
            purpose: failure.purpose.as_str().to_owned(),
            provider_error: word(failure.provider_error.as_ref().map(ProviderErrorCode::as_str)),
            http_status: failure.http_status,
            attempt: failure.attempt,
            is_genuine: failure.attempt.is_some(),
            rule: judgement.rule,
            fingerprint: fingerprint(failure),
            story: Story {
                clock_difference_secs: failure.clock_difference_secs,
                detail: failure.detail.as_ref().map(|detail| detail.chars().take(MAX_DETAIL_CHARS).collect()),
                duration_ms: u64::try_from(failure.duration.as_millis()).unwrap_or(u64::MAX),
                request_id: request_id.chars().take(MAX_REQUEST_ID_CHARS).collect(),
                steps: failure.steps.iter().map(step_of).collect(),
            },
        }
    }

    /// Writes until it is dropped or aborted.
    pub async fn run(&self, store: &Store) {
        let mut is_away = false;
        loop {
            let pause = if is_away { PAUSE_AFTER_FAILURE } else { PAUSE };
            let woken = async { if is_away { std::future::pending().await } else { self.is_full.notified().await } };
            // Either is a reason to look.
            let _ = tokio::time::timeout(pause, woken).await;
            let written = self.write_out(store).await;
            if let Err(error) = &written
                && !is_away
            {
                log::warn!(target: "genkan::ops", event = "record_waits"; "the failure record cannot be written now: {error}");
            }
            is_away = written.is_err();
        }
    }

    /// Writes whatever waits.
    ///
    /// # Errors
    ///
    /// [`StoreError`]; what was not written waits for the next time.
    pub async fn write_out(&self, store: &Store) -> Result<(), StoreError> {
        let mut pending = self.pending.lock().await;
        loop {
            if pending.is_none() {
                *pending = self.next_batch();
            }
            // It stays there while it is written, for whoever asks may stop waiting.
            let Some(batch) = pending.clone() else { return Ok(()) };
            store.insert_record(batch).await?;
            if let Some(batch) = pending.take() {
                self.note_written(&batch);
            }
        }
    }

    /// Takes the next batch off the queue; `None` if there is nothing new.
    fn next_batch(&self) -> Option<RecordBatch> {
        let mut queue = self.queue();
        let count = queue.failures.len().min(BATCH);
        let failures: Vec<_> = queue.failures.drain(..count).collect();
        let counts: Vec<_> = queue.changed().collect();
        let batch = RecordBatch { failures, counts, expires_at: self.clock.now() + self.retention };
        (!batch.failures.is_empty() || !batch.counts.is_empty()).then_some(batch)
    }

    /// Remembers what stands in the database now.
    fn note_written(&self, batch: &RecordBatch) {
        let mut queue = self.queue();
        let queue = &mut *queue;
        for count in &batch.counts {
            if let Some(total) = queue.totals.values_mut().find(|total| total.id == count.id) {
                total.stored = Some(count.total);
            }
        }
        if queue.failures.is_empty() && queue.dropped > 0 {
            log::warn!(target: "genkan::ops", event = "record_dropped", failures = queue.dropped; "the failure record is complete again; so many failures are missing from it");
            queue.dropped = 0;
        }
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        // Counts stay usable even if somebody panicked over them.
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Names what failures of one kind have in common: provider, stage, cause and the provider's error code.
pub fn fingerprint(failure: &SigninFailure) -> String {
    let provider = failure.provider.as_ref().map_or("-", ProviderId::as_str);
    let code = failure.provider_error.as_ref().map_or("-", ProviderErrorCode::as_str);
    format!("{provider}/{}/{}/{code}", failure.stage, failure.cause.as_str())
}

fn step_of(step: &TraceStep) -> Step {
    let millis = |duration: Duration| u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
    Step {
        name: step.name.to_owned(),
        at_ms: millis(step.at),
        took_ms: millis(step.took),
        result: step.result.clone(),
        http_status: step.http_status,
        content_type: step.content_type.clone(),
        bytes: step.bytes.and_then(|bytes| u64::try_from(bytes).ok()),
        fields: step.fields.clone(),
    }
}

impl Queue {
    fn count(&mut self, clock: &Clock, at: DateTime<Utc>, provider: Option<&ProviderId>, outcome: Outcome) {
        let at = at.duration_trunc(WIDTH).unwrap_or(at);
        let provider = provider.map_or("", ProviderId::as_str).to_owned();
        let total = self.totals.entry((at, provider, outcome));
        total.or_insert_with(|| Total { id: RowId::new(clock), count: 0, stored: None }).count += 1;
        if self.totals.len() > MAX_COUNTS {
            self.totals.pop_first();
        }
    }

    /// Returns the totals that are not in the database as they are here.
    fn changed(&self) -> impl Iterator<Item = Count> {
        let changed = self.totals.iter().filter(|(_, total)| total.stored != Some(total.count));
        changed.map(|((at, provider, outcome), total)| Count {
            id: total.id,
            counted_at: *at,
            hour_at: at.duration_trunc(TimeDelta::hours(1)).unwrap_or(*at),
            provider: provider.clone(),
            outcome: outcome.as_str().to_owned(),
            total: total.count,
            is_stored: total.stored.is_some(),
        })
    }
}

#[cfg(test)]
mod tests;
