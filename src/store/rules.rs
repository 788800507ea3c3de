//! `rules`: what operators have decided about categories and log levels.
//!
//! A rule is never changed or deleted, only ended, so the table is its own history,
//! and how many there are and have ended tells whether anything is new.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;

use super::rows::{parse, stored};
use super::schema::rules;
use super::{Store, StoreError};
use crate::domain::ids::RowId;

/// A rule in words: what it matches, and the category or the level that it gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredRule {
    /// Its name.
    pub id: RowId,
    /// The provider that it is about; `None`: any.
    pub provider: Option<String>,
    /// The stage that it is about; `None`: any.
    pub stage: Option<String>,
    /// The cause that it is about; `None`: any.
    pub cause: Option<String>,
    /// The provider's error code that it is about; `None`: any.
    pub provider_error: Option<String>,
    /// The category that it gives, or, with a level, the category that it is about.
    pub category: Option<String>,
    /// The level that it gives.
    pub level: Option<String>,
    /// Why.
    pub note: String,
    /// Who made it.
    pub made_by: String,
    /// When.
    pub made_at: DateTime<Utc>,
    /// Who ended it.
    pub ended_by: Option<String>,
    /// When; `None` while it holds.
    pub ended_at: Option<DateTime<Utc>>,
}

/// How many rules there are, and how many have ended: each change raises one of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RulesVersion(i64, i64);

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = rules)]
struct RuleRow {
    id: String,
    provider: Option<String>,
    stage: Option<String>,
    cause: Option<String>,
    provider_error: Option<String>,
    category: Option<String>,
    level: Option<String>,
    note: String,
    made_by: String,
    made_at: NaiveDateTime,
    ended_by: Option<String>,
    ended_at: Option<NaiveDateTime>,
}

impl From<StoredRule> for RuleRow {
    fn from(rule: StoredRule) -> Self {
        Self {
            id: rule.id.to_string(),
            provider: rule.provider,
            stage: rule.stage,
            cause: rule.cause,
            provider_error: rule.provider_error,
            category: rule.category,
            level: rule.level,
            note: rule.note,
            made_by: rule.made_by,
            made_at: stored(rule.made_at),
            ended_by: rule.ended_by,
            ended_at: rule.ended_at.map(stored),
        }
    }
}

impl TryFrom<RuleRow> for StoredRule {
    type Error = StoreError;

    fn try_from(row: RuleRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: parse("rule", &row.id)?,
            provider: row.provider,
            stage: row.stage,
            cause: row.cause,
            provider_error: row.provider_error,
            category: row.category,
            level: row.level,
            note: row.note,
            made_by: row.made_by,
            made_at: row.made_at.and_utc(),
            ended_by: row.ended_by,
            ended_at: row.ended_at.map(|at| at.and_utc()),
        })
    }
}

impl Store {
    /// Tells whether the rules have changed, without reading them.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub async fn find_rules_version(&self) -> Result<RulesVersion, StoreError> {
        self.read(|connection| {
            let all = rules::table.count().get_result(connection)?;
            let ended = rules::table.filter(rules::ended_at.is_not_null()).count().get_result(connection)?;
            Ok(RulesVersion(all, ended))
        })
        .await
    }

    /// Lists every rule, the oldest first; those that have ended too.
    ///
    /// # Errors
    ///
    /// [`StoreError::BrokenRow`], or what the database says.
    pub async fn list_rules(&self) -> Result<Vec<StoredRule>, StoreError> {
        let rows: Vec<RuleRow> =
            self.read(|connection| Ok(rules::table.order(rules::id).select(RuleRow::as_select()).load(connection)?)).await?;
        rows.into_iter().map(StoredRule::try_from).collect()
    }

    /// Adds a rule.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if the database fails.
    pub async fn insert_rule(&self, rule: StoredRule) -> Result<(), StoreError> {
        self.write(move |connection| {
            diesel::insert_into(rules::table).values(RuleRow::from(rule.clone())).execute(connection)?;
            Ok(())
        })
        .await
    }

    /// Ends a rule that holds.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotFound`] if there is none of that name, or if it has ended.
    pub async fn end_rule(&self, id: RowId, by: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
        let (id, by, now) = (id.to_string(), by.to_owned(), stored(now));
        self.write(move |connection| {
            let holding = rules::table.find(&id).filter(rules::ended_at.is_null());
            match diesel::update(holding).set((rules::ended_by.eq(&by), rules::ended_at.eq(now))).execute(connection)? {
                0 => Err(StoreError::NotFound),
                _ => Ok(()),
            }
        })
        .await
    }
}
