//! Codes, refresh tokens, consents, devices: what counts once, counts once.

use chrono::TimeDelta;
use genkan::domain::client::{Client, ClientId, Grant};
use genkan::domain::ids::{FamilyId, RowId, SessionId, UserId};
use genkan::domain::scope::Scopes;
use genkan::store::Store;
use genkan::store::access_tokens::OpaqueToken;
use genkan::store::authorization_requests::StoredRequest;
use genkan::store::codes::{Approval, NewCode, Used};
use genkan::store::consents::{Basis, Consent};
use genkan::store::device_codes::{DeviceCode, DeviceState, Polled};
use genkan::store::families::Family;
use genkan::store::logouts::ClientSession;
use genkan::store::refresh_tokens::{Issue, NewRefreshToken};

use super::values::{clock, insert, later, nobody, now, open_session};
use super::{at_once, contract, count};
use crate::issuer::world::metadata;
use crate::support::database::TestDatabase;

contract!(
    tk_01_of_parallel_redemptions_of_a_code_one_counts_and_the_family_ends,
    tk_03_of_parallel_rotations_one_counts_and_the_family_ends,
    tk_01_a_code_too_old_is_gone_and_ends_nothing,
    tk_01_an_opaque_token_is_stored_with_what_it_is_given_for_or_not_at_all,
    tk_14_nothing_is_given_to_whoever_is_disabled,
    as_08_of_parallel_consents_one_row_remains,
    as_09_taking_a_consent_back_ends_its_families,
    as_09_nothing_rests_on_a_consent_that_is_taken_back_meanwhile,
    as_10_of_parallel_answers_to_a_request_one_counts,
    a_pushed_request_is_opened_once,
    a_family_goes_with_its_session_and_a_lasting_one_does_not,
    of_parallel_polls_of_an_approved_device_one_gets_it,
    of_parallel_decisions_about_a_device_one_counts,
    of_parallel_messages_one_is_claimed_and_only_when_the_session_is_gone,
);

pub async fn client(store: &Store) -> ClientId {
    let client = Client {
        id: ClientId::generate(),
        owner: None,
        metadata: metadata(),
        is_verified: true,
        skips_consent: false,
        disabled_at: None,
        created_at: now(),
        updated_at: now(),
    };
    assert!(store.insert_client(client.clone(), None, None).await.expect("a client can be stored"));
    client.id
}

pub fn family(client: &ClientId, user: UserId, session: Option<SessionId>) -> Family {
    Family {
        id: FamilyId::new(&clock()),
        client_id: client.clone(),
        user_id: user,
        session,
        sid: session,
        grant_type: Grant::AuthorizationCode,
        scopes: Scopes::parse("openid").expect("scopes"),
        auth_time: Some(now()),
        method: Some("password".to_owned()),
        claims: Some("{}".to_owned()),
        key: None,
        created_at: now(),
        expires_at: later(60),
    }
}

fn consent(client: &ClientId, user: UserId, scopes: &str) -> Consent {
    let (id, scopes) = (RowId::new(&clock()), Scopes::parse(scopes).expect("scopes"));
    Consent { id, user_id: user, client_id: client.clone(), scopes, created_at: now(), updated_at: now() }
}

pub fn approval(family: &Family, code: &str) -> Approval {
    let code = NewCode {
        code_hash: code.to_owned(),
        redirect_uri: "https://app.example/callback".to_owned(),
        code_challenge: None,
        nonce: Some("n".repeat(512)),
        redeemable_until: later(60),
    };
    let basis = Basis::Given(consent(&family.client_id, family.user_id, "openid"));
    Approval { request_hash: None, family: family.clone(), code, basis, client_session: None }
}

pub fn issue(refresh: &str) -> Issue {
    let refresh = NewRefreshToken { token_hash: refresh.to_owned(), expires_at: later(1_000) };
    Issue { access: None, refresh: Some(refresh), consent: None, now: now(), family_until: later(2_000), key: None }
}

/// A consent, and nothing else of it any more.
pub async fn allow(store: &Store, user: UserId, client: &ClientId) {
    let family = family(client, user, None);
    let approval = Approval { basis: Basis::Given(consent(client, user, "openid")), ..approval(&family, client.as_str()) };
    assert!(store.approve(approval).await.expect("approving works"));
    assert!(store.end_family(family.id).await.expect("a query"));
}

/// A person on the way.
pub async fn ask(store: &Store, client: &ClientId) {
    let request = StoredRequest {
        id_hash: client.to_string(),
        is_pushed: false,
        client_id: client.to_string(),
        parameters: String::new(),
        session: None,
        created_at: now(),
        expires_at: later(60),
    };
    store.insert_authorization_request(request).await.expect("a query");
}

/// A family whose consent was never kept.
pub async fn give(store: &Store, user: UserId, client: &ClientId) {
    assert!(store.insert_family(&family(client, user, None), None, issue(client.as_str())).await.expect("a query"));
}

async fn given(store: &Store) -> Family {
    let (client, user) = (client(store).await, insert(store, nobody()).await);
    family(&client, user.id, None)
}

async fn tk_01_of_parallel_redemptions_of_a_code_one_counts_and_the_family_ends(database: &TestDatabase) {
    let replicas = [database.store().await, database.store().await];
    let family = given(&replicas[0]).await;
    assert!(replicas[0].approve(approval(&family, "code")).await.expect("approving works"));
    let found = replicas[0].find_code("code").await.expect("a query").expect("a code");
    assert_eq!((found.family, found.is_redeemed), (family.clone(), false));

    let results = at_once(8, |number| {
        let (store, family) = (replicas[number % 2].clone(), family.clone());
        async move { store.redeem_code("code", &family, issue(&format!("refresh {number}")), now()).await.expect("redeeming works") }
    });
    let results = results.await;

    assert_eq!(count(&results, |used| *used == Used::First), 1, "{results:?}");
    assert!(count(&results, |used| *used == Used::Again) >= 1, "{results:?}");
    assert_eq!(replicas[0].find_family(family.id, now()).await.expect("a query"), None);
    assert!(replicas[0].find_code("code").await.expect("a query").is_none(), "it went with its family");
}

async fn tk_03_of_parallel_rotations_one_counts_and_the_family_ends(database: &TestDatabase) {
    let replicas = [database.store().await, database.store().await];
    let family = given(&replicas[0]).await;
    assert!(replicas[0].insert_family(&family, None, issue("first")).await.expect("a family can be stored"));
    assert_eq!(replicas[0].rotate_refresh_token("first", &family, issue("second")).await.expect("a query"), Used::First);

    let results = at_once(8, |number| {
        let (store, family) = (replicas[number % 2].clone(), family.clone());
        async move { store.rotate_refresh_token("second", &family, issue(&format!("third {number}"))).await.expect("rotating works") }
    });
    let results = results.await;

    assert_eq!(count(&results, |used| *used == Used::First), 1, "{results:?}");
    assert!(count(&results, |used| *used == Used::Again) >= 1, "{results:?}");
    for number in 0..8 {
        assert!(replicas[0].find_refresh_token(&format!("third {number}"), now()).await.expect("a query").is_none());
    }
}

async fn tk_01_a_code_too_old_is_gone_and_ends_nothing(database: &TestDatabase) {
    let store = database.store().await;
    let family = given(&store).await;
    assert!(store.approve(approval(&family, "code")).await.expect("approving works"));

    assert_eq!(store.redeem_code("code", &family, issue("a"), later(60)).await.expect("a query"), Used::Gone);
    assert_eq!(store.redeem_code("other", &family, issue("b"), now()).await.expect("a query"), Used::Gone);

    assert_eq!(store.redeem_code("code", &family, issue("c"), later(59)).await.expect("a query"), Used::First);
    let kept = store.find_family(family.id, later(1_999)).await.expect("a query");
    assert_eq!(kept.expect("it lasts longer now").expires_at, later(2_000));
}

async fn tk_01_an_opaque_token_is_stored_with_what_it_is_given_for_or_not_at_all(database: &TestDatabase) {
    let store = database.store().await;
    let family = given(&store).await;
    let with = |access: &str, refresh: &str| {
        let access = OpaqueToken { token_hash: access.to_owned(), claims: "{}".to_owned(), expires_at: later(60) };
        Issue { access: Some(access), ..issue(refresh) }
    };
    let is_stored = async |hash: &str| store.find_access_token(hash).await.expect("a query").is_some();
    assert!(store.approve(approval(&family, "code")).await.expect("approving works"));

    assert_eq!(store.redeem_code("other", &family, with("none", "r0"), now()).await.expect("a query"), Used::Gone);
    assert_eq!(store.redeem_code("code", &family, with("first", "r1"), now()).await.expect("a query"), Used::First);
    assert!(store.rotate_refresh_token("r1", &family, with("second", "r1")).await.is_err(), "that refresh token is there already");
    assert!(!is_stored("none").await && is_stored("first").await && !is_stored("second").await);

    assert_eq!(store.rotate_refresh_token("r1", &family, with("third", "r2")).await.expect("undone whole"), Used::First);
    assert_eq!(store.rotate_refresh_token("r1", &family, with("fourth", "r3")).await.expect("a query"), Used::Again);
    assert!(is_stored("third").await && !is_stored("fourth").await);
    assert!(!store.take_approved_device("no device", &family, with("fifth", "r4")).await.expect("a query"));
    assert!(!is_stored("fifth").await);
}

async fn tk_14_nothing_is_given_to_whoever_is_disabled(database: &TestDatabase) {
    let store = database.store().await;
    let family = given(&store).await;
    assert!(store.approve(approval(&family, "code")).await.expect("approving works"));
    database.execute("UPDATE users SET disabled_at = '2026-11-20 12:00:00'");

    assert_eq!(store.redeem_code("code", &family, issue("a"), now()).await.expect("a query"), Used::Gone);
    let another = Family { id: FamilyId::new(&clock()), ..family.clone() };
    assert!(!store.approve(approval(&another, "another")).await.expect("a query"));
    assert!(!store.insert_family(&another, None, issue("b")).await.expect("a query"));

    store.set_user_disabled(family.user_id, true, now()).await.expect("disabling works");
    assert_eq!(store.find_family(family.id, now()).await.expect("a query"), None);
}

async fn as_08_of_parallel_consents_one_row_remains(database: &TestDatabase) {
    let store = database.store().await;
    let (client, user) = (client(&store).await, insert(&store, nobody()).await.id);

    let results = at_once(6, |number| {
        let (store, client) = (store.clone(), client.clone());
        async move {
            let family = family(&client, user, None);
            let basis = Basis::Given(consent(&client, user, if number % 2 == 0 { "openid" } else { "email" }));
            let approval = Approval { basis, ..approval(&family, &format!("code {number}")) };
            store.approve(approval).await.expect("approving works")
        }
    });

    assert_eq!(count(&results.await, |is_approved| *is_approved), 6);
    let listed = store.list_consents(user).await.expect("a query");
    assert_eq!(listed.len(), 1, "{listed:?}");
    assert_eq!(listed[0].scopes.to_string(), "email openid");
    assert_eq!(store.find_consent(user, &client).await.expect("a query").as_ref(), listed.first());
}

async fn as_09_taking_a_consent_back_ends_its_families(database: &TestDatabase) {
    let store = database.store().await;
    let family = given(&store).await;
    let (user, client) = (family.user_id, family.client_id.clone());
    assert!(store.approve(approval(&family, "code")).await.expect("approving works"));
    let stranger = insert(&store, nobody()).await.id;

    assert_eq!(store.revoke_consent(stranger, &client).await.expect("a query"), None);
    assert_eq!(store.revoke_consent(user, &client).await.expect("a query"), Some(vec![family.id]));

    assert!(store.find_code("code").await.expect("a query").is_none());
    assert_eq!(store.revoke_consent(user, &client).await.expect("a query"), None);
}

async fn as_09_nothing_rests_on_a_consent_that_is_taken_back_meanwhile(database: &TestDatabase) {
    let replicas = [database.store().await, database.store().await];
    for number in 0..12 {
        let first = given(&replicas[0]).await;
        let (user, client) = (first.user_id, first.client_id.clone());
        assert!(replicas[0].approve(approval(&first, &format!("code {number}"))).await.expect("approving works"));
        let before = replicas[0].find_consent(user, &client).await.expect("a query").expect("a consent");
        let silent = Family { id: FamilyId::new(&clock()), ..first.clone() };
        let silently = |code: &str| Approval { basis: Basis::Remembered(before.id), ..approval(&silent, code) };

        let approving = replicas[0].approve(silently(&format!("silent {number}")));
        let (revoked, approved) = tokio::join!(replicas[1].revoke_consent(user, &client), approving);

        assert!(revoked.expect("a query").is_some());
        assert_eq!(replicas[0].find_family(silent.id, now()).await.expect("a query"), None, "approved: {approved:?}");
        assert!(!replicas[0].approve(silently("late")).await.expect("a query"));
        assert_eq!(replicas[0].find_consent(user, &client).await.expect("a query"), None);
    }
}

fn request(is_pushed: bool) -> StoredRequest {
    StoredRequest {
        id_hash: "request".to_owned(),
        is_pushed,
        client_id: "app-1".to_owned(),
        parameters: "a=b".to_owned(),
        session: None,
        created_at: now(),
        expires_at: later(60),
    }
}

async fn as_10_of_parallel_answers_to_a_request_one_counts(database: &TestDatabase) {
    let store = database.store().await;
    let family = given(&store).await;
    store.insert_authorization_request(request(false)).await.expect("a request can be stored");

    let results = at_once(6, |number| {
        let (store, family) = (store.clone(), Family { id: FamilyId::new(&clock()), ..family.clone() });
        let approval = Approval { request_hash: Some("request".to_owned()), ..approval(&family, &format!("code {number}")) };
        async move { store.approve(approval).await.expect("approving works") }
    });

    assert_eq!(count(&results.await, |is_approved| *is_approved), 1);
    assert_eq!(store.find_authorization_request("request", now()).await.expect("a query"), None);
}

async fn a_pushed_request_is_opened_once(database: &TestDatabase) {
    let store = database.store().await;
    let pushed = request(true);
    store.insert_authorization_request(pushed.clone()).await.expect("a request can be stored");
    assert_eq!(store.find_authorization_request("request", now()).await.expect("a query"), Some(pushed.clone()));
    assert_eq!(store.find_authorization_request("request", later(60)).await.expect("a query"), None);

    let results = at_once(6, |_| {
        let (store, opened) = (store.clone(), StoredRequest { is_pushed: false, expires_at: later(600), ..pushed.clone() });
        async move { store.open_authorization_request(&opened).await.expect("opening works") }
    });

    assert_eq!(count(&results.await, |is_first| *is_first), 1);
    let opened = store.find_authorization_request("request", later(599)).await.expect("a query").expect("it waits longer");
    assert!(!opened.is_pushed);
    assert!(store.delete_authorization_request("request").await.expect("a query"));
    assert!(!store.delete_authorization_request("request").await.expect("a query"));
}

async fn a_family_goes_with_its_session_and_a_lasting_one_does_not(database: &TestDatabase) {
    let store = database.store().await;
    let (client, user) = (client(&store).await, insert(&store, nobody()).await.id);
    let session = open_session(&store, user).await;
    let (bound, lasting) = (family(&client, user, Some(session.id)), family(&client, user, None));
    for family in [&bound, &lasting] {
        assert!(store.insert_family(family, None, issue(&family.id.to_string())).await.expect("a family can be stored"));
    }

    assert!(store.end_session(user, session.id).await.expect("ending works"));

    assert_eq!(store.find_family(bound.id, now()).await.expect("a query"), None);
    assert!(store.find_refresh_token(&bound.id.to_string(), now()).await.expect("a query").is_none());
    assert_eq!(store.find_family(lasting.id, now()).await.expect("a query"), Some(lasting));
    let orphan = family(&client, user, Some(session.id));
    assert!(!store.insert_family(&orphan, None, issue("orphan")).await.expect("a query"), "its session is over");
}

pub fn device(client: &ClientId) -> DeviceCode {
    DeviceCode {
        device_hash: "device".to_owned(),
        user_code_hash: "user code".to_owned(),
        client_id: client.clone(),
        scopes: Scopes::parse("openid").expect("scopes"),
        state: DeviceState::Pending,
        interval_secs: 5,
        created_at: now(),
        expires_at: later(600),
    }
}

async fn of_parallel_polls_of_an_approved_device_one_gets_it(database: &TestDatabase) {
    let store = database.store().await;
    let family = given(&store).await;
    let device = device(&family.client_id);
    assert!(store.insert_device_code(&device).await.expect("a device can wait"));
    assert!(!store.insert_device_code(&device).await.expect("a query"), "its code is in use");
    assert_eq!(store.poll_device("device", &family.client_id, now()).await.expect("a query"), Polled::Found(device.clone()));
    assert_eq!(store.poll_device("device", &family.client_id, later(4)).await.expect("a query"), Polled::TooSoon);
    assert_eq!(store.poll_device("device", &ClientId::generate(), later(4)).await.expect("a query"), Polled::Unknown);
    assert_eq!(store.poll_device("device", &family.client_id, later(600)).await.expect("a query"), Polled::Expired);
    let approved = DeviceState::Approved { user: family.user_id, auth_time: now(), method: "password".to_owned() };
    let session = open_session(&store, family.user_id).await.id;
    assert!(store.decide_device("user code", approved.clone(), session, now()).await.expect("a query"));
    let Polled::Found(found) = store.poll_device("device", &family.client_id, later(14)).await.expect("a query") else {
        panic!("approved")
    };
    assert_eq!(found.state, approved);

    let results = at_once(6, |number| {
        let (store, family) = (store.clone(), Family { id: FamilyId::new(&clock()), ..family.clone() });
        async move { store.take_approved_device("device", &family, issue(&format!("refresh {number}"))).await.expect("taking works") }
    });

    assert_eq!(count(&results.await, |is_taken| *is_taken), 1);
}

async fn of_parallel_decisions_about_a_device_one_counts(database: &TestDatabase) {
    let store = database.store().await;
    let client = client(&store).await;
    assert!(store.insert_device_code(&device(&client)).await.expect("a device can wait"));
    assert!(store.find_pending_device("user code", later(599)).await.expect("a query").is_some());
    assert_eq!(store.find_pending_device("user code", later(600)).await.expect("a query"), None);

    let results = at_once(6, |_| {
        let store = store.clone();
        let nobodys = SessionId::new(&clock());
        async move { store.decide_device("user code", DeviceState::Denied, nobodys, now()).await.expect("deciding works") }
    });

    assert_eq!(count(&results.await, |is_first| *is_first), 1);
    assert_eq!(store.find_pending_device("user code", now()).await.expect("a query"), None);
}

async fn of_parallel_messages_one_is_claimed_and_only_when_the_session_is_gone(database: &TestDatabase) {
    let store = database.store().await;
    let (client, user) = (client(&store).await, insert(&store, nobody()).await.id);
    let session = open_session(&store, user).await.id;
    for code in ["one", "two"] {
        let family = family(&client, user, Some(session));
        let entry = ClientSession {
            id: RowId::new(&clock()),
            session,
            user,
            client: client.clone(),
            tries: 0,
            next_try_at: now(),
            expires_at: now() + TimeDelta::days(3),
        };
        let approval = Approval { client_session: Some(entry), ..approval(&family, code) };
        assert!(store.approve(approval).await.expect("approving works"));
    }
    assert_eq!(store.list_due_logouts(now(), 10).await.expect("a query"), []);
    assert_eq!(store.list_session_clients(session, 10).await.expect("a query"), [client.clone()]);
    assert_eq!(store.list_session_clients(open_session(&store, user).await.id, 10).await.expect("a query"), []);

    store.end_session(user, session).await.expect("ending works");
    let due = store.list_due_logouts(now(), 10).await.expect("a query");
    assert_eq!(due.len(), 1, "one message, however many codes: {due:?}");
    let results = at_once(6, |_| {
        let (store, due) = (store.clone(), due[0].clone());
        async move { store.claim_logout(&due, later(30)).await.expect("claiming works") }
    });

    assert_eq!(count(&results.await, |is_claimed| *is_claimed), 1);
    assert_eq!(store.list_due_logouts(later(29), 10).await.expect("a query"), []);
    assert_eq!(store.list_due_logouts(later(30), 10).await.expect("a query")[0].tries, 1);
    store.delete_logout(due[0].id).await.expect("forgetting works");
    assert_eq!(store.list_due_logouts(later(30), 10).await.expect("a query"), []);
}
