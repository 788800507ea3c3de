//! Letters to people: what they are told, and that no mail server can hurt a sign-in.

use std::time::Duration;

use chrono::DateTime;
use genkan::app::build_signin;
use genkan::clock::Clock;
use genkan::config::{Config, MailConfig, MailTls};
use genkan::mail::Letter;
use genkan::mail::delivery::Delivery;
use genkan::signin::Signin;
use genkan::store::outbox::MailCounts;
use tempfile::TempDir;

use crate::support::app::{PASSWORD, TestApp};
use crate::support::browser::{Page, TestBrowser};
use crate::support::logs;
use crate::support::smtp::{MailServer, Mood};

const NEW_PASSWORD: &str = "another horse, another battery";

pub fn through(server: &MailServer) -> MailConfig {
    MailConfig {
        host: server.address.ip().to_string(),
        port: Some(server.address.port()),
        tls: MailTls::None,
        username: None,
        password: None,
        password_file: None,
        from: "accounts@genkan.example".to_owned(),
        timeout_secs: 1,
    }
}

async fn app_with(server: &MailServer) -> TestApp {
    TestApp::with(|config| config.mail = Some(through(server))).await
}

async fn change_password(browser: &TestBrowser, language: &str) {
    let page = browser.open("/account").await;
    let page = browser.submit(&page, "/language", &[("language", language)]).await;
    assert_eq!(page.status, 303, "{page:?}");
    let page = browser.open("/account").await;
    let page = browser.submit(&page, "/account/password", &[("current_password", PASSWORD), ("new_password", NEW_PASSWORD)]).await;
    assert_eq!((page.status, page.location()), (303, "/account"), "{page:?}");
}

/// Everything behind the pages and no server, so that only the test says when letters are sent.
struct Office {
    signin: Signin,
    delivery: Delivery,
    clock: Clock,
    _directory: TempDir,
}

impl Office {
    async fn with(server: &MailServer) -> Self {
        logs::capture();
        let directory = tempfile::tempdir().expect("a directory");
        let mut config = Config { mail: Some(through(server)), ..Config::default() };
        config.server.secret = Some("a master key for tests, and nothing but tests".into());
        config.database.url = format!("sqlite:{}", directory.path().join("genkan.db").display()).into();
        let clock = Clock::fixed(DateTime::from_timestamp(1_795_176_000, 0).expect("a time"));
        let signin = build_signin(&config, clock.clone()).await.expect("everything behind the pages");
        let post = signin.post.clone().expect("mail is configured");
        let delivery = Delivery { store: signin.store.clone(), post, clock: clock.clone() };
        Self { signin, delivery, clock, _directory: directory }
    }

    /// Puts a letter into the outbox; returns its row's identifier.
    async fn post(&self, to: &str, subject: &str, text: &str) -> String {
        let mail = self.delivery.post.seal(&Letter::new(to, subject, &[text.to_owned()]), &self.clock);
        let id = mail.id.to_string();
        self.signin.store.insert_mail(mail).await.expect("stored");
        id
    }

    async fn send(&self) -> usize {
        self.delivery.send_due().await.expect("a look")
    }

    async fn counts(&self) -> MailCounts {
        self.signin.store.count_mail().await.expect("counts")
    }
}

#[actix_web::test]
async fn pw_07_em_03_whoever_changes_the_password_tells_the_stored_address_in_the_persons_language() {
    for (language, subject, phrase) in
        [("en", "Your password was changed", "If this was you"), ("ja", "パスワードが変更されました", "お心当たりがない場合")]
    {
        let server = MailServer::start();
        let app = app_with(&server).await;

        change_password(&app.browser_of("hanako").await, language).await;

        let letter = server.wait_for(1).await.remove(0);
        assert_eq!(letter.to, ["RCPT TO:<hanako@example.com>"]);
        let text = letter.text();
        assert!(text.contains(phrase) && text.contains("/account"), "{text}");
        assert_eq!(letter.header("Auto-Submitted").as_deref(), Some("auto-generated"));
        assert!(
            letter.header("Subject").is_some_and(|found| found == subject || found.starts_with("=?utf-8?")),
            "{:?}",
            letter.header("Subject")
        );
        assert!([PASSWORD, NEW_PASSWORD].iter().all(|secret| !text.contains(secret)), "{text}");
    }
}

#[actix_web::test]
async fn em_04_a_link_in_a_letter_is_of_the_public_url_whatever_host_was_asked() {
    let server = MailServer::start();
    let app = app_with(&server).await;

    change_password(&app.browser_of("hanako").await, "en").await;

    let text = server.wait_for(1).await[0].text();
    let origin = app.state.signin.config.server.origin();
    let links = text.split_whitespace().filter(|word| word.starts_with("http"));
    assert!(links.clone().count() > 0 && links.clone().all(|link| link.starts_with(&origin)), "{text}");
}

#[actix_web::test]
async fn em_14_a_change_that_did_not_happen_writes_no_letter() {
    let server = MailServer::start();
    let app = app_with(&server).await;
    let browser = app.browser_of("hanako").await;

    let page = browser.open("/account").await;
    let page =
        browser.submit(&page, "/account/password", &[("current_password", "not the password"), ("new_password", NEW_PASSWORD)]).await;

    assert_eq!(page.status, 422);
    assert_eq!(app.state.signin.store.count_mail().await.expect("counts"), MailCounts::default());
}

#[actix_web::test]
async fn dp_03_a_mail_server_that_is_silent_keeps_nobody_waiting() {
    let server = MailServer::start();
    server.set_mood(Mood::Silent);
    let app = app_with(&server).await;

    change_password(&app.browser_of("hanako").await, "en").await;

    assert_eq!(app.state.signin.store.count_mail().await.expect("counts"), MailCounts { waiting: 1, dead: 0 });
}

#[tokio::test]
async fn dp_03_a_letter_that_is_not_taken_comes_later() {
    for mood in [Mood::Refusing("451 not now"), Mood::Refusing("535 who are you"), Mood::Silent] {
        let server = MailServer::start();
        server.set_mood(mood);
        let office = Office::with(&server).await;
        let id = office.post("hanako@example.com", "Hello", "text").await;

        assert_eq!((office.send().await, office.send().await), (1, 0), "once, and not again before its time");
        server.set_mood(Mood::Accepting);
        office.clock.advance(Duration::from_secs(20));
        assert_eq!(office.send().await, 1, "{mood:?}");

        let lines = logs::with("mail", &id);
        let events: Vec<_> = lines.iter().map(|line| line.field("event")).collect();
        assert_eq!((events, server.arrived().len()), (vec!["mail_deferred", "mail_delivered"], 1), "{lines:?}");
        assert_eq!(office.counts().await, MailCounts::default());
    }
}

#[tokio::test]
async fn dp_03_an_address_that_is_refused_for_good_is_a_dead_letter_and_an_error_in_the_log() {
    let server = MailServer::start();
    server.set_mood(Mood::Refusing("550 nobody of that name"));
    let office = Office::with(&server).await;
    let id = office.post("nobody@example.com", "Hello", "text").await;

    office.send().await;

    let line = logs::with("mail", &id).remove(0);
    assert_eq!((line.field("event"), line.field("smtp_status")), ("mail_dead", "550"), "{line:?}");
    assert_eq!(office.counts().await, MailCounts { waiting: 0, dead: 1 });
}

#[tokio::test]
async fn dp_03_a_letter_that_nobody_takes_is_given_up_after_nine_tries() {
    let server = MailServer::start();
    server.set_mood(Mood::Refusing("451 not now"));
    let office = Office::with(&server).await;
    office.post("hanako@example.com", "Hello", "text").await;

    let mut tries = 0;
    while office.counts().await.waiting > 0 {
        tries += office.send().await;
        office.clock.advance(Duration::from_secs(3_600));
    }

    assert_eq!((tries, office.counts().await.dead), (9, 1));
}

#[tokio::test]
async fn dp_03_what_a_replica_claimed_and_never_sent_is_sent_by_another() {
    let server = MailServer::start();
    let office = Office::with(&server).await;
    office.post("hanako@example.com", "Hello", "text").await;
    let lease = Duration::from_secs(30);
    let claimed = office.signin.store.claim_mail(office.clock.now(), lease, 8).await.expect("claimed by one that dies");
    assert_eq!((claimed.len(), office.send().await), (1, 0));

    office.clock.advance(lease);

    assert_eq!((office.send().await, server.arrived().len()), (1, 1));
}

#[tokio::test]
async fn em_05_neither_subject_nor_address_nor_text_can_add_a_recipient_or_a_header() {
    let server = MailServer::start();
    let office = Office::with(&server).await;
    for (to, subject) in [
        ("hanako@example.com", "Hello\r\nBcc: mallory@example.com\r\nX-Evil: 1"),
        ("hanako@example.com, mallory@example.com", "Hello"),
        ("hanako@example.com\r\nBcc: mallory@example.com", "Hello"),
    ] {
        office.post(to, subject, "text\r\n.\r\nMAIL FROM:<mallory@example.com>\r\nRCPT TO:<mallory@example.com>").await;
    }

    office.send().await;

    let arrived = server.arrived();
    assert_eq!(arrived.iter().map(|letter| letter.to.as_slice()).collect::<Vec<_>>(), [["RCPT TO:<hanako@example.com>"]], "{arrived:#?}");
    assert!(["Bcc", "X-Evil"].iter().all(|name| arrived[0].header(name).is_none()), "{arrived:#?}");
    assert!(arrived[0].text().contains("RCPT TO:<mallory@example.com>"), "{arrived:#?}");
}

#[tokio::test]
async fn lg_03_letters_wait_sealed_and_leave_nothing_in_the_log() {
    let server = MailServer::start();
    let office = Office::with(&server).await;
    let id = office.post("hanako.yamada@example.com", "Canary-subject", "canary-text").await;
    let claimed = office.signin.store.claim_mail(office.clock.now(), Duration::ZERO, 8).await.expect("claimed").remove(0);
    office.send().await;

    assert!(!claimed.sealed.contains("canary") && claimed.id.to_string() == id);
    let log = logs::all_text();
    assert!(["hanako.yamada", "Canary-subject", "canary-text"].iter().all(|secret| !log.contains(secret)));
}

async fn sign_out(browser: &TestBrowser) {
    let page = browser.open("/account").await;
    assert_eq!(browser.submit(&page, "/logout", &[]).await.status, 303);
}

/// Signs in with a browser that has never been here.
async fn sign_in_anew(app: &TestApp, password: &str) -> (TestBrowser, Page) {
    let browser = app.browser();
    let page = browser.sign_in("hanako", password).await;
    (browser, page)
}

#[actix_web::test]
async fn si_11_a_browser_that_is_new_is_told_and_one_that_is_known_is_not() {
    let server = MailServer::start();
    let app = app_with(&server).await;
    let known = app.browser_of("hanako").await;
    sign_out(&known).await;
    app.clock.advance(Duration::from_secs(3_600));

    let page = known.sign_in("hanako", PASSWORD).await;
    assert_eq!(page.status, 303, "{page:?}");
    for _ in 0..5 {
        assert_eq!(sign_in_anew(&app, PASSWORD).await.1.status, 303);
    }

    let subjects: Vec<_> = server.wait_for(3).await.iter().filter_map(|letter| letter.header("Subject")).collect();
    assert_eq!(
        subjects,
        vec!["Somebody signed in with a browser that is new"; 3],
        "three a day, and none for the browser of the registration"
    );
}

#[actix_web::test]
async fn si_11_si_07_strangers_who_guess_are_told_of_once_and_keep_the_owner_not_out() {
    let server = MailServer::start();
    let app = app_with(&server).await;
    let known = app.browser_of("hanako").await;
    sign_out(&known).await;

    let mut answers = Vec::new();
    for _ in 0..13 {
        answers.push(sign_in_anew(&app, "not the password").await.1.status);
    }

    assert_eq!(answers.iter().filter(|status| **status == 429).count(), 3, "{answers:?}");
    assert_eq!(sign_in_anew(&app, PASSWORD).await.1.status, 429, "a stranger with the right one has to wait as well");
    assert_eq!(known.sign_in("hanako", PASSWORD).await.status, 303);
    let letters = server.wait_for(1).await;
    let subjects: Vec<_> = letters.iter().filter_map(|letter| letter.header("Subject")).collect();
    assert_eq!(subjects, ["Somebody tries to guess your password"]);
}

#[actix_web::test]
async fn si_07_a_known_browser_has_no_more_tries_than_a_stranger() {
    let app = TestApp::spawn().await;
    let known = app.browser_of("hanako").await;
    sign_out(&known).await;

    let mut answers = Vec::new();
    for _ in 0..12 {
        answers.push(known.sign_in("hanako", "not the password").await.status);
    }

    assert_eq!(answers.iter().filter(|status| **status == 429).count(), 2, "{answers:?}");
}

#[actix_web::test]
async fn si_03_guessing_at_a_name_that_nobody_has_looks_the_same_and_writes_no_letter() {
    let server = MailServer::start();
    let app = app_with(&server).await;

    let mut answers = Vec::new();
    for _ in 0..12 {
        answers.push(app.browser().sign_in("nobody", "not the password").await.status);
    }

    assert_eq!(answers.iter().filter(|status| **status == 429).count(), 2, "{answers:?}");
    assert_eq!(app.state.signin.store.count_mail().await.expect("counts"), MailCounts::default());
}
