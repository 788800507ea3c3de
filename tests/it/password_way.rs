//! Registering, signing in and out with a password, and what the account page does.

use super::support::app::{PASSWORD, TestApp};

#[actix_web::test]
async fn whoever_registers_is_signed_in_and_welcome() {
    let app = TestApp::spawn().await;
    let browser = app.browser_of("hanako").await;

    let page = browser.open("/account").await;

    assert_eq!(page.status, 200, "{page:?}");
    assert!(page.text.contains("Hanako"), "{page:?}");
    assert_eq!(page.attributes("[role=status]", "class"), ["notice"]);
    assert!(browser.open("/account").await.attributes(".notice", "role").is_empty(), "a notice is shown once");
}

#[actix_web::test]
async fn a_registration_with_faults_names_them_all_and_keeps_what_was_typed() {
    let app = TestApp::spawn().await;
    let browser = app.browser();
    let page = browser.open("/register").await;

    let fields = [("name", ""), ("username", "a b"), ("email", "nobody"), ("password", "short")];
    let page = browser.submit(&page, "/register", &fields).await;

    assert_eq!(page.status, 422, "{page:?}");
    assert_eq!(page.attributes("[aria-invalid=true]", "name"), ["name", "username", "email", "password"]);
    assert_eq!(page.attributes("[name=username]", "value"), ["a b"]);
    assert!(!page.text.contains("short\""), "a password is never shown again");
}

#[actix_web::test]
async fn the_person_gets_back_in_and_on_to_where_they_wanted_to_go() {
    let app = TestApp::spawn().await;
    app.browser_of("hanako").await;
    let browser = app.browser();

    let page = browser.open("/account").await;
    assert_eq!(page.location(), "/login?return_to=%2Faccount");
    let page = browser.open("/login?return_to=%2Faccount%3Ftab%3D1").await;
    let page = browser.submit(&page, "/login", &[("identifier", "HANAKO@example.com"), ("password", PASSWORD)]).await;

    assert_eq!(page.location(), "/account?tab=1");
    assert!(browser.is_signed_in().await);
    assert_eq!(browser.open("/login").await.location(), "/account");
    assert_eq!(browser.open("/").await.location(), "/account");
}

#[actix_web::test]
async fn si_03_known_and_unknown_accounts_get_the_same_answer() {
    let app = TestApp::spawn().await;
    app.browser_of("hanako").await;

    let known = app.browser().sign_in("hanako", "not the password").await;
    let unknown = app.browser().sign_in("nobody", "not the password").await;

    assert_eq!((known.status, unknown.status), (422, 422));
    let names = |page: &super::support::browser::Page| page.headers.keys().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(names(&known), names(&unknown));
    let plain = |text: &str, csrf: &str| text.replace(csrf, "").replace("hanako", "").replace("nobody", "");
    assert_eq!(plain(&known.text, &known.csrf_token()), plain(&unknown.text, &unknown.csrf_token()));
}

#[actix_web::test]
async fn a_wrong_password_keeps_the_identifier_and_never_the_password() {
    let app = TestApp::spawn().await;

    let page = app.browser().sign_in("hanako", "open sesame now").await;

    assert_eq!(page.status, 422);
    assert_eq!(page.attributes("[name=identifier]", "value"), ["hanako"]);
    assert!(!page.text.contains("open sesame now"));
    assert_eq!(page.flash(), None, "a wrong password is told at the form");
}

#[actix_web::test]
async fn si_04_too_many_tries_are_429_on_the_form() {
    let app = TestApp::with(|config| config.throttle.per_account = 2).await;
    let browser = app.browser();
    for _ in 0..2 {
        browser.sign_in("hanako", "not the password").await;
    }

    let page = browser.sign_in("hanako", "not the password").await;

    assert_eq!(page.status, 429, "{page:?}");
    assert!(page.header("retry-after").parse::<u64>().is_ok_and(|seconds| seconds > 0), "{page:?}");
    assert!(!page.attributes("form[action='/login']", "method").is_empty());
}

#[actix_web::test]
async fn wb_07_a_return_target_elsewhere_is_dropped() {
    let app = TestApp::spawn().await;
    app.browser_of("hanako").await;
    let browser = app.browser();

    for target in ["https://evil.example", "//evil.example", "/\\evil.example"] {
        let page = browser.open("/login").await;
        let fields = [("identifier", "hanako"), ("password", PASSWORD), ("return_to", target)];
        let page = browser.submit(&page, "/login", &fields).await;
        assert_eq!(page.location(), "/account", "{target}");
        let page = browser.open("/account").await;
        browser.submit(&page, "/logout", &[]).await;
    }
}

#[actix_web::test]
async fn name_and_address_are_saved_and_faults_told() {
    let app = TestApp::spawn().await;
    let browser = app.browser_of("hanako").await;
    let page = browser.open("/account").await;

    let saved = browser.submit(&page, "/account/profile", &[("name", "花子"), ("email", "hanako@example.com")]).await;
    let refused = browser.submit(&page, "/account/profile", &[("name", ""), ("email", "nobody")]).await;

    assert_eq!(saved.location(), "/account");
    assert!(browser.open("/account").await.text.contains("花子"));
    assert_eq!(refused.status, 422);
    assert_eq!(refused.attributes("[aria-invalid=true]", "name"), ["name", "email"]);
    assert_eq!(refused.hidden_fields("/language")[1].1, "/account", "the form's own address has no page");
}

#[actix_web::test]
async fn se_02_a_changed_password_ends_the_other_sessions() {
    let app = TestApp::spawn().await;
    let browser = app.browser_of("hanako").await;
    let other = app.browser();
    other.sign_in("hanako", PASSWORD).await;
    let page = browser.open("/account").await;

    let wrong = [("current_password", "not the password"), ("new_password", "another horse battery")];
    let refused = browser.submit(&page, "/account/password", &wrong).await;
    let right = [("current_password", PASSWORD), ("new_password", "another horse battery")];
    let changed = browser.submit(&page, "/account/password", &right).await;

    assert_eq!(refused.status, 422, "{refused:?}");
    assert_eq!(refused.attributes("[aria-invalid=true]", "name"), ["current_password"]);
    assert_eq!(changed.location(), "/account");
    assert!(browser.is_signed_in().await);
    assert!(!other.is_signed_in().await);
}

#[actix_web::test]
async fn registration_is_refused_where_sign_up_is_closed() {
    let app = TestApp::with(|config| config.signin.signup = genkan::config::Signup::Closed).await;
    let browser = app.browser();

    let page = browser.open("/register").await;

    assert_eq!(page.status, 403);
    assert!(browser.open("/login").await.attributes("a[href^='/register']", "href").is_empty());
}

#[actix_web::test]
async fn rs_02_a_reset_link_sets_a_password_once_and_signs_nobody_in() {
    let app = TestApp::spawn().await;
    let owner = app.browser_of("hanako").await;
    let user = app.state.signin.store.list_users(None, 1).await.expect("users").remove(0);
    let link = app.state.signin.make_reset_link(&user).await.expect("a link");
    let browser = app.browser();
    let page = browser.open(link.path()).await;

    let done = browser.submit(&page, link.path(), &[("password", "another horse battery")]).await;

    assert_eq!(done.location(), "/login");
    assert!(!browser.is_signed_in().await && !owner.is_signed_in().await);
    assert_eq!(browser.open(link.path()).await.status, 404);
    assert_eq!(browser.sign_in("hanako", "another horse battery").await.location(), "/account");
}
