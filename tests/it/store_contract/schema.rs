//! Migrations, keys and what expires.

use genkan::store::keys::KeyRow;
use genkan::store::links::LinkPurpose;
use genkan::store::throttles::Counter;
use genkan::store::{Conflict, Store, StoreError};

use super::values::{attempt_id, insert, invitation, later, nobody, now, open_session};
use super::{at_once, contract, count};
use crate::support::database::{Backend, TestDatabase};

contract!(
    db_09_of_parallel_starts_one_migrates,
    db_09_a_migration_killed_half_way_can_be_run_again,
    db_09_a_missing_or_newer_schema_is_told,
    db_09_every_step_can_be_taken_back,
    db_03_of_parallel_first_starts_one_makes_the_keys,
    db_12_two_at_once_delete_what_has_expired_and_no_more,
);

/// Drops the tables of later steps, those first that point to others.
const LATER_TABLES: &str =
    "DROP TABLE client_registrations; DROP TABLE client_refusals; DROP TABLE email_links; DROP TABLE audit; DROP TABLE rules; DROP TABLE signin_counts; DROP TABLE failures; DROP TABLE provider_tokens; DROP TABLE outbox;
     DROP TABLE provider_health; DROP TABLE incidents; DROP TABLE outcome_counts; DROP TABLE seen_failures;
     DROP TABLE user_groups; DROP TABLE token_keys; DROP TABLE access_tokens; DROP TABLE revoked_tokens;
     DROP TABLE client_sessions; DROP TABLE device_codes; DROP TABLE authorization_requests; DROP TABLE consents; DROP TABLE refresh_tokens;
     DROP TABLE authorization_codes; DROP TABLE token_families;
     DROP TABLE trusted_subjects; DROP TABLE trusted_issuers; DROP TABLE client_secrets; DROP TABLE clients;";

/// Returns the versions of every step, in order; they are the same for every database.
fn steps() -> Vec<String> {
    let folders = std::fs::read_dir("migrations/sqlite").expect("the migrations");
    let name = |folder: std::io::Result<std::fs::DirEntry>| folder.expect("an entry").file_name().into_string().expect("a name");
    let mut versions: Vec<String> = folders.map(|folder| name(folder).split('_').next().unwrap_or_default().replace('-', "")).collect();
    versions.sort_unstable();
    versions
}

async fn db_09_of_parallel_starts_one_migrates(database: &TestDatabase) {
    let config = database.config();

    let results = at_once(6, |_| {
        let config = config.clone();
        async move {
            let store = Store::connect(&config).await.expect("the database can be opened");
            let steps = store.migrate().await.expect("migrating works");
            store.check_ready().await.expect("then it is ready");
            steps
        }
    });
    let results = results.await;

    assert_eq!(count(&results, Vec::is_empty), 5, "{results:?}");
    assert_eq!(results.iter().flatten().count(), steps().len(), "{results:?}");
}

async fn db_09_a_migration_killed_half_way_can_be_run_again(database: &TestDatabase) {
    let store = database.store().await;
    // MySQL may have made a step's first table without noting the step; the others undo it.
    let half_done = if database.backend == Backend::Mysql { "" } else { "DROP TABLE throttles; DROP TABLE consumed_attempts;" };
    database.execute(&format!(
        "DROP TABLE spent_values; {half_done} DROP TABLE one_time_links; DROP TABLE signing_keys;
         {LATER_TABLES}
         DELETE FROM __diesel_schema_migrations WHERE version >= '20261121000300'"
    ));
    assert!(matches!(store.check_ready().await, Err(StoreError::SchemaMismatch(_))));

    assert_eq!(store.migrate().await.expect("it goes on"), steps()[2..]);

    store.check_ready().await.expect("then it is ready");
    assert!(store.spend("a", later(1)).await.expect("the table is there"));
}

async fn db_09_a_missing_or_newer_schema_is_told(database: &TestDatabase) {
    let store = Store::connect(&database.config()).await.expect("the database can be opened");
    let missing = store.check_ready().await.expect_err("nothing is there").to_string();
    assert!(missing.contains("genkan migrate"), "{missing}");
    store.migrate().await.expect("migrating works");
    store.check_ready().await.expect("then it is ready");

    database.execute("INSERT INTO __diesel_schema_migrations (version) VALUES ('29991231000000')");

    let newer = store.check_ready().await.expect_err("it is newer").to_string();
    assert!(newer.contains("29991231000000") && newer.contains("newer"), "{newer}");
    assert!(matches!(store.migrate().await, Err(StoreError::SchemaMismatch(_))));
    database.execute("DELETE FROM __diesel_schema_migrations WHERE version IN ('29991231000000', '20261121000200')");
    assert!(matches!(store.migrate().await, Err(StoreError::SchemaMismatch(_))), "a step was skipped");
}

async fn db_09_every_step_can_be_taken_back(database: &TestDatabase) {
    let store = database.store().await;
    insert(&store, nobody()).await;

    database.revert_migrations();

    assert!(matches!(store.check_ready().await, Err(StoreError::SchemaMismatch(_))));
    assert_eq!(store.migrate().await.expect("migrating works"), steps());
    assert_eq!(store.list_users(None, 10).await.expect("a query"), [], "the table was gone");
}

async fn db_03_of_parallel_first_starts_one_makes_the_keys(database: &TestDatabase) {
    let replicas = [database.store().await, database.store().await];
    let key = |name: &str, at| KeyRow { name: name.to_owned(), purpose: "pepper".to_owned(), sealed: "s".repeat(3000), created_at: at };

    let results = at_once(8, |number| {
        let store = replicas[number % 2].clone();
        let keys = vec![key(&format!("own-{number}"), later(1)), key("pepper", now())];
        async move { store.insert_keys(keys).await }
    });
    let results = results.await;

    assert_eq!(count(&results, Result::is_ok), 1);
    assert_eq!(count(&results, |result| matches!(result, Err(StoreError::Conflict(Conflict::Key)))), 7, "{results:?}");
    let kept = replicas[0].list_keys().await.expect("a query");
    assert_eq!(kept.len(), 2, "all of one start or nothing");
    assert_eq!(kept[0], key("pepper", now()), "the oldest first");
}

async fn db_12_two_at_once_delete_what_has_expired_and_no_more(database: &TestDatabase) {
    let store = database.store().await;
    let user = insert(&store, nobody()).await;
    let session = open_session(&store, user.id).await;
    for number in 0..410 {
        store.spend(&format!("value {number}"), later(if number < 405 { 10 } else { 11 })).await.expect("spending works");
    }
    store.consume_attempt(attempt_id(), later(10)).await.expect("consuming works");
    store.insert_link(invitation("lasting")).await.expect("a link can be made");
    let counter = Counter { key: "a".to_owned(), limit: 1, window: std::time::Duration::from_secs(10) };
    store.count_try(vec![counter], now()).await.expect("counting works");

    let results = at_once(2, |_| {
        let store = store.clone();
        async move { store.delete_expired(later(10)).await.expect("deleting works") }
    });

    assert_eq!(results.await.iter().sum::<usize>(), 407, "values, attempt, counter");
    assert!(store.find_session(session.id, now()).await.expect("a query").is_some());
    assert!(store.find_link("lasting", LinkPurpose::Invitation, now()).await.expect("a query").is_some());
    assert_eq!(store.delete_expired(later(4000)).await.expect("deleting works"), 7, "values, link, session");
}
