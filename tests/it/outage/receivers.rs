//! Receivers: each against a real server that takes, refuses, hangs or is slow.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use chrono::DateTime;
use genkan::clock::Clock;
use genkan::config::{AlertsConfig, HttpConfig};
use genkan::domain::ids::RowId;
use genkan::ops::alarm::dispatch::{Courier, Dispatcher, Patience};
use genkan::ops::alarm::receiver::{Receiver, sign};
use genkan::ops::alarm::{Alert, Incident, Kind, Turn};
use genkan::provider::build_client;
use genkan::signin::failure::Cause;
use serde_json::Value;

use super::{SECRET, Scene, walk};
use crate::support::idp::{Idp, Received, Reply};
use crate::support::logs::{self, Record};
use crate::support::smtp::MailServer;

/// What no line may hold: it stands in the address, as with Slack.
const CANARY: &str = "T0C4N4RY";

/// Receivers played by one server, and a dispatcher that is quick to lose patience.
struct Post {
    inbox: Idp,
    dispatcher: Dispatcher,
    clock: Clock,
}

impl Post {
    fn with(change: impl FnOnce(&mut AlertsConfig, SocketAddr)) -> Self {
        logs::capture();
        let (inbox, clock, mut config) = (Idp::start(), Clock::fixed(DateTime::UNIX_EPOCH), AlertsConfig::default());
        change(&mut config, inbox.address);
        let patience = Patience { timeout: Duration::from_millis(300), tries: 3, first_pause: Duration::from_millis(10) };
        let http = build_client(&HttpConfig::default()).expect("a client");
        let courier = Courier { http, clock: clock.clone(), patience };
        let dispatcher = Dispatcher::start(Receiver::list(&config, "https://a.example", None), true, &courier);
        Self { inbox, dispatcher, clock }
    }

    fn webhook() -> Self {
        Self::with(|config, address| {
            config.webhook_url = Some(format!("http://{address}/{CANARY}").into());
            config.webhook_secret = Some(SECRET.into());
        })
    }

    /// Sends an alert and returns the name of its incident.
    fn send(&self) -> String {
        let id = RowId::new(&self.clock);
        let at = self.clock.now();
        let (provider, subject) = ("lab".to_owned(), "<!channel>".to_owned());
        let incident =
            Incident { id, kind: Kind::IdpOutage, provider, subject, failures: 7, opened_at: at, seen_at: at, resolved_at: None };
        self.dispatcher.send(&Alert { turn: Turn::Raised, incident });
        id.to_string()
    }

    async fn wait_for(&self, path: &str, count: usize) -> Vec<Received> {
        for _ in 0..400 {
            let received = self.inbox.received(path);
            if received.len() >= count {
                return received;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("{count} requests to {path} never came");
    }
}

/// Returns the line that tells that an alert was not delivered, once it is there.
async fn wait_for_loss(incident: &str) -> Record {
    for _ in 0..400 {
        let lost = logs::with("event", "alert_not_delivered").into_iter().find(|line| line.field("incident") == incident);
        if let Some(lost) = lost {
            return lost;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("no line about {incident}");
}

#[actix_web::test]
async fn a_webhook_gets_json_that_only_we_can_have_signed() {
    let post = Post::webhook();
    post.inbox.set(&format!("/{CANARY}"), Reply::json("{}"));
    let incident = post.send();

    let received = post.wait_for(&format!("/{CANARY}"), 1).await.remove(0);

    let timestamp = &received.headers["x-genkan-timestamp"];
    assert_eq!((timestamp.as_str(), &received.headers["content-type"][..]), ("0", "application/json"));
    assert_eq!(received.headers["x-genkan-signature"], sign(SECRET, timestamp, &received.body));
    assert_ne!(received.headers["x-genkan-signature"], sign(SECRET, "1", &received.body), "another time is another signature");
    let body: Value = serde_json::from_str(&received.body).expect("JSON");
    assert_eq!((&body["event"], &body["kind"], &body["provider"]), (&"alert_raised".into(), &"idp_outage".into(), &"lab".into()));
    assert_eq!((&body["incident"], &body["failures"]), (&Value::from(incident), &7.into()));
    assert_eq!((&body["opened_at"], &body["site"]), (&"1970-01-01T00:00:00Z".into(), &"https://a.example".into()));
}

#[actix_web::test]
async fn slack_gets_text_that_mentions_nobody() {
    let post = Post::with(|config, address| config.slack_url = Some(format!("http://{address}/slack").into()));
    post.inbox.set("/slack", Reply::typed(200, "text/plain", "ok"));
    post.send();

    let received = post.wait_for("/slack", 1).await.remove(0);

    let body: Value = serde_json::from_str(&received.body).expect("JSON");
    let text = body["text"].as_str().expect("a text");
    assert!(text.starts_with("genkan: lab: the provider is in trouble (&lt;!channel&gt;), 7 failures."), "{text}");
}

#[actix_web::test]
async fn a_receiver_that_fails_for_a_while_gets_the_alert_later_and_once() {
    let post = Post::webhook();
    let path = format!("/{CANARY}");
    post.inbox.set(&path, Reply::typed(500, "text/plain", "no"));
    post.send();
    post.wait_for(&path, 1).await;
    post.inbox.set(&path, Reply::json("{}"));

    let received = post.wait_for(&path, 2).await;

    assert_eq!(received[0].body, received.last().expect("a request").body);
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert!(post.inbox.received(&path).len() <= 3, "taken is taken");
}

#[actix_web::test]
async fn what_no_try_delivers_is_an_event_and_no_address_stands_in_it() {
    for (reply, reason, status, tries) in [
        (Reply::typed(500, "text/plain", "no"), "refused", "500", "3"),
        (Reply::typed(410, "text/plain", "gone"), "refused", "410", "1"),
        (Reply::typed(302, "text/plain", "elsewhere"), "refused", "302", "1"),
        (Reply::Stall(Vec::new()), "timeout", "None", "3"),
        (Reply::Reset, "unreachable", "None", "3"),
    ] {
        let post = Post::webhook();
        post.inbox.set(&format!("/{CANARY}"), reply);

        let lost = wait_for_loss(&post.send()).await;

        let told = ["reason", "tries", "receiver"].map(|field| lost.field(field).to_owned());
        assert_eq!(told, [reason, tries, "webhook"], "{lost:?}");
        assert!([status, ""].contains(&lost.field("http_status")), "{lost:?}");
    }
    assert!(!logs::all_text().contains(CANARY), "the address is a secret");
}

#[actix_web::test]
async fn a_receiver_that_hangs_keeps_nobody_waiting_and_the_queue_has_an_end() {
    let post = Post::with(|config, address| {
        config.webhook_url = Some(format!("http://{address}/hangs").into());
        config.webhook_secret = Some(SECRET.into());
        config.slack_url = Some(format!("http://{address}/slack").into());
    });
    post.inbox.set("/hangs", Reply::Stall(Vec::new()));
    post.inbox.set("/slack", Reply::json("{}"));

    let started = Instant::now();
    let mut last = String::new();
    for _ in 0..300 {
        last = post.send();
        tokio::task::yield_now().await;
    }
    assert!(started.elapsed() < Duration::from_secs(2), "{:?}", started.elapsed());
    let lost = wait_for_loss(&last).await;

    assert_eq!((lost.field("receiver"), lost.field("reason")), ("webhook", "queue full"));
    assert!(!post.wait_for("/slack", 40).await.is_empty(), "the other one is told");
}

#[actix_web::test]
async fn sentry_gets_failures_with_level_and_fingerprint_and_cancels_never() {
    let sentry = Idp::start();
    sentry.set("/api/42/envelope/", Reply::json("{}"));
    let scene = Scene::with(|config| config.alerts.sentry_dsn = Some(format!("http://public@{}/42", sentry.address).into())).await;
    let browser = scene.app.browser();
    for case in ["cancel", "status_503"] {
        walk(&browser, case).await;
    }
    browser.open("/auth/lab/callback?code=c&state=forged").await;
    walk(&browser, "wrong_nonce").await;

    for _ in 0..400 {
        if sentry.received("/api/42/envelope/").len() >= 2 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }

    let received = sentry.received("/api/42/envelope/");
    let events: Vec<Value> = received.iter().filter_map(|request| serde_json::from_str(request.body.lines().nth(2)?).ok()).collect();
    let failures: Vec<_> = events.iter().filter(|event| event["tags"]["cause"].is_string()).collect();
    let told: Vec<_> = failures.iter().map(|event| event["tags"]["cause"].as_str().unwrap_or_default()).collect();
    assert_eq!(told, ["token_server_error", "nonce_mismatch"]);
    assert_eq!(failures[0]["level"], "warning");
    assert_eq!(failures[0]["fingerprint"], serde_json::json!(["lab", "token", "token_server_error"]));
    assert!(failures[1]["level"].is_null(), "error is what Sentry takes for granted");
    assert!(received[0].headers["x-sentry-auth"].contains("sentry_key=public"), "{received:?}");
    for event in &events {
        for personal in ["user", "server_name", "request"] {
            assert!(event[personal].is_null(), "{event}");
        }
        assert!(!event.to_string().contains("127.0.0.1\"") && !event.to_string().contains("traveller"), "{event}");
    }
}

#[test]
fn alerts_test_says_how_each_receiver_answers() {
    use crate::commands::place::Place;
    let inbox = Idp::start();
    inbox.set("/hook", Reply::json("{}"));
    inbox.set("/slack", Reply::typed(403, "text/plain", "no"));
    let (hook, slack) = (inbox.url("/hook"), inbox.url("/slack"));
    let variables =
        [("GENKAN_ALERTS__WEBHOOK_URL", &hook[..]), ("GENKAN_ALERTS__WEBHOOK_SECRET", SECRET), ("GENKAN_ALERTS__SLACK_URL", &slack)];

    let ended = Place::new().run_with(&["alerts", "test"], &variables);

    assert_eq!(ended.status.code(), Some(1), "{}", ended.stderr);
    let lines: Vec<_> = ended.stdout.lines().collect();
    assert!(lines[0].starts_with("webhook  took it: status 200"), "{lines:?}");
    assert!(lines[1].starts_with("slack    did NOT take it: refused, status 403"), "{lines:?}");
    assert!(inbox.received("/hook")[0].body.contains("alert_test"));
    assert!(Place::new().succeed(&["alerts", "test"]).contains("No receiver is configured"));
}

#[actix_web::test]
async fn every_operator_gets_a_letter_when_it_begins_and_when_it_is_over() {
    let server = MailServer::start();
    let scene = Scene::with(|config| {
        config.mail = Some(crate::mail::through(&server));
        config.alerts.mail_to = vec!["ops@example.com".to_owned(), "night@example.com".to_owned()];
    })
    .await;
    for client in 0..3 {
        super::alarms::fail(&scene.app, Cause::CodeUnusable, client);
    }
    scene.until("the alert", async |scene| scene.told("first_contact").0 > 0).await;

    let letters = server.wait_for(2).await;

    let mut to: Vec<_> = letters.iter().flat_map(|letter| letter.to.clone()).collect();
    to.sort_unstable();
    assert_eq!(to, ["RCPT TO:<night@example.com>", "RCPT TO:<ops@example.com>"]);
    assert_eq!(letters[0].header("Subject").as_deref(), Some("[genkan] lab: the provider has not worked since this process began"));
    assert!(letters[0].text().contains("Kind: first_contact"), "{}", letters[0].text());
    scene.app.clock.advance(Duration::from_secs(5));
    scene.walk().await;
    scene.until("the end", async |scene| scene.told("first_contact").1 > 0).await;
}

#[test]
fn alerts_test_asks_the_mail_server_at_once() {
    let server = MailServer::start();
    let (port, host) = (server.address.port().to_string(), server.address.ip().to_string());
    let variables = [
        ("GENKAN_MAIL__HOST", &host[..]),
        ("GENKAN_MAIL__PORT", &port),
        ("GENKAN_MAIL__TLS", "none"),
        ("GENKAN_MAIL__FROM", "accounts@genkan.example"),
        ("GENKAN_ALERTS__MAIL_TO", "ops@example.com"),
    ];

    let ended = crate::commands::place::Place::new().run_with(&["alerts", "test"], &variables);

    assert!(ended.stdout.starts_with("mail     took it: status 250"), "{}{}", ended.stdout, ended.stderr);
    assert_eq!(server.arrived()[0].header("Subject").as_deref(), Some("[genkan] a test of the alerts"));
}
