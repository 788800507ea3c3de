//! `audit`: what operators did. Rows are only added, and forgotten after [`KEPT`].

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use diesel::prelude::*;

use super::connection::MultiBackend;
use super::rows::{parse, stored};
use super::schema::{audit, users};
use super::{Store, StoreError};
use crate::domain::audit::AuditEntry;
use crate::domain::ids::RowId;

/// How long an entry is kept: 400 days, a year and what it takes to look back at it (security.md LG-09).
pub const KEPT: TimeDelta = TimeDelta::days(400);

/// An entry with the operator's name, if there still is such a user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedEntry {
    /// What was done.
    pub entry: AuditEntry,
    /// The name of who did it.
    pub operator_name: Option<String>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = audit)]
struct AuditRow {
    id: String,
    operator_id: String,
    act: String,
    subject: Option<String>,
    acted_at: NaiveDateTime,
}

impl TryFrom<AuditRow> for AuditEntry {
    type Error = StoreError;

    fn try_from(row: AuditRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: parse("audit", &row.id)?,
            operator: parse("audit", &row.operator_id)?,
            act: row.act,
            subject: row.subject,
            at: row.acted_at.and_utc(),
        })
    }
}

impl Store {
    /// Keeps what an operator is about to do.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if the database fails; then it must not be done.
    pub async fn insert_audit(&self, entry: AuditEntry) -> Result<(), StoreError> {
        self.write(move |connection| {
            let row = (
                audit::id.eq(entry.id.to_string()),
                audit::operator_id.eq(entry.operator.to_string()),
                audit::act.eq(&entry.act),
                audit::subject.eq(&entry.subject),
                audit::acted_at.eq(stored(entry.at)),
                audit::expires_at.eq(stored(entry.at + KEPT)),
            );
            diesel::insert_into(audit::table).values(row).execute(connection)?;
            Ok(())
        })
        .await
    }

    /// Lists what operators did, the newest first, at most `limit`, before the given entry.
    ///
    /// # Errors
    ///
    /// [`StoreError::BrokenRow`], or what the database says.
    pub async fn list_audit(&self, before: Option<RowId>, now: DateTime<Utc>, limit: i64) -> Result<Vec<NamedEntry>, StoreError> {
        let rows: Vec<(AuditRow, Option<String>)> = self
            .read(move |connection| {
                let named = audit::table.left_join(users::table.on(users::id.eq(audit::operator_id)));
                let mut query = named.filter(audit::expires_at.gt(stored(now))).into_boxed::<MultiBackend>();
                if let Some(before) = before {
                    query = query.filter(audit::id.lt(before.to_string()));
                }
                let columns = (AuditRow::as_select(), users::name.nullable());
                Ok(query.order(audit::id.desc()).limit(limit).select(columns).load(connection)?)
            })
            .await?;
        rows.into_iter().map(|(row, operator_name)| Ok(NamedEntry { entry: row.try_into()?, operator_name })).collect()
    }
}
