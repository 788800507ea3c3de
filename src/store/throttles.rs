//! `throttles`: tries, counted before they are checked (security.md SI-04).

use std::time::Duration;

use chrono::{DateTime, Utc};

use super::{Store, StoreError};

/// One counter: what is counted, and how much of it is let through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counter {
    /// What is counted; a hash where it would name a person or an address.
    pub key: String,
    /// How many tries a window lets through.
    pub limit: u32,
    /// How long a window is.
    pub window: Duration,
}

/// Whether a try may go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It may; it is counted.
    Allowed,
    /// It may not before that time has passed; it is not counted.
    Refused {
        /// How long to wait.
        retry_after: Duration,
    },
}

impl Store {
    /// Counts one try on every counter, or on none if one of them is full.
    ///
    /// Parallel tries cannot slip through: each is one conditional update, and its
    /// row count decides.
    pub async fn count_try(&self, _counters: Vec<Counter>, _now: DateTime<Utc>) -> Result<Verdict, StoreError> {
        todo!("part store")
    }

    /// Takes back one try of each counter, after a success. Never below zero.
    pub async fn take_back_try(&self, _counters: Vec<Counter>) -> Result<(), StoreError> {
        todo!("part store")
    }
}
