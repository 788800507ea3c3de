//! Sessions: open, seen, ended, expired.

use genkan::domain::ids::{SessionId, UserId};
use genkan::domain::user::Session;
use genkan::store::Store;
use genkan::store::sessions::Proof;

use super::values::{
    clock, identity, insert, later, new_password, nobody, now, open_session, proof_of, reset_link, session_of, user_id, with_identity,
    with_login,
};
use super::{at_once, contract, count};
use crate::support::database::TestDatabase;

contract!(
    db_04_a_session_is_found_with_its_user_until_it_expires,
    db_04_a_session_lasts_as_long_as_its_user,
    se_05_only_the_owner_ends_a_session_and_only_once,
    se_05_the_others_or_all_sessions_are_ended,
    db_04_a_seen_session_says_when,
    se_02_a_session_opens_only_while_its_proof_holds,
    se_02_no_session_outlives_a_password_that_changes_meanwhile,
    se_02_no_session_outlives_a_user_who_is_disabled_meanwhile,
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
    let user = insert(&store, with_login("hanako")).await;
    let session = open_session(&store, user.id).await;

    database.execute(if cfg!(feature = "sqlite") {
        "DELETE FROM sessions; DELETE FROM user_authentications; DELETE FROM users"
    } else {
        "DELETE FROM users"
    });

    assert_eq!(store.find_session(session.id, now()).await.expect("a query"), None);
    let orphan = store.insert_session(session_of(user.id), Proof::Password("hash of hanako".to_owned())).await;
    assert!(!orphan.expect("a query"));
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
    assert!(store.insert_session(newer.clone(), proof_of(&store, user.id).await).await.expect("a session can be stored"));

    store.touch_session(older.id, later(300)).await.expect("a session");
    store.touch_session(older.id, later(200)).await.expect("a late note");
    store.touch_session(SessionId::new(&clock()), now()).await.expect("nobody's session is no error");

    let listed = store.list_sessions(user.id, now()).await.expect("a query");
    assert_eq!(listed, [newer, Session { seen_at: later(300), ..older }]);
}

async fn se_02_a_session_opens_only_while_its_proof_holds(database: &TestDatabase) {
    let store = database.store().await;
    let (user, other) = (insert(&store, with_login("hanako")).await, insert(&store, with_identity("42")).await);
    let open = async |user, proof| store.insert_session(session_of(user), proof).await.expect("a query");
    let (password, own) = (|hash: &str| Proof::Password(hash.to_owned()), |subject: &str| Proof::Identity(identity(subject)));

    assert!(open(user.id, password("hash of hanako")).await && open(other.id, own("42")).await);
    for (user, proof) in [
        (user.id, password("HASH of hanako")),
        (user.id, own("42")),
        (other.id, password("hash of hanako")),
        (other.id, own("43")),
        (user_id(), password("hash of hanako")),
    ] {
        assert!(!open(user, proof.clone()).await, "{proof:?}");
    }
    store.set_user_disabled(user.id, true, now()).await.expect("a user");
    assert!(!open(user.id, password("hash of hanako")).await, "disabled");
}

/// Opens sessions while `change` ends them; returns how many are open afterwards.
async fn race(database: &TestDatabase, change: impl AsyncFn(&Store, UserId)) -> usize {
    let replicas = [database.store().await, database.store().await];
    let user = insert(&replicas[0], with_login("hanako")).await.id;
    let openings = tokio::spawn(at_once(16, move |number| {
        let store = replicas[number % 2].clone();
        async move { store.insert_session(session_of(user), Proof::Password("hash of hanako".to_owned())).await.expect("a query") }
    }));
    let store = database.store().await;

    change(&store, user).await;

    openings.await.expect("no task panics");
    store.list_sessions(user, now()).await.expect("a query").len()
}

async fn se_02_no_session_outlives_a_password_that_changes_meanwhile(database: &TestDatabase) {
    let left = race(database, async |store, user| {
        store.insert_link(reset_link("reset", user)).await.expect("a link can be made");
        store.reset_password("reset", "newer".to_owned(), now()).await.expect("a query").expect("the link works");
        let late = store.update_password(user, new_password("hash of hanako", "late", None)).await;
        assert_eq!(late.expect("a query"), None, "not over the head of the newer one");
    });

    assert_eq!(left.await, 0);
}

async fn se_02_no_session_outlives_a_user_who_is_disabled_meanwhile(database: &TestDatabase) {
    let left = race(database, async |store, user| {
        store.set_user_disabled(user, true, now()).await.expect("a user");
    });

    assert_eq!(left.await, 0);
}
