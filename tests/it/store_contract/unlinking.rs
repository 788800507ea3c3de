//! Removing an identity: never the last way in, and nothing it has opened stays open.

use genkan::domain::ids::{RowId, UserId};
use genkan::domain::user::Session;
use genkan::store::identities::Unlinking;
use genkan::store::sessions::Proof;
use genkan::store::{Store, StoreError};

use super::values::{clock, identity, insert, linking, login, nobody, now, open_session, session_of, unlinking, with_identity, with_login};
use super::{at_once, contract, count};
use crate::support::database::TestDatabase;

contract!(
    lk_06_the_last_usable_way_in_stays,
    lk_06_of_two_ways_removed_at_once_one_stays,
    lk_06_nobody_removes_a_strangers_identity_and_nobody_twice,
    se_02_the_sessions_of_a_removed_identity_end_but_the_one_that_asks,
    se_02_no_session_outlives_an_identity_that_is_removed_meanwhile,
);

/// Opens a session with an identity of `lab`.
async fn open_by(store: &Store, user: UserId, subject: &str) -> Session {
    let session = Session { method: "lab".to_owned(), ..session_of(user) };
    let proof = Proof::Identity(identity(subject));
    assert!(store.insert_session(session.clone(), proof).await.expect("the session can be stored"));
    session
}

async fn ids_of(store: &Store, user: UserId) -> Vec<RowId> {
    store.list_identities(user).await.expect("a query").iter().map(|identity| identity.id).collect()
}

async fn lk_06_the_last_usable_way_in_stays(database: &TestDatabase) {
    let store = database.store().await;
    let user = insert(&store, with_identity("42")).await.id;
    let session = open_by(&store, user, "42").await.id;
    let first = ids_of(&store, user).await[0];
    let remove = async |what| store.unlink_identity(user, what).await;

    let refused = remove(unlinking(first, session)).await;
    assert!(matches!(refused, Err(StoreError::LastWayIn)), "{refused:?}");
    store.link_identity(user, linking(session, identity("43"), now())).await.expect("an identity of nobody");
    let refused = remove(Unlinking { usable: Vec::new(), ..unlinking(first, session) }).await;
    assert!(matches!(refused, Err(StoreError::LastWayIn)), "the other one cannot be used: {refused:?}");
    remove(unlinking(first, session)).await.expect("another identity is left");
    let second = ids_of(&store, user).await[0];
    store.insert_login(user, login("hanako"), None, now()).await.expect("a free name");

    let removed = remove(Unlinking { usable: Vec::new(), ..unlinking(second, session) }).await.expect("a password is left");

    assert_eq!((removed.provider.as_str(), ids_of(&store, user).await), ("lab", vec![]));
    assert_eq!(store.find_user_by_identity(&identity("42")).await.expect("a query"), None);
}

async fn lk_06_of_two_ways_removed_at_once_one_stays(database: &TestDatabase) {
    let replicas = [database.store().await, database.store().await];
    for round in 0..8 {
        let user = insert(&replicas[0], nobody()).await.id;
        let session = open_session(&replicas[0], user).await.id;
        replicas[0].link_identity(user, linking(session, identity(&format!("{round}")), now())).await.expect("an identity of nobody");
        let ids = ids_of(&replicas[0], user).await;

        let results = at_once(2, |number| {
            let (store, what) = (replicas[number].clone(), unlinking(ids[number], session));
            async move { store.unlink_identity(user, what).await }
        });
        let results = results.await;

        assert_eq!(count(&results, Result::is_ok), 1, "{results:?}");
        assert_eq!(count(&results, |result| matches!(result, Err(StoreError::LastWayIn))), 1, "{results:?}");
        assert_eq!(ids_of(&replicas[1], user).await.len(), 1);
    }
}

async fn lk_06_nobody_removes_a_strangers_identity_and_nobody_twice(database: &TestDatabase) {
    let store = database.store().await;
    let (owner, other) = (insert(&store, with_login("hanako")).await.id, insert(&store, with_login("taro")).await.id);
    let session = open_session(&store, owner).await.id;
    store.link_identity(owner, linking(session, identity("42"), now())).await.expect("an identity of nobody");
    let id = ids_of(&store, owner).await[0];

    for (user, id) in [(other, id), (owner, RowId::new(&clock()))] {
        let refused = store.unlink_identity(user, unlinking(id, session)).await;
        assert!(matches!(refused, Err(StoreError::NotFound)), "{refused:?}");
    }
    let results = at_once(8, |_| {
        let store = store.clone();
        async move { store.unlink_identity(owner, unlinking(id, session)).await }
    });

    let results = results.await;
    assert_eq!(count(&results, Result::is_ok), 1, "{results:?}");
    assert_eq!(count(&results, |result| matches!(result, Err(StoreError::NotFound))), 7, "{results:?}");
}

async fn se_02_the_sessions_of_a_removed_identity_end_but_the_one_that_asks(database: &TestDatabase) {
    let store = database.store().await;
    let user = insert(&store, with_login("hanako")).await.id;
    let password = open_session(&store, user).await;
    store.link_identity(user, linking(password.id, identity("42"), now())).await.expect("an identity of nobody");
    let (asking, elsewhere) = (open_by(&store, user, "42").await, open_by(&store, user, "42").await);
    let stranger = open_by(&store, insert(&store, with_identity("7")).await.id, "7").await;

    let removed = store.unlink_identity(user, unlinking(ids_of(&store, user).await[0], asking.id)).await.expect("a password is left");

    assert_eq!(removed.ended, [elsewhere.id]);
    for (session, is_open) in [(password.id, true), (asking.id, true), (elsewhere.id, false), (stranger.id, true)] {
        assert_eq!(store.find_session(session, now()).await.expect("a query").is_some(), is_open, "{session}");
    }
}

async fn se_02_no_session_outlives_an_identity_that_is_removed_meanwhile(database: &TestDatabase) {
    let replicas = [database.store().await, database.store().await];
    let user = insert(&replicas[0], with_login("hanako")).await.id;
    let asking = open_session(&replicas[0], user).await.id;
    replicas[0].link_identity(user, linking(asking, identity("42"), now())).await.expect("an identity of nobody");
    let id = ids_of(&replicas[0], user).await[0];
    let openings = replicas.clone();

    let openings = tokio::spawn(at_once(16, move |number| {
        let (store, session) = (openings[number % 2].clone(), Session { method: "lab".to_owned(), ..session_of(user) });
        async move { store.insert_session(session, Proof::Identity(identity("42"))).await.expect("a query") }
    }));
    replicas[1].unlink_identity(user, unlinking(id, asking)).await.expect("a password is left");
    openings.await.expect("no task panics");

    let left = replicas[0].list_sessions(user, now()).await.expect("a query");
    assert_eq!(left.iter().map(|session| session.id).collect::<Vec<_>>(), [asking]);
}
