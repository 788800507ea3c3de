//! `failures`: one row for each sign-in that failed, without personal data.
//!
//! Everything is kept in the words of the log, so that a row of an older version
//! can still be read. Rows are written by [`Store::insert_record`] in batches and
//! removed when their time is over.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use super::connection::MultiBackend;
use super::rows::{parse, stored};
use super::schema::failures;
use super::{Store, StoreError};
use crate::domain::ids::{AttemptId, RowId};

/// A sign-in that failed, as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// Its row; identifiers sort by time.
    pub id: RowId,
    /// What the person may quote.
    pub reference: String,
    /// When, in whole seconds.
    pub failed_at: DateTime<Utc>,
    /// The provider's name; `None` where none of ours was named.
    pub provider: Option<String>,
    /// The category that it had, after the rules that held then.
    pub category: String,
    /// The cause.
    pub cause: String,
    /// How far the sign-in had come.
    pub stage: String,
    /// What it was for.
    pub purpose: String,
    /// The provider's own error code, cleaned.
    pub provider_error: Option<String>,
    /// The HTTP status of the provider's answer.
    pub http_status: Option<u16>,
    /// The attempt, where it was found.
    pub attempt: Option<AttemptId>,
    /// Whether it belonged to an attempt of the browser it happened in; what does not may be forged.
    pub is_genuine: bool,
    /// The rule that gave it its category; `None` if it is the cause's own.
    pub rule: Option<RowId>,
    /// What failures of one kind have in common: provider, stage, cause and error code.
    pub fingerprint: String,
    /// What nobody searches for.
    pub story: Story,
}

/// What else is known about a failure; kept as JSON.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Story {
    /// How far the clocks were apart, in seconds, where that is what broke it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clock_difference_secs: Option<i64>,
    /// What broke on our own side, without personal data.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// How long we worked on the request that ended it, in milliseconds.
    pub duration_ms: u64,
    /// The request's identifier.
    pub request_id: String,
    /// What happened on the way, in order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<Step>,
}

/// Something that happened on the way, such as a call to the provider.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Step {
    /// What: `discovery`, `keys`, `token`, `id_token`, `profile`, `account` …
    pub name: String,
    /// How long after the request came, in milliseconds.
    pub at_ms: u64,
    /// How long it took, in milliseconds.
    pub took_ms: u64,
    /// How it ended: `ok`, or what broke.
    pub result: String,
    /// The HTTP status of the answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub http_status: Option<u16>,
    /// The media type of the answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content_type: Option<String>,
    /// The length of the answer, in bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bytes: Option<u64>,
    /// The names of the answer's members; never their values.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<String>,
}

/// Which failures are wanted; whatever is `None` does not matter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FailureFilter {
    /// At this time or later.
    pub since: Option<DateTime<Utc>>,
    /// Before this time.
    pub until: Option<DateTime<Utc>>,
    /// Of this provider.
    pub provider: Option<String>,
    /// Of this category.
    pub category: Option<String>,
    /// Of this cause.
    pub cause: Option<String>,
    /// At this stage.
    pub stage: Option<String>,
    /// With this reference.
    pub reference: Option<String>,
    /// Of this kind.
    pub fingerprint: Option<String>,
    /// Recorded before this row: the next page.
    pub before: Option<RowId>,
}

/// Failures of one kind.
#[derive(Clone, Debug, PartialEq, Eq, Queryable)]
pub struct FailureKind {
    /// What they have in common, as one text.
    pub fingerprint: String,
    /// The provider's name.
    pub provider: Option<String>,
    /// The category that they had; one kind can be here twice, before a rule and after.
    pub category: String,
    /// The cause.
    pub cause: String,
    /// The stage.
    pub stage: String,
    /// The provider's error code.
    pub provider_error: Option<String>,
    /// How many there are.
    pub count: i64,
    first_at: Option<NaiveDateTime>,
    last_at: Option<NaiveDateTime>,
}

impl FailureKind {
    /// Makes a kind whose every text is the given one, for tests of what shows it.
    #[cfg(test)]
    pub fn sample(text: &str) -> Self {
        let text = text.to_owned();
        Self {
            fingerprint: text.clone(),
            provider: Some(text.clone()),
            category: text.clone(),
            cause: text.clone(),
            stage: text.clone(),
            provider_error: Some(text),
            count: 7,
            first_at: None,
            last_at: None,
        }
    }

    /// Returns when the first of them was seen.
    pub fn first_at(&self) -> DateTime<Utc> {
        self.first_at.unwrap_or_default().and_utc()
    }

    /// Returns when the last of them was seen.
    pub fn last_at(&self) -> DateTime<Utc> {
        self.last_at.unwrap_or_default().and_utc()
    }
}

/// A failure's row.
#[derive(Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = failures)]
pub(super) struct FailureRow {
    id: String,
    reference: String,
    failed_at: NaiveDateTime,
    provider: Option<String>,
    category: String,
    cause: String,
    stage: String,
    purpose: String,
    provider_error: Option<String>,
    http_status: Option<i32>,
    attempt_id: Option<String>,
    is_genuine: bool,
    rule_id: Option<String>,
    fingerprint: String,
    story: String,
    expires_at: NaiveDateTime,
}

impl FailureRow {
    /// Makes the row of a failure that is forgotten at `expires_at`.
    pub fn new(failure: Failure, expires_at: DateTime<Utc>) -> Self {
        Self {
            id: failure.id.to_string(),
            reference: failure.reference,
            failed_at: stored(failure.failed_at),
            provider: failure.provider,
            category: failure.category,
            cause: failure.cause,
            stage: failure.stage,
            purpose: failure.purpose,
            provider_error: failure.provider_error,
            http_status: failure.http_status.map(i32::from),
            attempt_id: failure.attempt.map(|id| id.to_string()),
            is_genuine: failure.is_genuine,
            rule_id: failure.rule.map(|id| id.to_string()),
            fingerprint: failure.fingerprint,
            story: serde_json::to_string(&failure.story).unwrap_or_default(),
            expires_at: stored(expires_at),
        }
    }
}

impl TryFrom<FailureRow> for Failure {
    type Error = StoreError;

    fn try_from(row: FailureRow) -> Result<Self, StoreError> {
        const KIND: &str = "failure";
        Ok(Self {
            id: parse(KIND, &row.id)?,
            reference: row.reference,
            failed_at: row.failed_at.and_utc(),
            provider: row.provider,
            category: row.category,
            cause: row.cause,
            stage: row.stage,
            purpose: row.purpose,
            provider_error: row.provider_error,
            http_status: row.http_status.and_then(|status| u16::try_from(status).ok()),
            attempt: row.attempt_id.map(|id| parse(KIND, &id)).transpose()?,
            is_genuine: row.is_genuine,
            rule: row.rule_id.map(|id| parse(KIND, &id)).transpose()?,
            fingerprint: row.fingerprint,
            story: serde_json::from_str(&row.story).map_err(|_| StoreError::BrokenRow(KIND))?,
        })
    }
}

/// Narrows a query of `failures` to what a filter wants; a macro, because the type of a grouped query is another one.
macro_rules! narrow {
    ($query:expr, $filter:expr) => {{
        let mut query = $query;
        if let Some(since) = $filter.since {
            query = query.filter(failures::failed_at.ge(stored(since)));
        }
        if let Some(until) = $filter.until {
            query = query.filter(failures::failed_at.lt(stored(until)));
        }
        if let Some(id) = $filter.before {
            query = query.filter(failures::id.lt(id.to_string()));
        }
        narrow!(@equal query, $filter, provider, category, cause, stage, reference, fingerprint);
        query
    }};
    (@equal $query:ident, $filter:expr, $($column:ident),+) => {
        $(if let Some(wanted) = &$filter.$column {
            $query = $query.filter(failures::$column.eq(wanted.clone()));
        })+
    };
}

impl Store {
    /// Lists at most `limit` failures, the newest first.
    ///
    /// # Errors
    ///
    /// [`StoreError::BrokenRow`], or what the database says.
    pub async fn list_failures(&self, filter: FailureFilter, limit: i64) -> Result<Vec<Failure>, StoreError> {
        let rows: Vec<FailureRow> = self
            .read(move |connection| {
                let query = narrow!(failures::table.into_boxed::<MultiBackend>(), filter);
                Ok(query.order(failures::id.desc()).limit(limit).select(FailureRow::as_select()).load(connection)?)
            })
            .await?;
        rows.into_iter().map(Failure::try_from).collect()
    }

    /// Lists the kinds of failure that there are, the most frequent first; at most `limit`.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub async fn list_failure_kinds(&self, filter: FailureFilter, limit: i64) -> Result<Vec<FailureKind>, StoreError> {
        use diesel::dsl::{count_star, max, min};
        self.read(move |connection| {
            let kind =
                (failures::fingerprint, failures::provider, failures::category, failures::cause, failures::stage, failures::provider_error);
            let times = (min(failures::failed_at), max(failures::failed_at));
            let columns = (kind.0, kind.1, kind.2, kind.3, kind.4, kind.5, count_star(), times.0, times.1);
            let grouped = failures::table.group_by(kind).select(columns).into_boxed::<MultiBackend>();
            let query = narrow!(grouped, filter);
            Ok(query.order((count_star().desc(), failures::fingerprint.asc())).limit(limit).load(connection)?)
        })
        .await
    }
}
