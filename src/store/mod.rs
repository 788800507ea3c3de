//! The only SQL: one set of queries over SQLite, PostgreSQL and MySQL/MariaDB.
//!
//! Every use case that must be atomic is one method of [`Store`] with one
//! transaction. Methods are grouped by table, one file each; all are async, run
//! on the blocking pool and take their connection there; what writes to SQLite goes to
//! its one writer instead.

mod connection;
mod expiry;
mod migrations;
mod pool;
mod rows;
mod schema;
mod transaction;
mod writer;

pub mod access_tokens;
pub mod attempts;
pub mod audit;
pub mod authentications;
pub mod authorization_requests;
pub mod clients;
pub mod codes;
pub mod consents;
pub mod counts;
pub mod device_codes;
pub mod email_links;
pub mod error;
pub mod failures;
pub mod families;
pub mod groups;
pub mod health;
pub mod identities;
pub mod incidents;
pub mod keys;
pub mod links;
pub mod logouts;
pub mod outbox;
pub mod outcome_counts;
pub mod people;
pub mod provider_tokens;
pub mod refresh_tokens;
pub mod refusals;
pub mod rules;
pub mod sessions;
pub mod throttles;
pub mod token_keys;
pub mod trusted_issuers;
pub mod users;

use std::sync::Arc;

pub use error::{Conflict, StoreError};

use crate::config::DatabaseConfig;

/// The database, behind a pool of connections. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    shared: Arc<pool::Shared>,
    /// What every transaction of this handle stores beside its own work.
    letters: Arc<[outbox::NewMail]>,
}

impl Store {
    /// Opens the pool; does not migrate.
    ///
    /// # Errors
    ///
    /// [`StoreError::UnknownScheme`] and [`StoreError::NotBuiltIn`] for the URL,
    /// [`StoreError::Unreachable`] if no connection can be made.
    pub async fn connect(config: &DatabaseConfig) -> Result<Self, StoreError> {
        Ok(Self { shared: Arc::new(pool::Shared::open(config).await?), letters: Arc::default() })
    }

    /// Returns a handle whose next transaction stores these letters, if what it does
    /// comes to anything (security.md EM-14): no change without its notice, no notice
    /// without its change.
    #[must_use = "the letters go with what is done with this handle"]
    pub fn with_letters(&self, letters: Vec<outbox::NewMail>) -> Self {
        Self { shared: self.shared.clone(), letters: letters.into() }
    }
}
