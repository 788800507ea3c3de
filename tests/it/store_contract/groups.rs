//! Groups: joined once, left once, gone with their user.

use genkan::domain::group::Group;
use genkan::store::StoreError;

use super::values::{insert, nobody, now, user_id, with_login};
use super::{at_once, contract, count};
use crate::support::database::TestDatabase;

contract!(db_03_a_group_is_joined_and_left_once, db_04_groups_are_listed_by_name_and_go_with_their_user);

fn group(name: &str) -> Group {
    Group::parse(name).expect("a group")
}

async fn db_03_a_group_is_joined_and_left_once(database: &TestDatabase) {
    let store = database.store().await;
    let user = insert(&store, nobody()).await.id;

    let joined = at_once(6, |_| {
        let store = store.clone();
        async move { store.insert_group_member(user, &group("editors"), now()).await.expect("a query") }
    });
    assert_eq!(count(&joined.await, |is_new| *is_new), 1);
    let left = at_once(6, |_| {
        let store = store.clone();
        async move { store.delete_group_member(user, &group("editors")).await.expect("a query") }
    });

    assert_eq!(count(&left.await, |was_in| *was_in), 1);
    assert!(matches!(store.insert_group_member(user_id(), &group("editors"), now()).await, Err(StoreError::NotFound)));
}

async fn db_04_groups_are_listed_by_name_and_go_with_their_user(database: &TestDatabase) {
    let store = database.store().await;
    let (user, other) = (insert(&store, with_login("hanako")).await.id, insert(&store, nobody()).await.id);
    for name in ["writers", "admins", "a_b"] {
        store.insert_group_member(user, &group(name), now()).await.expect("a query");
    }

    assert_eq!(store.list_groups(user).await.expect("a query"), ["a_b", "admins", "writers"]);
    assert_eq!(store.list_groups(other).await.expect("a query"), [""; 0]);
}
