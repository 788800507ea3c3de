//! `/ops/providers/{id}`: one provider, and asking it how it is.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;

use super::overview::{ProviderLine, provider_lines};
use super::{Section, desk, words};
use crate::domain::audit::Act;
use crate::ops::traffic::{Range, Traffic};
use crate::provider::latency::Latency;
use crate::signin::check::{Step, check_provider};
use crate::store::failures::{FailureFilter, FailureKind};
use crate::web::body::Form;
use crate::web::chart::Bars;
use crate::web::error::PageError;
use crate::web::operator::Operator;
use crate::web::page::Page;
use crate::web::render::with_parameter;
use crate::web::text::TextKey;
use crate::web::visit::Visit;
use crate::web::{csrf, flash};

/// How many kinds of failure are listed.
const MAX_KINDS: i64 = 50;

/// One provider; its form posts `csrf_token` to `check` below it.
#[derive(Clone, Debug, Template)]
#[template(path = "ops/provider.html")]
pub struct ProviderPage {
    /// The frame.
    pub page: Page,
    /// Where in the navigation it is.
    pub section: Section,
    /// What the numbers are about.
    pub range: Range,
    /// Its numbers.
    pub line: ProviderLine,
    /// Sign-ins that went well, and failures.
    pub charts: Vec<Bars>,
    /// How long its endpoints took of late, in this process.
    pub latencies: Vec<Latency>,
    /// Our clock minus the provider's, in seconds, if an answer has told.
    pub clock_difference_secs: Option<i64>,
    /// The last failure of each kind, within the week.
    pub kinds: Vec<FailureKind>,
    /// What a check has found, right after it ran.
    pub steps: Option<Vec<Step>>,
}

impl ProviderPage {
    /// Returns the address of the page.
    pub fn path(&self) -> String {
        path_of(&self.line.id)
    }

    /// Returns where the form of a check posts to.
    pub fn check_path(&self) -> String {
        format!("{}/check", self.path())
    }

    /// Returns the address of the same page for another range.
    pub fn path_of(&self, range: Range) -> String {
        with_parameter(&self.path(), "range", range.as_str())
    }

    /// Returns the name of a range.
    pub fn name_of(&self, range: Range) -> TextKey {
        words::of_range(range)
    }

    /// Returns the name of the category of a kind.
    pub fn category_of<'a>(&self, kind: &'a FailureKind) -> &'a str {
        words::of_category_word(self.page.texts, &kind.category)
    }

    /// Returns the failures of a kind.
    pub fn path_of_kind(&self, kind: &FailureKind) -> String {
        with_parameter(Section::Failures.path(), "fingerprint", &kind.fingerprint)
    }

    /// Returns the failures of this provider.
    pub fn path_of_failures(&self) -> String {
        with_parameter(Section::Failures.path(), "provider", &self.line.id)
    }
}

/// Shows the provider.
///
/// # Errors
///
/// [`PageError::NotFound`] for one that is not configured and for whoever is no operator,
/// [`PageError::SignedOut`], [`PageError::Store`].
pub async fn get(visit: Visit, operator: Operator) -> Result<HttpResponse, PageError> {
    let page = visit.page(&operator.signed_in()).await;
    let page = view(&visit, page).await?;
    Ok(visit.html(StatusCode::OK, &page))
}

/// Asks the provider how it is, as `genkan check` does, and shows what it found.
///
/// It changes nothing, so that sending the form once more does no harm; the answer is made of
/// what was found, which is kept nowhere.
///
/// # Errors
///
/// As [`get`], and [`PageError::CrossSite`].
pub async fn post_check(visit: Visit, operator: Operator, mut form: Form) -> Result<HttpResponse, PageError> {
    let provider = visit.provider().ok_or(PageError::NotFound)?;
    if let Err(cause) = csrf::check(&visit, &mut form) {
        return flash::refuse_form(&visit, &path_of(provider.id.as_str()), cause);
    }
    desk(&visit, &operator).keep(Act::ProviderChecked, Some(provider.id.to_string())).await?;
    let steps = check_provider(provider, &visit.signin().config).await;
    let page = view(&visit, visit.quiet_page(&operator.signed_in())).await?;
    Ok(visit.html(StatusCode::OK, &ProviderPage { steps: Some(steps), ..page }))
}

async fn view(visit: &Visit, page: Page) -> Result<ProviderPage, PageError> {
    let provider = visit.provider().ok_or(PageError::NotFound)?;
    let range = visit.query("range").and_then(|word| Range::parse(&word)).unwrap_or(Range::Day);
    let (signin, texts) = (visit.signin(), page.texts);
    let now = signin.clock.now();
    let traffic = Traffic::read(&signin.store, range, now).await?.of(provider.id.as_str());
    let filter = FailureFilter { since: Some(Range::Week.since(now)), provider: Some(provider.id.to_string()), ..FailureFilter::default() };
    let line = provider_lines(visit, texts, &traffic).into_iter().find(|line| line.id == provider.id.as_str());
    Ok(ProviderPage {
        section: Section::Providers,
        range,
        line: line.ok_or(PageError::NotFound)?,
        charts: vec![words::draw_successes(texts, &traffic), words::draw_failures(texts, &traffic)],
        latencies: provider.latencies(),
        clock_difference_secs: provider.clock_difference_secs(),
        kinds: signin.store.list_failure_kinds(filter, MAX_KINDS).await?,
        steps: None,
        page,
    })
}

fn path_of(id: &str) -> String {
    format!("{}/{id}", Section::Providers.path())
}
