//! The schema's steps, and whether the database has taken them.
//!
//! The steps are in the binary, one set per database, with the same names in the
//! same order. Whoever migrates holds a lock, so that of several starting at once
//! one works and the others find the work done. Killed half-way, it can be run
//! again: PostgreSQL and SQLite undo a step that was not finished, and on MySQL,
//! which cannot, every statement may be repeated.

use std::fmt::Display;

use diesel::connection::TransactionManager;
use diesel::prelude::*;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::connection::{AnyConnection, MultiBackend};
use super::schema::__diesel_schema_migrations as applied;
use super::{Store, StoreError};

#[cfg(feature = "sqlite")]
const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
#[cfg(feature = "postgres")]
const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");
#[cfg(feature = "mysql")]
const MYSQL: EmbeddedMigrations = embed_migrations!("migrations/mysql");

/// The key of PostgreSQL's advisory lock: `genkan` in ASCII.
#[cfg(feature = "postgres")]
const LOCK_KEY: i64 = 0x6765_6e6b_616e;
/// How long to wait for somebody else who migrates, in seconds.
const LOCK_SECS: u32 = 120;

impl Store {
    /// Applies the migrations that are missing; safe against a parallel start
    /// (security.md DB-09). Returns their names.
    ///
    /// # Errors
    ///
    /// [`StoreError::SchemaMismatch`] if the database is newer than this version or
    /// lacks a step in between, [`StoreError::Migration`] if a step fails.
    pub async fn migrate(&self) -> Result<Vec<String>, StoreError> {
        // The lock and the long waits end with the connection, whatever happens.
        self.shared.run_alone(migrate_locked).await
    }

    /// Checks that the database answers and that its schema is exactly ours.
    ///
    /// # Errors
    ///
    /// [`StoreError::SchemaMismatch`] says what is missing or unknown.
    pub async fn check_ready(&self) -> Result<(), StoreError> {
        self.read(|connection| {
            let taken = match applied::table.select(applied::version).order(applied::version).load::<String>(connection) {
                Ok(taken) => taken,
                Err(error) if diesel::r2d2::R2D2Connection::ping(connection).is_ok() => {
                    return Err(StoreError::SchemaMismatch(format!("it cannot be read ({error}); run `genkan migrate`")));
                }
                Err(error) => return Err(error.into()),
            };
            match missing_steps(&taken, &step_names(connection)?)?.first() {
                Some(missing) => Err(StoreError::SchemaMismatch(format!("step {missing} is missing; run `genkan migrate`"))),
                None => Ok(()),
            }
        })
        .await
    }
}

fn migrate_locked(connection: &mut AnyConnection) -> Result<Vec<String>, StoreError> {
    lock(connection)?;
    let taken: Vec<String> = connection.applied_migrations().map_err(failed)?.iter().map(ToString::to_string).collect();
    let missing = missing_steps(&taken, &step_names(connection)?)?;
    let steps = steps(connection);
    connection.run_pending_migrations(steps).map_err(failed)?;
    if is_sqlite(connection) {
        AnyConnection::commit_transaction(connection)?;
    }
    Ok(missing)
}

/// Waits for the right to migrate. SQLite's lock is one transaction around all steps.
fn lock(connection: &mut AnyConnection) -> Result<(), StoreError> {
    match connection {
        #[cfg(feature = "sqlite")]
        AnyConnection::Sqlite(_) => {
            diesel::sql_query(format!("PRAGMA busy_timeout = {LOCK_SECS}000")).execute(connection)?;
            super::transaction::begin(connection)?;
        }
        #[cfg(feature = "postgres")]
        AnyConnection::Postgres(_) => {
            diesel::sql_query("SET statement_timeout = 0").execute(connection)?;
            diesel::sql_query(format!("SET lock_timeout = '{LOCK_SECS}s'")).execute(connection)?;
            diesel::sql_query(format!("SELECT pg_advisory_lock({LOCK_KEY})")).execute(connection)?;
        }
        #[cfg(feature = "mysql")]
        AnyConnection::Mysql(_) => {
            use diesel::sql_types::{BigInt, Nullable};
            diesel::sql_query(format!("SET SESSION lock_wait_timeout = {LOCK_SECS}")).execute(connection)?;
            let lock = format!("GET_LOCK(CONCAT('genkan ', MD5(DATABASE())), {LOCK_SECS})");
            let got: Option<i64> = diesel::select(diesel::dsl::sql::<Nullable<BigInt>>(&lock)).get_result(connection)?;
            if got != Some(1) {
                return Err(StoreError::Migration(format!("somebody else has been migrating for {LOCK_SECS} seconds")));
            }
        }
    }
    Ok(())
}

fn is_sqlite(connection: &AnyConnection) -> bool {
    match connection {
        #[cfg(feature = "sqlite")]
        AnyConnection::Sqlite(_) => true,
        #[cfg(any(feature = "postgres", feature = "mysql"))]
        _ => false,
    }
}

fn steps(connection: &AnyConnection) -> EmbeddedMigrations {
    match connection {
        #[cfg(feature = "sqlite")]
        AnyConnection::Sqlite(_) => SQLITE,
        #[cfg(feature = "postgres")]
        AnyConnection::Postgres(_) => POSTGRES,
        #[cfg(feature = "mysql")]
        AnyConnection::Mysql(_) => MYSQL,
    }
}

/// Returns the versions of our steps, in order.
fn step_names(connection: &AnyConnection) -> Result<Vec<String>, StoreError> {
    use diesel::migration::MigrationSource;
    let steps = MigrationSource::<MultiBackend>::migrations(&steps(connection)).map_err(failed)?;
    let mut names: Vec<String> = steps.iter().map(|step| step.name().version().to_string()).collect();
    names.sort_unstable();
    Ok(names)
}

/// Returns which of our steps are to be taken yet.
///
/// # Errors
///
/// [`StoreError::SchemaMismatch`] if a taken step is none of ours, or if one was skipped.
fn missing_steps(taken: &[String], ours: &[String]) -> Result<Vec<String>, StoreError> {
    if let Some(unknown) = taken.iter().find(|step| !ours.contains(step)) {
        let reason = format!("it has step {unknown}, which this version does not know; start the newer version of genkan");
        return Err(StoreError::SchemaMismatch(reason));
    }
    let missing: Vec<String> = ours.iter().filter(|step| !taken.contains(step)).cloned().collect();
    match missing.iter().find(|step| taken.iter().any(|later| later > *step)) {
        Some(skipped) => Err(StoreError::SchemaMismatch(format!("step {skipped} was skipped; restore a backup from before the upgrade"))),
        None => Ok(missing),
    }
}

fn failed(error: impl Display) -> StoreError {
    StoreError::Migration(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn steps(names: &[&str]) -> Vec<String> {
        names.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn db_09_only_a_prefix_of_our_steps_can_be_continued() {
        let ours = steps(&["1", "2", "3"]);

        assert_eq!(missing_steps(&[], &ours).ok(), Some(steps(&["1", "2", "3"])));
        assert_eq!(missing_steps(&steps(&["1", "2"]), &ours).ok(), Some(steps(&["3"])));
        assert!(matches!(missing_steps(&steps(&["1", "4"]), &ours), Err(StoreError::SchemaMismatch(_))));
        assert!(matches!(missing_steps(&steps(&["1", "3"]), &ours), Err(StoreError::SchemaMismatch(_))));
    }
}
