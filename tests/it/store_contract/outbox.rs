//! Letters that wait: written with their cause, claimed by one, forgotten when delivered.

use std::collections::HashSet;
use std::time::Duration;

use genkan::domain::ids::RowId;
use genkan::store::outbox::{MailCounts, NewMail};

use super::values::{clock, insert, later, login, now, with_login};
use super::{at_once, contract};
use crate::support::database::TestDatabase;

contract!(a_letter_goes_with_its_cause_or_not_at_all, dp_03_of_many_replicas_one_gets_a_letter, a_letter_that_expires_is_forgotten);

const LEASE: Duration = Duration::from_secs(60);

pub fn letter() -> NewMail {
    NewMail { id: RowId::new(&clock()), sealed: "sealed".to_owned(), now: now(), expires_at: later(3_600) }
}

async fn a_letter_goes_with_its_cause_or_not_at_all(database: &TestDatabase) {
    let store = database.store().await;
    let user = insert(&store, with_login("hanako")).await;

    let refused = store.with_letters(vec![letter()]).insert_login(user.id, login("jiro"), None, now()).await;
    assert!(refused.is_err(), "a second password: {refused:?}");
    assert_eq!(store.count_mail().await.expect("counts"), MailCounts::default());

    store.with_letters(vec![letter(), letter()]).set_user_disabled(user.id, true, now()).await.expect("disabled");
    assert_eq!(store.count_mail().await.expect("counts").waiting, 2);
}

async fn dp_03_of_many_replicas_one_gets_a_letter(database: &TestDatabase) {
    let store = database.store().await;
    for _ in 0..10 {
        store.insert_mail(letter()).await.expect("stored");
    }

    let claims = at_once(6, |_| {
        let store = store.clone();
        async move { store.claim_mail(now(), LEASE, 4).await.expect("a claim") }
    });
    let claimed: Vec<RowId> = claims.await.into_iter().flatten().map(|mail| mail.id).collect();

    assert_eq!(claimed.iter().collect::<HashSet<_>>().len(), claimed.len(), "two have the same letter");
    assert_eq!(claimed.len() + store.claim_mail(now(), LEASE, 10).await.expect("the rest").len(), 10);
    assert_eq!(store.claim_mail(later(60), LEASE, 10).await.expect("after the lease").len(), 10);
}

async fn a_letter_that_expires_is_forgotten(database: &TestDatabase) {
    let store = database.store().await;
    store.insert_mail(letter()).await.expect("stored");

    assert!(store.claim_mail(later(3_600), LEASE, 1).await.expect("a claim").is_empty());
    store.delete_expired(later(3_600)).await.expect("swept");

    assert_eq!(store.count_mail().await.expect("counts"), MailCounts::default());
}
