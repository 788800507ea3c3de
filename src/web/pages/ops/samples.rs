//! The operators' pages once, as full as they get, for the tests.

use std::time::Duration;

use askama::Template as _;
use chrono::DateTime;

use super::audit::AuditPage;
use super::failures::FailuresPage;
use super::filter::Filter;
use super::inbox::{InboxPage, Proposal, TrialPage};
use super::overview::{Glance, OverviewPage, ProviderLine, Tile};
use super::provider::ProviderPage;
use super::providers::ProvidersPage;
use super::rules::RulesPage;
use super::sessions::{SessionRow, SessionsPage};
use super::story::{Story as StoryView, StoryPage};
use super::user::UserPage;
use super::users::UsersPage;
use super::{Rows, Section};
use crate::clock::Clock;
use crate::domain::audit::{Act, AuditEntry};
use crate::domain::ids::{AttemptId, RowId, SessionId, UserId};
use crate::domain::user::{Session, User};
use crate::ops::rules::{Gives, Inbox, Matcher, Rule, Trial};
use crate::ops::traffic::Range;
use crate::provider::latency::Latency;
use crate::signin::check::{Status, Step as CheckStep};
use crate::signin::failure::{Category, Cause, ProviderErrorCode, Stage};
use crate::store::audit::NamedEntry;
use crate::store::failures::{Failure, FailureKind, Step, Story};
use crate::web::chart::{Bars, Series, Sparkline};
use crate::web::page::Page;
use crate::web::pages::samples::{self, HOSTILE};

fn clock() -> Clock {
    Clock::fixed(DateTime::UNIX_EPOCH)
}

#[expect(clippy::unnecessary_wraps, reason = "most fields that hold a stranger's text may be absent")]
fn hostile() -> Option<String> {
    Some(HOSTILE.to_owned())
}

fn user(is_disabled: bool) -> User {
    User {
        id: UserId::new(&clock()),
        name: HOSTILE.to_owned(),
        username: hostile(),
        email: hostile(),
        is_email_proven: true,
        is_operator: true,
        is_disabled,
        created_at: DateTime::UNIX_EPOCH,
    }
}

fn session() -> Session {
    let at = DateTime::UNIX_EPOCH;
    Session {
        id: SessionId::new(&clock()),
        user_id: UserId::new(&clock()),
        method: HOSTILE.to_owned(),
        browser: HOSTILE.to_owned(),
        created_at: at,
        seen_at: at,
        expires_at: at,
    }
}

fn failure() -> Failure {
    let step = Step {
        name: HOSTILE.to_owned(),
        result: HOSTILE.to_owned(),
        http_status: Some(503),
        content_type: hostile(),
        bytes: Some(7),
        fields: vec![HOSTILE.to_owned()],
        ..Step::default()
    };
    Failure {
        id: RowId::new(&clock()),
        reference: "K7Q2-9F3M".to_owned(),
        failed_at: DateTime::UNIX_EPOCH,
        provider: hostile(),
        category: HOSTILE.to_owned(),
        cause: HOSTILE.to_owned(),
        stage: HOSTILE.to_owned(),
        purpose: HOSTILE.to_owned(),
        provider_error: hostile(),
        http_status: Some(503),
        attempt: Some(AttemptId::new(&clock())),
        is_genuine: true,
        rule: Some(RowId::new(&clock())),
        fingerprint: HOSTILE.to_owned(),
        story: Story { detail: hostile(), clock_difference_secs: Some(-31), steps: vec![step.clone(), step], ..Story::default() },
    }
}

fn rows<T>(row: impl Fn() -> T, count: usize) -> Rows<T> {
    Rows { rows: (0..count).map(|_| row()).collect(), next: Some("/ops?a=b&before=c".to_owned()) }
}

/// A week's pictures with every bar and every series in them.
fn charts() -> Vec<Bars> {
    let steps = Range::Week.steps();
    let series =
        |kind| Series { kind, label: HOSTILE.to_owned(), values: (1..=steps).filter_map(|n| u64::try_from(n * 991).ok()).collect() };
    let times: Vec<String> = (0..steps).map(|n| format!("11-{n:02} 12:00")).collect();
    let failures = Category::ALL.map(|category| series(category.as_str())).into();
    vec![
        Bars::new("successes", HOSTILE.to_owned(), HOSTILE.to_owned(), vec![series("succeeded")], times.clone()),
        Bars::new("failures", HOSTILE.to_owned(), HOSTILE.to_owned(), failures, times),
    ]
}

fn line() -> ProviderLine {
    ProviderLine {
        id: "lab".to_owned(),
        name: HOSTILE.to_owned(),
        succeeded: 7,
        failed: 7,
        percent: Some(50),
        lost: 7,
        failures: Sparkline::new(HOSTILE.to_owned(), &[1; 28]),
    }
}

fn kind() -> FailureKind {
    FailureKind::sample(HOSTILE)
}

fn overview(page: Page) -> OverviewPage {
    let tile = |path: Option<&str>| Tile { kind: "other", number: "7".to_owned(), label: "ops-lost", path: path.map(str::to_owned) };
    OverviewPage {
        page,
        section: Section::Overview,
        range: Range::Week,
        tiles: vec![tile(None), tile(Some("/ops/failures?a=b&c=d"))],
        charts: charts(),
        glance: vec![Glance { label: "ops-range-now", succeeded: 1, failed: [1, 2, 3, 4] }],
        providers: vec![line(), ProviderLine { percent: None, ..line() }],
        strange: vec![kind()],
    }
}

fn story(page: Page, cause: Option<Cause>) -> StoryPage {
    let told = cause.map(samples::flash);
    let story = StoryView { failure: failure(), provider: hostile(), cause, told };
    StoryPage { page, section: Section::Failures, reference: "K7Q2-9F3M".to_owned(), story: Some(story), kept_days: 30 }
}

fn failures(page: Page) -> FailuresPage {
    let filter = Filter { from: HOSTILE.to_owned(), fingerprint: HOSTILE.to_owned(), ..Filter::default() };
    let providers = vec![("lab".to_owned(), HOSTILE.to_owned())];
    FailuresPage { page, section: Section::Failures, filter, no_reference: hostile(), providers, failures: rows(failure, 3) }
}

fn provider(page: Page) -> ProviderPage {
    let second = Duration::from_secs(1);
    let step = |status| CheckStep::new(HOSTILE, status, HOSTILE);
    ProviderPage {
        page,
        section: Section::Providers,
        range: Range::Day,
        line: line(),
        charts: charts(),
        latencies: vec![Latency { endpoint: "token", calls: 7, median: second, p95: second }],
        clock_difference_secs: Some(-31),
        kinds: vec![kind()],
        steps: Some(vec![step(Status::Ok), step(Status::Failed), step(Status::Skipped)]),
    }
}

fn user_page(page: Page, is_disabled: bool) -> UserPage {
    let link = Some("/reset/token".to_owned());
    let (providers, sessions) = (vec![HOSTILE.to_owned()], vec![session()]);
    UserPage { page, section: Section::Users, user: user(is_disabled), providers, sessions, is_oneself: false, reset_link: link }
}

fn sessions(page: Page) -> SessionsPage {
    let row = |is_own| SessionRow { session: session(), user: user(false), is_own };
    SessionsPage { page, section: Section::Sessions, sessions: Rows { rows: vec![row(true), row(false)], next: None } }
}

fn audit(page: Page) -> AuditPage {
    let named = |act: &str| {
        let (id, operator, at) = (RowId::new(&clock()), UserId::new(&clock()), DateTime::UNIX_EPOCH);
        NamedEntry { entry: AuditEntry { id, operator, act: act.to_owned(), subject: hostile(), at }, operator_name: hostile() }
    };
    let entries = Act::ALL.iter().map(|act| named(act.as_str())).chain([named(HOSTILE)]).collect();
    AuditPage { page, section: Section::Audit, entries: Rows { rows: entries, next: None } }
}

fn inbox(page: Page) -> InboxPage {
    let mut known = kind();
    known.cause = Cause::TokenRefused.as_str().to_owned();
    let entry = |kind| Inbox { kind, samples: vec![failure()] };
    InboxPage { page, section: Section::Inbox, kinds: vec![entry(kind()), entry(known)] }
}

fn trial(page: Page, trial: Result<Trial, String>) -> TrialPage {
    let proposal = Proposal::read(|_| HOSTILE.to_owned());
    TrialPage { page, section: Section::Inbox, proposal, trial }
}

fn rules(page: Page) -> RulesPage {
    let rule = |gives, ended| Rule {
        id: RowId::new(&clock()),
        matcher: Matcher { stage: Some(Stage::Token), provider_error: ProviderErrorCode::clean("code"), ..Matcher::default() },
        gives,
        note: HOSTILE.to_owned(),
        made_by: HOSTILE.to_owned(),
        made_at: DateTime::UNIX_EPOCH,
        ended,
    };
    let ended = Some((HOSTILE.to_owned(), DateTime::UNIX_EPOCH));
    let rules = vec![rule(Gives::Category(Category::IdpOutage), None), rule(Gives::Level(log::Level::Warn), ended)];
    RulesPage { page, section: Section::Rules, rules, fault: hostile() }
}

/// Renders every page; each with a name for messages.
pub fn all(page: impl Fn() -> Page) -> Vec<(&'static str, askama::Result<String>)> {
    let page = || Page { signed_in: hostile(), ..page() };
    let providers = ProvidersPage { page: page(), section: Section::Providers, range: Range::Day, providers: vec![line()] };
    let users = UsersPage { page: page(), section: Section::Users, query: HOSTILE.to_owned(), users: rows(|| user(true), 3) };
    vec![
        ("ops", overview(page()).render()),
        ("ops failures", failures(page()).render()),
        ("ops story", story(page(), Some(Cause::TokenTimeout)).render()),
        ("ops story of another version", story(page(), None).render()),
        ("ops story of nothing", StoryPage { story: None, ..story(page(), None) }.render()),
        ("ops inbox", inbox(page()).render()),
        ("ops trial", trial(page(), Ok(Trial { looked_at: 7, moved: vec![failure()] })).render()),
        ("ops trial refused", trial(page(), Err(HOSTILE.to_owned())).render()),
        ("ops rules", rules(page()).render()),
        ("ops providers", providers.render()),
        ("ops provider", provider(page()).render()),
        ("ops users", users.render()),
        ("ops user", user_page(page(), false).render()),
        ("ops user, disabled", user_page(page(), true).render()),
        ("ops sessions", sessions(page()).render()),
        ("ops audit", audit(page()).render()),
    ]
}
