//! A forgotten password.

use std::time::Duration;

use super::{proven, spawn};
use crate::support::app::{PASSWORD, TestApp};
use crate::support::browser::Page;
use crate::support::smtp::MailServer;

const NEW: &str = "a wholly different phrase";

async fn forget(app: &TestApp, identifier: &str) -> Page {
    let browser = app.browser();
    let page = browser.open("/forgot").await;
    browser.submit(&page, "/forgot", &[("identifier", identifier)]).await
}

#[actix_web::test]
async fn rs_02_a_mailed_link_sets_a_password_once_and_ends_every_session_and_link() {
    let server = MailServer::start();
    let app = spawn(&server).await;
    let signed_in = proven(&app, &server, "hanako").await;
    assert_eq!(forget(&app, "hanako").await.location(), "/login");
    let mail = server.last_of(2).await;
    let link = mail.link(&app.address("/reset/"));
    assert_eq!(mail.to, ["RCPT TO:<hanako@example.com>"]);

    let browser = app.browser();
    let page = browser.open(&link).await;
    let path = page.attributes("form[action^='/reset/']", "action").pop().expect("a form");
    assert_eq!(browser.submit(&page, &path, &[("password", NEW)]).await.location(), "/login");
    app.clock.advance(Duration::from_secs(1));

    assert!(!signed_in.is_signed_in().await && !browser.is_signed_in().await);
    assert_eq!(browser.open(&link).await.status, 404, "once");
    assert_eq!(app.browser().sign_in("hanako", PASSWORD).await.status, 422);
    assert_eq!(app.browser().sign_in("hanako@example.com", NEW).await.location(), "/account");
    assert!(server.last_of(3).await.subject().contains("new password was set"), "PW-07");
}

#[actix_web::test]
async fn em_06_a_mailed_reset_link_works_for_an_hour_and_only_the_newest() {
    let server = MailServer::start();
    let app = spawn(&server).await;
    proven(&app, &server, "hanako").await;
    forget(&app, "hanako").await;
    let first = server.last_of(2).await.link(&app.address("/reset/"));
    forget(&app, "hanako@example.com").await;
    let second = server.last_of(3).await.link(&app.address("/reset/"));

    let status = async |link: &str| app.browser().open(link).await.status;
    assert_eq!((status(&first).await, status(&second).await), (404, 200));
    app.clock.advance(Duration::from_secs(3_600));
    assert_eq!(status(&second).await, 404);
}

#[actix_web::test]
async fn si_03_rs_04_asking_for_a_new_password_tells_nothing_about_anybody() {
    let server = MailServer::start();
    let app = spawn(&server).await;
    proven(&app, &server, "hanako").await;
    app.browser_of("unproven").await;
    server.last_of(2).await;

    let mut answers = Vec::new();
    for identifier in ["hanako", "nobody", "unproven", "nobody@example.com", "山田 花子", ""] {
        let page = forget(&app, identifier).await;
        answers.push((page.status, page.location().to_owned(), page.text.clone(), page.set_cookies().len()));
    }
    answers.dedup();
    assert_eq!(answers.len(), 1, "{answers:?}");
    server.last_of(3).await;
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    assert_eq!(server.arrived().len(), 3, "one mail, to the one proven address");
}

#[actix_web::test]
async fn em_13_asking_too_often_is_answered_the_same_for_everybody() {
    let server = MailServer::start();
    let app = spawn(&server).await;
    proven(&app, &server, "hanako").await;

    for identifier in ["hanako", "nobody"] {
        for _ in 0..5 {
            assert_eq!(forget(&app, identifier).await.status, 303, "{identifier}");
        }
        let refused = forget(&app, identifier).await;
        assert_eq!((refused.status, refused.header("retry-after").is_empty()), (429, false), "{identifier}");
    }
}

#[actix_web::test]
async fn rs_03_fields_that_come_twice_are_refused_and_nobody_is_written_to() {
    let server = MailServer::start();
    let app = spawn(&server).await;
    proven(&app, &server, "hanako").await;
    let browser = app.browser();
    let page = browser.open("/forgot").await;
    let mut fields = page.hidden_fields("/forgot");
    for identifier in ["hanako", "evil@example.org"] {
        fields.push(("identifier".to_owned(), identifier.to_owned()));
    }

    assert_eq!(browser.post("/forgot", &fields).await.status, 400);
    tokio::time::sleep(Duration::from_millis(1_200)).await;
    assert_eq!(server.arrived().len(), 1);
}
