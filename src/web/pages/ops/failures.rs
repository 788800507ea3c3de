//! `/ops/failures`: what was recorded, newest first, filtered.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;

use super::filter::Filter;
use super::{Rows, Section, key_of, row_limit, words};
use crate::signin::failure::{Category, Cause, Stage};
use crate::store::failures::Failure;
use crate::web::error::PageError;
use crate::web::operator::Operator;
use crate::web::page::Page;
use crate::web::render::see_other;
use crate::web::visit::Visit;

/// The list; its form asks for the fields of a [`Filter`].
#[derive(Clone, Debug, Template)]
#[template(path = "ops/failures.html")]
pub struct FailuresPage {
    /// The frame.
    pub page: Page,
    /// Where in the navigation it is.
    pub section: Section,
    /// What was asked for.
    pub filter: Filter,
    /// What was typed as a reference and is none.
    pub no_reference: Option<String>,
    /// The providers that can be chosen: name in addresses, name for people.
    pub providers: Vec<(String, String)>,
    /// What was found.
    pub failures: Rows<Failure>,
}

impl FailuresPage {
    /// Returns every category, with its name.
    pub fn categories(&self) -> [(&'static str, &'static str); 4] {
        Category::ALL.map(|category| (category.as_str(), self.page.text(words::of_category(category))))
    }

    /// Returns every stage.
    pub fn stages(&self) -> [&'static str; 6] {
        Stage::ALL.map(Stage::as_str)
    }

    /// Returns every cause of a category.
    pub fn causes(&self, category: &str) -> impl Iterator<Item = &'static str> {
        let causes = Cause::ALL.iter().filter(move |cause| cause.category().as_str() == category);
        causes.map(|cause| cause.as_str()).collect::<Vec<_>>().into_iter()
    }

    /// Returns the name of a failure's category.
    pub fn category_of<'a>(&self, failure: &'a Failure) -> &'a str {
        words::of_category_word(self.page.texts, &failure.category)
    }
}

/// Shows what a filter finds; a reference leads straight to its story.
///
/// # Errors
///
/// [`PageError::SignedOut`], [`PageError::NotFound`] for whoever is no operator,
/// [`PageError::BadRequest`] for a time that cannot be read, [`PageError::Store`].
pub async fn get(visit: Visit, operator: Operator) -> Result<HttpResponse, PageError> {
    let typed = visit.query("reference").filter(|typed| !typed.trim().is_empty());
    if let Some(reference) = typed.as_deref().and_then(super::story::read_reference) {
        return Ok(see_other(&super::story::path_of(&reference)));
    }
    let filter = Filter::of(&visit);
    let question = filter.question(key_of(&visit, "before")?)?;
    let found = visit.signin().store.list_failures(question, row_limit()).await?;
    let failures = Rows::cut(found, &filter.list_path(), |failure| failure.id.to_string());
    let page = FailuresPage {
        page: visit.page(&operator.signed_in()).await,
        section: Section::Failures,
        no_reference: typed,
        providers: visit.signin().providers.iter().map(|provider| (provider.id.to_string(), provider.name.clone())).collect(),
        filter,
        failures,
    };
    Ok(visit.html(StatusCode::OK, &page))
}
