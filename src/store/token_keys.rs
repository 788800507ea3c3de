//! `token_keys`: keys that sign tokens, sealed by the caller before they come here.
//!
//! A row says when its key begins to sign; what state a key is in follows from that
//! and the time ([`crate::keys`]). A key that is gone has no row.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;

use super::connection::AnyConnection;
use super::rows::stored;
use super::schema::token_keys;
use super::transaction::is_unique_violation;
use super::{Conflict, Store, StoreError};

/// A key that signs tokens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenKeyRow {
    /// The key's unique name, in every token that it signs (RFC 7515 §4.1.4).
    pub kid: String,
    /// What it signs.
    pub purpose: String,
    /// The sealed material.
    pub sealed: String,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it begins to sign.
    pub signs_at: DateTime<Utc>,
}

impl Store {
    /// Lists every key, in the order in which they begin to sign.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if the database fails.
    pub async fn list_token_keys(&self) -> Result<Vec<TokenKeyRow>, StoreError> {
        let rows = self.read(|connection| {
            let all = token_keys::table.order((token_keys::signs_at, token_keys::kid));
            Ok(all.load::<(String, String, String, NaiveDateTime, NaiveDateTime)>(connection)?)
        });
        let key = |(kid, purpose, sealed, created_at, signs_at): (_, _, _, NaiveDateTime, NaiveDateTime)| TokenKeyRow {
            kid,
            purpose,
            sealed,
            created_at: created_at.and_utc(),
            signs_at: signs_at.and_utc(),
        };
        Ok(rows.await?.into_iter().map(key).collect())
    }

    /// Stores all keys, or none.
    ///
    /// # Errors
    ///
    /// [`StoreError::Conflict`] (key) if another replica stored one of them first.
    pub async fn insert_token_keys(&self, keys: Vec<TokenKeyRow>) -> Result<(), StoreError> {
        let inserted = self.write(move |connection| keys.iter().try_for_each(|key| insert(connection, key)));
        inserted.await.map_err(name_conflict)
    }

    /// Removes a key and puts another in its place, so that there always is one; tells
    /// whether it was there.
    ///
    /// # Errors
    ///
    /// [`StoreError::Conflict`] (key) if there is one of the new key's name.
    pub async fn replace_token_key(&self, kid: &str, successor: Option<TokenKeyRow>) -> Result<bool, StoreError> {
        let kid = kid.to_owned();
        let replaced = self.write(move |connection| {
            let was_there = diesel::delete(token_keys::table.find(&kid)).execute(connection)? == 1;
            if let Some(successor) = successor.as_ref().filter(|_| was_there) {
                insert(connection, successor)?;
            }
            Ok(was_there)
        });
        replaced.await.map_err(name_conflict)
    }

    /// Removes keys; those that are not there do not matter.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if the database fails.
    pub async fn delete_token_keys(&self, kids: Vec<String>) -> Result<usize, StoreError> {
        self.write(move |connection| Ok(diesel::delete(token_keys::table.filter(token_keys::kid.eq_any(&kids))).execute(connection)?)).await
    }
}

fn insert(connection: &mut AnyConnection, key: &TokenKeyRow) -> Result<(), StoreError> {
    let row = (
        token_keys::kid.eq(&key.kid),
        token_keys::purpose.eq(&key.purpose),
        token_keys::sealed.eq(&key.sealed),
        token_keys::created_at.eq(stored(key.created_at)),
        token_keys::signs_at.eq(stored(key.signs_at)),
    );
    diesel::insert_into(token_keys::table).values(row).execute(connection)?;
    Ok(())
}

/// The name is the primary key, which MySQL calls PRIMARY in every table.
fn name_conflict(error: StoreError) -> StoreError {
    if is_unique_violation(&error) { StoreError::Conflict(Conflict::Key) } else { error }
}
