//! Sessions: open, seen, ended, expired.

use genkan::domain::ids::SessionId;
use genkan::domain::user::Session;
use genkan::store::StoreError;

use super::values::{clock, insert, later, nobody, now, open_session, session_of, user_id, with_login};
use super::{at_once, contract, count};
use crate::support::database::TestDatabase;

contract!(
    db_04_a_session_is_found_with_its_user_until_it_expires,
    db_04_a_session_lasts_as_long_as_its_user,
    se_05_only_the_owner_ends_a_session_and_only_once,
    se_05_the_others_or_all_sessions_are_ended,
    db_04_a_seen_session_says_when,
);

async fn db_04_a_session_is_found_with_its_user_until_it_expires(database: &TestDatabase) {
    let store = database.store().await;
    let user = insert(&store, with_login("hanako")).await;
    let session = open_session(&store, user.id).await;

    let found = store.find_session(session.id, later(3599)).await.expect("a query");

    assert_eq!(found, Some((session.clone(), user.clone())));
    assert_eq!(store.find_session(session.id, later(3600)).await.expect("a query"), None, "expired");
    assert_eq!(store.find_session(SessionId::new(&clock()), now()).await.expect("a query"), None, "unknown");
    assert_eq!(store.list_sessions(user.id, later(3600)).await.expect("a query"), []);
}

async fn db_04_a_session_lasts_as_long_as_its_user(database: &TestDatabase) {
    let store = database.store().await;
    let user = insert(&store, nobody()).await;
    let session = open_session(&store, user.id).await;

    database.execute(if cfg!(feature = "sqlite") { "DELETE FROM sessions; DELETE FROM users" } else { "DELETE FROM users" });

    assert_eq!(store.find_session(session.id, now()).await.expect("a query"), None);
    let orphan = store.insert_session(session_of(user.id)).await;
    assert!(matches!(orphan, Err(StoreError::NotFound)), "{orphan:?}");
}

async fn se_05_only_the_owner_ends_a_session_and_only_once(database: &TestDatabase) {
    let store = database.store().await;
    let user = insert(&store, nobody()).await;
    let session = open_session(&store, user.id).await;
    assert!(!store.end_session(user_id(), session.id).await.expect("a query"), "not theirs");

    let results = at_once(8, |_| {
        let store = store.clone();
        async move { store.end_session(user.id, session.id).await.expect("a query") }
    });

    assert_eq!(count(&results.await, |was_open| *was_open), 1);
    assert_eq!(store.find_session(session.id, now()).await.expect("a query"), None);
}

async fn se_05_the_others_or_all_sessions_are_ended(database: &TestDatabase) {
    let store = database.store().await;
    let (user, other) = (insert(&store, nobody()).await, insert(&store, nobody()).await);
    let (kept, ended) = (open_session(&store, user.id).await, open_session(&store, user.id).await);
    open_session(&store, other.id).await;

    assert_eq!(store.end_sessions(user.id, Some(kept.id)).await.expect("a query"), [ended.id]);
    assert_eq!(store.end_sessions(user.id, None).await.expect("a query"), [kept.id]);
    assert_eq!(store.list_sessions(other.id, now()).await.expect("a query").len(), 1);
    assert_eq!(store.end_all_sessions().await.expect("a query"), 1);
    assert_eq!(store.end_all_sessions().await.expect("a query"), 0);
}

async fn db_04_a_seen_session_says_when(database: &TestDatabase) {
    let store = database.store().await;
    let user = insert(&store, nobody()).await;
    let older = open_session(&store, user.id).await;
    let newer = Session { created_at: later(60), ..session_of(user.id) };
    store.insert_session(newer.clone()).await.expect("a session can be stored");

    store.touch_session(older.id, later(300)).await.expect("a session");
    store.touch_session(older.id, later(200)).await.expect("a late note");
    store.touch_session(SessionId::new(&clock()), now()).await.expect("nobody's session is no error");

    let listed = store.list_sessions(user.id, now()).await.expect("a query");
    assert_eq!(listed, [newer, Session { seen_at: later(300), ..older }]);
}
