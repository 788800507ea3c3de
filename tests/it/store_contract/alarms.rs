//! Breakers and incidents: of many replicas, one.

use std::time::Duration;

use genkan::clock::Clock;
use genkan::domain::ids::RowId;
use genkan::store::health::ProbeClaim;
use genkan::store::incidents::IncidentRow;
use genkan::store::outcome_counts::OutcomeCounts;

use super::values::{later, now};
use super::{at_once, contract, count};
use crate::support::database::TestDatabase;

contract!(
    dp_01_of_parallel_turns_one_is_news_and_one_probes,
    dp_01_a_probe_waits_for_its_time_and_a_clock_that_was_wrong_holds_up_nobody,
    lg_07_of_parallel_alarms_one_is_raised_and_one_resolves,
    an_incident_that_is_over_can_be_raised_again,
    of_parallel_fingerprints_one_is_the_first_until_it_is_forgotten,
    counts_of_a_replica_give_way_to_its_later_ones,
    db_12_what_alarms_remember_expires,
);

fn claim(seconds: i64) -> ProbeClaim {
    let (pause, longest) = (Duration::from_secs(10), Duration::from_secs(20));
    ProbeClaim { provider: "lab".to_owned(), now: later(seconds), pause, longest }
}

fn incident() -> IncidentRow {
    IncidentRow {
        id: RowId::new(&Clock::system()),
        kind: "idp_outage".to_owned(),
        provider: "lab".to_owned(),
        subject: String::new(),
        failures: 5,
        opened_at: now(),
        seen_at: now(),
        resolved_at: None,
        expires_at: later(100),
    }
}

async fn dp_01_of_parallel_turns_one_is_news_and_one_probes(database: &TestDatabase) {
    let replicas = [database.store().await, database.store().await];
    let insert = at_once(8, |number| {
        let store = replicas[number % 2].clone();
        async move { store.insert_health("lab".to_owned(), now()).await }
    });
    assert_eq!(count(&insert.await, Result::is_ok), 8);

    for is_troubled in [true, false, true] {
        let turned = at_once(8, |number| {
            let store = replicas[number % 2].clone();
            async move { store.update_health("lab".to_owned(), is_troubled, later(1)).await.expect("an answer") }
        });
        assert_eq!(count(&turned.await, |is_news| *is_news), 1);
    }
    let probes = at_once(8, |number| {
        let store = replicas[number % 2].clone();
        async move { store.claim_probe(claim(1)).await.expect("an answer") }
    });
    assert_eq!(count(&probes.await, |is_ours| *is_ours), 1);
}

async fn dp_01_a_probe_waits_for_its_time_and_a_clock_that_was_wrong_holds_up_nobody(database: &TestDatabase) {
    let store = database.store().await;
    store.insert_health("lab".to_owned(), now()).await.expect("a row");
    let mut turns = Vec::new();
    for seconds in [0, 9, 10, 1_000, 5] {
        turns.push(store.claim_probe(claim(seconds)).await.expect("an answer"));
    }
    store.record_probe(claim(5), 1).await.expect("it is written");
    store.touch_health("lab".to_owned(), later(7)).await.expect("it is written");

    assert_eq!(turns, [true, false, true, true, true]);
    let health = store.find_health("lab".to_owned()).await.expect("an answer").expect("a row");
    assert_eq!((health.good_probes, health.probe_at, health.probe_pause_secs), (1, later(15), 10));
    assert_eq!((health.worked_at, health.is_troubled), (Some(later(7)), false));
    assert_eq!(store.list_health().await.expect("an answer"), [health]);
}

async fn lg_07_of_parallel_alarms_one_is_raised_and_one_resolves(database: &TestDatabase) {
    let replicas = [database.store().await, database.store().await];
    let raised = at_once(8, |number| {
        let store = replicas[number % 2].clone();
        async move { store.raise_incident(incident(), "idp_outage/lab/".to_owned()).await.expect("an answer") }
    });
    assert_eq!(count(&raised.await, |is_first| *is_first), 1);
    let open = replicas[0].list_incidents(now()).await.expect("an answer");
    assert_eq!((open.len(), open[0].failures, open[0].resolved_at), (1, 5, None));

    let id = open[0].id;
    let resolved = at_once(8, |number| {
        let store = replicas[number % 2].clone();
        async move { store.resolve_incident(id, later(9)).await.expect("an answer") }
    });
    assert_eq!(count(&resolved.await, |is_first| *is_first), 1);
}

async fn an_incident_that_is_over_can_be_raised_again(database: &TestDatabase) {
    let store = database.store().await;
    let key = || "idp_outage/lab/".to_owned();
    for _ in 0..3 {
        let row = incident();
        let id = row.id;
        assert!(store.raise_incident(row, key()).await.expect("an answer"));
        store.touch_incident(key(), later(5), later(200)).await.expect("it is written");
        assert!(store.resolve_incident(id, later(9)).await.expect("an answer"));
    }

    let all = store.list_incidents(now()).await.expect("an answer");

    assert_eq!(all.len(), 3);
    assert!(all.iter().all(|row| (row.seen_at, row.resolved_at, row.expires_at) == (later(5), Some(later(9)), later(200))), "{all:?}");
    assert_eq!(store.list_incidents(later(1)).await.expect("an answer"), []);
}

async fn of_parallel_fingerprints_one_is_the_first_until_it_is_forgotten(database: &TestDatabase) {
    let replicas = [database.store().await, database.store().await];
    for (seconds, firsts) in [(0, 1), (5, 0), (100, 1)] {
        let noted = at_once(6, |number| {
            let store = replicas[number % 2].clone();
            async move { store.note_fingerprint("f".to_owned(), later(seconds), later(seconds + 10)).await.expect("an answer") }
        });
        assert_eq!(count(&noted.await, |is_first| *is_first), firsts, "{seconds}");
    }
}

async fn counts_of_a_replica_give_way_to_its_later_ones(database: &TestDatabase) {
    let store = database.store().await;
    let counts = |begun| OutcomeCounts { provider: "lab".to_owned(), bucket_at: now(), begun, ended: 2, outages: 1, browsers: 0 };
    for (replica, begun) in [("a", 1), ("b", 5), ("a", 3), ("a", 3)] {
        store.save_outcome_counts(replica.to_owned(), vec![counts(begun)], later(100)).await.expect("it is written");
    }

    let mut found = store.list_outcome_counts(now()).await.expect("an answer");
    found.sort_by_key(|counts| counts.begun);

    assert_eq!(found, [counts(3), counts(5)]);
    assert_eq!(store.list_outcome_counts(later(1)).await.expect("an answer"), []);
}

async fn db_12_what_alarms_remember_expires(database: &TestDatabase) {
    let store = database.store().await;
    store.raise_incident(incident(), "k".to_owned()).await.expect("an answer");
    store.note_fingerprint("f".to_owned(), now(), later(100)).await.expect("an answer");
    let counts = OutcomeCounts { provider: "lab".to_owned(), bucket_at: now(), ..OutcomeCounts::default() };
    store.save_outcome_counts("a".to_owned(), vec![counts], later(100)).await.expect("it is written");

    assert_eq!(store.delete_expired(later(99)).await.expect("an answer"), 0);
    assert_eq!(store.delete_expired(later(100)).await.expect("an answer"), 3);
}
