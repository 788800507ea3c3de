//! Clients, their secrets, and trusted issuers.

use std::time::Duration;

use genkan::clock::Clock;
use genkan::domain::client::{AssertionAlgorithm, Client, ClientId, ClientName, ClientSecret, TrustedIssuer};
use genkan::domain::ids::{RowId, UserId};
use genkan::domain::scope::Scopes;
use genkan::store::clients::ClientSwitch;
use genkan::store::{Conflict, Store, StoreError};
use serde_json::json;

use super::values::{insert, later, nobody, now, user_id};
use super::{at_once, contract, count};
use crate::issuer::world::metadata;
use crate::support::database::TestDatabase;

contract!(
    a_client_is_found_as_it_was_registered,
    cr_01_somebody_elses_client_is_no_client,
    cr_01_of_parallel_registrations_no_more_than_the_quota_count,
    cr_01_of_parallel_registrations_by_programs_no_more_than_the_quota_count,
    cr_03_a_verified_name_is_told_from_its_likeness_and_lost_with_a_change,
    cr_04_a_rotated_secret_overlaps_and_two_are_the_most,
    tk_14_with_its_owner_a_client_goes_and_takes_its_secrets,
    tk_10_a_trusted_issuer_is_one_and_its_subjects_are_linked_one_by_one,
    db_12_an_old_secret_is_forgotten_and_a_lasting_one_is_not,
    db_12_of_the_clients_of_programs_those_go_that_nobody_uses,
    cr_01_a_program_is_known_by_what_it_was_given,
);

fn client(owner: Option<UserId>) -> Client {
    Client {
        id: ClientId::generate(),
        owner,
        metadata: metadata(),
        is_verified: false,
        skips_consent: false,
        disabled_at: None,
        created_at: now(),
        updated_at: now(),
    }
}

fn secret(hash: &str, secs: i64) -> ClientSecret {
    let created_at = later(secs);
    ClientSecret { id: RowId::new(&Clock::fixed(created_at)), hash: hash.to_owned(), sealed: None, created_at, expires_at: None }
}

async fn working(store: &Store, id: &ClientId, secs: i64) -> Vec<String> {
    let found = store.find_client_with_secrets(id, later(secs)).await.expect("a query").expect("a client");
    found.secrets.into_iter().map(|secret| secret.hash).collect()
}

async fn a_client_is_found_as_it_was_registered(database: &TestDatabase) {
    let store = database.store().await;
    let owner = insert(&store, nobody()).await.id;
    let made = client(Some(owner));
    assert!(store.insert_client(made.clone(), Some(secret("hash", 0)), Some(1)).await.expect("a query"));

    assert_eq!(store.find_client(&made.id).await.expect("a query"), Some(made.clone()));
    assert_eq!(store.list_clients_of(owner).await.expect("a query"), std::slice::from_ref(&made));
    assert_eq!(store.list_clients(None, 10).await.expect("a query"), std::slice::from_ref(&made));
    assert_eq!(store.find_client(&ClientId::generate()).await.expect("a query"), None);
    assert_eq!(working(&store, &made.id, 0).await, ["hash"]);
    store.switch_client(&made.id, ClientSwitch::Disabled(true), later(5)).await.expect("a client");
    let disabled = store.find_client(&made.id).await.expect("a query").expect("a client");
    assert_eq!((disabled.disabled_at, disabled.updated_at), (Some(later(5)), later(5)));
    let nobodys = store.insert_client(client(Some(user_id())), None, Some(1)).await;
    assert!(matches!(nobodys, Err(StoreError::NotFound)), "{nobodys:?}");
}

async fn cr_01_somebody_elses_client_is_no_client(database: &TestDatabase) {
    let store = database.store().await;
    let (owner, other) = (insert(&store, nobody()).await.id, insert(&store, nobody()).await.id);
    let made = client(Some(owner));
    store.insert_client(made.clone(), None, None).await.expect("a query");

    assert_eq!(store.find_client_of(other, &made.id).await.expect("a query"), None);
    assert_eq!(store.list_clients_of(other).await.expect("a query"), []);
    assert!(matches!(store.update_client(&made.id, Some(other), metadata(), now()).await, Err(StoreError::NotFound)));
    let rotated = store.rotate_client_secret(&made.id, Some(other), secret("hash", 0), Duration::ZERO).await;
    assert!(matches!(rotated, Err(StoreError::NotFound)));
    assert!(matches!(store.end_old_client_secrets(&made.id, Some(other), later(9)).await, Err(StoreError::NotFound)));
    assert!(!store.delete_client(&made.id, Some(other)).await.expect("a query"));
    assert_eq!(store.find_client_of(owner, &made.id).await.expect("a query"), Some(made.clone()), "nothing has changed");
    assert!(store.delete_client(&made.id, Some(owner)).await.expect("a query"));
    assert!(!store.delete_client(&made.id, None).await.expect("a query"), "it is gone");
}

async fn cr_01_of_parallel_registrations_no_more_than_the_quota_count(database: &TestDatabase) {
    let replicas = [database.store().await, database.store().await];
    let owner = insert(&replicas[0], nobody()).await.id;

    let results = at_once(8, |number| {
        let store = replicas[number % 2].clone();
        async move { store.insert_client(client(Some(owner)), None, Some(3)).await.expect("a query") }
    });

    assert_eq!(count(&results.await, |is_made| *is_made), 3);
    assert_eq!(replicas[0].list_clients_of(owner).await.expect("a query").len(), 3);
    assert!(replicas[0].insert_client(client(None), None, None).await.expect("a query"), "an operator has no quota");
}

async fn cr_01_of_parallel_registrations_by_programs_no_more_than_the_quota_count(database: &TestDatabase) {
    let replicas = [database.store().await, database.store().await];
    let owned = client(Some(insert(&replicas[0], nobody()).await.id));
    let verified = Client { is_verified: true, ..client(None) };
    for other in [owned, verified] {
        assert!(replicas[0].insert_client(other, None, None).await.expect("a query"), "it does not count");
    }

    let results = at_once(8, |number| {
        let store = replicas[number % 2].clone();
        async move { store.insert_client(client(None), None, Some(3)).await.expect("a query") }
    });

    assert_eq!(count(&results.await, |is_made| *is_made), 3);
}

async fn cr_03_a_verified_name_is_told_from_its_likeness_and_lost_with_a_change(database: &TestDatabase) {
    let store = database.store().await;
    let (owner, other) = (insert(&store, nobody()).await.id, insert(&store, nobody()).await.id);
    let made = client(Some(owner));
    store.insert_client(made.clone(), None, None).await.expect("a query");
    let likeness = ClientName::parse("tea-h0use").expect("a name").skeleton();
    let is_taken = async |owner| store.is_name_verified_elsewhere(&likeness, owner).await.expect("a query");

    assert!(!is_taken(Some(other)).await, "whoever comes first has no right to a name");
    store.switch_client(&made.id, ClientSwitch::Verified(true), now()).await.expect("a client");
    assert!(is_taken(Some(other)).await);
    assert!(!is_taken(Some(owner)).await, "one's own name is one's own");

    let same = store.update_client(&made.id, Some(owner), metadata(), now()).await.expect("a client");
    assert!(same.is_verified);
    let mut renamed = metadata();
    renamed.name = ClientName::parse("Coffee House").expect("a name");
    assert!(!store.update_client(&made.id, Some(owner), renamed, now()).await.expect("a client").is_verified);
    assert!(!is_taken(Some(other)).await);
}

async fn cr_04_a_rotated_secret_overlaps_and_two_are_the_most(database: &TestDatabase) {
    let store = database.store().await;
    let made = client(None);
    store.insert_client(made.clone(), Some(secret("one", 0)), None).await.expect("a query");
    let overlap = Duration::from_secs(60);

    store.rotate_client_secret(&made.id, None, secret("two", 10), overlap).await.expect("a client");
    assert_eq!(working(&store, &made.id, 69).await, ["two", "one"]);
    assert_eq!(working(&store, &made.id, 70).await, ["two"]);
    store.rotate_client_secret(&made.id, None, secret("three", 20), overlap).await.expect("a client");
    assert_eq!(working(&store, &made.id, 20).await, ["three", "two"], "the one before the last is gone");
    assert!(store.end_old_client_secrets(&made.id, None, later(21)).await.expect("a client"));
    assert!(!store.end_old_client_secrets(&made.id, None, later(22)).await.expect("a client"));
    assert_eq!(working(&store, &made.id, 22).await, ["three"]);
}

async fn tk_14_with_its_owner_a_client_goes_and_takes_its_secrets(database: &TestDatabase) {
    let store = database.store().await;
    let owner = insert(&store, nobody()).await.id;
    let made = client(Some(owner));
    store.insert_client(made.clone(), Some(secret("one", 0)), None).await.expect("a query");

    database.execute(&format!("DELETE FROM users WHERE id = '{owner}'"));

    assert!(store.find_client_with_secrets(&made.id, now()).await.expect("a query").is_none());
    let again = Client { owner: None, ..made };
    store.insert_client(again.clone(), None, None).await.expect("a query");
    assert_eq!(working(&store, &again.id, 0).await, Vec::<String>::new(), "no secret was left behind");
}

async fn tk_10_a_trusted_issuer_is_one_and_its_subjects_are_linked_one_by_one(database: &TestDatabase) {
    let store = database.store().await;
    let (hanako, taro) = (insert(&store, nobody()).await.id, insert(&store, nobody()).await.id);
    let trusted = TrustedIssuer {
        id: RowId::new(&Clock::fixed(now())),
        issuer: "https://other.example".to_owned(),
        jwks: json!({ "keys": [] }),
        algorithm: AssertionAlgorithm::Es256,
        scopes: Scopes::parse("profile tea:pour").expect("scopes"),
        is_disabled: false,
        created_at: now(),
    };
    store.insert_trusted_issuer(trusted.clone()).await.expect("a query");
    let twin = store.insert_trusted_issuer(TrustedIssuer { id: RowId::new(&Clock::system()), ..trusted.clone() }).await;
    assert!(matches!(twin, Err(StoreError::Conflict(Conflict::TrustedIssuer))), "{twin:?}");
    store.link_trusted_subject(trusted.id, "Sub", hanako, now()).await.expect("an issuer");
    store.link_trusted_subject(trusted.id, "Sub", taro, now()).await.expect("an issuer");

    let find = async |name: &str| store.find_trusted_issuer(name).await.expect("a query");
    assert_eq!(find("https://other.example").await, Some(trusted.clone()));
    for other in ["https://OTHER.example", "https://other.example/", "https://other.example "] {
        assert_eq!(find(other).await, None, "{other:?}");
    }
    let means = async |subject: &str| store.find_trusted_subject(trusted.id, subject).await.expect("a query");
    assert_eq!((means("Sub").await, means("sub").await, means("Sub ").await), (Some(taro), None, None));
    store.set_trusted_issuer_disabled(trusted.id, true).await.expect("an issuer");
    assert!(find("https://other.example").await.expect("an issuer").is_disabled);
    assert!(store.unlink_trusted_subject(trusted.id, "Sub").await.expect("a query"));
    assert!(store.delete_trusted_issuer(trusted.id).await.expect("a query"));
    assert_eq!(store.list_trusted_issuers().await.expect("a query"), []);
}

async fn db_12_an_old_secret_is_forgotten_and_a_lasting_one_is_not(database: &TestDatabase) {
    let store = database.store().await;
    let made = client(None);
    store.insert_client(made.clone(), Some(secret("one", 0)), None).await.expect("a query");
    store.rotate_client_secret(&made.id, None, secret("two", 0), Duration::from_secs(60)).await.expect("a client");

    assert_eq!(store.delete_expired(later(59)).await.expect("a query"), 0);
    assert_eq!(store.delete_expired(later(60)).await.expect("a query"), 1);
    assert_eq!(working(&store, &made.id, 0).await, ["two"]);
}

/// Registers a client as a program does.
async fn of_program(store: &Store, token_hash: &str) -> Client {
    let made = client(None);
    assert!(store.insert_client_of_program(made.clone(), None, 500, token_hash.to_owned()).await.expect("a query"));
    made
}

async fn cr_01_a_program_is_known_by_what_it_was_given(database: &TestDatabase) {
    let store = database.store().await;
    let (one, other) = (of_program(&store, "one").await, of_program(&store, "other").await);

    assert_eq!(store.find_client_of_program(&one.id, "one").await.expect("a query"), Some(one.clone()));
    assert_eq!(store.find_client_of_program(&one.id, "other").await.expect("a query"), None);
    assert_eq!(store.find_client_of_program(&one.id, "").await.expect("a query"), None);
    assert!(!store.insert_client_of_program(client(None), None, 2, "third".to_owned()).await.expect("a query"), "the quota");
    store.delete_client(&other.id, None).await.expect("a query");
    assert_eq!(store.find_client_of_program(&other.id, "other").await.expect("a query"), None);
}

async fn db_12_of_the_clients_of_programs_those_go_that_nobody_uses(database: &TestDatabase) {
    let replicas = [database.store().await, database.store().await];
    let store = &replicas[0];
    let user = insert(store, nobody()).await.id;
    let (allowed, asked) = (of_program(store, "allowed").await, of_program(store, "asked").await);
    let (given, verified) = (of_program(store, "given").await, of_program(store, "verified").await);
    let of_operator = client(None);
    store.insert_client(of_operator.clone(), None, None).await.expect("a query");
    super::grants::allow(store, user, &allowed.id).await;
    super::grants::ask(store, &asked.id).await;
    super::grants::give(store, user, &given.id).await;
    store.switch_client(&verified.id, ClientSwitch::Verified(true), now()).await.expect("a client");
    for number in 0..250 {
        of_program(store, &format!("unused {number}")).await;
    }

    assert_eq!(store.delete_unused_clients(later(-1)).await.expect("a sweep"), [], "they have their time");
    let gone = at_once(4, |number| {
        let store = replicas[number % 2].clone();
        async move { store.delete_unused_clients(later(0)).await.expect("a sweep").len() }
    });

    assert_eq!(gone.await.iter().sum::<usize>(), 250);
    for kept in [allowed, asked, given, verified, of_operator] {
        assert!(store.find_client(&kept.id).await.expect("a query").is_some(), "{kept:?}");
    }
}
