//! What an operator sees first: the last hour, day and week at a glance, and what needs a person.

use chrono::{DateTime, TimeDelta, Utc};

use super::traffic::{Range, Traffic};
use crate::signin::Signin;
use crate::signin::failure::Category;
use crate::store::StoreError;
use crate::store::failures::{FailureFilter, FailureKind};

/// How many kinds of failure are shown at a glance.
const MAX_KINDS: i64 = 5;

/// The last hour, day and week.
#[derive(Clone, Debug)]
pub struct Overview {
    /// When it was made.
    pub now: DateTime<Utc>,
    /// The last hour.
    pub hour: Traffic,
    /// The last day.
    pub day: Traffic,
    /// The last week.
    pub week: Traffic,
    /// The most frequent kinds of `other` within the week: each needs a person who understands it.
    pub strange: Vec<FailureKind>,
}

impl Overview {
    /// Reads everything.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if the database fails.
    pub async fn read(signin: &Signin) -> Result<Self, StoreError> {
        let (store, now) = (&signin.store, signin.clock.now());
        let filter = FailureFilter {
            since: Some(Range::Week.since(now)),
            category: Some(Category::Other.as_str().to_owned()),
            ..FailureFilter::default()
        };
        Ok(Self {
            now,
            hour: Traffic::read(store, Range::Hour, now).await?,
            day: Traffic::read(store, Range::Day, now).await?,
            week: Traffic::read(store, Range::Week, now).await?,
            strange: store.list_failure_kinds(filter, MAX_KINDS).await?,
        })
    }

    /// Returns one of the three.
    pub fn traffic(&self, range: Range) -> &Traffic {
        match range {
            Range::Hour => &self.hour,
            Range::Day => &self.day,
            Range::Week => &self.week,
        }
    }
}

/// Returns for how long a trip to a provider may take before it counts as lost.
pub fn attempt_ttl(signin: &Signin) -> TimeDelta {
    TimeDelta::seconds(i64::try_from(signin.config.signin.attempt_ttl_secs).unwrap_or(i64::MAX / 1_000))
}
