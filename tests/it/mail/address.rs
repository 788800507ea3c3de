//! Proving an address.

use std::time::Duration;

use super::{press, proven, spawn};
use crate::support::app::{PASSWORD, TestApp};
use crate::support::browser::{Page, TestBrowser};
use crate::support::smtp::{Arrived, MailServer};

async fn register(app: &TestApp, username: &str, email: &str) -> (TestBrowser, Page) {
    let browser = app.browser();
    let page = browser.open("/register").await;
    let fields = [("name", "Hanako"), ("username", username), ("email", email), ("password", PASSWORD)];
    let page = browser.submit(&page, "/register", &fields).await;
    (browser, page)
}

async fn change_address(browser: &TestBrowser, email: &str) -> Page {
    let page = browser.open("/account").await;
    browser.submit(&page, "/account/profile", &[("name", "Hanako"), ("email", email)]).await
}

fn verify_link(app: &TestApp, mail: &Arrived) -> String {
    mail.link(&app.address("/verify/"))
}

#[actix_web::test]
async fn em_08_a_link_is_looked_at_as_often_as_one_likes_and_pressed_once() {
    let server = MailServer::start();
    let app = spawn(&server).await;
    let browser = app.browser_of("hanako").await;
    assert_eq!(app.browser().sign_in("hanako@example.com", PASSWORD).await.status, 422, "not proven yet");
    let mail = server.last_of(1).await;
    let link = verify_link(&app, &mail);
    assert_eq!(mail.to, ["RCPT TO:<hanako@example.com>"]);

    for _ in 0..3 {
        assert_eq!(browser.open(&link).await.status, 200);
        assert_eq!(app.browser().open(&link).await.status, 200, "a scanner of mail");
    }
    assert_eq!(press(&browser, &link).await.location(), "/account");

    assert!(browser.open("/account").await.text.contains("is confirmed"));
    assert_eq!(browser.open(&link).await.status, 404, "used up");
    assert_eq!(app.browser().sign_in("hanako@example.com", PASSWORD).await.location(), "/account");
}

#[actix_web::test]
async fn em_06_a_link_is_no_good_too_late_or_in_another_account() {
    let server = MailServer::start();
    let app = spawn(&server).await;
    let browser = app.browser_of("hanako").await;
    let link = verify_link(&app, &server.last_of(1).await);
    let stranger = app.browser_of("taro").await;

    assert_eq!(stranger.open(&link).await.status, 404);
    assert_eq!(browser.open("/verify/x").await.status, 404);
    app.clock.advance(Duration::from_secs(24 * 3_600 - 1));
    assert_eq!(app.browser().open(&link).await.status, 200);
    app.clock.advance(Duration::from_secs(1));
    app.browser().sign_in("hanako", PASSWORD).await;
    let browser = app.browser();
    browser.sign_in("hanako", PASSWORD).await;
    assert_eq!(browser.open(&link).await.status, 404, "a day is over");
}

#[actix_web::test]
async fn em_09_whoever_follows_a_strangers_link_is_asked_to_sign_in_and_gives_nothing_away() {
    let server = MailServer::start();
    let app = spawn(&server).await;
    let (attacker, _) = register(&app, "attacker", "victim@example.com").await;
    let link = verify_link(&app, &server.last_of(1).await);

    let victim = app.browser();
    let page = victim.open(&link).await;
    assert!(page.attributes("form[action^='/verify/']", "action").is_empty(), "no button: {page:?}");
    let (victim, _) = register(&app, "victim", "victim@example.com").await;
    let own = verify_link(&app, &server.last_of(2).await);
    assert_eq!(press(&victim, &own).await.location(), "/account");

    let refused = press(&attacker, &link).await;
    assert_eq!(refused.status, 409, "{refused:?}");
    assert_eq!(app.browser().sign_in("victim@example.com", PASSWORD).await.location(), "/account");
}

#[actix_web::test]
async fn em_09_proving_ends_every_other_session() {
    let server = MailServer::start();
    let app = spawn(&server).await;
    let browser = app.browser_of("hanako").await;
    let other = app.browser();
    other.sign_in("hanako", PASSWORD).await;
    let link = verify_link(&app, &server.last_of(1).await);

    press(&browser, &link).await;
    app.clock.advance(Duration::from_secs(1));

    assert!(browser.is_signed_in().await && !other.is_signed_in().await);
}

#[actix_web::test]
async fn em_10_a_newer_link_voids_the_older_one_and_em_07_the_address_is_the_links() {
    let server = MailServer::start();
    let app = spawn(&server).await;
    let browser = proven(&app, &server, "hanako").await;

    change_address(&browser, "first@example.com").await;
    let first = verify_link(&app, &server.last_of(2).await);
    change_address(&browser, "second@example.com").await;
    let mail = server.last_of(3).await;
    let second = verify_link(&app, &mail);

    assert_eq!(mail.to, ["RCPT TO:<second@example.com>"]);
    assert_eq!(browser.open(&first).await.status, 404);
    assert_eq!(press(&browser, &second).await.location(), "/account");
    assert_eq!(app.browser().sign_in("second@example.com", PASSWORD).await.location(), "/account");
    assert_eq!(app.browser().sign_in("first@example.com", PASSWORD).await.status, 422);
}

#[actix_web::test]
async fn em_07_the_address_that_is_proven_is_the_one_the_link_went_to() {
    let server = MailServer::start();
    let app = spawn(&server).await;
    let browser = app.browser_of("hanako").await;
    let link = verify_link(&app, &server.last_of(1).await);

    app.execute("UPDATE users SET email = 'other@example.com'");
    press(&browser, &link).await;

    assert_eq!(app.browser().sign_in("hanako@example.com", PASSWORD).await.location(), "/account");
    assert_eq!(app.browser().sign_in("other@example.com", PASSWORD).await.status, 422);
}

#[actix_web::test]
async fn em_11_the_old_address_stays_until_the_new_one_is_proven_and_is_told() {
    let server = MailServer::start();
    let app = spawn(&server).await;
    let browser = proven(&app, &server, "hanako").await;

    assert_eq!(change_address(&browser, "new@example.com").await.location(), "/account");
    let link = verify_link(&app, &server.last_of(2).await);
    assert_eq!(app.browser().sign_in("hanako@example.com", PASSWORD).await.location(), "/account");
    assert!(browser.open("/account").await.text.contains("new@example.com is not confirmed"));
    press(&browser, &link).await;
    let notice = server.last_of(3).await;

    assert_eq!(notice.to, ["RCPT TO:<hanako@example.com>"], "{notice:?}");
    assert!(notice.subject().contains("was changed"), "{notice:?}");
    assert_eq!(app.browser().sign_in("hanako@example.com", PASSWORD).await.status, 422);
}

#[actix_web::test]
async fn em_12_si_03_registering_a_known_address_looks_the_same_and_tells_its_owner() {
    let server = MailServer::start();
    let app = spawn(&server).await;
    proven(&app, &server, "hanako").await;

    let (known, known_answer) = register(&app, "taro", "HANAKO@example.com").await;
    let told = server.last_of(2).await;
    let (unknown, unknown_answer) = register(&app, "jiro", "nobody@example.com").await;
    server.last_of(3).await;

    assert_eq!(told.to, ["RCPT TO:<hanako@example.com>"], "the stored address, not what was typed");
    assert!(told.subject().contains("have an account") && !told.text().contains("/verify/"), "{told:?}");
    let shape = |page: &Page| (page.status, page.location().to_owned(), page.text.clone(), page.set_cookies().len());
    assert_eq!(shape(&known_answer), shape(&unknown_answer));
    let bare = |page: Page, words: [&str; 2]| {
        let token = page.csrf_token();
        words.iter().fold(page.text.replace(&token, ""), |text, word| text.replace(word, ""))
    };
    let known = bare(known.open("/account").await, ["taro", "HANAKO@example.com"]);
    let unknown = bare(unknown.open("/account").await, ["jiro", "nobody@example.com"]);
    let lines = |text: &str| {
        text.lines()
            .filter(|line| !line.contains("/account/sessions") && !line.contains("name=\"session\""))
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    assert_eq!(lines(&known), lines(&unknown));
}

#[actix_web::test]
async fn em_13_mail_to_one_mailbox_is_capped_and_the_page_does_not_say_so() {
    let server = MailServer::start();
    let app = spawn(&server).await;
    let browser = app.browser_of("hanako").await;

    for _ in 0..8 {
        let page = browser.open("/account").await;
        assert_eq!(browser.submit(&page, "/account/address/confirm", &[]).await.location(), "/account");
    }
    server.last_of(5).await;
    tokio::time::sleep(Duration::from_millis(1_500)).await;

    assert_eq!(server.arrived().len(), 5);
}

#[actix_web::test]
async fn em_04_links_name_the_public_address_whatever_host_says() {
    let server = MailServer::start();
    let app = spawn(&server).await;
    let browser = app.browser();
    let page = browser.open("/register").await;
    let mut fields = page.hidden_fields("/register");
    for (name, value) in [("name", "Hanako"), ("username", "hanako"), ("email", "hanako@example.com"), ("password", PASSWORD)] {
        fields.push((name.to_owned(), value.to_owned()));
    }
    let request = browser.request(reqwest::Method::POST, "/register").header("x-forwarded-host", "evil.example").form(&fields);
    Page::read(request.header("origin", app.address("")).header("forwarded", "host=evil.example")).await;

    let mail = server.last_of(1).await;
    assert!(!mail.text().contains("evil.example") && mail.text().contains(&app.address("/verify/")), "{mail:?}");
}
