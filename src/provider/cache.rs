//! A fetched value that is kept: one fetch at a time, with a pause after a failure, and the old value while a new one cannot be had.
//!
//! Empty → fresh → (lifetime) → stale → fresh again, or after a day of failures
//! empty. Intervals are measured on the monotonic clock (security.md DP-04).

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::time::timeout_at;

use super::error::{Endpoint, Fault, ProviderError};

/// How long a value is kept, and how often it may be asked for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Timing {
    /// For how long a value is fresh.
    pub lifetime: Duration,
    /// For how long a value is better than none.
    pub stale_lifetime: Duration,
    /// For how long a stale value is held back while a fresh one is fetched.
    pub patience: Duration,
    /// The pause after a failed fetch.
    pub failure_pause: Duration,
    /// The pause between two fetches that a stranger's token can cause (security.md SO-12).
    pub refetch_pause: Duration,
}

impl Default for Timing {
    fn default() -> Self {
        Self {
            lifetime: Duration::from_secs(3600),
            stale_lifetime: Duration::from_secs(86_400),
            patience: Duration::from_secs(2),
            failure_pause: Duration::from_secs(1),
            refetch_pause: Duration::from_secs(30),
        }
    }
}

/// One value of one endpoint.
pub(super) struct Cache<T> {
    endpoint: Endpoint,
    timing: Timing,
    state: Mutex<State<T>>,
    /// Held by whoever fetches.
    flight: tokio::sync::Mutex<()>,
}

struct State<T> {
    value: Option<(Arc<T>, Instant)>,
    failure: Option<(ProviderError, Instant)>,
    refetched_at: Option<Instant>,
}

impl<T> Cache<T> {
    /// Makes an empty cache.
    pub fn new(endpoint: Endpoint, timing: Timing) -> Self {
        let state = State { value: None, failure: None, refetched_at: None };
        Self { endpoint, timing, state: Mutex::new(state), flight: tokio::sync::Mutex::new(()) }
    }

    /// Returns the value, fetching it if there is no fresh one.
    ///
    /// # Errors
    ///
    /// The fetch's error, or that of one a moment ago; never if an outage can be bridged with a stale value.
    pub async fn get(&self, deadline: Instant, fetch: impl Future<Output = Result<T, ProviderError>>) -> Result<Arc<T>, ProviderError> {
        if let Some(value) = self.value_within(self.timing.lifetime) {
            return Ok(value);
        }
        let stale = self.value_within(self.timing.stale_lifetime);
        let _flight = match (&stale, self.flight.try_lock()) {
            (_, Ok(flight)) => flight,
            (Some(stale), Err(_)) => return Ok(stale.clone()),
            (None, Err(_)) => timeout_at(deadline.into(), self.flight.lock()).await.map_err(|_| self.timed_out())?,
        };
        if let Some(value) = self.value_within(self.timing.lifetime) {
            return Ok(value);
        }
        let limit = if stale.is_some() { deadline.min(Instant::now() + self.timing.patience) } else { deadline };
        let result = match self.recent_failure() {
            Some(error) => Err(error),
            None => self.fetch(limit, fetch).await,
        };
        match (result, stale) {
            (Err(error), Some(stale)) if error.fault.may_pass() || error.fault == Fault::RateLimited => Ok(stale),
            (result, _) => result,
        }
    }

    /// Fetches anew because `seen` does not do; `None` if that was done a moment ago, or fails.
    ///
    /// Whoever comes while somebody else fetches gets that value.
    pub async fn refetch(&self, seen: &Arc<T>, deadline: Instant, fetch: impl Future<Output = Result<T, ProviderError>>) -> Option<Arc<T>> {
        let _flight = timeout_at(deadline.into(), self.flight.lock()).await.ok()?;
        let newer = self.lock().value.as_ref().map(|(value, _)| value.clone()).filter(|value| !Arc::ptr_eq(value, seen));
        if newer.is_some() {
            return newer;
        }
        let now = Instant::now();
        let is_too_soon = self.lock().refetched_at.is_some_and(|at| now.duration_since(at) < self.timing.refetch_pause);
        if is_too_soon {
            return None;
        }
        self.lock().refetched_at = Some(now);
        self.fetch(deadline, fetch).await.ok()
    }

    async fn fetch(&self, deadline: Instant, fetch: impl Future<Output = Result<T, ProviderError>>) -> Result<Arc<T>, ProviderError> {
        let result = timeout_at(deadline.into(), fetch).await.unwrap_or_else(|_| Err(self.timed_out()));
        let mut state = self.lock();
        match result {
            Ok(value) => {
                let value = Arc::new(value);
                state.value = Some((value.clone(), Instant::now()));
                state.failure = None;
                Ok(value)
            }
            Err(error) => {
                state.failure = Some((error.clone(), Instant::now()));
                Err(error)
            }
        }
    }

    fn value_within(&self, age: Duration) -> Option<Arc<T>> {
        self.lock().value.as_ref().filter(|(_, at)| at.elapsed() < age).map(|(value, _)| value.clone())
    }

    fn recent_failure(&self) -> Option<ProviderError> {
        self.lock().failure.as_ref().filter(|(_, at)| at.elapsed() < self.timing.failure_pause).map(|(error, _)| error.clone())
    }

    fn timed_out(&self) -> ProviderError {
        ProviderError::new(self.endpoint, Fault::TimedOut)
    }

    /// The state is whole between any two statements, so a panic elsewhere spoils nothing.
    fn lock(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
