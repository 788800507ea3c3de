//! Identities and whose they are.

use genkan::domain::identity::Identity;
use genkan::domain::ids::SessionId;
use genkan::domain::user::Session;
use genkan::store::sessions::Proof;
use genkan::store::{Conflict, StoreError};

use super::values::{clock, identity, insert, later, linking, nobody, now, open_session, session_of, with_identity, with_login};
use super::{at_once, contract, count};
use crate::support::database::TestDatabase;

contract!(
    db_02_of_parallel_signups_with_one_identity_one_wins,
    so_08_an_identity_is_told_apart_byte_for_byte,
    so_08_an_identity_of_another_provider_or_issuer_is_another_one,
    lk_01_whoever_is_not_signed_in_links_nothing,
    lk_05_db_03_an_identity_is_linked_to_one_user_only,
    lk_05_db_02_of_parallel_links_of_one_identity_one_wins,
    db_04_a_sign_in_says_when_its_identity_was_used,
);

async fn db_02_of_parallel_signups_with_one_identity_one_wins(database: &TestDatabase) {
    let replicas = [database.store().await, database.store().await];

    let results = at_once(16, |number| {
        let store = replicas[number % 2].clone();
        async move { store.insert_user(with_identity("42")).await }
    });
    let results = results.await;

    assert_eq!(count(&results, Result::is_ok), 1);
    assert_eq!(count(&results, |result| matches!(result, Err(StoreError::Conflict(Conflict::Identity)))), 15, "{results:?}");
    assert_eq!(replicas[0].list_users(None, 100).await.expect("a query").len(), 1, "the others left no half user");
}

async fn so_08_an_identity_is_told_apart_byte_for_byte(database: &TestDatabase) {
    let store = database.store().await;
    let long = "界".repeat(255);
    let subjects =
        ["a", "A", "á", "a\u{301}", "Ａ", "ss", "ß", "i", "İ", "a b", "a  b", "a\u{200b}", "カ", "か", "ｶ", "0", "00", "💐", "💚", &long];

    for subject in subjects {
        let user = insert(&store, with_identity(subject)).await;
        let found = store.find_user_by_identity(&identity(subject)).await.expect("a query");
        assert_eq!(found, Some(user), "{subject:?}");
    }

    assert_eq!(store.find_user_by_identity(&identity("b")).await.expect("a query"), None);
}

async fn so_08_an_identity_of_another_provider_or_issuer_is_another_one(database: &TestDatabase) {
    let store = database.store().await;
    let user = insert(&store, nobody()).await;
    let session = open_session(&store, user.id).await.id;
    store.link_identity(user.id, linking(session, identity("42"), now())).await.expect("an identity of nobody");
    let others = [
        Identity { issuer: "https://LAB.example".to_owned(), ..identity("42") },
        Identity { issuer: String::new(), ..identity("42") },
        Identity { provider: genkan::domain::identity::ProviderId::parse("lab2").expect("a provider"), ..identity("42") },
    ];

    for other in others {
        assert_eq!(store.find_user_by_identity(&other).await.expect("a query"), None, "{other:?}");
        assert!(store.link_identity(user.id, linking(session, other.clone(), now())).await.expect("an identity of nobody"));
    }

    assert_eq!(store.list_identities(user.id).await.expect("a query").len(), 5);
}

async fn lk_05_db_03_an_identity_is_linked_to_one_user_only(database: &TestDatabase) {
    let store = database.store().await;
    let (owner, other) = (insert(&store, with_login("hanako")).await, insert(&store, with_login("taro")).await);
    let (own, others) = (open_session(&store, owner.id).await.id, open_session(&store, other.id).await.id);
    let link = async |user, session, at| store.link_identity(user, linking(session, identity("42"), at)).await;

    assert!(link(owner.id, own, now()).await.expect("an identity of nobody"));
    assert!(!link(owner.id, own, later(1)).await.expect("linking twice is no error"));

    let refused = link(other.id, others, now()).await;
    assert!(matches!(refused, Err(StoreError::Conflict(Conflict::Identity))), "{refused:?}");
    let listed = store.list_identities(owner.id).await.expect("a query");
    assert_eq!((listed.len(), listed[0].provider.as_str(), listed[0].created_at), (1, "lab", now()));
    assert_eq!(store.list_identities(other.id).await.expect("a query"), []);
    assert_eq!(store.find_user_by_identity(&identity("42")).await.expect("a query"), Some(owner));
}

async fn lk_01_whoever_is_not_signed_in_links_nothing(database: &TestDatabase) {
    let store = database.store().await;
    let (user, other) = (insert(&store, with_login("hanako")).await, insert(&store, with_login("taro")).await);
    let (session, foreign) = (open_session(&store, user.id).await.id, open_session(&store, other.id).await.id);
    let link = async |session, at| store.link_identity(user.id, linking(session, identity("42"), at)).await;

    for (session, at) in [(foreign, now()), (SessionId::new(&clock()), now()), (session, later(3600))] {
        let refused = link(session, at).await;
        assert!(matches!(refused, Err(StoreError::NotFound)), "{refused:?}");
    }
    store.end_session(user.id, session).await.expect("a query");

    assert!(matches!(link(session, now()).await, Err(StoreError::NotFound)), "ended while they were away");
    assert_eq!(store.list_identities(user.id).await.expect("a query"), []);
}

async fn lk_05_db_02_of_parallel_links_of_one_identity_one_wins(database: &TestDatabase) {
    let replicas = [database.store().await, database.store().await];
    let mut signed_in = Vec::new();
    for name in ["hanako", "taro"] {
        let user = insert(&replicas[0], with_login(name)).await.id;
        signed_in.push((user, open_session(&replicas[0], user).await.id));
    }

    let results = at_once(12, |number| {
        let (store, (user, session)) = (replicas[number % 2].clone(), signed_in[number / 2 % 2]);
        async move { store.link_identity(user, linking(session, identity("42"), now())).await }
    });
    let results = results.await;

    assert_eq!(count(&results, |result| matches!(result, Ok(true))), 1, "{results:?}");
    assert_eq!(count(&results, Result::is_ok), 6, "{results:?}");
    assert_eq!(count(&results, |result| matches!(result, Err(StoreError::Conflict(Conflict::Identity)))), 6, "{results:?}");
}

async fn db_04_a_sign_in_says_when_its_identity_was_used(database: &TestDatabase) {
    let store = database.store().await;
    let user = insert(&store, with_identity("42")).await;
    let last_used = || database.text("SELECT CAST(last_used_at AS CHAR(19)) FROM user_oauths");
    let first = last_used();

    let session = Session { created_at: later(300), ..session_of(user.id) };
    assert!(store.insert_session(session, Proof::Identity(identity("42"))).await.expect("a query"));

    assert_ne!(last_used(), first);
}
