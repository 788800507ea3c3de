//! `signing_keys`: key material, sealed by the caller before it comes here.

use chrono::{DateTime, Utc};

use super::{Store, StoreError};

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
    pub async fn list_keys(&self) -> Result<Vec<KeyRow>, StoreError> {
        todo!("part store")
    }

    /// Stores all keys in one transaction, or none.
    ///
    /// # Errors
    ///
    /// [`StoreError::Conflict`] (key) if another replica stored one of them first.
    pub async fn insert_keys(&self, _keys: Vec<KeyRow>) -> Result<(), StoreError> {
        todo!("part store")
    }
}
