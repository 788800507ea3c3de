use futures_util::future::join_all;

use super::*;
use crate::signin::testing::{PASSWORD, World};

fn plain(password: &str) -> String {
    bcrypt::hash(password, 5).expect("a hash")
}

#[tokio::test]
async fn a_user_name_or_a_proven_address_and_the_password_open_a_session() {
    let world = World::new().await;
    let user = world.add("hanako").await;

    for identifier in ["hanako", " HANAKO", "hanako@example.org", "Hanako@Example.ORG"] {
        let open = world.sign_in(identifier).await;
        assert_eq!((open.user.id, open.session.method.as_str()), (user.id, "password"));
    }
}

#[tokio::test]
async fn si_03_every_refusal_costs_one_job_and_reads_the_same() {
    let world = World::new().await;
    world.add("hanako").await;
    world.add_user("guest", None).await;
    world.add_user("broken", Some("$genkan1$2b$31$".to_owned())).await;
    let disabled = world.add("disabled").await;
    world.signin.store.set_user_disabled(disabled.id, true, world.clock.now()).await.expect("disabled");

    for (identifier, password) in [
        ("hanako", "wrong"),
        ("nobody", PASSWORD),
        ("nobody@example.org", PASSWORD),
        ("花子", PASSWORD),
        ("guest@example.org", PASSWORD),
        ("broken", PASSWORD),
        ("disabled", PASSWORD),
        ("disabled", "wrong"),
    ] {
        let before = world.signin.lane.finished();
        let refused = world.try_password(identifier, password).await;
        assert!(matches!(refused, Err(PasswordRefused::Wrong)), "{identifier}: {refused:?}");
        assert_eq!(world.signin.lane.finished() - before, 1, "{identifier}");
    }
}

#[tokio::test]
async fn si_04_known_unknown_and_disabled_accounts_are_throttled_alike() {
    let world = World::with(|config| config.throttle.per_account = 3).await;
    world.add("hanako").await;
    let disabled = world.add("disabled").await;
    world.signin.store.set_user_disabled(disabled.id, true, world.clock.now()).await.expect("disabled");

    for (identifier, password) in [("hanako", "wrong"), ("nobody", "wrong"), ("disabled", PASSWORD)] {
        for _ in 0..3 {
            assert!(matches!(world.try_password(identifier, password).await, Err(PasswordRefused::Wrong)), "{identifier}");
        }
        let refused = world.try_password(identifier, PASSWORD).await;
        assert!(matches!(refused, Err(PasswordRefused::Throttled { retry_after }) if !retry_after.is_zero()), "{identifier}");
    }
    world.pass(901);
    world.sign_in("hanako").await;
}

#[tokio::test]
async fn si_04_parallel_tries_cannot_slip_through() {
    let world = World::with(|config| config.throttle.per_account = 5).await;
    world.add("hanako").await;

    let results = join_all((0..40).map(|_| world.try_password("hanako", "wrong"))).await;

    let wrong = results.iter().filter(|result| matches!(result, Err(PasswordRefused::Wrong))).count();
    let throttled = results.iter().filter(|result| matches!(result, Err(PasswordRefused::Throttled { .. }))).count();
    assert_eq!((wrong, throttled), (5, 35));
    assert_eq!(world.signin.lane.finished(), 5);
}

#[tokio::test]
async fn si_06_a_success_takes_back_its_own_try_and_no_other() {
    let world = World::with(|config| (config.throttle.per_account, config.throttle.per_address) = (4, 5)).await;
    world.add("hanako").await;
    world.add("taro").await;
    for _ in 0..3 {
        world.try_password("hanako", "wrong").await.expect_err("wrong");
    }

    for _ in 0..6 {
        world.sign_in("hanako").await;
    }
    assert!(matches!(world.try_password("hanako", "wrong").await, Err(PasswordRefused::Wrong)));
    assert!(matches!(world.try_password("hanako", PASSWORD).await, Err(PasswordRefused::Throttled { .. })));

    assert!(matches!(world.try_password("taro", "wrong").await, Err(PasswordRefused::Wrong)));
    assert!(matches!(world.try_password("taro", PASSWORD).await, Err(PasswordRefused::Throttled { .. })), "the address is full");
}

#[tokio::test]
async fn pw_03_an_imported_hash_is_replaced_at_sign_in() {
    let world = World::new().await;
    let user = world.add_user("hanako", Some(plain(PASSWORD))).await;
    world.try_password("hanako", "wrong").await.expect_err("wrong");
    world.sign_in("hanako").await;

    let login = world.signin.store.find_login_of(user.id).await.expect("the store answers").expect("a login");

    assert!(login.password_hash.starts_with("$genkan1$"), "{}", login.password_hash);
    world.sign_in("hanako").await;
}

#[tokio::test]
async fn pw_03_replacing_a_hash_turns_no_simultaneous_sign_in_away() {
    let world = World::new().await;
    world.add_user("hanako", Some(plain(PASSWORD))).await;

    let results = join_all((0..8).map(|_| world.try_password("hanako", PASSWORD))).await;

    assert!(results.iter().all(Result::is_ok), "{results:?}");
}

#[tokio::test]
async fn pw_01_a_password_that_is_too_long_costs_no_hash() {
    let world = World::new().await;

    let refused = world.try_password("hanako", &"x".repeat(513)).await;

    assert!(matches!(refused, Err(PasswordRefused::Wrong)));
    assert_eq!(world.signin.lane.finished(), 0);
}

#[tokio::test]
async fn pw_09_a_full_lane_refuses_before_anything_is_counted() {
    let world = World::with(|config| (config.password.queue, config.throttle.per_account) = (0, 1)).await;
    world.add("hanako").await;
    let mut held = Vec::new();
    while let Ok(ticket) = world.signin.lane.enter().await {
        held.push(ticket);
    }

    let refused = world.try_password("hanako", PASSWORD).await;
    assert!(matches!(refused, Err(PasswordRefused::Busy { retry_after }) if !retry_after.is_zero()));

    drop(held);
    world.sign_in("hanako").await;
}
