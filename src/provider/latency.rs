//! How long a provider's endpoints took of late, as operators see it.
//!
//! The last calls of each endpoint, in this process: enough for "is it slow just now",
//! while the metrics keep the long run. Time-outs count with the time that was waited.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::Provider;
use super::error::Endpoint;

/// How many calls of an endpoint are remembered.
const MAX_CALLS: usize = 200;

/// The last calls, by endpoint.
#[derive(Clone, Debug, Default)]
pub(super) struct Latencies(Arc<Mutex<BTreeMap<&'static str, VecDeque<Duration>>>>);

/// How long the last calls of one endpoint took.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Latency {
    /// The endpoint's word in logs and metrics.
    pub endpoint: &'static str,
    /// How many calls it is about.
    pub calls: usize,
    /// Half of them took less.
    pub median: Duration,
    /// Nineteen of twenty took no more.
    pub p95: Duration,
}

impl Latencies {
    /// Notes a call.
    pub fn note(&self, endpoint: Endpoint, took: Duration) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let calls = all.entry(endpoint.as_str()).or_default();
        calls.push_back(took);
        if calls.len() > MAX_CALLS {
            calls.pop_front();
        }
    }

    fn list(&self) -> Vec<Latency> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.iter().filter_map(|(endpoint, calls)| summarize(endpoint, calls.iter().copied().collect())).collect()
    }
}

fn summarize(endpoint: &'static str, mut calls: Vec<Duration>) -> Option<Latency> {
    calls.sort_unstable();
    let at = |percent: usize| calls.get((calls.len() * percent).div_ceil(100).saturating_sub(1)).copied();
    Some(Latency { endpoint, calls: calls.len(), median: at(50)?, p95: at(95)? })
}

impl Provider {
    /// Returns how long each endpoint took that was called, in this process.
    pub fn latencies(&self) -> Vec<Latency> {
        self.http.latencies.list()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn median_and_p95_are_of_the_last_calls() {
        let latencies = Latencies::default();

        for millis in 1..=300 {
            latencies.note(Endpoint::Token, Duration::from_millis(millis));
        }
        latencies.note(Endpoint::Keys, Duration::from_millis(7));

        let list = latencies.list();
        let of = |millis| Duration::from_millis(millis);
        assert_eq!(list[0], Latency { endpoint: "keys", calls: 1, median: of(7), p95: of(7) });
        assert_eq!(list[1], Latency { endpoint: "token", calls: 200, median: of(200), p95: of(290) });
    }
}
