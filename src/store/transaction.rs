//! Reading, and writing in transactions that may have to be tried again.
//!
//! Two transactions can be in each other's way; the database then ends one of
//! them, and it is tried again, a few times, after a short random pause
//! (security.md DB-02). So a transaction's closure may run more than once.

use std::cell::Cell;
use std::sync::Arc;
use std::time::{Duration, Instant};

use diesel::QueryResult;
use diesel::connection::TransactionManager;
use diesel::result::{DatabaseErrorInformation, DatabaseErrorKind, Error};

use super::connection::AnyConnection;
use super::pool::Checked;
use super::{Conflict, Store, StoreError, outbox};
use crate::random;

/// How often a transaction is tried at most.
const MAX_TRIES: u32 = 4;
/// No transaction is tried again later than this after its first try.
const MAX_TRYING: Duration = Duration::from_secs(2);

/// The unique constraints that people run into: name, SQLite's words for it, meaning.
const CONFLICTS: [(&str, &str, Conflict); 3] = [
    ("users_email_normal_key", "users.email_normal", Conflict::Email),
    ("user_authentications_username_normal_key", "user_authentications.username_normal", Conflict::Username),
    ("user_oauths_identity_key", "user_oauths.provider, user_oauths.issuer, user_oauths.identity", Conflict::Identity),
];

/// How a transaction ends that did not fail.
pub enum Ending<T> {
    /// What it wrote counts, and its letters go with it.
    Commit(T),
    /// What it wrote counts, but is no news to anybody.
    CommitQuietly(T),
    /// What it wrote is undone.
    RollBack(T),
}

impl Store {
    /// Runs queries that change nothing.
    pub(super) async fn read<T, F>(&self, query: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: Fn(&mut AnyConnection) -> Result<T, StoreError> + Send + 'static,
    {
        self.shared.run(move |connection| query(&mut connection.inner)).await
    }

    /// Runs `work` in a transaction, which is undone if it fails.
    pub(super) async fn write<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: Fn(&mut AnyConnection) -> Result<T, StoreError> + Send + 'static,
    {
        self.write_or_undo(move |connection| work(connection).map(Ending::Commit)).await
    }

    /// Runs `work` in a transaction; `work` decides whether it counts.
    pub(super) async fn write_or_undo<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: Fn(&mut AnyConnection) -> Result<Ending<T>, StoreError> + Send + 'static,
    {
        let letters = Arc::clone(&self.letters);
        let work = move |connection: &mut AnyConnection| {
            let ending = work(connection)?;
            if matches!(ending, Ending::Commit(_)) {
                outbox::insert_all(connection, &letters)?;
            }
            Ok(ending)
        };
        match &self.shared.writer {
            Some(writer) => writer.write(work).await,
            None => self.shared.run(move |connection| write_pooled(connection, &work)).await,
        }
    }
}

/// The error by which `work` asks to be run again from the start.
pub fn start_over() -> StoreError {
    StoreError::Query(Error::RollbackTransaction)
}

/// Tells whether an insert was the first of its key, from what became of it.
pub fn is_first(inserted: Result<(), StoreError>) -> Result<bool, StoreError> {
    match inserted {
        Ok(()) => Ok(true),
        Err(error) if is_unique_violation(&error) => Ok(false),
        Err(error) => Err(error),
    }
}

/// Tells whether a unique constraint said no, whichever it was.
pub fn is_unique_violation(error: &StoreError) -> bool {
    matches!(error, StoreError::Query(Error::DatabaseError(DatabaseErrorKind::UniqueViolation, _)))
}

/// Runs `work` in a transaction on a pooled connection, and notes there that it began.
fn write_pooled<T>(connection: &mut Checked, work: &impl Fn(&mut AnyConnection) -> Result<Ending<T>, StoreError>) -> Result<T, StoreError> {
    let has_begun = Cell::new(false);
    let result = try_until_through(&mut connection.inner, &|inner: &mut AnyConnection| {
        has_begun.set(true);
        work(inner)
    });
    connection.is_repeatable = !has_begun.get();
    result.map_err(name_conflict)
}

/// Runs `work` in a transaction of its own, as often as it takes.
pub fn try_until_through<T>(
    connection: &mut AnyConnection,
    work: &impl Fn(&mut AnyConnection) -> Result<Ending<T>, StoreError>,
) -> Result<T, StoreError> {
    patiently(|| try_once(connection, work))
}

/// Tries again what another try can cure.
pub fn patiently<T>(mut action: impl FnMut() -> Result<T, StoreError>) -> Result<T, StoreError> {
    let begun_at = Instant::now();
    let mut tried = 1;
    loop {
        match action() {
            Err(error) if is_transient(&error) && tried < MAX_TRIES && begun_at.elapsed() < MAX_TRYING => pause(tried),
            result => return result,
        }
        tried += 1;
    }
}

fn try_once<T>(
    connection: &mut AnyConnection,
    work: &impl Fn(&mut AnyConnection) -> Result<Ending<T>, StoreError>,
) -> Result<T, StoreError> {
    begin(connection)?;
    match work(connection) {
        Ok(Ending::Commit(value) | Ending::CommitQuietly(value)) => {
            AnyConnection::commit_transaction(connection).map(|()| value).map_err(StoreError::from)
        }
        Ok(Ending::RollBack(value)) => AnyConnection::rollback_transaction(connection).map(|()| value).map_err(StoreError::from),
        Err(error) => {
            // If this fails too, the connection is broken and is not used again; the first error says more.
            drop(AnyConnection::rollback_transaction(connection));
            Err(error)
        }
    }
}

/// Begins a transaction that writes: SQLite gets its lock now, not when it may be too late for it.
pub fn begin(connection: &mut AnyConnection) -> QueryResult<()> {
    match connection {
        #[cfg(feature = "sqlite")]
        AnyConnection::Sqlite(sqlite) => diesel::connection::AnsiTransactionManager::begin_transaction_sql(sqlite, "BEGIN IMMEDIATE"),
        #[cfg(any(feature = "postgres", feature = "mysql"))]
        other => AnyConnection::begin_transaction(other),
    }
}

/// Tells errors that another try can cure.
pub fn is_transient(error: &StoreError) -> bool {
    match error {
        StoreError::Query(Error::RollbackTransaction | Error::DatabaseError(DatabaseErrorKind::SerializationFailure, _)) => true,
        StoreError::Query(Error::DatabaseError(DatabaseErrorKind::Unknown, information)) => {
            // Diesel has no kind for these: PostgreSQL 40P01 and 55P03, MySQL 1213, 1205 and 1020, SQLITE_BUSY.
            let words = ["deadlock", "lock timeout", "lock wait timeout", "record has changed", "database is locked"];
            let message = information.message().to_ascii_lowercase();
            words.iter().any(|word| message.contains(word))
        }
        _ => false,
    }
}

/// Waits 5 to 20 ms, longer with every try.
fn pause(tried: u32) {
    let [jitter] = random::bytes::<1>();
    std::thread::sleep(Duration::from_millis(5 + u64::from(jitter) * 15 / 255) * tried);
}

/// Gives the violated constraint its meaning (security.md DB-03).
pub fn name_conflict(error: StoreError) -> StoreError {
    match error {
        StoreError::Query(Error::DatabaseError(DatabaseErrorKind::UniqueViolation, information)) => {
            match CONFLICTS.iter().find(|(name, columns, _)| is_violated(&*information, name, columns)) {
                Some((_, _, conflict)) => StoreError::Conflict(*conflict),
                None => StoreError::Query(Error::DatabaseError(DatabaseErrorKind::UniqueViolation, information)),
            }
        }
        // What a row of ours belongs to is gone.
        StoreError::Query(Error::DatabaseError(DatabaseErrorKind::ForeignKeyViolation, _)) => StoreError::NotFound,
        error => error,
    }
}

/// PostgreSQL names the constraint, SQLite the columns. MySQL ends its message
/// with the constraint, after a value that may hold anything.
fn is_violated(information: &dyn DatabaseErrorInformation, name: &str, columns: &str) -> bool {
    let message = information.message();
    if let Some(constraint) = information.constraint_name() {
        return constraint == name;
    }
    match message.rsplit_once(" for key ") {
        Some((_, key)) => key.trim_matches('\'').rsplit('.').next() == Some(name),
        None => message.ends_with(columns),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn violation(message: &str) -> StoreError {
        StoreError::Query(Error::DatabaseError(DatabaseErrorKind::UniqueViolation, Box::new(message.to_owned())))
    }

    #[test]
    fn db_03_a_violated_constraint_is_told_by_name_or_columns() {
        for (message, conflict) in [
            ("UNIQUE constraint failed: users.email_normal", Conflict::Email),
            ("Duplicate entry 'a' for key 'user_authentications_username_normal_key'", Conflict::Username),
            ("Duplicate entry 'a' for key 'user_oauths.user_oauths_identity_key'", Conflict::Identity),
            ("Duplicate entry ' for key 'users_email_normal_key' for key 'user_oauths_identity_key'", Conflict::Identity),
        ] {
            let named = name_conflict(violation(message));
            assert!(matches!(named, StoreError::Conflict(found) if found == conflict), "{message}: {named:?}");
        }
        assert!(is_unique_violation(&name_conflict(violation("UNIQUE constraint failed: spent_values.value_hash"))));
    }

    #[test]
    fn db_02_only_what_another_try_can_cure_is_tried_again() {
        let unknown = |message: &str| StoreError::Query(Error::DatabaseError(DatabaseErrorKind::Unknown, Box::new(message.to_owned())));

        assert!(is_transient(&unknown("Deadlock found when trying to get lock; try restarting transaction")));
        assert!(is_transient(&unknown("database is locked")));
        assert!(!is_transient(&unknown("attempt to write a readonly database")));
        assert!(!is_transient(&violation("UNIQUE constraint failed: users.id")));
    }
}
