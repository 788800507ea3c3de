//! `outcome_counts`: what every replica has counted, in buckets of some minutes, for the alarms.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;

use super::rows::stored;
use super::schema::outcome_counts;
use super::{Store, StoreError};

/// What one replica has counted of one provider in one bucket.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OutcomeCounts {
    /// The provider's name.
    pub provider: String,
    /// When the bucket begins.
    pub bucket_at: DateTime<Utc>,
    /// Attempts that began.
    pub begun: u32,
    /// Attempts that ended, well or not.
    pub ended: u32,
    /// Of these, with `idp_outage`.
    pub outages: u32,
    /// Of these, with `browser_environment`.
    pub browsers: u32,
}

type Row = (String, NaiveDateTime, i32, i32, i32, i32);

impl Store {
    /// Writes what a replica has counted; what it wrote of the same bucket before gives way.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if the database fails; nothing is written then.
    pub async fn save_outcome_counts(
        &self,
        replica: String,
        counts: Vec<OutcomeCounts>,
        expires_at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        self.write(move |connection| {
            for counted in &counts {
                let id = format!("{}/{}/{replica}", counted.bucket_at.timestamp(), counted.provider);
                let values = (
                    outcome_counts::begun.eq(number(counted.begun)),
                    outcome_counts::ended.eq(number(counted.ended)),
                    outcome_counts::outages.eq(number(counted.outages)),
                    outcome_counts::browsers.eq(number(counted.browsers)),
                    outcome_counts::expires_at.eq(stored(expires_at)),
                );
                if diesel::update(outcome_counts::table.find(&id)).set(values).execute(connection)? == 0
                    && outcome_counts::table.find(&id).select(outcome_counts::id).first::<String>(connection).optional()?.is_none()
                {
                    let row = (
                        outcome_counts::id.eq(&id),
                        outcome_counts::provider.eq(&counted.provider),
                        outcome_counts::bucket_at.eq(stored(counted.bucket_at)),
                        values,
                    );
                    diesel::insert_into(outcome_counts::table).values(row).execute(connection)?;
                }
            }
            Ok(())
        })
        .await
    }

    /// Lists what all replicas have counted since then.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if the database fails.
    pub async fn list_outcome_counts(&self, since: DateTime<Utc>) -> Result<Vec<OutcomeCounts>, StoreError> {
        let since = stored(since);
        let columns = (
            outcome_counts::provider,
            outcome_counts::bucket_at,
            outcome_counts::begun,
            outcome_counts::ended,
            outcome_counts::outages,
            outcome_counts::browsers,
        );
        let rows = self
            .read(move |connection| {
                Ok(outcome_counts::table.filter(outcome_counts::bucket_at.ge(since)).select(columns).load::<Row>(connection)?)
            })
            .await?;
        Ok(rows.into_iter().map(read).collect())
    }
}

fn read((provider, bucket_at, begun, ended, outages, browsers): Row) -> OutcomeCounts {
    let count = |number: i32| u32::try_from(number).unwrap_or(0);
    OutcomeCounts {
        provider,
        bucket_at: bucket_at.and_utc(),
        begun: count(begun),
        ended: count(ended),
        outages: count(outages),
        browsers: count(browsers),
    }
}

fn number(count: u32) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}
