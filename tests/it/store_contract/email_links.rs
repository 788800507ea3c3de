//! Addresses that are claimed and yet to be proven.

use genkan::domain::ids::UserId;
use genkan::store::email_links::{Claim, Proving};
use genkan::store::outbox::MailCounts;
use genkan::store::users::{NewUser, ProfileChange};
use genkan::store::{Conflict, Store, StoreError};

use super::grants::{client, family, issue};
use super::outbox::letter;
use super::values::{email, insert, later, nobody, now, open_session, reset_link, user_id, with_login};
use super::{at_once, contract, count};
use crate::support::database::TestDatabase;

contract!(
    em_06_a_claim_is_one_users_until_it_expires,
    em_10_of_parallel_claims_of_one_user_one_remains,
    db_01_of_parallel_proofs_with_one_link_one_counts,
    db_01_of_two_who_prove_one_address_at_once_one_has_it,
    em_07_em_09_a_proof_sets_the_links_address_and_ends_what_was_open,
    em_10_taking_the_address_away_ends_the_claim,
    em_14_a_claim_carries_its_letter_and_a_proof_that_fails_none,
    a_claim_that_expires_or_whose_user_goes_is_forgotten,
);

fn claim(token_hash: &str, address: &str) -> Claim {
    Claim { token_hash: token_hash.to_owned(), email: email(address), expires_at: later(3_600) }
}

async fn proving(store: &Store, token_hash: &str, user: UserId) -> Proving {
    Proving { token_hash: token_hash.to_owned(), user, keep: open_session(store, user).await.id, now: now() }
}

async fn em_06_a_claim_is_one_users_until_it_expires(database: &TestDatabase) {
    let store = database.store().await;
    let (user, other) = (insert(&store, nobody()).await, insert(&store, nobody()).await);
    store.claim_address(user.id, claim("one", "a@example.com"), now()).await.expect("a claim");

    let find = async |hash: &str, user, at| store.find_claim(hash, user, at).await.expect("a query");
    assert_eq!(find("one", user.id, later(3_599)).await.as_deref(), Some("a@example.com"));
    assert_eq!(store.find_claim_of(user.id, later(3_599)).await.expect("a query").as_deref(), Some("a@example.com"));
    for (hash, owner, at) in
        [("one", user.id, later(3_600)), ("one", other.id, now()), ("One", user.id, now()), ("one ", user.id, now()), ("", user.id, now())]
    {
        assert_eq!(find(hash, owner, at).await, None, "{hash:?} {at}");
        let proof = store.prove_address(Proving { now: at, ..proving(&store, hash, owner).await }).await;
        assert!(matches!(proof, Ok(None)), "{hash:?} {at}: {proof:?}");
    }
    assert_eq!(store.find_claim_of(other.id, now()).await.expect("a query"), None);
    let nobodys = store.claim_address(user_id(), claim("two", "a@example.com"), now()).await;
    assert!(matches!(nobodys, Err(StoreError::NotFound)), "{nobodys:?}");
}

async fn em_10_of_parallel_claims_of_one_user_one_remains(database: &TestDatabase) {
    let replicas = [database.store().await, database.store().await];
    let user = insert(&replicas[0], nobody()).await;
    let other = insert(&replicas[0], nobody()).await;
    replicas[0].claim_address(other.id, claim("others", "a@example.com"), now()).await.expect("a claim");

    let results = at_once(8, |number| {
        let (store, claim) = (replicas[number % 2].clone(), claim(&format!("new-{number}"), &format!("a{number}@example.com")));
        async move { store.claim_address(user.id, claim, now()).await.expect("a claim") }
    });
    results.await;

    let mut working = 0;
    for number in 0..8 {
        working += usize::from(replicas[0].find_claim(&format!("new-{number}"), user.id, now()).await.expect("a query").is_some());
    }
    assert_eq!(working, 1, "many at once leave one link");
    assert!(replicas[0].find_claim("others", other.id, now()).await.expect("a query").is_some());
}

async fn db_01_of_parallel_proofs_with_one_link_one_counts(database: &TestDatabase) {
    let replicas = [database.store().await, database.store().await];
    let user = insert(&replicas[0], nobody()).await;
    replicas[0].claim_address(user.id, claim("one", "a@example.com"), now()).await.expect("a claim");
    let once = proving(&replicas[0], "one", user.id).await;

    let results = at_once(8, |number| {
        let (store, once) = (replicas[number % 2].clone(), once.clone());
        async move { store.prove_address(once).await.expect("a query") }
    });

    assert_eq!(count(&results.await, Option::is_some), 1);
}

async fn db_01_of_two_who_prove_one_address_at_once_one_has_it(database: &TestDatabase) {
    let replicas = [database.store().await, database.store().await];
    let mut proofs = Vec::new();
    for number in 0..6 {
        let user = insert(&replicas[0], nobody()).await;
        let token_hash = format!("link-{number}");
        replicas[0].claim_address(user.id, claim(&token_hash, "A@example.com"), now()).await.expect("a claim");
        proofs.push(proving(&replicas[0], &token_hash, user.id).await);
    }

    let results = at_once(6, |number| {
        let (store, proof) = (replicas[number % 2].clone(), proofs[number].clone());
        async move { store.prove_address(proof).await }
    });
    let results = results.await;

    assert_eq!(count(&results, |result| matches!(result, Ok(Some(_)))), 1, "{results:?}");
    assert_eq!(count(&results, |result| matches!(result, Err(StoreError::Conflict(Conflict::Email)))), 5, "{results:?}");
}

async fn em_07_em_09_a_proof_sets_the_links_address_and_ends_what_was_open(database: &TestDatabase) {
    let store = database.store().await;
    let user = insert(&store, NewUser { email: Some(email("pending@example.com")), ..with_login("hanako") }).await;
    let other_session = open_session(&store, user.id).await;
    store.claim_address(user.id, claim("one", "Claimed@Example.com"), now()).await.expect("a claim");
    store.insert_link(reset_link("reset", user.id)).await.expect("a link");
    let proof = proving(&store, "one", user.id).await;
    let lasting = family(&client(&store).await, user.id, None);
    assert!(store.insert_family(&lasting, None, issue("lasting")).await.expect("a family can be stored"));

    let ended = store.prove_address(proof).await.expect("a query").expect("it works");

    assert_eq!(ended, [other_session.id]);
    assert_eq!(store.find_family(lasting.id, now()).await.expect("a query"), None, "what an application may do without a session");
    let user = store.find_user(user.id).await.expect("a query").expect("the user");
    assert_eq!((user.email.as_deref(), user.is_email_proven), (Some(email("Claimed@Example.com").as_str()), true));
    assert_eq!(store.find_claim_of(user.id, now()).await.expect("a query"), None);
    let purpose = genkan::store::links::LinkPurpose::PasswordReset;
    assert_eq!(store.find_link("reset", purpose, now()).await.expect("a query"), None, "older links end");
}

async fn em_10_taking_the_address_away_ends_the_claim(database: &TestDatabase) {
    let store = database.store().await;
    let user = insert(&store, nobody()).await;
    store.claim_address(user.id, claim("one", "a@example.com"), now()).await.expect("a claim");

    let change = ProfileChange { name: nobody().name, email: None, is_email_proven: false, claim: None };
    store.update_profile(user.id, change, now()).await.expect("changed");

    assert_eq!(store.find_claim_of(user.id, now()).await.expect("a query"), None);
}

async fn em_14_a_claim_carries_its_letter_and_a_proof_that_fails_none(database: &TestDatabase) {
    let store = database.store().await;
    let registering = NewUser { claim: Some(claim("one", "a@example.com")), ..nobody() };
    let telling = || store.with_letters(vec![letter()]);
    let user = telling().insert_user(registering).await.expect("a user");
    assert_eq!(store.count_mail().await.expect("counts"), MailCounts { waiting: 1, dead: 0 });

    let wrong = proving(&store, "two", user.id).await;
    assert!(telling().prove_address(wrong).await.expect("a query").is_none());
    let invited = NewUser { claim: Some(claim("two", "b@example.com")), ..nobody() };
    assert!(telling().insert_invited_user("none", invited).await.expect("a query").is_none());

    assert_eq!(store.count_mail().await.expect("counts").waiting, 1);
}

async fn a_claim_that_expires_or_whose_user_goes_is_forgotten(database: &TestDatabase) {
    let store = database.store().await;
    let (user, gone) = (insert(&store, nobody()).await, insert(&store, nobody()).await);
    store.claim_address(user.id, claim("one", "a@example.com"), now()).await.expect("a claim");
    store.claim_address(gone.id, claim("two", "b@example.com"), now()).await.expect("a claim");

    database.execute(&format!("DELETE FROM users WHERE id = '{}'", gone.id));
    store.delete_expired(later(3_600)).await.expect("swept");

    for (hash, owner) in [("one", user.id), ("two", gone.id)] {
        assert_eq!(store.find_claim(hash, owner, now()).await.expect("a query"), None, "{hash}");
    }
}
