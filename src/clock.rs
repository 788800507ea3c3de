//! The time, as a value that is handed in.
//!
//! Wall-clock time comes from here alone, so that a test can hold it still and
//! move it. Measured intervals use [`std::time::Instant`], which no clock step
//! disturbs.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use chrono::{DateTime, Utc};

/// Tells the time in UTC: the system's, or one that stands still until moved.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    /// Milliseconds since the Unix epoch; absent for the system's time.
    fixed: Option<Arc<AtomicI64>>,
}

impl Clock {
    /// Follows the system's time.
    pub fn system() -> Self {
        Self::default()
    }

    /// Stands still at `at` until [`Clock::advance`] moves it.
    pub fn fixed(at: DateTime<Utc>) -> Self {
        Self { fixed: Some(Arc::new(AtomicI64::new(at.timestamp_millis()))) }
    }

    /// Returns the current time.
    #[expect(clippy::disallowed_methods, reason = "this is the one place that reads the system clock")]
    pub fn now(&self) -> DateTime<Utc> {
        match &self.fixed {
            Some(millis) => DateTime::from_timestamp_millis(millis.load(Ordering::Relaxed)).unwrap_or(DateTime::UNIX_EPOCH),
            None => Utc::now(),
        }
    }

    /// Moves a fixed clock forward by `step`; the system's time stays as it is.
    pub fn advance(&self, step: Duration) {
        if let Some(millis) = &self.fixed {
            millis.fetch_add(i64::try_from(step.as_millis()).unwrap_or(i64::MAX), Ordering::Relaxed);
        }
    }
}
