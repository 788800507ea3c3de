//! Tokens that are kept beside an identity: written with the session, renewed by one at a time, gone with the identity.

use genkan::domain::identity::ProviderId;
use genkan::domain::ids::UserId;
use genkan::store::Store;
use genkan::store::identities::Linking;
use genkan::store::provider_tokens::{Sealer, StoredTokens};
use genkan::store::sessions::Proof;

use super::values::{identity, insert, later, linking, now, open_session, session_of, unlinking, with_identity, with_login};
use super::{at_once, contract, count};
use crate::support::database::TestDatabase;

contract!(
    ky_03_tokens_are_stored_with_the_session_sealed_for_the_row_of_their_identity,
    db_02_of_parallel_sign_ins_each_leaves_one_row_of_tokens,
    db_01_of_parallel_refreshes_one_gets_the_claim,
    db_01_whoever_has_read_older_tokens_changes_nothing,
    so_15_tokens_go_with_their_identity_and_their_user,
    so_15_tokens_that_are_no_longer_kept_go_and_no_others,
    tokens_are_listed_page_by_page_and_found_for_a_user,
);

/// Seals like nobody should: what it is and for which row can be read.
fn sealer(tokens: &str) -> Sealer {
    let tokens = tokens.to_owned();
    Sealer::new(move |row| format!("{tokens} of {row}"))
}

async fn open_with(store: &Store, user: UserId, subject: &str, tokens: &str) -> bool {
    let proof = Proof::IdentityWith(identity(subject), sealer(tokens));
    store.insert_session(session_of(user), proof).await.expect("a query")
}

async fn tokens_of(store: &Store, subject: &str) -> Option<StoredTokens> {
    store.find_tokens(&identity(subject)).await.expect("a query")
}

async fn ky_03_tokens_are_stored_with_the_session_sealed_for_the_row_of_their_identity(database: &TestDatabase) {
    let store = database.store().await;
    let user = insert(&store, with_identity("42")).await.id;
    assert_eq!(tokens_of(&store, "42").await, None);

    assert!(open_with(&store, user, "42", "first").await);
    let row = store.list_identities(user).await.expect("a query")[0].id;
    let first = tokens_of(&store, "42").await.expect("tokens");
    assert_eq!((first.sealed, first.identity, first.user), (format!("first of {row}"), row, user));
    let long = "x".repeat(100_000);
    assert!(open_with(&store, user, "42", &long).await);
    assert_eq!(tokens_of(&store, "42").await.expect("tokens").sealed, format!("{long} of {row}"));

    store.set_user_disabled(user, true, now()).await.expect("a query");
    assert!(!open_with(&store, user, "42", "third").await);
    assert_eq!(tokens_of(&store, "42").await.expect("tokens").sealed.len(), long.len() + 40, "no session, no tokens");
}

async fn db_02_of_parallel_sign_ins_each_leaves_one_row_of_tokens(database: &TestDatabase) {
    let replicas = [database.store().await, database.store().await];
    let user = insert(&replicas[0], with_identity("42")).await.id;

    let results = at_once(12, |number| {
        let store = replicas[number % 2].clone();
        async move { open_with(&store, user, "42", &format!("{number}")).await }
    });

    assert_eq!(count(&results.await, |is_open| *is_open), 12);
    let provider = identity("42").provider;
    assert_eq!(replicas[0].list_tokens(&provider, None, 100).await.expect("a query").len(), 1);
}

async fn db_01_of_parallel_refreshes_one_gets_the_claim(database: &TestDatabase) {
    let replicas = [database.store().await, database.store().await];
    let user = insert(&replicas[0], with_identity("42")).await.id;
    open_with(&replicas[0], user, "42", "first").await;
    let stored = tokens_of(&replicas[0], "42").await.expect("tokens");

    let results = at_once(10, |number| {
        let (store, stored) = (replicas[number % 2].clone(), stored.clone());
        async move { store.claim_tokens(&stored, now(), later(10)).await.expect("a query") }
    });

    assert_eq!(count(&results.await, |is_ours| *is_ours), 1);
    assert!(!replicas[0].claim_tokens(&stored, later(9), later(19)).await.expect("a query"), "it is still claimed");
    assert!(replicas[0].claim_tokens(&stored, later(10), later(20)).await.expect("a query"), "whoever claimed it is gone");
    replicas[1].release_tokens(&stored).await.expect("a query");
    assert!(replicas[0].claim_tokens(&stored, later(11), later(20)).await.expect("a query"), "it was given up");
}

async fn db_01_whoever_has_read_older_tokens_changes_nothing(database: &TestDatabase) {
    let store = database.store().await;
    let user = insert(&store, with_identity("42")).await.id;
    open_with(&store, user, "42", "first").await;
    let old = tokens_of(&store, "42").await.expect("tokens");

    assert!(store.claim_tokens(&old, now(), later(10)).await.expect("a query"));
    open_with(&store, user, "42", "second").await;
    let newer = tokens_of(&store, "42").await.expect("tokens");
    assert!(!store.replace_tokens(&old, "third".to_owned(), now()).await.expect("a query"));
    assert!(!store.delete_tokens(&old).await.expect("a query"));
    assert!(!store.claim_tokens(&old, later(60), later(70)).await.expect("a query"));
    assert_eq!(tokens_of(&store, "42").await, Some(newer.clone()));

    assert!(store.claim_tokens(&newer, now(), later(10)).await.expect("a query"), "a sign-in ends the claim on what it replaced");
    assert!(store.replace_tokens(&newer, "third".to_owned(), now()).await.expect("a query"));
    let third = tokens_of(&store, "42").await.expect("tokens");
    assert_eq!(third.sealed, "third");
    assert!(store.delete_tokens(&third).await.expect("a query"));
    assert_eq!(tokens_of(&store, "42").await, None);
}

async fn so_15_tokens_go_with_their_identity_and_their_user(database: &TestDatabase) {
    let store = database.store().await;
    let user = insert(&store, with_login("hanako")).await.id;
    let session = open_session(&store, user).await.id;
    for subject in ["42", "43"] {
        store
            .link_identity(user, Linking { tokens: Some(sealer("own")), ..linking(session, identity(subject), now()) })
            .await
            .expect("an identity of nobody");
        assert!(tokens_of(&store, subject).await.is_some(), "a link brings tokens, too");
    }
    let first = tokens_of(&store, "42").await.expect("tokens").identity;

    store.unlink_identity(user, unlinking(first, session)).await.expect("other ways are left");
    assert_eq!(tokens_of(&store, "42").await, None);
    assert!(tokens_of(&store, "43").await.is_some());
    database.execute("DELETE FROM users");

    assert_eq!(store.list_tokens(&identity("43").provider, None, 10).await.expect("a query"), []);
}

async fn so_15_tokens_that_are_no_longer_kept_go_and_no_others(database: &TestDatabase) {
    let store = database.store().await;
    for subject in 0..5 {
        let user = insert(&store, with_identity(&subject.to_string())).await.id;
        open_with(&store, user, &subject.to_string(), "own").await;
    }
    let lab = identity("0").provider;
    let other = ProviderId::parse("other").expect("a name");

    store.delete_tokens_but(vec![other.clone(), lab.clone()]).await.expect("a query");
    assert_eq!(store.list_tokens(&lab, None, 10).await.expect("a query").len(), 5);
    store.delete_tokens_but(vec![other]).await.expect("a query");
    assert_eq!(store.list_tokens(&lab, None, 10).await.expect("a query"), []);
    store.delete_tokens_but(Vec::new()).await.expect("a query");
}

async fn tokens_are_listed_page_by_page_and_found_for_a_user(database: &TestDatabase) {
    let store = database.store().await;
    let lab = identity("0").provider;
    let mut users = Vec::new();
    for subject in 0..5 {
        let user = insert(&store, with_identity(&subject.to_string())).await.id;
        open_with(&store, user, &subject.to_string(), "own").await;
        users.push(user);
    }

    let (mut seen, mut after) = (Vec::new(), None);
    loop {
        let page = store.list_tokens(&lab, after, 2).await.expect("a query");
        let Some(last) = page.last() else { break };
        after = Some(last.identity);
        seen.extend(page.iter().map(|tokens| tokens.user));
    }

    seen.sort();
    users.sort();
    assert_eq!(seen, users);
    let found = store.find_tokens_of(users[3], &lab).await.expect("a query").expect("tokens");
    assert_eq!(found.user, users[3]);
    assert_eq!(store.find_tokens_of(users[3], &ProviderId::parse("other").expect("a name")).await.expect("a query"), None);
}
