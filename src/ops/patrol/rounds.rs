//! One provider's round: its breaker kept in step with the other replicas, and a probe where one is due.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use super::Patrol;
use crate::ops::breaker::{Breaker, LONGEST_PAUSE};
use crate::provider::{Probed, Provider};
use crate::random;
use crate::store::StoreError;
use crate::store::health::{Health, ProbeClaim};

/// No replica probes a provider more often than this, whatever its neighbours' clocks say.
const SHORTEST_PAUSE: TimeDelta = TimeDelta::seconds(4);
/// How far apart two notes that a provider works are at least.
const NOTE_EVERY: TimeDelta = TimeDelta::seconds(30);

/// What a replica remembers of its rounds.
#[derive(Clone, Debug, Default)]
pub(super) struct Note {
    /// When it probed last.
    probed_at: Option<DateTime<Utc>>,
    /// The pause after that, where no database says it.
    pause: Duration,
}

impl Patrol {
    /// Makes one provider's round.
    pub(super) async fn look_after(&self, provider: &Provider) {
        let row = self.note_store(self.synchronise(provider).await);
        let breaker = self.watch.health.breaker(&provider.id);
        if !breaker.is_suspect() && !breaker.state().is_troubled() {
            return;
        }
        let before = row
            .as_ref()
            .map_or_else(|| self.with_note(&provider.id, |note| note.pause), |row| Duration::from_secs(u64::from(row.probe_pause_secs)));
        let claim = self.claim(provider, before, false);
        if !self.take_turn(row.is_some(), &claim, provider).await {
            return;
        }
        let works = !matches!(self.probe(provider).await, Probed::Down(_));
        let claim = self.claim(provider, before, works);
        self.with_note(&provider.id, |note| note.pause = claim.pause);
        self.watch.health.turn(&provider.id, |breaker| breaker.probed(works, claim.now));
        if row.is_some() {
            let good_probes = self.watch.health.breaker(&provider.id).good_probes();
            let written = self.store.record_probe(claim, good_probes).await;
            self.note_store(written);
            self.note_store(self.synchronise(provider).await);
        }
    }

    fn claim(&self, provider: &Provider, before: Duration, was_good: bool) -> ProbeClaim {
        let [chance] = random::bytes::<1>();
        let pause = Breaker::pause_after(before, was_good, chance);
        ProbeClaim { provider: provider.id.to_string(), now: self.now(), pause, longest: LONGEST_PAUSE }
    }

    /// Tells whether it is this replica's turn to probe, now; alone it is, by its own book.
    async fn take_turn(&self, is_shared: bool, claim: &ProbeClaim, provider: &Provider) -> bool {
        let now = claim.now;
        let is_due = self.with_note(&provider.id, |note| {
            let pause = if is_shared { SHORTEST_PAUSE } else { TimeDelta::from_std(note.pause).unwrap_or(SHORTEST_PAUSE) };
            note.probed_at.is_none_or(|at| now < at || now - at >= pause)
        });
        let is_ours = is_due && (!is_shared || self.note_store(self.store.claim_probe(claim.clone()).await).unwrap_or(false));
        if is_ours {
            self.with_note(&provider.id, |note| note.probed_at = Some(now));
        }
        is_ours
    }

    /// Tells the others what was seen here, and learns what they know.
    async fn synchronise(&self, provider: &Provider) -> Result<Health, StoreError> {
        let (id, health) = (&provider.id, &self.watch.health);
        let mut row = self.row(provider).await?;
        if let Some(is_troubled) = health.breaker(id).turned() {
            self.store.update_health(id.to_string(), is_troubled, self.now()).await?;
            health.turn(id, |breaker| breaker.told(is_troubled));
            row = self.row(provider).await?;
        }
        health.turn(id, |breaker| breaker.learn(row.is_troubled, row.good_probes, row.since));
        if let Some(worked_at) = health.worked_at(id)
            && row.worked_at.is_none_or(|known| worked_at - known >= NOTE_EVERY)
        {
            self.store.touch_health(id.to_string(), worked_at).await?;
        }
        Ok(row)
    }

    async fn row(&self, provider: &Provider) -> Result<Health, StoreError> {
        if let Some(row) = self.store.find_health(provider.id.to_string()).await? {
            return Ok(row);
        }
        self.store.insert_health(provider.id.to_string(), self.now()).await?;
        self.store.find_health(provider.id.to_string()).await?.ok_or(StoreError::NotFound)
    }
}
