//! What outlives a session ends with what it came of, also when both happen at once (security.md SE-02).

use genkan::domain::client::ClientId;
use genkan::domain::ids::{FamilyId, SessionId, UserId};
use genkan::store::Store;
use genkan::store::device_codes::{DeviceCode, DeviceState};
use genkan::store::families::Family;
use genkan::store::links::LinkPurpose;

use super::contract;
use super::grants::{approval, client, device, family, issue};
use super::values::{clock, identity, insert, invitation, linking, new_password, now, open_session, reset_link, unlinking, with_login};
use crate::support::database::TestDatabase;

contract!(
    se_02_nothing_lasting_is_given_in_a_session_that_has_ended,
    se_02_nothing_lasting_is_given_while_the_password_changes,
    se_02_no_device_is_allowed_while_the_password_changes,
    se_02_a_device_gets_nothing_that_was_allowed_before_the_password_changed,
    se_02_what_an_identity_opened_ends_with_it,
    se_02_nothing_is_given_for_a_password_that_has_changed,
    db_13_after_a_restore_everything_that_people_gave_can_be_ended,
);

async fn taro(store: &Store, number: usize) -> (ClientId, UserId) {
    (client(store).await, insert(store, with_login(&format!("taro{number}"))).await.id)
}

async fn change_password(store: &Store, user: UserId) {
    let hash = store.find_login_of(user).await.expect("a query").expect("a login").password_hash;
    let changed = store.update_password(user, new_password(&hash, "another hash", None)).await.expect("changing works");
    assert!(changed.is_some(), "nobody else changes it");
}

async fn wait(store: &Store, client: &ClientId, name: &str) {
    let code = DeviceCode { device_hash: format!("device {name}"), user_code_hash: name.to_owned(), ..device(client) };
    assert!(store.insert_device_code(&code).await.expect("a device can wait"));
}

fn approved(user: UserId) -> DeviceState {
    DeviceState::Approved { user, auth_time: now(), method: "password".to_owned() }
}

/// What outlives the session that it was given in.
fn lasting(client: &ClientId, user: UserId, session: SessionId) -> Family {
    Family { sid: Some(session), ..family(client, user, None) }
}

async fn se_02_nothing_lasting_is_given_in_a_session_that_has_ended(database: &TestDatabase) {
    let store = database.store().await;
    let (client, user) = taro(&store, 0).await;
    let session = open_session(&store, user).await.id;
    let family = lasting(&client, user, session);
    wait(&store, &client, "code").await;
    store.end_session(user, session).await.expect("ending works");

    assert!(!store.approve(approval(&family, "code")).await.expect("a query"));
    assert!(!store.decide_device("code", approved(user), session, now()).await.expect("a query"));

    assert_eq!(store.find_family(family.id, now()).await.expect("a query"), None);
    assert!(store.find_pending_device("code", now()).await.expect("a query").is_some(), "it waits on");
}

async fn se_02_nothing_lasting_is_given_while_the_password_changes(database: &TestDatabase) {
    let replicas = [database.store().await, database.store().await];
    for number in 0..12 {
        let (client, user) = taro(&replicas[0], number).await;
        let family = lasting(&client, user, open_session(&replicas[0], user).await.id);

        let approving = replicas[0].approve(approval(&family, &format!("code {number}")));
        let ((), approved) = tokio::join!(change_password(&replicas[1], user), approving);

        let kept = replicas[0].find_family(family.id, now()).await.expect("a query");
        assert_eq!(kept, None, "approved: {approved:?}");
    }
}

async fn se_02_no_device_is_allowed_while_the_password_changes(database: &TestDatabase) {
    let replicas = [database.store().await, database.store().await];
    for number in 0..12 {
        let (client, user) = taro(&replicas[0], number).await;
        let session = open_session(&replicas[0], user).await.id;
        let name = format!("code {number}");
        wait(&replicas[0], &client, &name).await;

        let deciding = replicas[0].decide_device(&name, approved(user), session, now());
        let ((), decided) = tokio::join!(change_password(&replicas[1], user), deciding);

        let family = Family { id: FamilyId::new(&clock()), ..family(&client, user, None) };
        let taken = replicas[0].take_approved_device(&format!("device {name}"), &family, issue(&name)).await.expect("a query");
        assert!(!taken, "decided: {decided:?}");
    }
}

async fn se_02_a_device_gets_nothing_that_was_allowed_before_the_password_changed(database: &TestDatabase) {
    let replicas = [database.store().await, database.store().await];
    for number in 0..12 {
        let (client, user) = taro(&replicas[0], number).await;
        let session = open_session(&replicas[0], user).await.id;
        let name = format!("code {number}");
        wait(&replicas[0], &client, &name).await;
        assert!(replicas[0].decide_device(&name, approved(user), session, now()).await.expect("a query"));
        let family = family(&client, user, None);

        let device_hash = format!("device {name}");
        let taking = replicas[0].take_approved_device(&device_hash, &family, issue(&name));
        let ((), taken) = tokio::join!(change_password(&replicas[1], user), taking);

        assert_eq!(replicas[0].find_family(family.id, now()).await.expect("a query"), None, "taken: {taken:?}");
    }
}

async fn se_02_what_an_identity_opened_ends_with_it(database: &TestDatabase) {
    let store = database.store().await;
    let (client, user) = taro(&store, 0).await;
    let keep = open_session(&store, user).await.id;
    store.link_identity(user, linking(keep, identity("42"), now())).await.expect("an identity of nobody");
    let by = |method: &str, sid| Family { method: Some(method.to_owned()), sid, ..family(&client, user, None) };
    let (own, others, device) = (by("lab", Some(keep)), by("password", None), by("lab", None));
    for family in [&own, &others, &device] {
        assert!(store.insert_family(family, None, issue(&family.id.to_string())).await.expect("a family can be stored"));
    }
    wait(&store, &client, "code").await;
    let by_lab = DeviceState::Approved { user, auth_time: now(), method: "lab".to_owned() };
    assert!(store.decide_device("code", by_lab, keep, now()).await.expect("a query"));

    let removed = store.list_identities(user).await.expect("a query")[0].id;
    store.unlink_identity(user, unlinking(removed, keep)).await.expect("a password is left");

    let left = async |family: &Family| store.find_family(family.id, now()).await.expect("a query").is_some();
    assert!(left(&own).await && left(&others).await && !left(&device).await);
    let family = Family { id: FamilyId::new(&clock()), ..device };
    assert!(!store.take_approved_device("device code", &family, issue("new")).await.expect("a query"));
}

async fn se_02_nothing_is_given_for_a_password_that_has_changed(database: &TestDatabase) {
    let replicas = [database.store().await, database.store().await];
    for number in 0..12 {
        let (client, user) = taro(&replicas[0], number).await;
        let checked = replicas[0].find_login_of(user).await.expect("a query").map(|login| login.password_hash);
        let (first, second) = (family(&client, user, None), family(&client, user, None));

        let giving = replicas[0].insert_family(&first, checked.clone(), issue(&first.id.to_string()));
        let ((), given) = tokio::join!(change_password(&replicas[1], user), giving);

        assert_eq!(replicas[0].find_family(first.id, now()).await.expect("a query"), None, "given: {given:?}");
        assert!(!replicas[0].insert_family(&second, checked, issue(&second.id.to_string())).await.expect("a query"));
    }
}

async fn db_13_after_a_restore_everything_that_people_gave_can_be_ended(database: &TestDatabase) {
    let store = database.store().await;
    let (client, user) = taro(&store, 0).await;
    let session = open_session(&store, user).await.id;
    let (bound, lasting) = (family(&client, user, Some(session)), family(&client, user, None));
    for family in [&bound, &lasting] {
        assert!(store.insert_family(family, None, issue(&family.id.to_string())).await.expect("a family can be stored"));
    }
    wait(&store, &client, "code").await;
    store.insert_link(reset_link("reset", user)).await.expect("a link can be stored");
    store.insert_link(invitation("invitation")).await.expect("a link can be stored");

    assert_eq!(store.end_all_sessions().await.expect("a query"), 1);

    for family in [bound, lasting] {
        assert_eq!(store.find_family(family.id, now()).await.expect("a query"), None);
    }
    assert!(store.find_pending_device("code", now()).await.expect("a query").is_none());
    let holds = async |token: &str, purpose| store.find_link(token, purpose, now()).await.expect("a query").is_some();
    assert!(!holds("reset", LinkPurpose::PasswordReset).await && holds("invitation", LinkPurpose::Invitation).await);
}
