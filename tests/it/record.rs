//! The failure record: it agrees with log and counters, keeps nobody waiting and tells the story.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::future::join_all;
use genkan::lab::Lab;
use genkan::store::counts::Width;
use genkan::store::failures::{Failure, FailureFilter};

use super::support::app::{PASSWORD, TestApp};
use super::support::trip::Trip;
use super::support::{logs, metrics};

/// The provider's name in the test that counts: no other test has one like it.
const LEDGER: &str = "ledger";
/// What the lab does in the mixed load; `None`: the browser never comes back.
const MIX: [Option<&str>; 10] = [
    Some("approve"),
    Some("cancel"),
    Some("state_lost"),
    Some("approve"),
    None,
    Some("status_503"),
    Some("invalid_client"),
    Some("invalid_grant"),
    Some("profile_500"),
    Some("without_email"),
];
/// How many browsers are under way at once, and how many trips each makes.
const BROWSERS: usize = 10;
const TRIPS: usize = 100;
/// How many forged answers come with each trip.
const FORGED: usize = 2;

/// Counts by category, cause and stage.
type Tally = BTreeMap<(String, String, String), u64>;

async fn record_of(app: &TestApp, filter: FailureFilter) -> Vec<Failure> {
    app.state.signin.watch.recorder.write_out(&app.state.signin.store).await.expect("the record is written");
    app.state.signin.store.list_failures(filter, 1_000_000).await.expect("a query")
}

/// How often something was counted that belongs to no provider.
pub async fn count_outcomes(app: &TestApp, outcome: &str) -> u64 {
    counts_of(app).await.get(&(String::new(), outcome.to_owned())).copied().unwrap_or(0)
}

async fn counts_of(app: &TestApp) -> BTreeMap<(String, String), u64> {
    app.state.signin.watch.recorder.write_out(&app.state.signin.store).await.expect("the record is written");
    let ever = (DateTime::<Utc>::UNIX_EPOCH, app.clock.now() + TimeDelta::hours(1));
    let mut counts = BTreeMap::new();
    for point in app.state.signin.store.list_counts(ever.0, ever.1, Width::Hour).await.expect("a query") {
        *counts.entry((point.provider, point.outcome)).or_default() += point.total;
    }
    counts
}

/// One browser's share of the mixed load, over both replicas.
async fn walk(replicas: [&TestApp; 2], number: usize) {
    let browser = replicas[0].browser();
    for trip_number in 0..TRIPS {
        let case = MIX[(number + trip_number) % MIX.len()];
        let trip = Trip::begin(&browser, LEDGER, "").await;
        for _ in 0..FORGED {
            let forged = format!("/auth/{LEDGER}/callback?code=c&state=forged");
            browser.open(&replicas[(trip_number + 1) % 2].address(&forged)).await;
        }
        if let Some(case) = case {
            let back = trip.answer(if case == "state_lost" { "no_state" } else { case }, &format!("p{number}")).await;
            browser.open(&replicas[trip_number % 2].address(back.path())).await;
        }
    }
}

fn logged() -> Tally {
    let mut tally = Tally::new();
    for line in logs::with("provider", LEDGER).iter().filter(|line| line.field("event") == "signin_failed") {
        let word = |name: &str| line.field(name).to_owned();
        *tally.entry((word("category"), word("cause"), word("stage"))).or_default() += 1;
    }
    tally
}

fn counted() -> Tally {
    let of = |labels: &str, name: &str| {
        let value = labels.split(',').find_map(|label| label.strip_prefix(&format!("{name}=\"")));
        value.and_then(|value| value.strip_suffix('"')).expect("a label").to_owned()
    };
    let series = metrics::of_provider("genkan_signin_failures_total", LEDGER);
    let counted = series.into_iter().filter(|(_, count)| *count > 0);
    counted.map(|(labels, count)| ((of(&labels, "category"), of(&labels, "cause"), of(&labels, "stage")), count)).collect()
}

fn recorded(failures: Vec<Failure>) -> Tally {
    let mut tally = Tally::new();
    for failure in failures {
        *tally.entry((failure.category, failure.cause, failure.stage)).or_default() += 1;
    }
    tally
}

async fn two_replicas() -> (TestApp, TestApp, Lab) {
    metrics::start();
    let (app, lab) = TestApp::with_lab_and(|config| {
        LEDGER.clone_into(&mut config.providers[0].id);
        config.database.max_connections = 8;
    })
    .await;
    let twin = app.twin().await;
    (app, twin, lab)
}

#[actix_web::test]
async fn lg_02_counters_record_and_log_agree_to_the_unit_over_two_replicas() {
    let (app, twin, _lab) = two_replicas().await;
    let started = Instant::now();

    join_all((0..BROWSERS).map(|number| walk([&app, &twin], number))).await;

    println!("{} trips and {} forged answers in {:?}", BROWSERS * TRIPS, BROWSERS * TRIPS * FORGED, started.elapsed());
    record_of(&twin, FailureFilter::default()).await;
    let failures = recorded(record_of(&app, FailureFilter { provider: Some(LEDGER.to_owned()), ..FailureFilter::default() }).await);
    assert_eq!((&failures, &counted()), (&logged(), &logged()));
    let total = u64::try_from(BROWSERS * TRIPS).expect("a number");
    let counts = counts_of(&app).await;
    let count = |outcome: &str| counts.get(&(LEDGER.to_owned(), outcome.to_owned())).copied().unwrap_or(0);
    let by_category = |category: &str| failures.iter().filter(|((of, ..), _)| of == category).map(|(_, count)| count).sum::<u64>();
    for category in ["user_cancelled", "browser_environment", "idp_outage", "other"] {
        assert_eq!(count(category), by_category(category), "{category}");
    }
    assert_eq!(count("begun"), total);
    assert_eq!(
        count("signed_in"),
        logs::with("provider", LEDGER).iter().filter(|line| line.field("event") == "signin_succeeded").count() as u64
    );
    assert_eq!(metrics::of_provider("genkan_signins_total", LEDGER).values().sum::<u64>(), count("signed_in"));
    assert_eq!(metrics::of_provider("genkan_signin_attempts_total", LEDGER).values().sum::<u64>(), total);
    assert_eq!(count("begun") - count("returned"), total / 5, "one in ten never came back, one in ten lost its state");
    assert_eq!(by_category("browser_environment"), total / 5 + total * 2, "forged answers, lost states and spent codes");
}

#[actix_web::test]
async fn a_failure_has_a_story_without_any_secret() {
    let (app, _lab) = TestApp::with_lab().await;
    let browser = app.browser();
    let back = Trip::begin(&browser, "lab", "").await.answer("invalid_client", "storyteller").await;
    let flash = browser.follow(&back.open().await).await.flash().expect("a flash");

    let found = record_of(&app, FailureFilter { reference: Some(flash.reference), ..FailureFilter::default() }).await;

    let [failure] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!((failure.cause.as_str(), failure.is_genuine), ("client_refused", true));
    let steps: Vec<_> = failure.story.steps.iter().map(|step| (step.name.as_str(), step.result.as_str())).collect();
    assert_eq!(steps, [("token", "answered"), ("token", "client_refused")], "{failure:?}");
    let call = &failure.story.steps[0];
    assert_eq!((call.http_status, call.content_type.as_deref()), (Some(401), Some("application/json")), "{call:?}");
    assert!(call.fields.contains(&"error".to_owned()) && call.bytes > Some(0), "{call:?}");
    let text = format!("{failure:?}");
    for secret in back.secrets() {
        assert!(!text.contains(&secret), "{text}");
    }
    assert!(!text.contains("127.0.0.1") && !text.contains("storyteller"), "{text}");
}

#[actix_web::test]
async fn a_forged_answer_is_no_genuine_failure() {
    let (app, _lab) = TestApp::with_lab().await;

    app.browser().open("/auth/lab/callback?error=server_error&state=forged").await;

    let found = record_of(&app, FailureFilter::default()).await;
    assert_eq!(found.iter().map(|failure| failure.is_genuine).collect::<Vec<_>>(), [false]);
}

#[actix_web::test]
async fn an_attempt_that_comes_back_twice_is_counted_as_returned_once() {
    let (app, _lab) = TestApp::with_lab().await;
    let browser = app.browser();
    let back = Trip::begin(&browser, "lab", "").await.answer("approve", "twice").await;

    back.open().await;
    back.open().await;

    let counts = counts_of(&app).await;
    assert_eq!(counts.get(&("lab".into(), "returned".into())), Some(&1), "{counts:?}");
    assert_eq!(counts.get(&("lab".into(), "signed_in".into())), Some(&1), "{counts:?}");
}

#[actix_web::test]
async fn passwords_are_counted_and_nobody_is_named() {
    let app = TestApp::spawn().await;
    app.browser_of("hanako").await;

    app.browser().sign_in("hanako", "wrong").await;
    app.browser().sign_in("hanako", PASSWORD).await;

    let counts = counts_of(&app).await;
    assert_eq!(counts.get(&(String::new(), "password_refused".into())), Some(&1), "{counts:?}");
    assert_eq!(counts.get(&(String::new(), "signed_in".into())), Some(&2), "the registration and the sign-in: {counts:?}");
}

#[actix_web::test]
async fn lg_08_a_database_that_is_away_keeps_nobody_waiting_and_the_record_is_complete_later() {
    let (app, _lab) = TestApp::with_lab().await;
    let browser = app.browser();
    let lock = app.lock_database();

    let started = Instant::now();
    let page = browser.open("/auth/lab/callback?code=c&state=forged").await;

    assert_eq!(page.status, 303, "{page:?}");
    assert!(started.elapsed() < Duration::from_secs(1), "{:?}", started.elapsed());
    drop(lock);
    assert_eq!(record_of(&app, FailureFilter::default()).await.len(), 1);
}

#[actix_web::test]
async fn nothing_is_recorded_where_nothing_is_to_be_kept() {
    let app = TestApp::with(|config| config.ops.failure_retention_days = 0).await;

    app.browser().sign_in("nobody", "wrong").await;
    app.browser().open("/auth/lab/callback?code=c&state=forged").await;

    assert_eq!((record_of(&app, FailureFilter::default()).await.len(), counts_of(&app).await.len()), (0, 0));
}
