//! `/ops/failures/{reference}`: the story of one failure.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;

use super::{Section, words};
use crate::random;
use crate::signin::failure::{Category, Cause};
use crate::store::failures::{Failure, FailureFilter};
use crate::web::error::PageError;
use crate::web::flash_view::FlashView;
use crate::web::operator::Operator;
use crate::web::page::Page;
use crate::web::render::{see_other, with_parameter};
use crate::web::visit::Visit;

/// The story.
#[derive(Clone, Debug, Template)]
#[template(path = "ops/story.html")]
pub struct StoryPage {
    /// The frame.
    pub page: Page,
    /// Where in the navigation it is.
    pub section: Section,
    /// The reference, as the person sees it.
    pub reference: String,
    /// What is known; `None` if nothing is (any more).
    pub story: Option<Story>,
    /// For how many days failures are kept.
    pub kept_days: u64,
}

/// What is known of one failure.
#[derive(Clone, Debug)]
pub struct Story {
    /// What was recorded.
    pub failure: Failure,
    /// The provider's name for people.
    pub provider: Option<String>,
    /// The cause; `None` if it is another version's.
    pub cause: Option<Cause>,
    /// What the person was told.
    pub told: Option<FlashView>,
}

impl StoryPage {
    /// Returns the name of the category that the failure had.
    pub fn category_of<'a>(&self, story: &'a Story) -> &'a str {
        words::of_category_word(self.page.texts, &story.failure.category)
    }

    /// Returns the failures of the same kind.
    pub fn path_of_kind(&self, story: &Story) -> String {
        with_parameter(Section::Failures.path(), "fingerprint", &story.failure.fingerprint)
    }

    /// Returns the names of a cause in other software, where it has any.
    pub fn elsewhere(&self, cause: &Cause) -> Vec<(&'static str, String)> {
        let systems = cause.elsewhere().systems();
        systems.into_iter().filter(|(_, _, names)| !names.is_empty()).map(|(_, system, names)| (system, names.join(", "))).collect()
    }
}

/// Returns the address of a story.
pub fn path_of(reference: &str) -> String {
    format!("{}/{reference}", Section::Failures.path())
}

/// Reads a reference as people write it down: in any case, with or without dash and blanks.
pub fn read_reference(typed: &str) -> Option<String> {
    random::parse_reference(&typed.split_whitespace().collect::<String>())
}

/// Shows the story; a reference in another spelling leads to its own address.
///
/// # Errors
///
/// [`PageError::SignedOut`], [`PageError::NotFound`] for whoever is no operator and for what is no
/// reference, [`PageError::Store`].
pub async fn get(visit: Visit, operator: Operator) -> Result<HttpResponse, PageError> {
    let typed = visit.segment("reference").to_owned();
    let reference = read_reference(&typed).ok_or(PageError::NotFound)?;
    if reference != typed {
        return Ok(see_other(&path_of(&reference)));
    }
    let filter = FailureFilter { reference: Some(reference.clone()), ..FailureFilter::default() };
    let found = visit.signin().store.list_failures(filter, 1).await?.pop();
    let status = if found.is_some() { StatusCode::OK } else { StatusCode::NOT_FOUND };
    let page = StoryPage {
        page: visit.page(&operator.signed_in()).await,
        section: Section::Failures,
        reference,
        story: found.map(|failure| tell(&visit, failure)),
        kept_days: visit.signin().config.ops.failure_retention_days,
    };
    Ok(visit.html(status, &page))
}

fn tell(visit: &Visit, failure: Failure) -> Story {
    let name = |id: &String| visit.signin().providers.find(id).map_or_else(|| id.clone(), |provider| provider.name.clone());
    let provider = failure.provider.as_ref().map(name);
    let cause = Cause::from_name(&failure.cause);
    let told = cause.map(|cause| FlashView {
        cause,
        category: Category::from_name(&failure.category).unwrap_or_else(|| cause.category()),
        reference: failure.reference.clone(),
        provider: provider.clone(),
        retry: None,
        return_to: None,
    });
    Story { failure, provider, cause, told }
}
