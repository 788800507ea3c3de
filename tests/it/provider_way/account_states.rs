//! Who gets in and who does not, once the provider has said who it is.

use genkan::config::{Config, Signup};
use genkan::domain::email::Email;
use genkan::domain::identifier::Identifier;
use genkan::domain::ids::UserId;
use genkan::signin::failure::Cause;

use crate::support::app::TestApp;
use crate::support::browser::{Page, TestBrowser};
use crate::support::trip::{Trip, expect_failure};

/// Walks with a case and returns the answer of our callback.
async fn walk(browser: &TestBrowser, query: &str, case: &str, sub: &str) -> Page {
    Trip::begin(browser, "lab", query).await.answer(case, sub).await.open().await
}

async fn user_of(browser: &TestBrowser) -> UserId {
    browser.open("/api/me").await.json()["id"].as_str().expect("an id").parse().expect("an id")
}

/// Walks under such settings and says how that fails; nobody is made.
async fn expect_policy(change: impl FnOnce(&mut Config), answer_as: &str, cause: Cause, stage: &str) {
    let (app, _lab) = TestApp::with_lab_and(change).await;
    let browser = app.browser();

    let answer = walk(&browser, "", answer_as, "newcomer").await;

    expect_failure(&browser, &answer, cause, stage).await;
    assert!(!browser.is_signed_in().await);
    assert!(app.state.signin.store.list_users(None, 10).await.expect("users").is_empty(), "{cause:?}");
}

#[actix_web::test]
async fn si_02_whom_the_policy_keeps_out_is_not_made() {
    expect_policy(|config| config.signin.signup = Signup::Closed, "approve", Cause::SignupClosed, "account").await;
    expect_policy(|config| config.signin.signup = Signup::Invitation, "approve", Cause::SignupClosed, "account").await;
    expect_policy(|config| config.signin.require_email = true, "without_email", Cause::EmailMissing, "account").await;
    let verified = |config: &mut Config| config.signin.require_verified_email = true;
    expect_policy(verified, "without_verification", Cause::EmailUnverified, "account").await;
    expect_policy(verified, "without_email", Cause::EmailMissing, "account").await;
    let domains = |config: &mut Config| config.signin.allowed_email_domains = vec!["example.com".to_owned()];
    expect_policy(domains, "approve", Cause::DomainNotAllowed, "account").await;
    let scopes = |config: &mut Config| config.providers[0].required_scopes = vec!["openid".to_owned(), "calendar".to_owned()];
    expect_policy(scopes, "approve", Cause::ConsentPartial, "token").await;
}

#[actix_web::test]
async fn si_02_a_closed_door_opens_for_those_who_are_inside_already() {
    let (app, _lab) = TestApp::with_lab().await;
    walk(&app.browser(), "", "approve", "akari").await;
    let closed = app.twin_with(|config| config.signin.signup = Signup::Closed).await;
    let browser = app.browser();
    let back = Trip::begin(&browser, "lab", "").await.answer("approve", "akari").await;

    let answer = browser.open(&closed.address(back.path())).await;

    assert_eq!(answer.location(), "/account");
}

#[actix_web::test]
async fn si_02_a_disabled_user_is_kept_out() {
    let (app, _lab) = TestApp::with_lab().await;
    let first = app.browser();
    walk(&first, "", "approve", "ben").await;
    let user = user_of(&first).await;
    app.state.signin.store.set_user_disabled(user, true, app.clock.now()).await.expect("a disabled user");
    let browser = app.browser();

    let answer = walk(&browser, "", "approve", "ben").await;

    expect_failure(&browser, &answer, Cause::UserDisabled, "account").await;
    assert!(!browser.is_signed_in().await);
    assert_eq!(app.state.signin.store.list_sessions(user, app.clock.now()).await.expect("sessions").len(), 0);
}

#[actix_web::test]
async fn lk_01_so_08_an_address_that_is_taken_links_nothing() {
    let (app, _lab) = TestApp::with_lab_and(|config| config.providers[0].trust_email = true).await;
    let owner = app.browser_of("hanako").await;
    let page = owner.open("/account").await;
    let fields = [("name", "Hanako"), ("email", "hanako@people.example")];
    assert_eq!(owner.submit(&page, "/account/profile", &fields).await.status, 303);
    let browser = app.browser();

    let answer = walk(&browser, "", "approve", "hanako").await;

    expect_failure(&browser, &answer, Cause::EmailTaken, "account").await;
    let (store, owner) = (&app.state.signin.store, user_of(&owner).await);
    assert!(store.list_identities(owner).await.expect("identities").is_empty());
    let address = Identifier::Email(Email::parse("hanako@people.example").expect("an address"));
    let holder = store.find_user_by_identifier(&address).await.expect("an answer").expect("a user");
    assert_eq!((holder.id, store.list_users(None, 10).await.expect("users").len()), (owner, 1));
    assert!(!browser.is_signed_in().await);
}

#[actix_web::test]
async fn lk_05_an_identity_of_somebody_else_is_not_linked() {
    let (app, _lab) = TestApp::with_lab().await;
    let (first, hanako) = (app.browser(), app.browser_of("hanako").await);
    walk(&first, "", "approve", "ben").await;

    let answer = walk(&hanako, "?purpose=link", "approve", "ben").await;

    assert_eq!(answer.location(), "/account");
    let told = expect_failure(&hanako, &answer, Cause::IdentityTaken, "account").await;
    assert_eq!(told.line.field("purpose"), "link");
    let id = user_of(&hanako).await;
    assert!(app.state.signin.store.list_identities(id).await.expect("identities").is_empty());
    assert_ne!(user_of(&first).await, id);
}

#[actix_web::test]
async fn lk_01_a_link_needs_whoever_began_it() {
    let (app, lab) = TestApp::with_lab().await;
    let taro = app.browser_of("taro").await.cookie("jwt").expect("a token");
    for (n, token) in ["jwt=; Max-Age=0; Path=/".to_owned(), format!("jwt={taro}; Path=/")].iter().enumerate() {
        let browser = app.browser_of(&format!("hanako{n}")).await;
        let back = Trip::begin(&browser, "lab", "?purpose=link").await.answer("approve", "linked").await;
        browser.set_cookie(token);

        let answer = back.open().await;

        expect_failure(&browser, &answer, Cause::LinkSessionChanged, "callback").await;
        assert_eq!(browser.is_signed_in().await, n == 1);
        assert_eq!(back.times_sent(&lab), 0);
    }
}

#[actix_web::test]
async fn linking_without_anybody_signed_in_does_not_begin() {
    let (app, lab) = TestApp::with_lab().await;
    let browser = app.browser();
    let page = browser.open("/auth/lab?purpose=link").await;

    let answer = browser.submit(&page, "/auth/lab", &[]).await;

    assert_eq!(answer.location(), "/login");
    expect_failure(&browser, &answer, Cause::LinkSessionChanged, "start").await;
    assert_eq!(lab.requests("authorize"), 0);
}

#[actix_web::test]
async fn db_08_a_store_that_is_away_is_ours_to_explain_and_costs_no_code() {
    let (app, lab) = TestApp::with_lab().await;
    let browser = app.browser();
    let back = Trip::begin(&browser, "lab", "").await.answer("approve", "unlucky").await;
    app.break_database();

    let answer = back.open().await;

    expect_failure(&browser, &answer, Cause::StoreUnavailable, "callback").await;
    assert_eq!(back.times_sent(&lab), 0);
}
