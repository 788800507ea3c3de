//! `/ops/providers`: how each provider does.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;

use super::overview::{ProviderLine, provider_lines};
use super::{Section, words};
use crate::ops::traffic::{Range, Traffic};
use crate::web::error::PageError;
use crate::web::operator::Operator;
use crate::web::page::Page;
use crate::web::render::with_parameter;
use crate::web::text::TextKey;
use crate::web::visit::Visit;

/// The list.
#[derive(Clone, Debug, Template)]
#[template(path = "ops/providers.html")]
pub struct ProvidersPage {
    /// The frame.
    pub page: Page,
    /// Where in the navigation it is.
    pub section: Section,
    /// What the numbers are about.
    pub range: Range,
    /// The providers, as they are configured.
    pub providers: Vec<ProviderLine>,
}

impl ProvidersPage {
    /// Returns the address of the same page for another range.
    pub fn path_of(&self, range: Range) -> String {
        with_parameter(Section::Providers.path(), "range", range.as_str())
    }

    /// Returns the name of a range.
    pub fn name_of(&self, range: Range) -> TextKey {
        words::of_range(range)
    }
}

/// Shows the list.
///
/// # Errors
///
/// [`PageError::SignedOut`], [`PageError::NotFound`] for whoever is no operator, [`PageError::Store`].
pub async fn get(visit: Visit, operator: Operator) -> Result<HttpResponse, PageError> {
    let range = visit.query("range").and_then(|word| Range::parse(&word)).unwrap_or(Range::Day);
    let signin = visit.signin();
    let traffic = Traffic::read(&signin.store, range, signin.clock.now()).await?;
    let page = visit.page(&operator.signed_in()).await;
    let providers = provider_lines(&visit, page.texts, &traffic);
    Ok(visit.html(StatusCode::OK, &ProvidersPage { page, section: Section::Providers, range, providers }))
}
