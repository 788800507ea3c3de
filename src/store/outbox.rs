//! `outbox`: mail that was decided on and has not left yet.
//!
//! A letter is written in the transaction of its cause (security.md EM-14) and sent by
//! any replica: who moves its `due_at` forward has it for that long. It goes when it
//! is delivered, lies dead when it was tried too often, and is forgotten when it expires.

use std::time::Duration;

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use super::connection::AnyConnection;
use super::rows::{parse, stored};
use super::schema::outbox;
use super::{Store, StoreError};
use crate::domain::ids::RowId;

/// A letter to be stored.
#[derive(Clone, Debug)]
pub struct NewMail {
    /// The row.
    pub id: RowId,
    /// The letter, sealed: it may hold links that open accounts.
    pub sealed: String,
    /// When it was written; it is due at once.
    pub now: DateTime<Utc>,
    /// When nobody needs it any more.
    pub expires_at: DateTime<Utc>,
}

/// A letter that is ours to send for a while.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimedMail {
    /// The row.
    pub id: RowId,
    /// The letter, sealed.
    pub sealed: String,
    /// How often it was tried before.
    pub tries: u32,
}

/// How full the outbox is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MailCounts {
    /// Letters on their way, later tries included.
    pub waiting: u64,
    /// Letters that were given up.
    pub dead: u64,
}

impl Store {
    /// Stores a letter that has no other cause in the database.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if the database fails.
    pub async fn insert_mail(&self, mail: NewMail) -> Result<(), StoreError> {
        self.write(move |connection| insert_mail(connection, &mail)).await
    }

    /// Takes letters that are due, a few at once, for as long as `lease`; whoever else looks meanwhile gets others.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if the database fails.
    pub async fn claim_mail(&self, now: DateTime<Utc>, lease: Duration, limit: u32) -> Result<Vec<ClaimedMail>, StoreError> {
        let (due, until) = (stored(now), stored(now + lease));
        self.write(move |connection| {
            let waiting = outbox::table.filter(outbox::due_at.le(due)).filter(outbox::dead_at.is_null()).filter(outbox::expires_at.gt(due));
            let columns = (outbox::id, outbox::sealed, outbox::tries, outbox::due_at);
            let found: Vec<(String, String, i32, chrono::NaiveDateTime)> =
                waiting.order((outbox::due_at, outbox::id)).limit(i64::from(limit)).select(columns).load(connection)?;
            let mut claimed = Vec::with_capacity(found.len());
            for (id, sealed, tries, was_due) in found {
                let still = outbox::table.find(&id).filter(outbox::due_at.eq(was_due)).filter(outbox::dead_at.is_null());
                if diesel::update(still).set(outbox::due_at.eq(until)).execute(connection)? == 1 {
                    claimed.push(ClaimedMail { id: parse("mail", &id)?, sealed, tries: u32::try_from(tries).unwrap_or_default() });
                }
            }
            Ok(claimed)
        })
        .await
    }

    /// Forgets a letter that was delivered.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if the database fails; the letter is then sent once more after its lease.
    pub async fn delete_mail(&self, id: RowId) -> Result<(), StoreError> {
        self.write(move |connection| {
            diesel::delete(outbox::table.find(id.to_string())).execute(connection)?;
            Ok(())
        })
        .await
    }

    /// Puts a letter back after a try: until `due_at`, or for good if there is to be no other.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if the database fails; the letter is then tried again after its lease.
    pub async fn return_mail(&self, id: RowId, due_at: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Result<(), StoreError> {
        self.write(move |connection| {
            let row = || outbox::table.find(id.to_string());
            diesel::update(row()).set(outbox::tries.eq(outbox::tries + 1)).execute(connection)?;
            match due_at {
                Some(due_at) => diesel::update(row()).set(outbox::due_at.eq(stored(due_at))).execute(connection)?,
                None => diesel::update(row()).set(outbox::dead_at.eq(Some(stored(now)))).execute(connection)?,
            };
            Ok(())
        })
        .await
    }

    /// Counts the letters that wait and those that were given up.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if the database fails.
    pub async fn count_mail(&self) -> Result<MailCounts, StoreError> {
        self.read(|connection| {
            let waiting: i64 = outbox::table.filter(outbox::dead_at.is_null()).count().get_result(connection)?;
            let dead: i64 = outbox::table.filter(outbox::dead_at.is_not_null()).count().get_result(connection)?;
            Ok(MailCounts { waiting: u64::try_from(waiting).unwrap_or_default(), dead: u64::try_from(dead).unwrap_or_default() })
        })
        .await
    }
}

/// Stores a letter in the transaction of its cause.
pub(super) fn insert_mail(connection: &mut AnyConnection, mail: &NewMail) -> Result<(), StoreError> {
    let row = (
        outbox::id.eq(mail.id.to_string()),
        outbox::sealed.eq(&mail.sealed),
        outbox::tries.eq(0),
        outbox::due_at.eq(stored(mail.now)),
        outbox::created_at.eq(stored(mail.now)),
        outbox::expires_at.eq(stored(mail.expires_at)),
    );
    diesel::insert_into(outbox::table).values(row).execute(connection)?;
    Ok(())
}

/// Stores the letters of a cause in its transaction.
pub(super) fn insert_all(connection: &mut AnyConnection, mails: &[NewMail]) -> Result<(), StoreError> {
    mails.iter().try_for_each(|mail| insert_mail(connection, mail))
}
