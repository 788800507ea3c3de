//! Databases that are busy, away, back again, read-only or named wrongly.

use std::time::{Duration, Instant};

use genkan::config::DatabaseConfig;
use genkan::store::{Store, StoreError};

use super::values::{attempt_id, insert, later, login, nobody, now, user_id};
use super::{at_once, contract, count};
use crate::support::database::TestDatabase;

contract!(
    db_07_a_busy_pool_is_told_in_time,
    db_08_a_database_that_was_restarted_is_used_again,
    db_08_a_burst_of_calls_survives_a_restart,
    db_05_db_06_every_connection_is_set_up_alike,
);

fn config(url: &str) -> DatabaseConfig {
    DatabaseConfig { url: url.to_owned().into(), wait_timeout_secs: 1, ..DatabaseConfig::default() }
}

async fn refusal(url: &str) -> StoreError {
    match Store::connect(&config(url)).await {
        Ok(_) => panic!("{url} must not work"),
        Err(error) => error,
    }
}

async fn db_07_a_busy_pool_is_told_in_time(database: &TestDatabase) {
    let narrow = DatabaseConfig { max_connections: 1, wait_timeout_secs: 1, ..database.config() };
    database.store().await;
    let store = Store::connect(&narrow).await.expect("the database can be opened");
    let lock = database.lock("consumed_attempts");
    let begun_at = Instant::now();

    let results = at_once(20, |_| {
        let store = store.clone();
        async move { store.consume_attempt(attempt_id(), later(600)).await }
    });
    let results = results.await;

    assert!(begun_at.elapsed() < Duration::from_secs(6), "{:?}", begun_at.elapsed());
    assert!(count(&results, |result| matches!(result, Err(StoreError::PoolExhausted))) >= 17, "{results:?}");
    assert_eq!(count(&results, Result::is_ok), 0, "{results:?}");
    drop(lock);
    assert!(store.consume_attempt(attempt_id(), later(600)).await.expect("afterwards it works"));
}

async fn db_08_a_database_that_was_restarted_is_used_again(database: &TestDatabase) {
    let store = database.store().await;
    let user = insert(&store, nobody()).await;

    database.end_connections();

    assert_eq!(store.find_user(user.id).await.expect("a read is tried again"), Some(user));
    database.end_connections();
    assert!(store.consume_attempt(attempt_id(), later(600)).await.expect("a write that had not begun, too"));
}

async fn db_08_a_burst_of_calls_survives_a_restart(database: &TestDatabase) {
    let store = database.store().await;
    let burst = async || {
        let results = at_once(40, |_| {
            let store = store.clone();
            async move { store.consume_attempt(attempt_id(), later(600)).await }
        });
        results.await
    };
    burst().await;

    database.end_connections();
    let results = burst().await;

    let failed = count(&results, |result| !matches!(result, Ok(true)));
    assert_eq!(count(&results, |result| matches!(result, Ok(true) | Err(StoreError::Unreachable(_)))), 40, "{results:?}");
    assert!(failed <= 8, "at most once per connection: {failed}");
    assert_eq!(count(&burst().await, |result| matches!(result, Ok(true))), 40, "then all is well");
}

async fn db_05_db_06_every_connection_is_set_up_alike(database: &TestDatabase) {
    let store = database.store().await;

    let results = at_once(16, |_| {
        let store = store.clone();
        // A user that does not exist: SQLite refuses it only with foreign keys on.
        async move { store.insert_login(user_id(), login("hanako"), None, now()).await }
    });

    let results = results.await;
    assert_eq!(count(&results, |result| matches!(result, Err(StoreError::NotFound))), 16, "{results:?}");
}

#[tokio::test]
async fn db_08_a_server_that_is_away_is_told_at_once_and_without_the_password() {
    let begun_at = Instant::now();

    for url in ["postgres://genkan:hunter2@127.0.0.1:1/genkan", "mysql://genkan:hunter2@127.0.0.1:1/genkan", "sqlite:/nowhere/at/all.db"] {
        let error = refusal(url).await;
        assert!(matches!(error, StoreError::Unreachable(_) | StoreError::NotBuiltIn(_)), "{error:?}");
        assert!(!format!("{error} {error:?}").contains("hunter2"), "{error}");
    }

    assert!(begun_at.elapsed() < Duration::from_secs(5));
}

#[tokio::test]
async fn a_url_that_names_no_database_is_refused_with_the_reason() {
    assert!(matches!(refusal("oracle://u:hunter2@h/d").await, StoreError::UnknownScheme(scheme) if scheme == "oracle:"));
    assert!(refusal("sqlite::memory:").await.to_string().contains("name a file"));
}

#[cfg(feature = "sqlite")]
mod sqlite_only {
    use super::config;
    use crate::store_contract::values::{attempt_id, later, now, user_id};
    use crate::support::database::{Backend, TestDatabase};
    use genkan::store::{Store, StoreError};

    #[tokio::test]
    async fn db_08_a_read_only_file_can_be_read_and_refuses_the_rest() {
        let database = TestDatabase::create(Backend::Sqlite).expect("SQLite needs no server");
        database.store().await;
        let path = database.url.trim_start_matches("sqlite:");
        let store = Store::connect(&config(&format!("sqlite:file:{path}?mode=ro"))).await.expect("it can be opened");

        store.check_ready().await.expect("it can be read");
        assert_eq!(store.find_user(user_id()).await.expect("it can be read"), None);
        let written = store.consume_attempt(attempt_id(), later(1)).await;
        assert!(matches!(written, Err(StoreError::Query(_))), "{written:?}");
    }

    #[tokio::test]
    async fn db_05_a_writer_waits_for_another_process() {
        let database = TestDatabase::create(Backend::Sqlite).expect("SQLite needs no server");
        let store = database.store().await;

        let other = std::thread::spawn(move || {
            for _ in 0..50 {
                database.execute("PRAGMA busy_timeout = 10000; BEGIN IMMEDIATE; DELETE FROM spent_values; COMMIT");
            }
            database
        });
        for number in 0..50 {
            assert!(store.consume_attempt(attempt_id(), later(600)).await.expect("it waits"), "{number}");
        }

        other.join().expect("the other process waits too");
        assert_eq!(store.delete_expired(now()).await.expect("deleting works"), 0);
    }
}
