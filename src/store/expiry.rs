//! Forgetting what has expired.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;

use super::connection::AnyConnection;
use super::rows::stored;
use super::{Store, StoreError, schema};

/// How many rows one transaction deletes at most: few enough to keep nobody waiting.
const BATCH: usize = 200;

/// Deletes one batch of a table; returns how many rows were found and how many went.
type DeleteBatch = fn(&mut AnyConnection, NaiveDateTime) -> Result<(usize, usize), StoreError>;

/// Writes a function for each table that deletes one batch of its expired rows. Rows are
/// taken in the order of their key, so that two at once rather wait than deadlock,
/// and asked again whether they have expired, for a counter may have begun anew.
macro_rules! expiring {
    ($($name:ident: $table:ident.$key:ident,)+) => {
        $(fn $name(connection: &mut AnyConnection, now: NaiveDateTime) -> Result<(usize, usize), StoreError> {
            use schema::$table;
            let expired = $table::table.filter($table::expires_at.le(now));
            let batch = i64::try_from(BATCH).unwrap_or(i64::MAX);
            let mut keys: Vec<String> = expired.order($table::expires_at).limit(batch).select($table::$key).load(connection)?;
            keys.sort_unstable();
            let deleted = diesel::delete(expired.filter($table::$key.eq_any(&keys))).execute(connection)?;
            Ok((keys.len(), deleted))
        })+

        /// Every table whose rows expire; what hangs on another comes before it.
        const TABLES: &[DeleteBatch] = &[$($name),+];
    };
}

expiring! {
    delete_attempts: consumed_attempts.id,
    delete_spent_values: spent_values.value_hash,
    delete_throttles: throttles.key_hash,
    delete_links: one_time_links.token_hash,
    delete_access_tokens: access_tokens.token_hash,
    delete_revoked_tokens: revoked_tokens.token_hash,
    delete_codes: authorization_codes.code_hash,
    delete_refresh_tokens: refresh_tokens.token_hash,
    delete_requests: authorization_requests.id_hash,
    delete_device_codes: device_codes.device_hash,
    delete_client_sessions: client_sessions.id,
    delete_families: token_families.id,
    delete_sessions: sessions.id,
    delete_client_secrets: client_secrets.id,
    delete_mail: outbox.id,
    delete_email_links: email_links.token_hash,
    delete_failures: failures.id,
    delete_counts: signin_counts.id,
    delete_audit: audit.id,
    delete_incidents: incidents.id,
    delete_outcomes: outcome_counts.id,
    delete_fingerprints: seen_failures.fingerprint,
    delete_refusals: client_refusals.id,
}

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
        for delete_batch in TABLES {
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
