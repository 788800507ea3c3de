//! Attempts and spent values: single use, and how it ended.

use genkan::domain::ids::SessionId;
use genkan::store::StoreError;
use genkan::store::attempts::Outcome;

use super::values::{attempt_id, clock, later, user_id};
use super::{at_once, contract, count};
use crate::support::database::TestDatabase;

contract!(
    db_01_of_parallel_deliveries_one_consumes_the_attempt,
    db_01_a_value_is_spent_once,
    db_04_an_outcome_is_found_as_it_was_recorded,
    db_04_the_first_outcome_stays,
);

async fn db_01_of_parallel_deliveries_one_consumes_the_attempt(database: &TestDatabase) {
    let replicas = [database.store().await, database.store().await];
    let id = attempt_id();

    let results = at_once(24, |number| {
        let store = replicas[number % 2].clone();
        async move { store.consume_attempt(id, later(600)).await.expect("consuming works") }
    });

    assert_eq!(count(&results.await, |is_first| *is_first), 1);
}

async fn db_01_a_value_is_spent_once(database: &TestDatabase) {
    let store = database.store().await;

    let results = at_once(12, |_| {
        let store = store.clone();
        async move { store.spend("a-hash", later(60)).await.expect("spending works") }
    });

    assert_eq!(count(&results.await, |is_first| *is_first), 1);
    assert!(store.spend("A-hash", later(60)).await.expect("spending works"), "case counts");
    assert!(store.spend("a-hash ", later(60)).await.expect("spending works"), "a space counts");
}

async fn db_04_an_outcome_is_found_as_it_was_recorded(database: &TestDatabase) {
    let store = database.store().await;
    let outcomes = [
        Outcome::SignedIn { user_id: user_id(), session_id: SessionId::new(&clock()) },
        Outcome::Linked { user_id: user_id() },
        Outcome::Failed { cause: "token_timeout".to_owned(), reference: "K7Q2-9F3M".to_owned() },
    ];

    for outcome in outcomes {
        let id = attempt_id();
        assert!(store.consume_attempt(id, later(600)).await.expect("consuming works"));
        assert_eq!(store.find_outcome(id).await.expect("a consumed attempt"), None);
        store.record_outcome(id, outcome.clone()).await.expect("an outcome can be recorded");
        assert_eq!(store.find_outcome(id).await.expect("a finished attempt"), Some(outcome));
    }
}

async fn db_04_the_first_outcome_stays(database: &TestDatabase) {
    let store = database.store().await;
    let (id, outcome) = (attempt_id(), Outcome::Linked { user_id: user_id() });
    assert!(matches!(store.record_outcome(id, outcome.clone()).await, Err(StoreError::NotFound)), "it was not consumed");
    store.consume_attempt(id, later(600)).await.expect("consuming works");
    store.record_outcome(id, outcome.clone()).await.expect("an outcome can be recorded");

    let second = store.record_outcome(id, Outcome::Linked { user_id: user_id() }).await;

    assert!(matches!(second, Err(StoreError::NotFound)), "{second:?}");
    assert_eq!(store.find_outcome(id).await.expect("a finished attempt"), Some(outcome));
}
