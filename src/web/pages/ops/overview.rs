//! `/ops`: how it goes just now.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;

use super::incidents::{IncidentLine, breaker_key};
use super::{Section, words};
use crate::ops::alarm::Kind;
use crate::ops::health::Condition;
use crate::ops::overview::{self, Overview};
use crate::ops::record::Outcome;
use crate::ops::traffic::{Range, SUCCEEDED, Traffic};
use crate::signin::failure::Category;
use crate::store::failures::FailureKind;
use crate::web::chart::{Bars, Sparkline};
use crate::web::error::PageError;
use crate::web::operator::{OPS, Operator};
use crate::web::page::Page;
use crate::web::render::with_parameter;
use crate::web::text::{TextKey, Texts};
use crate::web::visit::Visit;

/// The overview.
#[derive(Clone, Debug, Template)]
#[template(path = "ops/overview.html")]
pub struct OverviewPage {
    /// The frame.
    pub page: Page,
    /// Where in the navigation it is.
    pub section: Section,
    /// Which range the tiles and pictures are about.
    pub range: Range,
    /// The incidents that go on.
    pub incidents: Vec<IncidentLine>,
    /// How many letters were given up.
    pub dead_letters: u64,
    /// The numbers of the range.
    pub tiles: Vec<Tile>,
    /// Sign-ins that went well, and failures.
    pub charts: Vec<Bars>,
    /// Now, the last hour, day and week.
    pub glance: Vec<Glance>,
    /// How each provider does in the range.
    pub providers: Vec<ProviderLine>,
    /// Kinds of failure that nobody has explained yet.
    pub strange: Vec<FailureKind>,
}

/// A number and what it counts.
#[derive(Clone, Debug)]
pub struct Tile {
    /// The word that chooses the colour.
    pub kind: &'static str,
    /// The number, as people write it.
    pub number: String,
    /// What it counts.
    pub label: TextKey,
    /// Where more about it is.
    pub path: Option<String>,
}

/// A row of the table of all ranges.
#[derive(Clone, Debug)]
pub struct Glance {
    /// The name of the range.
    pub label: TextKey,
    /// How many signed in.
    pub succeeded: u64,
    /// How many failed, by category.
    pub failed: [u64; 4],
}

/// One provider in a few numbers.
#[derive(Clone, Debug)]
pub struct ProviderLine {
    /// Its name in addresses.
    pub id: String,
    /// Its name for people.
    pub name: String,
    /// How many signed in or linked with it.
    pub succeeded: u64,
    /// How many failed.
    pub failed: u64,
    /// How many of a hundred succeed.
    pub percent: Option<u64>,
    /// How many began and never came back.
    pub lost: u64,
    /// Its failures over time.
    pub failures: Sparkline,
    /// What its breaker says.
    pub condition: Condition,
}

impl ProviderLine {
    /// Says what people are told of it.
    pub fn breaker(&self) -> TextKey {
        breaker_key(self.condition.state)
    }

    /// Says since when, as far as that is known.
    pub fn since(&self, texts: &Texts) -> Option<String> {
        self.condition.since.map(|since| texts.with("status-since", "time", &texts.time(since)))
    }
}

/// Every category as an outcome.
pub const FAILED: [Outcome; 4] = [
    Outcome::Failed(Category::UserCancelled),
    Outcome::Failed(Category::BrowserEnvironment),
    Outcome::Failed(Category::IdpOutage),
    Outcome::Failed(Category::Other),
];

impl OverviewPage {
    /// Returns the address of the same page for another range.
    pub fn path_of(&self, range: Range) -> String {
        with_parameter(OPS, "range", range.as_str())
    }

    /// Returns the providers of which people are told that they are in trouble, and no incident says so.
    pub fn troubled(&self) -> impl Iterator<Item = &ProviderLine> {
        let is_told = |id: &str| self.incidents.iter().any(|line| line.incident.kind == Kind::IdpOutage && line.incident.provider == id);
        self.providers.iter().filter(move |one| one.condition.state.is_troubled() && !is_told(&one.id))
    }

    /// Tells whether there is nothing that wants an operator just now.
    pub fn is_calm(&self) -> bool {
        self.incidents.is_empty() && self.dead_letters == 0 && self.providers.iter().all(|one| !one.condition.state.is_troubled())
    }

    /// Returns the failures of a kind.
    pub fn path_of_kind(&self, kind: &FailureKind) -> String {
        with_parameter(Section::Failures.path(), "fingerprint", &kind.fingerprint)
    }
}

/// Shows the overview.
///
/// # Errors
///
/// [`PageError::SignedOut`], [`PageError::NotFound`] for whoever is no operator, [`PageError::Store`].
pub async fn get(visit: Visit, operator: Operator) -> Result<HttpResponse, PageError> {
    let range = visit.query("range").and_then(|word| Range::parse(&word)).unwrap_or(Range::Hour);
    let all = Overview::read(visit.signin()).await?;
    let page = visit.page(&operator.signed_in()).await;
    let (traffic, texts) = (all.traffic(range), page.texts);
    let page = OverviewPage {
        section: Section::Overview,
        range,
        incidents: all.incidents.iter().map(|incident| IncidentLine::new(visit.signin(), incident.clone())).collect(),
        dead_letters: all.mail.dead,
        tiles: tiles(&visit, &all, range),
        charts: vec![words::draw_successes(texts, traffic), words::draw_failures(texts, traffic)],
        glance: glance(&all),
        providers: provider_lines(&visit, texts, traffic),
        strange: all.strange,
        page,
    };
    Ok(visit.html(StatusCode::OK, &page))
}

fn tiles(visit: &Visit, all: &Overview, range: Range) -> Vec<Tile> {
    let traffic = all.traffic(range);
    let plain = |kind, number: u64, label| Tile { kind, number: number.to_string(), label, path: None };
    let mut tiles = vec![plain("succeeded", traffic.total(&SUCCEEDED), "ops-chart-succeeded")];
    for category in Category::ALL {
        let path = with_parameter(Section::Failures.path(), "category", category.as_str());
        let path = with_parameter(&path, "from", &super::filter::moment(range.since(all.now)));
        let number = traffic.total(&[Outcome::Failed(category)]);
        tiles.push(Tile { path: Some(path), ..plain(category.as_str(), number, words::of_category(category)) });
    }
    tiles.push(plain("lost", traffic.lost(overview::attempt_ttl(visit.signin()), all.now), "ops-lost"));
    tiles.push(plain("refused", traffic.total(&[Outcome::PasswordRefused]), "ops-passwords-refused"));
    tiles.push(plain("refused", traffic.total(&[Outcome::TokenRefused]), "ops-tokens-refused"));
    tiles
}

fn glance(all: &Overview) -> Vec<Glance> {
    let whole = |label, traffic: &Traffic| Glance {
        label,
        succeeded: traffic.total(&SUCCEEDED),
        failed: FAILED.map(|outcome| traffic.total(&[outcome])),
    };
    let last = |outcomes: &[Outcome]| all.hour.series(outcomes).last().copied().unwrap_or(0);
    let now = Glance { label: "ops-range-now", succeeded: last(&SUCCEEDED), failed: FAILED.map(|outcome| last(&[outcome])) };
    vec![now, whole("ops-range-hour", &all.hour), whole("ops-range-day", &all.day), whole("ops-range-week", &all.week)]
}

/// Describes every provider that is configured, by what was counted of it.
pub fn provider_lines(visit: &Visit, texts: &'static Texts, traffic: &Traffic) -> Vec<ProviderLine> {
    let signin = visit.signin();
    let line = |provider: &crate::provider::Provider| {
        let own = traffic.of(provider.id.as_str());
        let failures = own.series(&FAILED);
        ProviderLine {
            id: provider.id.to_string(),
            name: provider.name.clone(),
            succeeded: own.total(&SUCCEEDED),
            failed: failures.iter().sum(),
            percent: own.success_percent(),
            lost: own.lost(overview::attempt_ttl(signin), signin.clock.now()),
            failures: Sparkline::new(texts.with("ops-spark-failures", "name", &provider.name), &failures),
            condition: signin.watch.health.condition(&provider.id),
        }
    };
    signin.providers.iter().map(line).collect()
}
