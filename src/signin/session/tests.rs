use secrecy::ExposeSecret as _;

use super::*;
use crate::signin::testing::World;

#[tokio::test]
async fn se_01_a_token_counts_until_its_session_ends() {
    let world = World::new().await;
    world.add("hanako").await;
    let open = world.sign_in("hanako").await;
    let signed_in = world.authenticate(&open).await.expect("signed in");
    assert_eq!((signed_in.user.id, signed_in.session.id), (open.user.id, open.session.id));

    assert!(world.signin.end_session(&signed_in, open.session.id, &world.visitor).await.expect("the store answers"));

    assert!(world.authenticate(&open).await.is_none());
    assert!(!world.signin.end_session(&signed_in, open.session.id, &world.visitor).await.expect("the store answers"));
}

#[tokio::test]
async fn se_02_an_end_by_another_replica_shows_within_the_cache_time() {
    let world = World::new().await;
    world.add("hanako").await;
    let (ended, disabled) = (world.sign_in("hanako").await, world.sign_in("hanako").await);
    assert!(world.authenticate(&ended).await.is_some() && world.authenticate(&disabled).await.is_some());
    let store = &world.signin.store;

    store.end_session(ended.user.id, ended.session.id).await.expect("ended");
    world.pass(3);
    assert!(world.authenticate(&ended).await.is_none());
    assert!(world.authenticate(&disabled).await.is_some());

    store.set_user_disabled(disabled.user.id, true, world.clock.now()).await.expect("disabled");
    world.pass(3);
    assert!(world.authenticate(&disabled).await.is_none());
}

#[tokio::test]
async fn se_03_every_sign_in_has_a_session_of_its_own() {
    let world = World::new().await;
    world.add("hanako").await;
    let (one, two) = (world.sign_in("hanako").await, world.sign_in("hanako").await);

    assert_ne!(one.session.id, two.session.id);
    assert_ne!(one.token.expose_secret(), two.token.expose_secret());
}

#[tokio::test]
async fn se_04_a_session_without_use_ends_and_use_does_not_extend_the_absolute_limit() {
    let world = World::with(|config| (config.session.ttl_secs, config.session.idle_secs) = (10_000, 4_000)).await;
    world.add("hanako").await;
    let (used, left) = (world.sign_in("hanako").await, world.sign_in("hanako").await);

    for _ in 0..3 {
        world.pass(3_000);
        assert!(world.authenticate(&used).await.is_some());
    }
    assert!(world.authenticate(&left).await.is_none());
    let open = world.signin.store.list_sessions(used.user.id, world.clock.now()).await.expect("the store answers");
    assert_eq!(open.iter().map(|session| session.id).collect::<Vec<_>>(), [used.session.id]);

    world.pass(999);
    assert!(world.authenticate(&used).await.is_some());
    world.pass(1);
    assert!(world.authenticate(&used).await.is_none());
}

#[tokio::test]
async fn se_05_a_user_ends_the_own_sessions_and_nobody_elses() {
    let world = World::new().await;
    world.add("hanako").await;
    world.add("taro").await;
    let (here, there, foreign) = (world.sign_in("hanako").await, world.sign_in("hanako").await, world.sign_in("taro").await);
    let signed_in = world.authenticate(&here).await.expect("signed in");
    assert!(world.authenticate(&there).await.is_some());

    assert!(!world.signin.end_session(&signed_in, foreign.session.id, &world.visitor).await.expect("the store answers"));
    let ended = world.signin.end_other_sessions(&signed_in, Some(here.session.id), &world.visitor).await;

    assert_eq!(ended.expect("the store answers"), 1);
    assert!(world.authenticate(&there).await.is_none());
    assert!(world.authenticate(&here).await.is_some() && world.authenticate(&foreign).await.is_some());
}

#[tokio::test]
async fn se_06_a_sign_in_is_fresh_for_a_while() {
    let world = World::new().await;
    world.add("hanako").await;
    let signed_in = world.sign_in("hanako").await.signed_in();

    world.pass(600);
    assert!(world.signin.is_fresh(&signed_in));
    world.pass(1);
    assert!(!world.signin.is_fresh(&signed_in));
}

#[tokio::test]
async fn se_07_a_token_that_names_another_users_session_is_refused() {
    let world = World::new().await;
    let taro = world.add("taro").await;
    world.add("hanako").await;
    let open = world.sign_in("hanako").await;
    let forged = world.signin.with_token(taro.clone(), Session { user_id: taro.id, ..open.session.clone() }, &world.visitor);

    assert!(world.authenticate(&forged).await.is_none());
    assert!(world.authenticate(&open).await.is_some());
}

#[tokio::test]
async fn a_session_is_reopened_while_it_lasts() {
    let world = World::new().await;
    let user = world.add("hanako").await;
    let open = world.sign_in("hanako").await;

    let again = world.signin.reopen_session(open.session.id, &world.visitor).await.expect("the store answers").expect("open");
    assert_eq!(world.authenticate(&again).await.map(|signed_in| signed_in.session.id), Some(open.session.id));

    world.signin.store.end_sessions(user.id, None).await.expect("ended");
    assert!(world.signin.reopen_session(open.session.id, &world.visitor).await.expect("the store answers").is_none());
}

#[tokio::test]
async fn si_02_nobody_opens_a_session_for_a_disabled_user() {
    let world = World::new().await;
    let user = User { is_disabled: true, ..world.add("hanako").await };

    let refused = world.signin.open_session(user, Proof::Password(String::new()), &world.visitor).await;

    assert!(matches!(refused, Err(OpenError::Refused(Refusal::Disabled))));
}

#[tokio::test]
async fn se_02_what_was_proven_before_a_change_opens_no_session_after_it() {
    let world = World::new().await;
    let user = world.add("hanako").await;
    let login = world.signin.store.find_login_of(user.id).await.expect("the store answers").expect("a login");
    let open = async |hash: &str| world.signin.open_session(user.clone(), Proof::Password(hash.to_owned()), &world.visitor).await;

    assert!(matches!(open("another hash").await, Err(OpenError::Outdated)));
    open(&login.password_hash).await.expect("a session");
    world.signin.store.set_user_disabled(user.id, true, world.clock.now()).await.expect("disabled");

    assert!(matches!(open(&login.password_hash).await, Err(OpenError::Outdated)));
    assert_eq!(world.signin.store.list_sessions(user.id, world.clock.now()).await.expect("sessions"), []);
}
