use futures_util::future::{join, join_all};

use super::*;
use crate::signin::testing::{PASSWORD, World};

const NEW: &str = "copper lantern thirty moths";

async fn change(world: &World, signed_in: &SignedIn, current: &str, new: &str) -> Result<(), ChangeRefused> {
    world.signin.change_password(signed_in, current.into(), new.into(), &world.visitor).await
}

/// Makes a reset link and returns its token.
async fn reset_token(world: &World, user: &User) -> String {
    let url = world.signin.make_reset_link(user).await.expect("a link");
    url.path().strip_prefix("/reset/").expect("a reset link").to_owned()
}

#[tokio::test]
async fn se_02_a_change_ends_every_other_session_and_the_old_password() {
    let world = World::new().await;
    world.add("hanako").await;
    let (here, there) = (world.sign_in("hanako").await, world.sign_in("hanako").await);
    assert!(world.authenticate(&there).await.is_some());

    change(&world, &here.signed_in(), PASSWORD, NEW).await.expect("changed");

    assert!(world.authenticate(&there).await.is_none());
    assert!(world.authenticate(&here).await.is_some());
    world.try_password("hanako", PASSWORD).await.expect_err("the old password");
    world.try_password("hanako", NEW).await.expect("the new password");
}

#[tokio::test]
async fn se_02_a_sign_in_under_way_does_not_outlive_the_password_it_knows() {
    let world = World::new().await;
    let user = world.add("hanako").await;
    let here = world.sign_in("hanako").await.signed_in();

    let old = join_all((0..8).map(|_| world.try_password("hanako", PASSWORD)));
    let (_, changed) = join(old, change(&world, &here, PASSWORD, NEW)).await;
    changed.expect("changed");

    let open = world.signin.store.list_sessions(user.id, world.clock.now()).await.expect("sessions");
    assert_eq!(open.iter().map(|session| session.id).collect::<Vec<_>>(), [here.session.id]);
}

#[tokio::test]
async fn se_02_of_two_changes_from_one_password_the_first_counts() {
    let world = World::new().await;
    world.add("hanako").await;
    let here = world.sign_in("hanako").await.signed_in();

    let results = join_all((0..6).map(|_| change(&world, &here, PASSWORD, NEW))).await;

    assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1, "{results:?}");
    assert!(results.iter().all(|result| matches!(result, Ok(()) | Err(ChangeRefused::Wrong))), "{results:?}");
}

#[tokio::test]
async fn si_05_a_wrong_current_password_counts_like_a_sign_in() {
    let world = World::with(|config| config.throttle.per_account = 2).await;
    world.add("hanako").await;
    let here = world.sign_in("hanako").await.signed_in();

    for _ in 0..2 {
        assert!(matches!(change(&world, &here, "wrong", NEW).await, Err(ChangeRefused::Wrong)));
    }

    assert!(matches!(change(&world, &here, PASSWORD, NEW).await, Err(ChangeRefused::Throttled { .. })));
    world.try_password("hanako", PASSWORD).await.expect_err("throttled as well");
}

#[tokio::test]
async fn pw_05_a_refused_new_password_costs_no_try_and_no_hash() {
    let world = World::with(|config| config.throttle.per_account = 1).await;
    world.add("hanako").await;
    let here = world.sign_in("hanako").await.signed_in();
    let before = world.signin.lane.finished();

    for (new, error) in
        [("short", PasswordError::TooShort), ("password1234", PasswordError::TooCommon), ("hanako@example.org", PasswordError::TooPersonal)]
    {
        let refused = change(&world, &here, PASSWORD, new).await;
        assert!(matches!(refused, Err(ChangeRefused::New(told)) if told == error), "{new}: {refused:?}");
    }

    assert_eq!(world.signin.lane.finished(), before);
    change(&world, &here, PASSWORD, NEW).await.expect("changed");
}

#[tokio::test]
async fn pw_07_a_user_without_password_adds_one_after_a_fresh_sign_in() {
    let world = World::new().await;
    world.add("taken").await;
    let user = world.add_user("guest", None).await;
    let open = world.open(user).await;
    let add = async |name: &str| world.signin.add_password(&open.signed_in(), name, NEW.into(), &world.visitor).await;

    assert!(matches!(change(&world, &open.signed_in(), "", NEW).await, Err(ChangeRefused::Wrong)));
    assert!(matches!(add("a b").await, Err(ChangeRefused::Username(UsernameFault::Invalid(_)))));
    assert!(matches!(add("Taken").await, Err(ChangeRefused::Username(UsernameFault::Taken))));
    world.pass(601);
    assert!(matches!(add("guest").await, Err(ChangeRefused::NotFresh)));

    let again = world.open(open.user.clone()).await;
    world.signin.add_password(&again.signed_in(), "guest", NEW.into(), &world.visitor).await.expect("added");
    world.try_password("guest", NEW).await.expect("the new password");
    let known = world.authenticate(&again).await.expect("signed in");
    assert_eq!(known.user.username.as_deref(), Some("guest"));
}

#[tokio::test]
async fn a_reset_link_works_once_and_ends_every_session() {
    let world = World::new().await;
    let user = world.add("hanako").await;
    let open = world.sign_in("hanako").await;
    assert!(world.authenticate(&open).await.is_some());
    let token = reset_token(&world, &user).await;
    let reset = async |new: &str| world.signin.reset_password(&token, new.into(), &world.visitor).await;

    assert!(matches!(reset("short").await, Err(ChangeRefused::New(PasswordError::TooShort))));
    assert_eq!(world.signin.find_reset(&token).await.expect("the store answers").map(|user| user.id), Some(user.id));
    reset(NEW).await.expect("reset");

    assert!(world.authenticate(&open).await.is_none());
    assert!(matches!(reset(NEW).await, Err(ChangeRefused::LinkInvalid)));
    world.try_password("hanako", NEW).await.expect("the new password");
}

#[tokio::test]
async fn a_reset_link_ends_with_its_day_a_newer_one_or_a_change() {
    let world = World::new().await;
    let user = world.add("hanako").await;
    let works = async |token: &str| world.signin.find_reset(token).await.expect("the store answers").is_some();

    let (older, newer) = (reset_token(&world, &user).await, reset_token(&world, &user).await);
    assert!(!works(&older).await && works(&newer).await);

    let here = world.sign_in("hanako").await.signed_in();
    change(&world, &here, PASSWORD, NEW).await.expect("changed");
    assert!(!works(&newer).await);

    let late = reset_token(&world, &user).await;
    world.pass(24 * 3_600);
    assert!(!works(&late).await && !works("").await);
}

#[tokio::test]
async fn si_02_a_disabled_user_resets_nothing() {
    let world = World::new().await;
    let user = world.add("hanako").await;
    let token = reset_token(&world, &user).await;
    world.signin.store.set_user_disabled(user.id, true, world.clock.now()).await.expect("disabled");

    let refused = world.signin.reset_password(&token, NEW.into(), &world.visitor).await;

    assert!(matches!(refused, Err(ChangeRefused::LinkInvalid)));
}
