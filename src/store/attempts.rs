//! `consumed_attempts`: what makes an attempt single-use, and how it ended.
//!
//! A row is inserted before the code is exchanged; its unique key decides who is
//! first. The outcome is written to it for whoever delivers the same answer again.

use chrono::{DateTime, Utc};

use diesel::prelude::*;

use super::rows::{parse, stored};
use super::schema::{consumed_attempts, spent_values};
use super::transaction::is_first;
use super::{Store, StoreError};
use crate::domain::ids::{AttemptId, SessionId, UserId};

/// How a consumed attempt ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// A session was opened.
    SignedIn {
        /// Whose.
        user_id: UserId,
        /// Which.
        session_id: SessionId,
    },
    /// An identity was linked to the user.
    Linked {
        /// Whose.
        user_id: UserId,
    },
    /// It failed; the person gets the same words and reference again.
    Failed {
        /// The cause's name.
        cause: String,
        /// The reference in the log.
        reference: String,
    },
}

/// The columns that hold an [`Outcome`].
#[derive(Default, Queryable, Selectable, AsChangeset)]
#[diesel(table_name = consumed_attempts)]
struct OutcomeRow {
    outcome: Option<String>,
    user_id: Option<String>,
    session_id: Option<String>,
    cause: Option<String>,
    reference: Option<String>,
}

impl From<Outcome> for OutcomeRow {
    fn from(outcome: Outcome) -> Self {
        let word = |word: &str| Some(word.to_owned());
        match outcome {
            Outcome::SignedIn { user_id, session_id } => Self {
                outcome: word("signed_in"),
                user_id: Some(user_id.to_string()),
                session_id: Some(session_id.to_string()),
                ..Self::default()
            },
            Outcome::Linked { user_id } => Self { outcome: word("linked"), user_id: Some(user_id.to_string()), ..Self::default() },
            Outcome::Failed { cause, reference } => {
                Self { outcome: word("failed"), cause: Some(cause), reference: Some(reference), ..Self::default() }
            }
        }
    }
}

impl TryFrom<OutcomeRow> for Option<Outcome> {
    type Error = StoreError;

    fn try_from(row: OutcomeRow) -> Result<Self, StoreError> {
        const KIND: &str = "attempt";
        let id = |id: Option<String>| id.ok_or(StoreError::BrokenRow(KIND));
        Ok(Some(match row.outcome.as_deref() {
            None => return Ok(None),
            Some("signed_in") => {
                Outcome::SignedIn { user_id: parse(KIND, &id(row.user_id)?)?, session_id: parse(KIND, &id(row.session_id)?)? }
            }
            Some("linked") => Outcome::Linked { user_id: parse(KIND, &id(row.user_id)?)? },
            Some("failed") => Outcome::Failed { cause: id(row.cause)?, reference: id(row.reference)? },
            Some(_) => return Err(StoreError::BrokenRow(KIND)),
        }))
    }
}

impl Store {
    /// Consumes an attempt; tells whether this call was the first to do so
    /// (security.md DB-01, SO-02). The row may be deleted after `expires_at`.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if the database fails; whether it is consumed is not known then.
    pub async fn consume_attempt(&self, id: AttemptId, expires_at: DateTime<Utc>) -> Result<bool, StoreError> {
        let row = (id.to_string(), stored(expires_at));
        let inserted = self.write(move |connection| {
            let (id, expires_at) = &row;
            let row = (consumed_attempts::id.eq(id), consumed_attempts::expires_at.eq(expires_at));
            diesel::insert_into(consumed_attempts::table).values(row).execute(connection)?;
            Ok(())
        });
        is_first(inserted.await)
    }

    /// Writes how a consumed attempt ended. The first outcome stays.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotFound`] if it was not consumed, is forgotten, or has an outcome.
    pub async fn record_outcome(&self, id: AttemptId, outcome: Outcome) -> Result<(), StoreError> {
        let (id, row) = (id.to_string(), OutcomeRow::from(outcome));
        self.write(move |connection| {
            let open = consumed_attempts::table.find(&id).filter(consumed_attempts::outcome.is_null());
            match diesel::update(open).set(&row).execute(connection)? {
                0 => Err(StoreError::NotFound),
                _ => Ok(()),
            }
        })
        .await
    }

    /// Finds how a consumed attempt ended; `None` while it is under way.
    ///
    /// # Errors
    ///
    /// [`StoreError::BrokenRow`], or what the database says.
    pub async fn find_outcome(&self, id: AttemptId) -> Result<Option<Outcome>, StoreError> {
        let id = id.to_string();
        let row = self
            .read(move |connection| Ok(consumed_attempts::table.find(&id).select(OutcomeRow::as_select()).first(connection).optional()?));
        row.await?.map_or(Ok(None), Option::try_from)
    }

    /// Uses up a one-time value of ours, such as a flash that travels in a URL;
    /// tells whether this call was the first to do so.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if the database fails; whether it is used up is not known then.
    pub async fn spend(&self, value_hash: &str, expires_at: DateTime<Utc>) -> Result<bool, StoreError> {
        let row = (value_hash.to_owned(), stored(expires_at));
        let inserted = self.write(move |connection| {
            let (value_hash, expires_at) = &row;
            let row = (spent_values::value_hash.eq(value_hash), spent_values::expires_at.eq(expires_at));
            diesel::insert_into(spent_values::table).values(row).execute(connection)?;
            Ok(())
        });
        is_first(inserted.await)
    }
}
