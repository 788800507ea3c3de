//! `signing_keys`: key material, sealed by the caller before it comes here.

use chrono::{DateTime, NaiveDateTime, Utc};

use diesel::prelude::*;

use super::rows::stored;
use super::schema::signing_keys;
use super::transaction::is_unique_violation;
use super::{Conflict, Store, StoreError};

/// A row of key material.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyRow {
    /// The key's unique name, as in `pepper` or `session-token-…`; the `kid` of a token key.
    pub name: String,
    /// What it is for.
    pub purpose: String,
    /// The sealed material.
    pub sealed: String,
    /// When it was made.
    pub created_at: DateTime<Utc>,
}

impl Store {
    /// Lists every key, the oldest first.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if the database fails.
    pub async fn list_keys(&self) -> Result<Vec<KeyRow>, StoreError> {
        let rows = self.read(|connection| {
            let all = signing_keys::table.order((signing_keys::created_at, signing_keys::name));
            Ok(all.load::<(String, String, String, NaiveDateTime)>(connection)?)
        });
        let key = |(name, purpose, sealed, created_at): (_, _, _, NaiveDateTime)| KeyRow {
            name,
            purpose,
            sealed,
            created_at: created_at.and_utc(),
        };
        Ok(rows.await?.into_iter().map(key).collect())
    }

    /// Stores all keys in one transaction, or none.
    ///
    /// # Errors
    ///
    /// [`StoreError::Conflict`] (key) if another replica stored one of them first.
    pub async fn insert_keys(&self, keys: Vec<KeyRow>) -> Result<(), StoreError> {
        let inserted = self.write(move |connection| {
            for key in &keys {
                let row = (
                    signing_keys::name.eq(&key.name),
                    signing_keys::purpose.eq(&key.purpose),
                    signing_keys::sealed.eq(&key.sealed),
                    signing_keys::created_at.eq(stored(key.created_at)),
                );
                diesel::insert_into(signing_keys::table).values(row).execute(connection)?;
            }
            Ok(())
        });
        // The name is the primary key, which MySQL calls PRIMARY in every table.
        inserted.await.map_err(|error| if is_unique_violation(&error) { StoreError::Conflict(Conflict::Key) } else { error })
    }
}
