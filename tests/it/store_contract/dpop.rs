//! What DPoP needs of the store: proofs that count once, families that are bound to a key (RFC 9449).

use genkan::domain::thumbprint::Thumbprint;
use genkan::store::codes::Used;
use genkan::store::families::Family;
use genkan::store::refresh_tokens::Issue;

use super::grants::{approval, client, family, issue};
use super::values::{insert, later, nobody, now};
use super::{at_once, contract};
use crate::support::database::TestDatabase;

contract!(db_01_of_parallel_uses_of_a_proof_one_counts, tk_08_a_family_keeps_the_key_that_it_is_bound_to, tk_08_a_rotation_binds_a_family,);

fn key() -> Thumbprint {
    Thumbprint::parse("NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs").expect("a thumbprint")
}

async fn db_01_of_parallel_uses_of_a_proof_one_counts(database: &TestDatabase) {
    let replicas = [database.store().await, database.store().await];

    let results = at_once(12, |number| {
        let store = replicas[number % 2].clone();
        async move { store.spend("the mark of a proof", later(60)).await.expect("spending works") }
    });

    assert_eq!(results.await.into_iter().filter(|is_first| *is_first).count(), 1);
}

async fn tk_08_a_family_keeps_the_key_that_it_is_bound_to(database: &TestDatabase) {
    let store = database.store().await;
    let family = Family { key: Some(key()), ..family(&client(&store).await, insert(&store, nobody()).await.id, None) };
    assert!(store.approve(approval(&family, "code")).await.expect("approving works"));

    let found = store.find_code("code").await.expect("a query").expect("a code").family;
    assert_eq!(found.key, Some(key()));
    let used = store.redeem_code("code", &found, Issue { key: found.key.clone(), ..issue("refresh") }, now()).await;

    assert_eq!(used.expect("redeeming works"), Used::First);
    let renewed = store.find_refresh_token("refresh", now()).await.expect("a query").expect("a token").family;
    assert_eq!(renewed.key, Some(key()));
}

async fn tk_08_a_rotation_binds_a_family(database: &TestDatabase) {
    let store = database.store().await;
    let family = family(&client(&store).await, insert(&store, nobody()).await.id, None);
    assert!(store.insert_family(&family, None, issue("first")).await.expect("a family can be stored"));

    let bound = Issue { key: Some(key()), ..issue("second") };
    assert_eq!(store.rotate_refresh_token("first", &family, bound).await.expect("rotating works"), Used::First);

    let found = store.find_refresh_token("second", now()).await.expect("a query").expect("a token").family;
    assert_eq!(found.key, Some(key()));
}
