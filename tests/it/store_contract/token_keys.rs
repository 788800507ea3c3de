//! Keys that sign tokens: stored once, replaced, removed.

use genkan::store::token_keys::TokenKeyRow;
use genkan::store::{Conflict, StoreError};

use super::values::{later, now};
use super::{at_once, contract, count};
use crate::support::database::TestDatabase;

contract!(
    db_03_of_parallel_first_needs_one_makes_the_key,
    ky_02_keys_are_listed_in_the_order_in_which_they_sign,
    ky_02_a_removed_key_is_replaced_once,
    db_09_the_step_of_token_keys_takes_the_keys_of_sessions_along,
);

fn key(kid: &str, signs_at: i64) -> TokenKeyRow {
    let (kid, purpose, sealed) = (kid.to_owned(), "issuer-rs256".to_owned(), "s".repeat(3_000));
    TokenKeyRow { kid, purpose, sealed, created_at: now(), signs_at: later(signs_at) }
}

async fn db_03_of_parallel_first_needs_one_makes_the_key(database: &TestDatabase) {
    let replicas = [database.store().await, database.store().await];

    let results = at_once(8, |number| {
        let store = replicas[number % 2].clone();
        async move { store.insert_token_keys(vec![key("issuer-rs256-1", 0)]).await }
    });
    let results = results.await;

    assert_eq!(count(&results, Result::is_ok), 1);
    assert_eq!(count(&results, |result| matches!(result, Err(StoreError::Conflict(Conflict::Key)))), 7, "{results:?}");
}

async fn ky_02_keys_are_listed_in_the_order_in_which_they_sign(database: &TestDatabase) {
    let store = database.store().await;
    let keys = [key("issuer-rs256-Z", 5), key("issuer-rs256-a", 5), key("issuer-rs256-b", 1)];
    store.insert_token_keys(keys.to_vec()).await.expect("stored");

    let listed = store.list_token_keys().await.expect("a query");

    assert_eq!(listed, [keys[2].clone(), keys[0].clone(), keys[1].clone()], "by time, then by bytes");
    assert_eq!(store.delete_token_keys(vec!["issuer-rs256-A".to_owned(), "issuer-rs256-b".to_owned()]).await.expect("a query"), 1);
}

async fn ky_02_a_removed_key_is_replaced_once(database: &TestDatabase) {
    let store = database.store().await;
    store.insert_token_keys(vec![key("issuer-rs256-1", 0)]).await.expect("stored");

    let results = at_once(6, |number| {
        let store = store.clone();
        async move { store.replace_token_key("issuer-rs256-1", Some(key(&format!("issuer-rs256-n{number}"), 1))).await.expect("a query") }
    });

    assert_eq!(count(&results.await, |was_there| *was_there), 1);
    assert_eq!(store.list_token_keys().await.expect("a query").len(), 1);
}

async fn db_09_the_step_of_token_keys_takes_the_keys_of_sessions_along(database: &TestDatabase) {
    let store = database.store().await;
    database.execute(
        "DROP TABLE client_registrations; DROP TABLE client_refusals; DROP TABLE email_links; DROP TABLE audit; DROP TABLE user_groups; DROP TABLE token_keys; DROP TABLE access_tokens; DROP TABLE revoked_tokens;
         ALTER TABLE token_families DROP COLUMN dpop_jkt;
         DELETE FROM __diesel_schema_migrations WHERE version >= '20261121001300';
         INSERT INTO signing_keys (name, purpose, sealed, created_at) VALUES ('session-token-1', 'session-token', 's', '2026-01-01 00:00:00'),
            ('pepper', 'pepper', 's', '2026-01-01 00:00:00')",
    );

    store.migrate().await.expect("migrating works");

    let moved = store.list_token_keys().await.expect("a query");
    assert_eq!((moved.len(), moved[0].kid.as_str(), moved[0].signs_at), (1, "session-token-1", moved[0].created_at));
    assert_eq!(store.list_keys().await.expect("a query").len(), 1, "the others stay");
}
