use futures_util::future::join_all;

use super::*;
use crate::signin::testing::{PASSWORD, World, form};

fn faults(refused: Result<OpenSession, SignupRefused>) -> SignupFaults {
    match refused {
        Err(SignupRefused::Faults(faults)) => faults,
        other => panic!("no faults: {other:?}"),
    }
}

async fn sign_up(world: &World, form: SignupForm) -> Result<OpenSession, SignupRefused> {
    world.signin.sign_up(form, &world.visitor).await
}

#[tokio::test]
async fn whoever_registers_is_signed_in_and_can_sign_in_again() {
    let world = World::new().await;

    let open = sign_up(&world, form("Taro.S")).await.expect("an account");

    assert!(open.user.is_email_proven);
    assert!(world.authenticate(&open).await.is_some());
    for identifier in ["taro.s", "taro.s@example.org"] {
        assert_eq!(world.sign_in(identifier).await.user.id, open.user.id);
    }
}

#[tokio::test]
async fn every_fault_is_told_at_once_and_nothing_is_hashed() {
    let world = World::with(|config| config.signin.require_email = true).await;
    let form = SignupForm { name: " ".into(), username: "a b".into(), email: String::new(), password: "short".into(), invitation: None };

    let faults = faults(sign_up(&world, form).await);

    let expected = SignupFaults {
        name: Some(NameError::Empty),
        username: Some(UsernameFault::Invalid(NameError::Forbidden)),
        email: Some(EmailFault::Missing),
        password: Some(PasswordError::TooShort),
    };
    assert_eq!(faults, expected);
    assert_eq!(world.signin.lane.finished(), 0);
}

#[tokio::test]
async fn db_03_what_is_taken_is_a_fault_and_all_of_it_is_told() {
    let world = World::new().await;
    world.add("taro").await;
    let taken = |username, email| SignupFaults { username, email, ..SignupFaults::default() };
    let (username, email) = (Some(UsernameFault::Taken), Some(EmailFault::Taken));

    let other = |name: &str| SignupForm { username: name.to_owned(), ..form("taro") };
    assert_eq!(faults(sign_up(&world, form("TARO")).await), taken(username, email));
    assert_eq!(faults(sign_up(&world, other("jiro")).await), taken(None, email));
    let raced = world.signin.check_signup(None).await.map(|_| SignupRefused::from(StoreError::Conflict(Conflict::Username)));
    assert_eq!(faults(Err(raced.expect("open"))), taken(username, None));
}

#[tokio::test]
async fn an_address_that_must_be_proven_first_can_be_claimed_by_anybody() {
    let world = World::with(|config| config.signin.verify_email = Some(true)).await;
    world.add("taro").await;

    let open = sign_up(&world, SignupForm { username: "jiro".into(), ..form("taro") }).await.expect("an account");

    assert_eq!((open.user.is_email_proven, open.user.email.as_deref()), (false, Some("taro@example.org")));
}

#[tokio::test]
async fn only_allowed_domains_may_register() {
    let world = World::with(|config| config.signin.allowed_email_domains = vec!["Example.COM".into()]).await;

    assert_eq!(faults(sign_up(&world, form("taro")).await).email, Some(EmailFault::DomainNotAllowed));
    let allowed = SignupForm { email: "taro@example.com".into(), ..form("taro") };
    assert!(sign_up(&world, allowed).await.is_ok());
}

#[tokio::test]
async fn pw_05_the_password_must_not_be_built_on_what_stands_beside_it() {
    let world = World::new().await;

    for password in ["taro.suzuki.1", "tarosuzuki12", "example.org.taro", "localhostlocalhost"] {
        let form = SignupForm { password: password.into(), ..form("tarosuzu") };
        assert_eq!(faults(sign_up(&world, form).await).password, Some(PasswordError::TooPersonal), "{password}");
    }
}

#[tokio::test]
async fn a_closed_site_makes_no_account() {
    let world = World::with(|config| config.signin.signup = Signup::Closed).await;

    assert!(matches!(sign_up(&world, form("taro")).await, Err(SignupRefused::Closed)));
    assert!(!world.signin.check_signup(None).await.expect("no look-up"));
}

#[tokio::test]
async fn an_invitation_makes_one_account_and_survives_a_fault() {
    let world = World::with(|config| config.signin.signup = Signup::Invitation).await;
    world.add("taken").await;
    let url = world.signin.make_invitation().await.expect("a link");
    let token = url.query_pairs().find(|(key, _)| key == "invitation").map(|(_, token)| token.into_owned());
    let invited = |name: &str| SignupForm { invitation: token.clone(), ..form(name) };

    assert!(matches!(sign_up(&world, form("taro")).await, Err(SignupRefused::Closed)));
    assert_eq!(faults(sign_up(&world, invited("taken")).await).username, Some(UsernameFault::Taken));
    assert!(sign_up(&world, invited("taro")).await.is_ok());
    assert!(matches!(sign_up(&world, invited("jiro")).await, Err(SignupRefused::Closed)));
    assert!(matches!(world.try_password("jiro", PASSWORD).await, Err(crate::signin::password::PasswordRefused::Wrong)));
}

#[tokio::test]
async fn db_02_whoever_loses_the_race_for_a_name_keeps_the_invitation() {
    let world = World::with(|config| config.signin.signup = Signup::Invitation).await;
    let mut forms = Vec::new();
    for address in ["taro", "jiro"] {
        let url = world.signin.make_invitation().await.expect("a link");
        let invitation = url.query_pairs().find(|(key, _)| key == "invitation").map(|(_, token)| token.into_owned());
        forms.push(SignupForm { username: "taro".to_owned(), invitation, ..form(address) });
    }
    let invitations: Vec<_> = forms.iter().map(|form| form.invitation.clone()).collect();

    let results = join_all(forms.into_iter().map(|form| sign_up(&world, form))).await;

    let loser = results.iter().position(Result::is_err).expect("one of them");
    assert!(results[1 - loser].is_ok(), "{results:?}");
    let again = SignupForm { invitation: invitations[loser].clone(), ..form("saburo") };
    sign_up(&world, again).await.expect("the invitation still works");
}

#[tokio::test]
async fn si_04_registrations_are_counted_per_address() {
    let world = World::with(|config| config.throttle.signups_per_address = 1).await;
    assert!(sign_up(&world, form("taro")).await.is_ok());

    assert!(matches!(sign_up(&world, form("jiro")).await, Err(SignupRefused::Throttled { .. })));
}
