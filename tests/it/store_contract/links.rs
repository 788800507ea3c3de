//! One-time links.

use genkan::store::links::LinkPurpose::{Invitation, PasswordReset};
use genkan::store::users::NewUser;
use genkan::store::{Conflict, StoreError};

use super::values::{by, insert, invitation, later, nobody, now, open_session, reset_link, user_id, with_login};
use super::{at_once, contract, count};
use crate::support::database::TestDatabase;

contract!(
    em_06_a_link_works_for_its_purpose_until_it_expires,
    em_06_a_newer_link_replaces_the_older_one,
    db_01_of_parallel_uses_of_an_invitation_one_counts,
    db_02_whoever_loses_a_user_name_keeps_the_invitation,
    db_01_of_parallel_resets_one_counts,
    se_02_a_reset_sets_the_password_and_ends_every_session,
    si_01_a_reset_gives_a_password_to_whoever_had_none,
);

async fn em_06_a_link_works_for_its_purpose_until_it_expires(database: &TestDatabase) {
    let store = database.store().await;
    let user = insert(&store, with_login("hanako")).await;
    store.insert_link(reset_link("reset", user.id)).await.expect("a link can be made");
    store.insert_link(invitation("invitation")).await.expect("a link can be made");

    let find = async |hash: &str, purpose, at| store.find_link(hash, purpose, at).await.expect("a query");
    assert_eq!(find("reset", PasswordReset, later(3599)).await, Some(Some(user)));
    assert_eq!(find("invitation", Invitation, now()).await, Some(None));
    for (hash, purpose, at) in [
        ("reset", PasswordReset, later(3600)),
        ("reset", Invitation, now()),
        ("Reset", PasswordReset, now()),
        ("reset ", PasswordReset, now()),
        ("", PasswordReset, now()),
    ] {
        assert_eq!(find(hash, purpose, at).await, None, "{hash:?} {purpose:?} {at}");
        let is_spent = match purpose {
            PasswordReset => store.reset_password(hash, "new".to_owned(), at).await.expect("a query").is_some(),
            Invitation => store.insert_invited_user(hash, NewUser { now: at, ..nobody() }).await.expect("a query").is_some(),
        };
        assert!(!is_spent, "{hash:?} {purpose:?} {at}");
    }
    let nobody = store.insert_link(reset_link("other", user_id())).await;
    assert!(matches!(nobody, Err(StoreError::NotFound)), "{nobody:?}");
}

async fn em_06_a_newer_link_replaces_the_older_one(database: &TestDatabase) {
    let store = database.store().await;
    let (user, other) = (insert(&store, nobody()).await, insert(&store, nobody()).await);
    for link in [reset_link("old", user.id), reset_link("others", other.id), invitation("one"), invitation("two")] {
        store.insert_link(link).await.expect("a link can be made");
    }

    let results = at_once(6, |number| {
        let (store, link) = (store.clone(), reset_link(&format!("new-{number}"), user.id));
        async move { store.insert_link(link).await.expect("a link can be made") }
    });
    results.await;

    let works = async |hash: &str, purpose| store.find_link(hash, purpose, now()).await.expect("a query").is_some();
    assert!(!works("old", PasswordReset).await);
    let mut working = 0;
    for number in 0..6 {
        working += usize::from(works(&format!("new-{number}"), PasswordReset).await);
    }
    assert_eq!(working, 1, "two at once leave one link");
    for (hash, purpose) in [("others", PasswordReset), ("one", Invitation), ("two", Invitation)] {
        assert!(works(hash, purpose).await, "{hash}");
    }
}

async fn db_01_of_parallel_uses_of_an_invitation_one_counts(database: &TestDatabase) {
    let replicas = [database.store().await, database.store().await];
    replicas[0].insert_link(invitation("one")).await.expect("a link can be made");

    let results = at_once(12, |number| {
        let store = replicas[number % 2].clone();
        async move { store.insert_invited_user("one", with_login(&format!("user-{number}"))).await.expect("a query") }
    });

    assert_eq!(count(&results.await, Option::is_some), 1);
    assert_eq!(replicas[0].list_users(None, 100).await.expect("a query").len(), 1, "the others left no half user");
}

async fn db_02_whoever_loses_a_user_name_keeps_the_invitation(database: &TestDatabase) {
    let replicas = [database.store().await, database.store().await];
    for number in 0..8 {
        replicas[0].insert_link(invitation(&number.to_string())).await.expect("a link can be made");
    }

    let results = at_once(8, |number| {
        let store = replicas[number % 2].clone();
        async move { store.insert_invited_user(&number.to_string(), with_login("hanako")).await }
    });
    let results = results.await;

    assert_eq!(count(&results, |result| matches!(result, Ok(Some(_)))), 1, "{results:?}");
    assert_eq!(count(&results, |result| matches!(result, Err(StoreError::Conflict(Conflict::Username)))), 7, "{results:?}");
    for (number, result) in results.iter().enumerate() {
        let again = replicas[0].insert_invited_user(&number.to_string(), with_login(&format!("user-{number}"))).await;
        assert_eq!(again.expect("a free name").is_some(), result.is_err(), "{number}");
    }
    let late = NewUser { now: later(3600), ..nobody() };
    replicas[0].insert_link(invitation("late")).await.expect("a link can be made");
    assert_eq!(replicas[0].insert_invited_user("late", late).await.expect("a query"), None, "expired");
}

async fn db_01_of_parallel_resets_one_counts(database: &TestDatabase) {
    let replicas = [database.store().await, database.store().await];
    let user = insert(&replicas[0], with_login("hanako")).await;
    replicas[0].insert_link(reset_link("reset", user.id)).await.expect("a link can be made");

    let results = at_once(12, |number| {
        let store = replicas[number % 2].clone();
        async move { store.reset_password("reset", format!("hash {number}"), now()).await.expect("a query").map(|_| number) }
    });
    let winners: Vec<usize> = results.await.into_iter().flatten().collect();

    assert_eq!(winners.len(), 1);
    let hash = replicas[1].find_login_of(user.id).await.expect("a query").expect("a login").password_hash;
    assert_eq!(hash, format!("hash {}", winners[0]));
}

async fn se_02_a_reset_sets_the_password_and_ends_every_session(database: &TestDatabase) {
    let store = database.store().await;
    let user = insert(&store, with_login("hanako")).await;
    let session = open_session(&store, user.id).await;
    store.insert_link(reset_link("reset", user.id)).await.expect("a link can be made");
    store.insert_link(invitation("invitation")).await.expect("a link can be made");

    assert_eq!(store.reset_password("reset", "late".to_owned(), later(3600)).await.expect("a query"), None, "expired");
    assert_eq!(store.reset_password("invitation", "new".to_owned(), now()).await.expect("a query"), None, "not for that");
    let reset = store.reset_password("reset", "new".to_owned(), now()).await.expect("a query");

    assert_eq!(reset, Some((user.id, vec![session.id])));
    assert_eq!(store.find_session(session.id, now()).await.expect("a query"), None);
    assert_eq!(store.find_login(&by("hanako")).await.expect("a query").map(|login| login.password_hash).as_deref(), Some("new"));
}

async fn si_01_a_reset_gives_a_password_to_whoever_had_none(database: &TestDatabase) {
    let store = database.store().await;
    let user = insert(&store, nobody()).await;
    store.insert_link(reset_link("reset", user.id)).await.expect("a link can be made");

    store.reset_password("reset", "new".to_owned(), now()).await.expect("a query").expect("the link works");

    let login = store.find_login_of(user.id).await.expect("a query").expect("a login");
    let username = login.user.username.expect("a user name");
    assert_eq!(login.password_hash, "new");
    assert!(store.find_login(&by(&username)).await.expect("a query").is_some(), "{username} can be typed");
}
