//! The only SQL: one set of queries over SQLite, PostgreSQL and MySQL/MariaDB.
//!
//! Every use case that must be atomic is one method of [`Store`] with one
//! transaction. Methods are grouped by table, one file each; all are async, run
//! on the blocking pool and take their connection there.

pub mod attempts;
pub mod error;
pub mod keys;
pub mod links;
pub mod sessions;
pub mod throttles;
pub mod users;

pub use error::{Conflict, StoreError};

use crate::config::DatabaseConfig;

/// The database, behind a pool of connections. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    // part store: the pool
    _private: (),
}

impl Store {
    /// Opens the pool; does not migrate.
    ///
    /// # Errors
    ///
    /// [`StoreError::UnknownScheme`] and [`StoreError::NotBuiltIn`] for the URL,
    /// [`StoreError::Unreachable`] if no connection can be made.
    pub async fn connect(_config: &DatabaseConfig) -> Result<Self, StoreError> {
        todo!("part store")
    }

    /// Applies the migrations that are missing; safe against a parallel start
    /// (security.md DB-09). Returns their names.
    pub async fn migrate(&self) -> Result<Vec<String>, StoreError> {
        todo!("part store")
    }

    /// Checks that the database answers and that its schema is exactly ours.
    pub async fn check_ready(&self) -> Result<(), StoreError> {
        todo!("part store")
    }

    /// Deletes expired rows in small batches; any number of replicas may do it.
    /// Returns how many rows went.
    pub async fn delete_expired(&self, _now: chrono::DateTime<chrono::Utc>) -> Result<usize, StoreError> {
        todo!("part store")
    }
}
