//! `/ops/users`: looking for a user.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;

use super::{Rows, Section, key_of, row_limit};
use crate::domain::user::User;
use crate::store::people::UserSearch;
use crate::web::error::PageError;
use crate::web::operator::Operator;
use crate::web::page::Page;
use crate::web::render::with_parameter;
use crate::web::visit::Visit;

/// The list; its form asks for `q`.
#[derive(Clone, Debug, Template)]
#[template(path = "ops/users.html")]
pub struct UsersPage {
    /// The frame.
    pub page: Page,
    /// Where in the navigation it is.
    pub section: Section,
    /// What was looked for.
    pub query: String,
    /// Who was found.
    pub users: Rows<User>,
}

/// Shows whom a search finds: by user name, proven address or identifier.
///
/// # Errors
///
/// [`PageError::SignedOut`], [`PageError::NotFound`] for whoever is no operator, [`PageError::Store`].
pub async fn get(visit: Visit, operator: Operator) -> Result<HttpResponse, PageError> {
    let query = visit.query("q").unwrap_or_default();
    let before = key_of(&visit, "before")?;
    let found = visit.signin().store.search_users(UserSearch::parse(&query), before, row_limit()).await?;
    let path = if query.is_empty() { Section::Users.path().to_owned() } else { with_parameter(Section::Users.path(), "q", &query) };
    let users = Rows::cut(found, &path, |user| user.id.to_string());
    let page = UsersPage { page: visit.page(&operator.signed_in()).await, section: Section::Users, query, users };
    Ok(visit.html(StatusCode::OK, &page))
}
