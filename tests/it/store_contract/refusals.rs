//! What clients did not get: counted by kind, by all replicas together.

use std::time::Duration;

use genkan::domain::client::ClientId;
use genkan::store::StoreError;
use genkan::store::refusals::{Refusal, RefusalKind};

use super::access_tokens::add_client;
use super::values::{later, now};
use super::{at_once, contract};
use crate::support::database::TestDatabase;

contract!(
    equal_refusals_are_counted_together,
    parallel_refusals_of_one_kind_are_all_counted,
    refusals_go_with_their_client,
    db_12_refusals_are_forgotten_after_the_last_one,
);

const KEPT: Duration = Duration::from_secs(60);

fn refusal(client: &ClientId, error: &str, secs: i64) -> Refusal {
    let word = str::to_owned;
    let kind = RefusalKind {
        client: client.clone(),
        place: word("token"),
        grant: word("client_credentials"),
        error: word(error),
        detail: word("scope has a word that this client is not registered for"),
    };
    Refusal { kind, times: 1, first_at: later(secs), last_at: later(secs) }
}

async fn equal_refusals_are_counted_together(database: &TestDatabase) {
    let store = database.store().await;
    let (client, other) = (add_client(&store).await, add_client(&store).await);
    for (error, secs) in [("invalid_scope", 0), ("invalid_grant", 1), ("invalid_scope", 2)] {
        store.add_refusal(refusal(&client, error, secs), KEPT).await.expect("counted");
    }

    let listed = store.list_refusals(&client).await.expect("a query");

    let told: Vec<_> = listed.iter().map(|own| (own.kind.error.as_str(), own.times, own.first_at, own.last_at)).collect();
    assert_eq!(told, [("invalid_scope", 2, now(), later(2)), ("invalid_grant", 1, later(1), later(1))], "the latest first");
    assert_eq!(listed[1].kind, refusal(&client, "invalid_grant", 1).kind);
    assert!(store.list_refusals(&other).await.expect("a query").is_empty());
}

async fn parallel_refusals_of_one_kind_are_all_counted(database: &TestDatabase) {
    let replicas = [database.store().await, database.store().await];
    let client = add_client(&replicas[0]).await;

    let results = at_once(8, |number| {
        let (store, refusal) = (replicas[number % 2].clone(), refusal(&client, "invalid_scope", 0));
        async move { store.add_refusal(refusal, KEPT).await }
    });

    assert!(results.await.iter().all(Result::is_ok));
    let listed = replicas[0].list_refusals(&client).await.expect("a query");
    assert_eq!(listed.iter().map(|own| own.times).collect::<Vec<_>>(), [8]);
}

async fn refusals_go_with_their_client(database: &TestDatabase) {
    let store = database.store().await;
    let client = add_client(&store).await;
    store.add_refusal(refusal(&client, "invalid_scope", 0), KEPT).await.expect("counted");

    store.delete_client(&client, None).await.expect("deleted");

    assert!(store.list_refusals(&client).await.expect("a query").is_empty());
    let late = store.add_refusal(refusal(&client, "invalid_scope", 1), KEPT).await;
    assert!(matches!(late, Err(StoreError::NotFound)), "{late:?}");
}

async fn db_12_refusals_are_forgotten_after_the_last_one(database: &TestDatabase) {
    let store = database.store().await;
    let client = add_client(&store).await;
    store.add_refusal(refusal(&client, "invalid_scope", 0), KEPT).await.expect("counted");
    store.add_refusal(refusal(&client, "invalid_scope", 10), KEPT).await.expect("counted");

    assert_eq!(store.delete_expired(later(69)).await.expect("deleting works"), 0);
    assert_eq!(store.delete_expired(later(70)).await.expect("deleting works"), 1);
}
