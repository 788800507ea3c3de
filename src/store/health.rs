//! `provider_health`: which providers are in trouble, as all replicas know it.
//!
//! A row changes by conditional updates alone, and their row count says who did it:
//! of many replicas one opens, one closes, and one probes at a time.

use std::time::Duration;

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use diesel::prelude::*;

use super::rows::stored;
use super::schema::provider_health;
use super::transaction::is_first;
use super::{Store, StoreError};

/// What is known of one provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Health {
    /// The provider's name.
    pub provider: String,
    /// Whether it is in trouble.
    pub is_troubled: bool,
    /// Since when it is, or is not.
    pub since: DateTime<Utc>,
    /// When it may be probed next.
    pub probe_at: DateTime<Utc>,
    /// The pause before that, in seconds.
    pub probe_pause_secs: u32,
    /// How many probes in a row went well.
    pub good_probes: u32,
    /// When it last told who somebody is.
    pub worked_at: Option<DateTime<Utc>>,
}

/// A probe that one replica asks to make.
#[derive(Clone, Debug)]
pub struct ProbeClaim {
    /// The provider's name.
    pub provider: String,
    /// The time.
    pub now: DateTime<Utc>,
    /// The pause after this probe.
    pub pause: Duration,
    /// The longest pause there is: a time that lies further ahead comes from a clock that was wrong.
    pub longest: Duration,
}

type Row = (String, bool, NaiveDateTime, NaiveDateTime, i32, i32, Option<NaiveDateTime>);

impl Store {
    /// Lists what is known of every provider that was ever looked at.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if the database fails.
    pub async fn list_health(&self) -> Result<Vec<Health>, StoreError> {
        let rows = self.read(|connection| Ok(provider_health::table.order(provider_health::provider).load::<Row>(connection)?)).await?;
        Ok(rows.into_iter().map(read).collect())
    }

    /// Finds what is known of a provider.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if the database fails.
    pub async fn find_health(&self, provider: String) -> Result<Option<Health>, StoreError> {
        let row = self.read(move |connection| Ok(provider_health::table.find(&provider).first::<Row>(connection).optional()?)).await?;
        Ok(row.map(read))
    }

    /// Begins to keep book of a provider; one that is known stays as it is.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if the database fails.
    pub async fn insert_health(&self, provider: String, now: DateTime<Utc>) -> Result<(), StoreError> {
        let now = stored(now);
        let inserted = self.write(move |connection| {
            let row = (
                provider_health::provider.eq(&provider),
                provider_health::is_troubled.eq(false),
                provider_health::since.eq(now),
                provider_health::probe_at.eq(now),
                provider_health::probe_pause_secs.eq(0),
                provider_health::good_probes.eq(0),
            );
            diesel::insert_into(provider_health::table).values(row).execute(connection)?;
            Ok(())
        });
        is_first(inserted.await).map(|_| ())
    }

    /// Notes that a provider is in trouble, or no longer; tells whether that was news.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if the database fails.
    pub async fn update_health(&self, provider: String, is_troubled: bool, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let now = stored(now);
        self.write(move |connection| {
            let other = provider_health::table.find(&provider).filter(provider_health::is_troubled.ne(is_troubled));
            let news = (
                provider_health::is_troubled.eq(is_troubled),
                provider_health::since.eq(now),
                provider_health::probe_at.eq(now),
                provider_health::probe_pause_secs.eq(0),
                provider_health::good_probes.eq(0),
            );
            Ok(diesel::update(other).set(news).execute(connection)? == 1)
        })
        .await
    }

    /// Notes when a provider last told who somebody is.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if the database fails.
    pub async fn touch_health(&self, provider: String, worked_at: DateTime<Utc>) -> Result<(), StoreError> {
        let at = stored(worked_at);
        self.write(move |connection| {
            diesel::update(provider_health::table.find(&provider)).set(provider_health::worked_at.eq(Some(at))).execute(connection)?;
            Ok(())
        })
        .await
    }

    /// Takes the right to probe a provider, if it is time for it; it lasts until the pause is over.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if the database fails; nobody probes then.
    pub async fn claim_probe(&self, claim: ProbeClaim) -> Result<bool, StoreError> {
        let now = stored(claim.now);
        let limit = now + TimeDelta::from_std(claim.longest).unwrap_or(TimeDelta::days(1));
        let next = now + TimeDelta::from_std(claim.pause).unwrap_or(TimeDelta::days(1));
        let pause = i32::try_from(claim.pause.as_secs()).unwrap_or(i32::MAX);
        self.write(move |connection| {
            let is_due = provider_health::probe_at.le(now).or(provider_health::probe_at.gt(limit));
            let due = provider_health::table.find(&claim.provider).filter(is_due);
            let news = (provider_health::probe_at.eq(next), provider_health::probe_pause_secs.eq(pause));
            Ok(diesel::update(due).set(news).execute(connection)? == 1)
        })
        .await
    }

    /// Writes what a probe came to: how many in a row went well, and when the next may be made.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if the database fails.
    pub async fn record_probe(&self, claim: ProbeClaim, good_probes: u32) -> Result<(), StoreError> {
        let next = stored(claim.now) + TimeDelta::from_std(claim.pause).unwrap_or(TimeDelta::days(1));
        let news = (
            provider_health::good_probes.eq(i32::try_from(good_probes).unwrap_or(i32::MAX)),
            provider_health::probe_at.eq(next),
            provider_health::probe_pause_secs.eq(i32::try_from(claim.pause.as_secs()).unwrap_or(i32::MAX)),
        );
        self.write(move |connection| {
            diesel::update(provider_health::table.find(&claim.provider)).set(news).execute(connection)?;
            Ok(())
        })
        .await
    }
}

fn read((provider, is_troubled, since, probe_at, pause, good, worked_at): Row) -> Health {
    Health {
        provider,
        is_troubled,
        since: since.and_utc(),
        probe_at: probe_at.and_utc(),
        probe_pause_secs: u32::try_from(pause).unwrap_or(0),
        good_probes: u32::try_from(good).unwrap_or(0),
        worked_at: worked_at.map(|at| at.and_utc()),
    }
}
