//! What operators look for and what is kept of them.

use chrono::TimeDelta;
use genkan::domain::audit::{Act, AuditEntry};
use genkan::domain::ids::{RowId, UserId};
use genkan::store::audit::KEPT;
use genkan::store::people::UserSearch;

use super::contract;
use super::values::{clock, insert, later, nobody, now, open_session, user_id, with_email, with_login};
use crate::support::database::TestDatabase;

contract!(
    lg_09_the_audit_is_told_newest_first_page_by_page_and_forgotten_in_time,
    db_04_users_are_searched_the_same_on_every_database,
    se_05_all_open_sessions_are_listed_and_all_but_one_ended,
);

fn entry(number: u64, operator: UserId) -> AuditEntry {
    let clock = clock();
    clock.advance(std::time::Duration::from_secs(number));
    let at = now() + TimeDelta::seconds(i64::try_from(number).expect("a small number"));
    AuditEntry { id: RowId::new(&clock), operator, act: Act::UserDisabled.as_str().to_owned(), subject: Some(number.to_string()), at }
}

async fn lg_09_the_audit_is_told_newest_first_page_by_page_and_forgotten_in_time(database: &TestDatabase) {
    let store = database.store().await;
    let (operator, gone) = (insert(&store, nobody()).await, user_id());
    let entries: Vec<_> = (0..5).map(|number| entry(number, if number == 0 { gone } else { operator.id })).collect();
    for entry in &entries {
        store.insert_audit(entry.clone()).await.expect("it is kept");
    }

    let first = store.list_audit(None, later(9), 3).await.expect("a query");
    let rest = store.list_audit(Some(first[2].entry.id), later(9), 3).await.expect("a query");

    let told: Vec<_> = first.iter().chain(&rest).map(|named| named.entry.clone()).collect();
    assert_eq!(told, entries.iter().rev().cloned().collect::<Vec<_>>());
    assert_eq!((first[0].operator_name.as_deref(), rest[1].operator_name.as_deref()), (Some("山田 花子"), None));
    assert_eq!(store.delete_expired(later(3) + KEPT).await.expect("a query"), 4);
    assert_eq!(store.list_audit(None, later(9), 9).await.expect("a query").len(), 1);
}

async fn db_04_users_are_searched_the_same_on_every_database(database: &TestDatabase) {
    let store = database.store().await;
    let ben = insert(&store, with_login("ben")).await;
    insert(&store, with_login("Ben.Jamin")).await;
    insert(&store, with_login("ben-z_9")).await;
    insert(&store, with_login("bem")).await;
    let claimed = insert(&store, with_email("claimed@example.com", false)).await;
    let proven = insert(&store, with_email("Proven@example.com", true)).await;

    for (typed, count) in [
        ("", 6),
        ("ben", 3),
        ("BEN", 3),
        (" ben. ", 1),
        ("ben-z_9", 1),
        ("be_", 0),
        ("be%", 0),
        ("n", 0),
        ("proven@EXAMPLE.com", 1),
        ("claimed@example.com", 0),
        ("山田", 0),
        ("'", 0),
        (&claimed.id.to_string(), 1),
        (&user_id().to_string(), 0),
    ] {
        let found = store.search_users(UserSearch::parse(typed), None, 10).await.expect("a query");
        assert_eq!(found.len(), count, "{typed:?}: {found:?}");
        let first = store.search_users(UserSearch::parse(typed), None, 2).await.expect("a query");
        let rest = store.search_users(UserSearch::parse(typed), first.last().map(|user| user.id), 10).await.expect("a query");
        assert_eq!([first, rest].concat(), found, "{typed:?}, page by page");
    }
    let by_address = store.search_users(UserSearch::parse("proven@example.com"), None, 10).await.expect("a query");
    assert_eq!(by_address, [proven]);
    assert_eq!(store.search_users(UserSearch::Id(ben.id), None, 10).await.expect("a query"), [ben]);
}

async fn se_05_all_open_sessions_are_listed_and_all_but_one_ended(database: &TestDatabase) {
    let store = database.store().await;
    let (ben, akari) = (insert(&store, with_login("ben")).await, insert(&store, nobody()).await);
    let mut sessions = vec![open_session(&store, ben.id).await, open_session(&store, akari.id).await, open_session(&store, ben.id).await];
    sessions.sort_by_key(|session| std::cmp::Reverse(session.id));

    let first = store.list_all_sessions(None, now(), 2).await.expect("a query");
    let rest = store.list_all_sessions(Some(first[1].0.id), now(), 2).await.expect("a query");

    let listed: Vec<_> = first.iter().chain(&rest).map(|(session, _)| session.clone()).collect();
    assert_eq!(listed, sessions);
    assert!(first.iter().chain(&rest).all(|(session, user)| session.user_id == user.id));
    assert_eq!(store.list_all_sessions(None, later(3600), 9).await.expect("a query"), [], "expired");
    assert_eq!(store.end_all_sessions_but(sessions[1].id).await.expect("a query"), 2);
    let left = store.list_all_sessions(None, now(), 9).await.expect("a query");
    assert_eq!(left.into_iter().map(|(session, _)| session).collect::<Vec<_>>(), [sessions[1].clone()]);
}
