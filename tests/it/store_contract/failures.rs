//! The failure record: written once, found by every column, forgotten in time.

use chrono::TimeDelta;
use genkan::clock::Clock;
use genkan::domain::ids::RowId;
use genkan::store::counts::{Count, RecordBatch, Width};
use genkan::store::failures::{Failure, FailureFilter, Step, Story};

use super::values::{attempt_id, clock, later, now};
use super::{at_once, contract};
use crate::support::database::TestDatabase;

contract!(
    a_failure_is_found_as_it_was_recorded,
    failures_are_found_by_what_they_are,
    lg_02_a_batch_that_is_written_twice_counts_once,
    lg_02_the_counts_of_replicas_add_up,
    db_12_the_record_is_forgotten_in_time,
);

fn failure(reference: &str, at: i64) -> Failure {
    Failure {
        id: RowId::new(&Clock::fixed(later(at))),
        reference: reference.to_owned(),
        failed_at: later(at),
        provider: Some("lab".to_owned()),
        category: "other".to_owned(),
        cause: "client_refused".to_owned(),
        stage: "token".to_owned(),
        purpose: "sign_in".to_owned(),
        provider_error: Some("invalid_client".to_owned()),
        http_status: Some(401),
        attempt: Some(attempt_id()),
        is_genuine: true,
        rule: None,
        fingerprint: "lab/token/client_refused/invalid_client".to_owned(),
        story: Story {
            detail: Some("詳細".to_owned()),
            duration_ms: 12,
            request_id: "r".to_owned(),
            steps: vec![Step { name: "token".to_owned(), fields: vec!["error".to_owned()], ..Step::default() }],
            ..Story::default()
        },
    }
}

fn count(total: u32, at: i64) -> Count {
    let (counted_at, hour_at) = (later(at), now());
    let (provider, outcome) = ("lab".to_owned(), "begun".to_owned());
    Count { id: RowId::new(&clock()), counted_at, hour_at, provider, outcome, total, is_stored: false }
}

fn batch(failures: Vec<Failure>, counts: Vec<Count>) -> RecordBatch {
    RecordBatch { failures, counts, expires_at: later(3600) }
}

async fn a_failure_is_found_as_it_was_recorded(database: &TestDatabase) {
    let store = database.store().await;
    let full = failure("K7Q2-9F3M", 0);
    let bare = Failure {
        provider: None,
        provider_error: None,
        http_status: None,
        attempt: None,
        story: Story::default(),
        ..failure("AAAA-2222", 1)
    };

    store.insert_record(batch(vec![full.clone(), bare.clone()], vec![])).await.expect("recording works");

    let found = store.list_failures(FailureFilter::default(), 10).await.expect("a query");
    assert_eq!(found, [bare, full], "the newest first");
}

async fn failures_are_found_by_what_they_are(database: &TestDatabase) {
    let store = database.store().await;
    let one = failure("AAAA-2222", 0);
    let two = Failure { category: "idp_outage".into(), cause: "token_timeout".into(), fingerprint: "b".into(), ..failure("BBBB-2222", 60) };
    let three = failure("CCCC-2222", 120);
    store.insert_record(batch(vec![one.clone(), two.clone(), three.clone()], vec![])).await.expect("recording works");
    let word = |word: &str| Some(word.to_owned());

    for (filter, expected) in [
        (FailureFilter { since: Some(later(60)), ..FailureFilter::default() }, vec!["CCCC-2222", "BBBB-2222"]),
        (FailureFilter { until: Some(later(60)), ..FailureFilter::default() }, vec!["AAAA-2222"]),
        (FailureFilter { before: Some(three.id), category: word("other"), ..FailureFilter::default() }, vec!["AAAA-2222"]),
        (FailureFilter { cause: word("token_timeout"), provider: word("lab"), ..FailureFilter::default() }, vec!["BBBB-2222"]),
        (FailureFilter { reference: word("AAAA-2222"), ..FailureFilter::default() }, vec!["AAAA-2222"]),
        (FailureFilter { fingerprint: word("b"), stage: word("token"), ..FailureFilter::default() }, vec!["BBBB-2222"]),
        (FailureFilter { reference: word("aaaa-2222"), ..FailureFilter::default() }, vec![]),
    ] {
        let found = store.list_failures(filter.clone(), 10).await.expect("a query");
        assert_eq!(found.iter().map(|failure| failure.reference.as_str()).collect::<Vec<_>>(), expected, "{filter:?}");
    }
    let kinds = store.list_failure_kinds(FailureFilter::default(), 10).await.expect("a query");
    assert_eq!(
        kinds.iter().map(|kind| (kind.fingerprint.as_str(), kind.count)).collect::<Vec<_>>(),
        [(one.fingerprint.as_str(), 2), ("b", 1)]
    );
    assert_eq!((kinds[0].first_at(), kinds[0].last_at()), (later(0), later(120)));
}

async fn lg_02_a_batch_that_is_written_twice_counts_once(database: &TestDatabase) {
    let store = database.store().await;
    let mut count = count(3, 0);
    let batch = batch(vec![failure("AAAA-2222", 0)], vec![count.clone()]);
    store.insert_record(batch.clone()).await.expect("recording works");

    store.insert_record(batch.clone()).await.expect("nobody knew whether it was written");

    (count.total, count.is_stored) = (5, true);
    for _ in 0..2 {
        store.insert_record(RecordBatch { failures: vec![], counts: vec![count.clone()], ..batch.clone() }).await.expect("recording works");
    }
    assert_eq!(store.list_failures(FailureFilter::default(), 10).await.expect("a query").len(), 1);
    let points = store.list_counts(now(), later(300), Width::FiveMinutes).await.expect("a query");
    assert_eq!(points.iter().map(|point| point.total).collect::<Vec<_>>(), [5]);
}

async fn lg_02_the_counts_of_replicas_add_up(database: &TestDatabase) {
    let replicas = [database.store().await, database.store().await];
    let written = at_once(8, |number| {
        let store = replicas[number % 2].clone();
        let failures = vec![failure("AAAA-2222", 0)];
        async move { store.insert_record(batch(failures, vec![count(1, 0), count(10, 300)])).await }
    });
    written.await.into_iter().collect::<Result<Vec<_>, _>>().expect("recording works");

    let fine = replicas[0].list_counts(now(), later(600), Width::FiveMinutes).await.expect("a query");
    let coarse = replicas[0].list_counts(now(), later(600), Width::Hour).await.expect("a query");

    assert_eq!(fine.iter().map(|point| (point.at, point.total)).collect::<Vec<_>>(), [(now(), 8), (later(300), 80)]);
    assert_eq!(coarse.iter().map(|point| (point.at, point.total)).collect::<Vec<_>>(), [(now(), 88)]);
}

async fn db_12_the_record_is_forgotten_in_time(database: &TestDatabase) {
    let store = database.store().await;
    let failures = (0..250).map(|_| failure("AAAA-2222", 0)).collect();
    store.insert_record(batch(failures, vec![count(1, 0)])).await.expect("recording works");

    assert_eq!(store.delete_expired(now() + TimeDelta::seconds(3599)).await.expect("deleting works"), 0);
    assert_eq!(store.delete_expired(later(3600)).await.expect("deleting works"), 251);
    assert_eq!(store.list_failures(FailureFilter::default(), 10).await.expect("a query"), []);
}
