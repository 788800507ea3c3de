//! Forgetting what has expired.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;

use super::connection::AnyConnection;
use super::rows::stored;
use super::schema::{
    audit, consumed_attempts, email_links, failures, incidents, one_time_links, outbox, outcome_counts, seen_failures, sessions,
    signin_counts, spent_values, throttles,
};
use super::{Store, StoreError};

/// How many rows one transaction deletes at most: few enough to keep nobody waiting.
const BATCH: usize = 200;

/// Writes a function that deletes one batch of expired rows of a table. Rows are
/// taken in the order of their key, so that two at once rather wait than deadlock,
/// and asked again whether they have expired, for a counter may have begun anew.
macro_rules! delete_batch {
    ($name:ident, $table:ident, $key:ident) => {
        fn $name(connection: &mut AnyConnection, now: NaiveDateTime) -> Result<(usize, usize), StoreError> {
            let expired = $table::table.filter($table::expires_at.le(now));
            let batch = i64::try_from(BATCH).unwrap_or(i64::MAX);
            let mut keys: Vec<String> = expired.order($table::expires_at).limit(batch).select($table::$key).load(connection)?;
            keys.sort_unstable();
            let deleted = diesel::delete(expired.filter($table::$key.eq_any(&keys))).execute(connection)?;
            Ok((keys.len(), deleted))
        }
    };
}

delete_batch!(delete_attempts, consumed_attempts, id);
delete_batch!(delete_spent_values, spent_values, value_hash);
delete_batch!(delete_throttles, throttles, key_hash);
delete_batch!(delete_links, one_time_links, token_hash);
delete_batch!(delete_sessions, sessions, id);
delete_batch!(delete_mail, outbox, id);
delete_batch!(delete_email_links, email_links, token_hash);
delete_batch!(delete_failures, failures, id);
delete_batch!(delete_counts, signin_counts, id);
delete_batch!(delete_audit, audit, id);
delete_batch!(delete_incidents, incidents, id);
delete_batch!(delete_outcomes, outcome_counts, id);
delete_batch!(delete_fingerprints, seen_failures, fingerprint);

/// Deletes one batch; returns how many were found and how many went.
type DeleteBatch = fn(&mut AnyConnection, NaiveDateTime) -> Result<(usize, usize), StoreError>;

/// One for each table that forgets.
const ALL: [DeleteBatch; 13] = [
    delete_attempts,
    delete_spent_values,
    delete_throttles,
    delete_links,
    delete_sessions,
    delete_incidents,
    delete_outcomes,
    delete_fingerprints,
    delete_mail,
    delete_email_links,
    delete_failures,
    delete_counts,
    delete_audit,
];

impl Store {
    /// Deletes expired rows in small batches; any number of replicas may do it
    /// (security.md DB-12). Returns how many rows went.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if the database fails; what was deleted before stays so.
    pub async fn delete_expired(&self, now: DateTime<Utc>) -> Result<usize, StoreError> {
        let now = stored(now);
        let mut total = 0;
        for delete_batch in ALL {
            loop {
                let (found, deleted) = self.write(move |connection| delete_batch(connection, now)).await?;
                total += deleted;
                if found < BATCH {
                    break;
                }
            }
        }
        Ok(total)
    }
}
