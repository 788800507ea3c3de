//! Ways to sign in, added and removed on the account page.

use std::time::Duration;

use genkan::lab::Lab;

use super::mail;
use super::support::app::{PASSWORD, TestApp};
use super::support::browser::{Page, TestBrowser};
use super::support::logs;
use super::support::smtp::MailServer;

/// Where somebody with the session of long ago is sent before going on to link.
const AGAIN: &str = "/login?again=1&return_to=%2Fauth%2Flab%3Fpurpose%3Dlink%26return_to%3D%252Faccount";

/// Goes from a page with a form for the provider to the provider and back.
async fn trip(browser: &TestBrowser, lab: &Lab, page: &Page) -> Page {
    lab.script("approve");
    let page = browser.submit(page, "/auth/lab", &[]).await;
    let page = browser.follow(&page).await;
    browser.follow(&page).await
}

/// Adds the lab on the account page.
pub async fn add(browser: &TestBrowser, lab: &Lab) -> Page {
    trip(browser, lab, &browser.open("/account").await).await
}

/// Signs in with the lab.
async fn sign_in(app: &TestApp, lab: &Lab) -> TestBrowser {
    let browser = app.browser();
    let page = trip(&browser, lab, &browser.open("/login").await).await;
    assert_eq!(page.location(), "/account");
    browser
}

/// Returns where the buttons that remove something post to.
fn removals(page: &Page) -> Vec<String> {
    page.attributes("form[action^='/account/links/']", "action")
}

#[actix_web::test]
async fn lk_07_a_provider_is_listed_told_and_logged_when_it_comes_and_goes() {
    let (app, lab) = TestApp::with_lab().await;
    let browser = app.browser_of("hanako").await;

    let added = add(&browser, &lab).await;
    let page = browser.follow(&added).await;
    assert_eq!((added.location(), page.attributes(".notice", "role")), ("/account", vec!["status".to_owned()]));
    assert!(page.attributes("form[action='/auth/lab']", "action").is_empty(), "it need not be added again");

    let removed = browser.submit(&page, &removals(&page)[0], &[]).await;
    let page = browser.follow(&removed).await;
    assert_eq!((removed.location(), page.attributes(".notice", "role")), ("/account", vec!["status".to_owned()]));
    assert_eq!((removals(&page).len(), page.attributes("form[action='/auth/lab']", "action").len()), (0, 1));

    for (answer, event) in [(&added, "link_added"), (&removed, "link_removed")] {
        let lines = logs::with("request", answer.header("x-request-id"));
        assert_eq!((lines.len(), lines[0].field("event"), lines[0].field("provider")), (1, event, "lab"), "{lines:?}");
    }
}

#[actix_web::test]
async fn lk_07_the_owner_is_told_by_mail_what_was_linked_and_unlinked() {
    let server = MailServer::start();
    let mail = mail::through(&server);
    let (app, lab) = TestApp::with_lab_and(|config| {
        config.mail = Some(mail);
        config.signin.verify_email = Some(false);
    })
    .await;
    let browser = app.browser_of("hanako").await;

    let page = browser.follow(&add(&browser, &lab).await).await;
    let linked = server.wait_for(1).await.remove(0);
    browser.submit(&page, &removals(&page)[0], &[]).await;
    let unlinked = server.wait_for(2).await.remove(1);

    assert_eq!(linked.header("Subject").as_deref(), Some("Lab was linked to your account"));
    assert_eq!(unlinked.header("Subject").as_deref(), Some("Lab was removed from your account"));
    assert!([linked, unlinked].iter().all(|letter| letter.to == ["RCPT TO:<hanako@example.com>"]));
}

#[actix_web::test]
async fn lk_01_se_06_linking_long_after_signing_in_asks_to_do_it_again_and_goes_on() {
    let (app, lab) = TestApp::with_lab().await;
    let browser = app.browser_of("hanako").await;
    app.clock.advance(Duration::from_secs(601));
    lab.set_clock({
        let now = app.clock.now().timestamp();
        move || now
    });

    let refused = browser.submit(&browser.open("/account").await, "/auth/lab", &[]).await;
    assert_eq!((refused.location(), lab.requests("authorize") + lab.requests("discovery")), (AGAIN, 0));
    let page = browser.follow(&refused).await;
    assert_eq!(page.attributes("[name=identifier]", "value"), ["hanako"]);
    assert!(page.attributes("form[action='/auth/lab']", "action").is_empty(), "what is not linked proves nothing");
    let wrong = browser.submit(&page, "/login", &[("identifier", "hanako"), ("password", "not the password")]).await;
    assert_eq!((wrong.status, wrong.attributes("input[name=again]", "value")), (422, vec!["1".to_owned()]));
    let page = browser.submit(&wrong, "/login", &[("identifier", "hanako"), ("password", PASSWORD)]).await;
    assert_eq!(page.location(), "/auth/lab?purpose=link&return_to=%2Faccount");

    let added = trip(&browser, &lab, &browser.follow(&page).await).await;

    assert_eq!(added.location(), "/account");
    assert_eq!(removals(&browser.follow(&added).await).len(), 1);
}

#[actix_web::test]
async fn se_06_removing_long_after_signing_in_asks_to_do_it_again() {
    let (app, lab) = TestApp::with_lab().await;
    let browser = app.browser_of("hanako").await;
    let page = browser.follow(&add(&browser, &lab).await).await;
    app.clock.advance(Duration::from_secs(601));

    let refused = browser.submit(&page, &removals(&page)[0], &[]).await;

    assert_eq!(refused.location(), "/login?again=1&return_to=%2Faccount");
    assert_eq!(removals(&browser.open("/account").await).len(), 1);
}

#[actix_web::test]
async fn se_03_se_06_whoever_has_no_password_signs_in_again_with_what_is_linked() {
    let (app, lab) = TestApp::with_lab().await;
    let browser = sign_in(&app, &lab).await;
    let before = browser.cookie("jwt");

    let page = browser.open("/login?again=1&return_to=%2Faccount").await;
    assert_eq!((page.attributes("input[type=password]", "name").len(), page.hidden_fields("/auth/lab").len()), (0, 3));
    let page = trip(&browser, &lab, &page).await;

    assert_eq!(page.location(), "/account");
    assert_ne!(browser.cookie("jwt"), before, "a session of its own");
    let stolen = app.browser();
    stolen.set_cookie(&format!("jwt={}; Path=/", before.expect("a token")));
    assert!(!stolen.is_signed_in().await);
}

#[actix_web::test]
async fn lk_06_the_last_way_in_has_no_button_and_is_refused_with_one_line() {
    let (app, lab) = TestApp::with_lab().await;
    let browser = app.browser_of("hanako").await;
    let path = removals(&browser.follow(&add(&browser, &lab).await).await).remove(0);
    let user = app.state.signin.store.list_users(None, 1).await.expect("users").remove(0);
    app.execute("DELETE FROM user_authentications");
    app.state.signin.sessions.forget_user(user.id);

    let page = browser.open("/account").await;
    assert_eq!(removals(&page), Vec::<String>::new());
    let csrf_token = page.csrf_token();
    let refused = browser.post(&path, &[("csrf_token".to_owned(), csrf_token)]).await;
    let flash = browser.follow(&refused).await.flash().expect("a flash");

    assert_eq!((refused.location(), flash.category.as_str(), flash.cause.as_str()), ("/account", "other", "last_way_in"));
    let lines = logs::with("request", refused.header("x-request-id"));
    assert_eq!((lines.len(), lines[0].level, lines[0].field("stage")), (1, log::Level::Error, "account"), "{lines:?}");
    assert!(sign_in(&app, &lab).await.is_signed_in().await);
}

#[actix_web::test]
async fn se_02_removing_a_provider_ends_what_it_has_opened_elsewhere() {
    let (app, lab) = TestApp::with_lab().await;
    let browser = app.browser_of("hanako").await;
    let page = browser.follow(&add(&browser, &lab).await).await;
    let (elsewhere, by_password) = (sign_in(&app, &lab).await, app.browser());
    by_password.sign_in("hanako", PASSWORD).await;
    assert!(elsewhere.is_signed_in().await);

    browser.submit(&page, &removals(&page)[0], &[]).await;

    assert!(!elsewhere.is_signed_in().await);
    assert!(browser.is_signed_in().await && by_password.is_signed_in().await);
}

#[actix_web::test]
async fn lk_05_an_identity_of_somebody_else_is_refused_and_stays_theirs() {
    let (app, lab) = TestApp::with_lab().await;
    add(&app.browser_of("hanako").await, &lab).await;
    let taro = app.browser_of("taro").await;

    let page = add(&taro, &lab).await;

    let flash = taro.follow(&page).await.flash().expect("a flash");
    assert_eq!((page.location(), flash.category.as_str(), flash.cause.as_str()), ("/account", "other", "identity_taken"));
    assert_eq!(removals(&taro.open("/account").await), Vec::<String>::new());
    assert!(sign_in(&app, &lab).await.open("/account").await.text.contains("hanako"));
}

#[actix_web::test]
async fn lk_01_a_session_that_ends_during_the_trip_links_nothing() {
    let (app, lab) = TestApp::with_lab().await;
    let browser = app.browser_of("hanako").await;
    lab.script("approve");
    let page = browser.submit(&browser.open("/account").await, "/auth/lab", &[]).await;
    let back = browser.follow(&page).await;
    let user = app.state.signin.store.list_users(None, 1).await.expect("users").remove(0);

    // Past the cache: as when another replica has ended it a moment ago.
    app.state.signin.store.end_sessions(user.id, None).await.expect("ended");
    let page = browser.follow(&back).await;

    let flash = browser.follow(&page).await.flash().expect("a flash");
    assert_eq!((flash.category.as_str(), flash.cause.as_str()), ("browser_environment", "link_session_changed"));
    assert!(app.state.signin.store.list_identities(user.id).await.expect("a query").is_empty());
}

#[actix_web::test]
async fn wb_01_nobody_removes_what_is_not_theirs_or_without_a_token() {
    let (app, lab) = TestApp::with_lab().await;
    let (hanako, taro) = (app.browser_of("hanako").await, app.browser_of("taro").await);
    let path = removals(&hanako.follow(&add(&hanako, &lab).await).await).remove(0);
    let csrf_token = taro.open("/account").await.csrf_token();

    let stranger = taro.post(&path, &[("csrf_token".to_owned(), csrf_token)]).await;
    let bare = hanako.post(&path, &[]).await;

    assert_eq!((stranger.status, bare.location()), (404, "/account"));
    assert_eq!(hanako.follow(&bare).await.flash().map(|flash| flash.cause).as_deref(), Some("form_expired"));
    assert_eq!(removals(&hanako.open("/account").await), [path]);
    assert_eq!(app.browser().post("/account/links/nothing/remove", &[]).await.location(), "/login?return_to=%2Faccount");
}

#[actix_web::test]
async fn lk_01_a_program_is_told_to_sign_in_again_first() {
    let (app, _lab) = TestApp::with_lab().await;
    let browser = app.browser_of("hanako").await;
    app.clock.advance(Duration::from_secs(601));

    let body = serde_json::json!({ "purpose": "link" });
    let page = browser.send_json(reqwest::Method::POST, "/api/auth/lab", &body).await;

    assert_eq!((page.status, page.json()["error"].as_str()), (403, Some("not_fresh")));
}
