//! Throttles: no try slips through.

use std::time::Duration;

use genkan::store::Store;
use genkan::store::throttles::{Counter, Verdict};

use super::values::{later, now};
use super::{at_once, contract, count};
use crate::support::database::TestDatabase;

contract!(
    si_04_of_parallel_tries_exactly_the_limit_is_allowed,
    si_04_a_full_counter_refuses_and_the_others_do_not_count,
    si_04_a_window_ends_and_another_one_begins,
    si_06_a_success_takes_back_its_own_tries_only,
    si_04_in_a_new_window_exactly_the_limit_is_allowed,
);

fn counter(key: &str, limit: u32) -> Counter {
    Counter { key: key.to_owned(), limit, window: Duration::from_secs(60) }
}

async fn try_at(store: &Store, counters: &[Counter], seconds: i64) -> Verdict {
    store.count_try(counters.to_vec(), later(seconds)).await.expect("counting works")
}

/// Counts 30 tries at once against a limit of 7; returns how many were allowed.
async fn allowed_of_30(database: &TestDatabase, seconds: i64) -> usize {
    let replicas = [database.store().await, database.store().await];
    let results = at_once(30, |number| {
        let store = replicas[number % 2].clone();
        let mut counters = vec![counter("account", 7), counter("everybody", 1000)];
        counters.rotate_left(number % 2);
        async move { store.count_try(counters, later(seconds)).await.expect("counting works") }
    });
    count(&results.await, |verdict| *verdict == Verdict::Allowed)
}

async fn si_04_of_parallel_tries_exactly_the_limit_is_allowed(database: &TestDatabase) {
    assert_eq!(allowed_of_30(database, 0).await, 7);
}

async fn si_04_in_a_new_window_exactly_the_limit_is_allowed(database: &TestDatabase) {
    try_at(&database.store().await, &[counter("account", 7)], 0).await;

    assert_eq!(allowed_of_30(database, 60).await, 7);
}

async fn si_04_a_full_counter_refuses_and_the_others_do_not_count(database: &TestDatabase) {
    let store = database.store().await;
    let (account, address) = (counter("account", 1), counter("address", 2));
    let both = [account, address.clone()];
    assert_eq!(try_at(&store, &both, 0).await, Verdict::Allowed);

    for _ in 0..3 {
        assert_eq!(try_at(&store, &both, 20).await, Verdict::Refused { retry_after: Duration::from_secs(40) });
    }

    assert_eq!(try_at(&store, std::slice::from_ref(&address), 20).await, Verdict::Allowed, "a refused try is not counted");
    assert!(matches!(try_at(&store, &[address], 20).await, Verdict::Refused { .. }));
    assert_eq!(try_at(&store, &[counter("Address", 1)], 20).await, Verdict::Allowed, "case counts");
    assert_eq!(try_at(&store, &[counter("none", 0)], 20).await, Verdict::Refused { retry_after: Duration::from_secs(60) });
}

async fn si_04_a_window_ends_and_another_one_begins(database: &TestDatabase) {
    let store = database.store().await;
    let account = [counter("account", 1)];

    assert_eq!(try_at(&store, &account, 0).await, Verdict::Allowed);
    assert_eq!(try_at(&store, &account, 59).await, Verdict::Refused { retry_after: Duration::from_secs(1) });
    assert_eq!(try_at(&store, &account, 60).await, Verdict::Allowed);
    assert_eq!(try_at(&store, &account, 60).await, Verdict::Refused { retry_after: Duration::from_secs(60) });
}

async fn si_06_a_success_takes_back_its_own_tries_only(database: &TestDatabase) {
    let store = database.store().await;
    let (account, address) = (counter("account", 1), counter("address", 1));
    assert_eq!(try_at(&store, &[account.clone(), address.clone()], 0).await, Verdict::Allowed);

    for _ in 0..3 {
        store.take_back_try(vec![account.clone(), counter("unknown", 1)]).await.expect("taking back works");
    }

    assert_eq!(try_at(&store, std::slice::from_ref(&account), 0).await, Verdict::Allowed);
    assert!(matches!(try_at(&store, &[account], 0).await, Verdict::Refused { .. }), "never below zero");
    assert!(matches!(store.count_try(vec![address], now()).await.expect("counting works"), Verdict::Refused { .. }));
}
