//! What this process has counted, weighed by client.
//!
//! Of each client at most two outcomes of a kind count in a bucket of ten minutes, and
//! an attempt counts once: so no single one can move a share, and a thousand forged
//! callbacks, which have no attempt, move nothing (security.md LG-07).

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use chrono::{DateTime, Utc};

use super::rise::BUCKET;
use crate::domain::identity::ProviderId;
use crate::domain::ids::AttemptId;
use crate::ops::client::Client;
use crate::store::outcome_counts::OutcomeCounts;

/// How many outcomes of a kind count per client and bucket.
const PER_CLIENT: u8 = 2;
/// How many clients are told apart in a bucket; more count no more.
const MAX_CLIENTS: usize = 50_000;
/// How many attempts are remembered as counted.
const MAX_ATTEMPTS: usize = 4_096;

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Counted {
    /// An attempt began.
    Begun,
    /// An attempt ended, well or in a way that is neither of the others.
    Ended,
    /// An attempt ended with `idp_outage`.
    Outage,
    /// An attempt ended with `browser_environment`.
    Browser,
}

/// The counts of the bucket that is open, and those of the one before that are not written yet.
#[derive(Debug, Default)]
pub struct Tally {
    bucket_at: DateTime<Utc>,
    counts: BTreeMap<ProviderId, OutcomeCounts>,
    closed: Vec<OutcomeCounts>,
    clients: BTreeMap<(ProviderId, Client, Counted), u8>,
    ended: BTreeSet<AttemptId>,
    order: VecDeque<AttemptId>,
}

impl Tally {
    /// Counts that an attempt begins.
    pub fn begin(&mut self, provider: &ProviderId, client: Client, now: DateTime<Utc>) {
        self.count(provider, client, Counted::Begun, now);
    }

    /// Counts how an attempt ended, once.
    pub fn end(&mut self, provider: &ProviderId, client: Client, attempt: AttemptId, (how, now): (Counted, DateTime<Utc>)) {
        if !self.ended.insert(attempt) {
            return;
        }
        self.order.push_back(attempt);
        if self.order.len() > MAX_ATTEMPTS
            && let Some(oldest) = self.order.pop_front()
        {
            self.ended.remove(&oldest);
        }
        self.count(provider, client, how, now);
    }

    /// Returns what is to be written: everything of the open bucket, and what closed since the last time.
    pub fn take(&mut self, now: DateTime<Utc>) -> Vec<OutcomeCounts> {
        self.turn_to(now);
        let mut taken = std::mem::take(&mut self.closed);
        taken.extend(self.counts.values().cloned());
        taken
    }

    /// Takes back what could not be written of buckets that are closed.
    pub fn give_back(&mut self, counts: Vec<OutcomeCounts>) {
        let bucket_at = self.bucket_at;
        self.closed.extend(counts.into_iter().filter(|counted| counted.bucket_at != bucket_at));
        let excess = self.closed.len().saturating_sub(MAX_ATTEMPTS);
        self.closed.drain(..excess);
    }

    fn count(&mut self, provider: &ProviderId, client: Client, what: Counted, now: DateTime<Utc>) {
        self.turn_to(now);
        if self.clients.len() >= MAX_CLIENTS {
            return;
        }
        let seen = self.clients.entry((provider.clone(), client, what)).or_default();
        if *seen >= PER_CLIENT {
            return;
        }
        *seen += 1;
        let fresh = || OutcomeCounts { provider: provider.to_string(), bucket_at: self.bucket_at, ..OutcomeCounts::default() };
        let counts = self.counts.entry(provider.clone()).or_insert_with(fresh);
        match what {
            Counted::Begun => counts.begun += 1,
            Counted::Ended => counts.ended += 1,
            Counted::Outage => (counts.ended, counts.outages) = (counts.ended + 1, counts.outages + 1),
            Counted::Browser => (counts.ended, counts.browsers) = (counts.ended + 1, counts.browsers + 1),
        }
    }

    /// Closes the bucket if its time is over.
    fn turn_to(&mut self, now: DateTime<Utc>) {
        let bucket_at = bucket_of(now);
        if bucket_at != self.bucket_at {
            self.closed.extend(std::mem::take(&mut self.counts).into_values());
            self.clients.clear();
            self.bucket_at = bucket_at;
        }
    }
}

/// Returns when the bucket of a time begins.
pub fn bucket_of(at: DateTime<Utc>) -> DateTime<Utc> {
    let secs = at.timestamp();
    DateTime::from_timestamp(secs - secs.rem_euclid(BUCKET.num_seconds()), 0).unwrap_or(at)
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};

    use super::*;
    use crate::clock::Clock;

    fn client(number: u8) -> Client {
        Client::of(IpAddr::V4(Ipv4Addr::new(192, 0, 2, number)))
    }

    fn provider() -> ProviderId {
        ProviderId::parse("lab").expect("a name")
    }

    #[test]
    fn lg_07_one_client_counts_twice_and_one_attempt_once() {
        let (mut tally, clock, now) = (Tally::default(), Clock::system(), DateTime::UNIX_EPOCH);
        for _ in 0..50 {
            tally.end(&provider(), client(1), AttemptId::new(&clock), (Counted::Outage, now));
        }
        let attempt = AttemptId::new(&clock);
        for number in 2..50 {
            tally.end(&provider(), client(number), attempt, (Counted::Browser, now));
        }

        let counts = tally.take(now);
        assert_eq!(counts.len(), 1);
        assert_eq!((counts[0].ended, counts[0].outages, counts[0].browsers), (3, 2, 1));
    }

    #[test]
    fn a_bucket_that_is_over_is_taken_once_more_and_kept_until_it_is_written() {
        let (mut tally, start) = (Tally::default(), DateTime::UNIX_EPOCH);
        tally.begin(&provider(), client(1), start);
        assert_eq!(tally.take(start).len(), 1);
        assert_eq!(tally.take(start).len(), 1, "the open bucket is written again and again");

        let later = start + BUCKET;
        tally.begin(&provider(), client(1), later);
        let both = tally.take(later);
        assert_eq!(both.iter().map(|counts| counts.begun).collect::<Vec<_>>(), [1, 1]);
        tally.give_back(both);

        assert_eq!(tally.take(later).len(), 2);
        assert_eq!(tally.take(later).len(), 1);
    }
}
