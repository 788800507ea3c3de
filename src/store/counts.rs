//! `signin_counts`: how many sign-ins began and ended, in steps of five minutes.
//!
//! A row belongs to the process that made it, which writes its running total: what
//! is written twice counts once, and replicas add up. Sums are made when reading.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;

use super::failures::{Failure, FailureRow};
use super::rows::stored;
use super::schema::{failures, signin_counts};
use super::transaction::is_unique_violation;
use super::{Store, StoreError};
use crate::domain::ids::RowId;

/// The running total of one process, for five minutes, a provider and an outcome.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Count {
    /// Its row.
    pub id: RowId,
    /// Where the five minutes begin.
    pub counted_at: DateTime<Utc>,
    /// Where their hour begins.
    pub hour_at: DateTime<Utc>,
    /// The provider's name; empty for none.
    pub provider: String,
    /// What is counted, in a word of `ops::record`.
    pub outcome: String,
    /// How many there have been.
    pub total: u32,
    /// Whether the row is there already.
    pub is_stored: bool,
}

/// What is written at once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RecordBatch {
    /// Failures that are not there yet.
    pub failures: Vec<Failure>,
    /// Totals that have changed.
    pub counts: Vec<Count>,
    /// When all of it may be forgotten.
    pub expires_at: DateTime<Utc>,
}

/// How finely counts are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Width {
    /// By five minutes.
    FiveMinutes,
    /// By the hour.
    Hour,
}

/// A sum over all replicas.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CountPoint {
    /// Where the step begins.
    pub at: DateTime<Utc>,
    /// The provider's name; empty for none.
    pub provider: String,
    /// What was counted.
    pub outcome: String,
    /// How many there were.
    pub total: u64,
}

impl Store {
    /// Writes a batch in one transaction. The same batch once more changes nothing,
    /// so it can be repeated if nobody knows what became of it.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if the database fails; whether it was written is not known then.
    pub async fn insert_record(&self, batch: RecordBatch) -> Result<(), StoreError> {
        let inserted = self.write(move |connection| {
            for failure in &batch.failures {
                let row = FailureRow::new(failure.clone(), batch.expires_at);
                diesel::insert_into(failures::table).values(row).execute(connection)?;
            }
            for count in &batch.counts {
                let total = signin_counts::total.eq(i32::try_from(count.total).unwrap_or(i32::MAX));
                if count.is_stored {
                    diesel::update(signin_counts::table.find(count.id.to_string())).set(total).execute(connection)?;
                    continue;
                }
                let row = (
                    signin_counts::id.eq(count.id.to_string()),
                    signin_counts::counted_at.eq(stored(count.counted_at)),
                    signin_counts::hour_at.eq(stored(count.hour_at)),
                    signin_counts::provider.eq(&count.provider),
                    signin_counts::outcome.eq(&count.outcome),
                    total,
                    signin_counts::expires_at.eq(stored(batch.expires_at)),
                );
                diesel::insert_into(signin_counts::table).values(row).execute(connection)?;
            }
            Ok(())
        });
        match inserted.await {
            // All or nothing: one row that is there already tells that all are.
            Err(error) if is_unique_violation(&error) => Ok(()),
            written => written,
        }
    }

    /// Sums counts from `since` (the start of its step) until before `until`, the oldest first.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub async fn list_counts(&self, since: DateTime<Utc>, until: DateTime<Utc>, width: Width) -> Result<Vec<CountPoint>, StoreError> {
        let (since, until) = (stored(since), stored(until));
        let rows: Vec<(NaiveDateTime, String, String, Option<i64>)> = self
            .read(move |connection| {
                let wanted = signin_counts::table.filter(signin_counts::counted_at.ge(since)).filter(signin_counts::counted_at.lt(until));
                let sum = diesel::dsl::sum(signin_counts::total);
                let (provider, outcome) = (signin_counts::provider, signin_counts::outcome);
                Ok(match width {
                    Width::FiveMinutes => {
                        let at = signin_counts::counted_at;
                        wanted.group_by((at, provider, outcome)).select((at, provider, outcome, sum)).order(at).load(connection)?
                    }
                    Width::Hour => {
                        let at = signin_counts::hour_at;
                        wanted.group_by((at, provider, outcome)).select((at, provider, outcome, sum)).order(at).load(connection)?
                    }
                })
            })
            .await?;
        let point = |(at, provider, outcome, total): (NaiveDateTime, String, String, Option<i64>)| CountPoint {
            at: at.and_utc(),
            provider,
            outcome,
            total: u64::try_from(total.unwrap_or(0)).unwrap_or(0),
        };
        Ok(rows.into_iter().map(point).collect())
    }
}
