//! The round that concerns all providers: counts written, signals looked into, incidents raised and resolved.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

use super::Patrol;
use crate::domain::identity::ProviderId;
use crate::ops::alarm::desk::{RETENTION, Sighting};
use crate::ops::alarm::rise::{self, BASE, BUCKET, RECENT, Share, Trend};
use crate::ops::alarm::strange::Strange;
use crate::ops::alarm::tally::bucket_of;
use crate::ops::alarm::{Incident, Kind};
use crate::ops::guard::{Guard, Suspicion};
use crate::ops::metrics;
use crate::ops::watch::Signal;
use crate::provider::{Probed, Provider, Providers};
use crate::store::StoreError;
use crate::store::health::Health;
use crate::store::outcome_counts::OutcomeCounts;

/// How often shares are compared with their base lines.
const JUDGE_EVERY: TimeDelta = TimeDelta::seconds(30);
/// How many clients make an alert out of a guard's suspicion without a look of our own.
const CLIENTS: usize = 3;
/// For how long a fingerprint that was noted needs no other note.
const NOTED_FOR: TimeDelta = TimeDelta::hours(1);
/// How many fingerprints are remembered as noted.
const MAX_NOTED: usize = 1_024;
/// Attempts that began this long ago have ended, or were lost: `signin.attempt_ttl_secs` is shorter by far.
const LOST_AFTER: i32 = 2;
/// Over how many buckets lost attempts are looked for.
const LOST_OVER: i32 = 6;

/// What one replica remembers of this round.
#[derive(Debug, Default)]
pub(super) struct Book {
    judged_at: Option<DateTime<Utc>>,
    saved: Vec<OutcomeCounts>,
    noted: BTreeMap<String, DateTime<Utc>>,
    /// How many bad outcomes there were when they were judged last.
    bad: BTreeMap<(String, Kind), u32>,
}

impl Patrol {
    /// Makes the round; what the database did not take is tried again in the next.
    pub(super) async fn keep_book(&self) {
        let mut book = self.book.lock().await;
        let kept = self.try_keep(&mut book).await;
        self.note_store(kept);
    }

    async fn try_keep(&self, book: &mut Book) -> Result<(), StoreError> {
        let now = self.now();
        self.save_counts(book, now).await?;
        let open = self.desk.list(now).await?;
        let open: Vec<_> = open.into_iter().filter(|incident| incident.resolved_at.is_none()).collect();
        self.look_into_signals(book, &open).await?;
        for provider in self.providers.iter() {
            let breaker = self.watch.health.breaker(&provider.id);
            if breaker.state().is_troubled() {
                let failures = u32::try_from(breaker.failures()).unwrap_or(u32::MAX);
                self.see(&open, Kind::IdpOutage, provider, failures).await?;
            }
        }
        if book.judged_at.is_none_or(|at| now < at || now - at >= JUDGE_EVERY) {
            book.judged_at = Some(now);
            self.judge_shares(book, &open, now).await?;
        }
        self.resolve_what_is_over(&open, now).await?;
        show(&self.providers, &open);
        Ok(())
    }

    async fn see(&self, open: &[Incident], kind: Kind, provider: &Provider, failures: u32) -> Result<(), StoreError> {
        self.desk.see(open, Sighting { kind, provider: provider.id.as_str(), subject: "", failures }).await
    }

    async fn save_counts(&self, book: &mut Book, now: DateTime<Utc>) -> Result<(), StoreError> {
        let counts = self.watch.with_tally(|tally| tally.take(now));
        if counts == book.saved {
            return Ok(());
        }
        let saved = self.store.save_outcome_counts(self.replica.clone(), counts.clone(), now + BASE + BUCKET * 2).await;
        if saved.is_err() {
            self.watch.with_tally(|tally| tally.give_back(counts));
        } else {
            book.saved = counts;
        }
        saved
    }

    async fn look_into_signals(&self, book: &mut Book, open: &[Incident]) -> Result<(), StoreError> {
        let mut result = Ok(());
        for signal in self.watch.take_signals() {
            let looked = match &signal {
                Signal::Suspicion(suspicion) => self.look_into_suspicion(open, suspicion).await,
                Signal::Strange(strange) => self.look_into_strange(book, open, strange).await,
            };
            if looked.is_err() {
                self.watch.signal(signal);
                result = looked;
            }
        }
        result
    }

    /// Raises what a guard suspects if many clients met it, or if the provider refuses us as well (security.md LG-07).
    async fn look_into_suspicion(&self, open: &[Incident], suspicion: &Suspicion) -> Result<(), StoreError> {
        let Some(provider) = self.providers.find(suspicion.provider.as_str()) else { return Ok(()) };
        if suspicion.clients < CLIENTS && self.probe(provider).await == Probed::Works {
            return Ok(());
        }
        let kind = match suspicion.guard {
            Guard::FirstContact => Kind::FirstContact,
            Guard::HundredPerCent => Kind::HundredPerCent,
        };
        self.see(open, kind, provider, u32::try_from(suspicion.failures).unwrap_or(u32::MAX)).await
    }

    async fn look_into_strange(&self, book: &mut Book, open: &[Incident], strange: &Strange) -> Result<(), StoreError> {
        let (now, fingerprint) = (self.now(), strange.fingerprint());
        let Strange { provider, subject } = strange;
        let sighting = Sighting { kind: Kind::Other, provider, subject, failures: 1 };
        let goes_on =
            open.iter().any(|incident| incident.kind == Kind::Other && (&incident.provider, &incident.subject) == (provider, subject));
        if goes_on {
            return self.desk.see(open, sighting).await;
        }
        if book.noted.get(&fingerprint).is_some_and(|at| *at <= now && now - *at < NOTED_FOR) {
            return Ok(());
        }
        if self.store.note_fingerprint(fingerprint.clone(), now, now + RETENTION).await? {
            self.desk.see(open, sighting).await?;
        }
        if book.noted.len() >= MAX_NOTED {
            book.noted.clear();
        }
        book.noted.insert(fingerprint, now);
        Ok(())
    }

    async fn judge_shares(&self, book: &mut Book, open: &[Incident], now: DateTime<Utc>) -> Result<(), StoreError> {
        let counts = self.store.list_outcome_counts(now - BASE - BUCKET).await?;
        for provider in self.providers.iter() {
            let own: Vec<_> = counts.iter().filter(|counts| counts.provider == provider.id.as_str()).collect();
            for (kind, (recent, base)) in shares(&own, now) {
                let trend = rise::judge(recent, base);
                let before = book.bad.insert((provider.id.to_string(), kind), recent.bad).unwrap_or(0);
                // Buckets are long: what was bad in them a while ago does not make an incident go on.
                let is_fresh = kind == Kind::LostAttempts || recent.bad > before;
                let goes_on = open.iter().any(|incident| incident.kind == kind && incident.provider == provider.id.as_str());
                if is_fresh && (trend == Trend::Risen || (goes_on && trend == Trend::Uneasy)) {
                    self.see(open, kind, provider, recent.bad).await?;
                }
            }
        }
        Ok(())
    }

    async fn resolve_what_is_over(&self, open: &[Incident], now: DateTime<Utc>) -> Result<(), StoreError> {
        if open.is_empty() {
            return Ok(());
        }
        let health = self.store.list_health().await?;
        for incident in open {
            let row = health.iter().find(|row| row.provider == incident.provider);
            let is_known = self.providers.find(&incident.provider).is_some();
            if !is_known || is_over(incident, row, now) {
                self.desk.resolve(incident).await?;
            }
        }
        Ok(())
    }
}

/// Shows in the metrics what goes on.
fn show(providers: &Providers, open: &[Incident]) {
    let count = |kind: Kind, id: &ProviderId| open.iter().filter(|one| one.kind == kind && one.provider == id.as_str()).count();
    for provider in providers.iter() {
        for kind in Kind::ALL {
            metrics::set_alerts_firing(kind.as_str(), provider.id.as_str(), count(kind, &provider.id));
        }
    }
}

/// Tells whether an incident is over: nothing was seen of it for long enough, or the provider has worked since.
fn is_over(incident: &Incident, health: Option<&Health>, now: DateTime<Utc>) -> bool {
    match incident.kind {
        Kind::FirstContact | Kind::HundredPerCent => {
            health.and_then(|row| row.worked_at).is_some_and(|worked_at| worked_at > incident.opened_at)
        }
        Kind::IdpOutage if health.is_some_and(|row| row.is_troubled) => false,
        Kind::IdpOutage | Kind::BrowserEnvironment | Kind::LostAttempts | Kind::Other => now - incident.seen_at >= incident.kind.quiet(),
    }
}

/// Adds up what is recent and what came before, for each kind of share.
fn shares(counts: &[&OutcomeCounts], now: DateTime<Utc>) -> [(Kind, (Share, Share)); 3] {
    let current = bucket_of(now);
    let age = |counted: &OutcomeCounts| (current - counted.bucket_at).num_seconds() / BUCKET.num_seconds();
    let mut sums = [(Share::default(), Share::default()); 3];
    let [outages, browsers, lost] = &mut sums;
    for counted in counts {
        let age = age(counted);
        let is_recent = age < i64::from(RECENT);
        side(outages, is_recent).add(counted.outages, counted.ended);
        side(browsers, is_recent).add(counted.browsers, counted.ended);
        if age >= i64::from(LOST_AFTER) {
            side(lost, age < i64::from(LOST_AFTER + LOST_OVER)).add(counted.ended, counted.begun);
        }
    }
    // Begun here, ended at another replica: what is missing shows in the sums alone.
    for side in [&mut lost.0, &mut lost.1] {
        side.bad = side.all.saturating_sub(side.bad);
    }
    let [outages, browsers, lost] = sums;
    [(Kind::IdpOutage, outages), (Kind::BrowserEnvironment, browsers), (Kind::LostAttempts, lost)]
}

fn side((recent, base): &mut (Share, Share), is_recent: bool) -> &mut Share {
    if is_recent { recent } else { base }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(now: DateTime<Utc>, buckets_ago: i32, begun: u32, ended: u32) -> OutcomeCounts {
        OutcomeCounts { bucket_at: bucket_of(now) - BUCKET * buckets_ago, begun, ended, outages: ended / 2, ..OutcomeCounts::default() }
    }

    #[test]
    fn two_buckets_are_recent_and_attempts_are_lost_once_they_cannot_end_any_more() {
        let now = DateTime::from_timestamp(1_795_176_000, 0).expect("a time");
        let counts = [counted(now, 0, 100, 10), counted(now, 1, 100, 10), counted(now, 2, 100, 10), counted(now, 50, 100, 90)];

        let shares = shares(&counts.iter().collect::<Vec<_>>(), now);

        assert_eq!(shares[0], (Kind::IdpOutage, (Share { bad: 10, all: 20 }, Share { bad: 50, all: 100 })));
        assert_eq!(shares[2], (Kind::LostAttempts, (Share { bad: 90, all: 100 }, Share { bad: 10, all: 100 })));
    }
}
