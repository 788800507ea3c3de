//! The operators' rules: kept whole, ended once, and every change is seen.

use genkan::domain::ids::RowId;
use genkan::store::StoreError;
use genkan::store::rules::StoredRule;

use super::values::{clock, later, now};
use super::{at_once, contract, count};
use crate::support::database::TestDatabase;

contract!(a_rule_is_found_as_it_was_made, db_01_of_parallel_ends_one_ends_the_rule, every_change_is_another_version);

fn rule() -> StoredRule {
    let word = |word: &str| Some(word.to_owned());
    StoredRule {
        id: RowId::new(&clock()),
        provider: word("lab"),
        stage: word("token"),
        cause: None,
        provider_error: word("slow_down"),
        category: word("idp_outage"),
        level: None,
        note: "理由".to_owned(),
        made_by: "花子".to_owned(),
        made_at: now(),
        ended_by: None,
        ended_at: None,
    }
}

async fn a_rule_is_found_as_it_was_made(database: &TestDatabase) {
    let store = database.store().await;
    let made = rule();

    store.insert_rule(made.clone()).await.expect("a rule can be made");
    store.end_rule(made.id, "太郎", later(5)).await.expect("it holds");

    let ended = StoredRule { ended_by: Some("太郎".to_owned()), ended_at: Some(later(5)), ..made };
    assert_eq!(store.list_rules().await.expect("a query"), [ended]);
}

async fn db_01_of_parallel_ends_one_ends_the_rule(database: &TestDatabase) {
    let replicas = [database.store().await, database.store().await];
    let made = rule();
    replicas[0].insert_rule(made.clone()).await.expect("a rule can be made");

    let ends = at_once(8, |number| {
        let store = replicas[number % 2].clone();
        async move { store.end_rule(made.id, &number.to_string(), now()).await }
    });
    let ends = ends.await;

    assert_eq!(count(&ends, Result::is_ok), 1);
    assert_eq!(count(&ends, |end| matches!(end, Err(StoreError::NotFound))), 7, "{ends:?}");
}

async fn every_change_is_another_version(database: &TestDatabase) {
    let store = database.store().await;
    let made = rule();
    let mut versions = vec![store.find_rules_version().await.expect("a query")];

    store.insert_rule(made.clone()).await.expect("a rule can be made");
    versions.push(store.find_rules_version().await.expect("a query"));
    store.end_rule(made.id, "x", now()).await.expect("it holds");
    versions.push(store.find_rules_version().await.expect("a query"));

    assert!(versions[0] != versions[1] && versions[1] != versions[2], "{versions:?}");
}
