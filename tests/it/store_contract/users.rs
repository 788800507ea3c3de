//! Users and their passwords.

use genkan::domain::name::DisplayName;
use genkan::store::users::{NewUser, ProfileChange};
use genkan::store::{Conflict, StoreError};

use super::values::{
    by, email, insert, later, login, new_password, nobody, now, open_session, reset_link, user_id, with_email, with_login,
};
use super::{at_once, contract, count};
use crate::support::database::TestDatabase;

contract!(
    db_04_a_user_is_found_by_id_name_and_proven_address,
    db_02_of_parallel_signups_with_one_user_name_one_wins,
    db_03_em_01_a_proven_address_is_unique_and_a_claimed_one_is_not,
    db_02_a_refused_signup_leaves_nothing_behind,
    db_03_a_profile_change_obeys_the_same_rule,
    se_02_a_new_password_ends_the_other_sessions,
    db_03_a_second_way_in_by_password_is_refused,
    db_04_a_hash_is_upgraded_only_from_the_old_one,
    se_02_disabling_ends_the_sessions,
    db_04_users_are_listed_by_pages_in_the_order_of_their_making,
    db_14_a_broken_row_fails_only_its_own_user,
    db_06_a_value_that_does_not_fit_is_refused_and_not_cut,
);

async fn db_04_a_user_is_found_by_id_name_and_proven_address(database: &TestDatabase) {
    let store = database.store().await;
    let new = NewUser { password: Some(login("Hanako.Y")), ..with_email("Hanako@Example.com", true) };

    let user = insert(&store, new).await;

    assert_eq!((user.name.as_str(), user.username.as_deref()), ("山田 花子", Some("Hanako.Y")));
    assert_eq!((user.email.as_deref(), user.is_email_proven, user.created_at), (Some("Hanako@example.com"), true, now()));
    assert_eq!(store.find_user(user.id).await.expect("a query"), Some(user.clone()));
    assert_eq!(store.find_user(user_id()).await.expect("a query"), None);
    for text in ["hanako.y", "HANAKO.Y", "hanako@example.com", "HANAKO@EXAMPLE.COM"] {
        assert_eq!(store.find_user_by_identifier(&by(text)).await.expect("a query"), Some(user.clone()), "{text}");
        let found = store.find_login(&by(text)).await.expect("a query").expect(text);
        assert_eq!((found.user, found.password_hash.as_str()), (user.clone(), "hash of Hanako.Y"), "{text}");
    }
    assert_eq!(store.find_login_of(user.id).await.expect("a query").map(|found| found.user), Some(user));
    for text in ["hanako", "hanako.y@example.com", "", "@"] {
        assert_eq!(store.find_user_by_identifier(&by(text)).await.expect("a query"), None, "{text}");
        assert!(store.find_login(&by(text)).await.expect("a query").is_none(), "{text}");
    }
}

async fn db_02_of_parallel_signups_with_one_user_name_one_wins(database: &TestDatabase) {
    let replicas = [database.store().await, database.store().await];

    let results = at_once(16, |number| {
        let store = replicas[number % 2].clone();
        let username = if number % 3 == 0 { "hanako" } else { "HANAKO" };
        async move { store.insert_user(with_login(username)).await }
    });
    let results = results.await;

    assert_eq!(count(&results, Result::is_ok), 1);
    assert_eq!(count(&results, |result| matches!(result, Err(StoreError::Conflict(Conflict::Username)))), 15, "{results:?}");
    assert_eq!(replicas[0].list_users(None, 100).await.expect("a query").len(), 1);
}

async fn db_03_em_01_a_proven_address_is_unique_and_a_claimed_one_is_not(database: &TestDatabase) {
    let store = database.store().await;
    insert(&store, with_email("a@example.com", false)).await;
    insert(&store, with_email("a@example.com", false)).await;
    assert_eq!(store.find_user_by_identifier(&by("a@example.com")).await.expect("a query"), None, "nobody has proven it");

    let owner = insert(&store, with_email("A@example.com", true)).await;

    assert_eq!(store.find_user_by_identifier(&by("a@example.com")).await.expect("a query"), Some(owner));
    insert(&store, with_email("a@example.com", false)).await;
    let second = store.insert_user(with_email("a@EXAMPLE.com", true)).await;
    assert!(matches!(second, Err(StoreError::Conflict(Conflict::Email))), "{second:?}");
}

async fn db_02_a_refused_signup_leaves_nothing_behind(database: &TestDatabase) {
    let store = database.store().await;
    insert(&store, with_login("hanako")).await;

    let refused = store.insert_user(NewUser { password: Some(login("Hanako")), ..with_email("h@example.com", true) }).await;

    assert!(matches!(refused, Err(StoreError::Conflict(Conflict::Username))), "{refused:?}");
    assert_eq!(store.list_users(None, 100).await.expect("a query").len(), 1);
    insert(&store, with_email("h@example.com", true)).await;
}

async fn db_03_a_profile_change_obeys_the_same_rule(database: &TestDatabase) {
    let store = database.store().await;
    insert(&store, with_email("a@example.com", true)).await;
    let user = insert(&store, nobody()).await;
    let change = |address: Option<&str>, is_email_proven| ProfileChange {
        name: DisplayName::parse("Taro").expect("a name"),
        email: address.map(email),
        is_email_proven,
        claim: None,
    };

    let refused = store.update_profile(user.id, change(Some("A@example.com"), true), later(1)).await;
    assert!(matches!(refused, Err(StoreError::Conflict(Conflict::Email))), "{refused:?}");
    let changed = store.update_profile(user.id, change(Some("t@example.com"), true), later(1)).await.expect("a free address");
    assert_eq!((changed.name.as_str(), changed.email.as_deref(), changed.is_email_proven), ("Taro", Some("t@example.com"), true));
    let changed = store.update_profile(user.id, change(None, true), later(2)).await.expect("no address");
    assert_eq!((changed.email, changed.is_email_proven), (None, false));
    insert(&store, with_email("t@example.com", true)).await;
    let nobody = store.update_profile(user_id(), change(None, false), now()).await;
    assert!(matches!(nobody, Err(StoreError::NotFound)), "{nobody:?}");
}

async fn se_02_a_new_password_ends_the_other_sessions(database: &TestDatabase) {
    let store = database.store().await;
    let (user, other) = (insert(&store, with_login("hanako")).await, insert(&store, with_login("taro")).await);
    let (kept, ended, foreign) =
        (open_session(&store, user.id).await, open_session(&store, user.id).await, open_session(&store, other.id).await);
    store.insert_link(reset_link("link", user.id)).await.expect("a link can be made");

    let result = store.update_password(user.id, new_password("hash of hanako", "new", Some(kept.id))).await.expect("a query");

    assert_eq!(result, Some(vec![ended.id]));
    assert_eq!(store.list_sessions(user.id, now()).await.expect("a query"), [kept]);
    assert_eq!(store.list_sessions(other.id, now()).await.expect("a query"), [foreign]);
    assert_eq!(store.find_login_of(user.id).await.expect("a query").map(|login| login.password_hash).as_deref(), Some("new"));
    assert!(store.reset_password("link", "old".to_owned(), now()).await.expect("a query").is_none(), "links are void");
    for (user, old) in [(user.id, "hash of hanako"), (user_id(), "new")] {
        assert_eq!(store.update_password(user, new_password(old, "other", None)).await.expect("a query"), None, "{old}");
    }
}

async fn db_03_a_second_way_in_by_password_is_refused(database: &TestDatabase) {
    let store = database.store().await;
    insert(&store, with_login("taro")).await;
    let user = insert(&store, nobody()).await;
    let session = open_session(&store, user.id).await;

    let taken = store.insert_login(user.id, login("Taro"), None, now()).await;
    assert!(matches!(taken, Err(StoreError::Conflict(Conflict::Username))), "{taken:?}");
    assert_eq!(store.insert_login(user.id, login("hanako"), None, now()).await.expect("a free name"), [session.id]);
    assert_eq!(store.find_user(user.id).await.expect("a query").and_then(|user| user.username).as_deref(), Some("hanako"));
    let second = store.insert_login(user.id, login("jiro"), None, now()).await;
    assert!(matches!(second, Err(StoreError::NotFound)), "{second:?}");
    let nobody = store.insert_login(user_id(), login("jiro"), None, now()).await;
    assert!(matches!(nobody, Err(StoreError::NotFound)), "{nobody:?}");
}

async fn db_04_a_hash_is_upgraded_only_from_the_old_one(database: &TestDatabase) {
    let store = database.store().await;
    let user = insert(&store, with_login("hanako")).await;
    let hash = async || store.find_login_of(user.id).await.expect("a query").expect("a login").password_hash;

    store.upgrade_password_hash(user.id, "HASH of hanako", "wrong".to_owned()).await.expect("nothing to do");
    assert_eq!(hash().await, "hash of hanako");
    store.upgrade_password_hash(user.id, "hash of hanako", "better".to_owned()).await.expect("an upgrade");
    assert_eq!(hash().await, "better");
}

async fn se_02_disabling_ends_the_sessions(database: &TestDatabase) {
    let store = database.store().await;
    let user = insert(&store, with_login("hanako")).await;
    let session = open_session(&store, user.id).await;

    assert_eq!(store.set_user_disabled(user.id, true, now()).await.expect("a user"), [session.id]);
    assert!(store.find_user(user.id).await.expect("a query").is_some_and(|user| user.is_disabled));
    assert_eq!(store.find_session(session.id, now()).await.expect("a query"), None);
    assert_eq!(store.set_user_disabled(user.id, false, now()).await.expect("a user"), []);
    store.set_user_operator(user.id, true, now()).await.expect("a user");
    assert!(store.find_user(user.id).await.expect("a query").is_some_and(|user| user.is_operator && !user.is_disabled));
    assert!(matches!(store.set_user_disabled(user_id(), true, now()).await, Err(StoreError::NotFound)));
    assert!(matches!(store.set_user_operator(user_id(), true, now()).await, Err(StoreError::NotFound)));
}

async fn db_04_users_are_listed_by_pages_in_the_order_of_their_making(database: &TestDatabase) {
    let store = database.store().await;
    let mut made = Vec::new();
    for _ in 0..5 {
        made.push(insert(&store, nobody()).await.id);
    }
    made.sort_unstable();

    let first = store.list_users(None, 3).await.expect("a page");
    let second = store.list_users(first.last().map(|user| user.id), 3).await.expect("a page");

    let listed: Vec<_> = first.iter().chain(&second).map(|user| user.id).collect();
    assert_eq!((first.len(), listed), (3, made));
}

async fn db_14_a_broken_row_fails_only_its_own_user(database: &TestDatabase) {
    let store = database.store().await;
    let healthy = insert(&store, with_login("taro")).await;
    let broken = insert(&store, with_login("hanako")).await;
    let rename = format!("UPDATE users SET id = 'not-an-id' WHERE id = '{}'", broken.id);
    database.execute(&format!("UPDATE user_authentications SET user_id = '{}' WHERE username = 'nobody'; DELETE FROM user_authentications WHERE user_id = '{}'; {rename}; INSERT INTO user_authentications VALUES ('x', 'not-an-id', 'hanako', 'hanako', 'h', '2026-01-01 00:00:00', '2026-01-01 00:00:00')", healthy.id, broken.id));

    assert!(matches!(store.find_login(&by("hanako")).await, Err(StoreError::BrokenRow(_))));
    assert!(matches!(store.find_user_by_identifier(&by("hanako")).await, Err(StoreError::BrokenRow(_))));
    assert_eq!(store.find_login(&by("taro")).await.expect("a query").map(|login| login.user), Some(healthy.clone()));
    assert_eq!(store.list_users(None, 10).await.expect("a query"), [healthy]);
}

async fn db_06_a_value_that_does_not_fit_is_refused_and_not_cut(database: &TestDatabase) {
    let store = database.store().await;
    let user = insert(&store, with_login("hanako")).await;

    let long = store.update_password(user.id, new_password("hash of hanako", &"x".repeat(4096), None)).await;

    let hash = store.find_login_of(user.id).await.expect("a query").expect("a login").password_hash;
    assert_eq!(hash.len(), if long.is_ok() { 4096 } else { "hash of hanako".len() }, "whole or not at all");
}
