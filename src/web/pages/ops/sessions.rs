//! `/ops/sessions`: where people are signed in just now, and ending it (security.md SE-05).

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;

use super::{Rows, Section, desk, done, key_of, refused, row_limit};
use crate::domain::user::{Session, User};
use crate::web::body::Form;
use crate::web::error::PageError;
use crate::web::operator::Operator;
use crate::web::page::Page;
use crate::web::visit::Visit;
use crate::web::{csrf, flash};

/// The list; its forms post `user` and `session` to `/ops/sessions/end` and nothing more to `/ops/sessions/end-all`.
#[derive(Clone, Debug, Template)]
#[template(path = "ops/sessions.html")]
pub struct SessionsPage {
    /// The frame.
    pub page: Page,
    /// Where in the navigation it is.
    pub section: Section,
    /// The sessions, the newest first.
    pub sessions: Rows<SessionRow>,
}

/// One open session.
#[derive(Clone, Debug)]
pub struct SessionRow {
    /// The session.
    pub session: Session,
    /// Whose it is.
    pub user: User,
    /// Whether it is the one that asks.
    pub is_own: bool,
}

/// Shows everybody's open sessions.
///
/// # Errors
///
/// [`PageError::SignedOut`], [`PageError::NotFound`] for whoever is no operator, [`PageError::Store`].
pub async fn get(visit: Visit, operator: Operator) -> Result<HttpResponse, PageError> {
    let signin = visit.signin();
    let found = signin.store.list_all_sessions(key_of(&visit, "before")?, signin.clock.now(), row_limit()).await?;
    let own = operator.0.session.id;
    let sessions = Rows::cut(found, Section::Sessions.path(), |(session, _)| session.id.to_string());
    let sessions = sessions.map(|(session, user)| SessionRow { is_own: session.id == own, session, user });
    let page = SessionsPage { page: visit.page(&operator.signed_in()).await, section: Section::Sessions, sessions };
    Ok(visit.html(StatusCode::OK, &page))
}

/// Ends one session.
///
/// # Errors
///
/// [`PageError::NotFound`] if it was not open, [`PageError::CrossSite`], [`PageError::Store`].
pub async fn post_end(visit: Visit, operator: Operator, mut form: Form) -> Result<HttpResponse, PageError> {
    if let Err(cause) = csrf::check(&visit, &mut form) {
        return flash::refuse_form(&visit, Section::Sessions.path(), cause);
    }
    let user = form.text("user").parse().map_err(|_| PageError::BadRequest("this is not a user"))?;
    let session = form.text("session").parse().map_err(|_| PageError::BadRequest("this is not a session"))?;
    desk(&visit, &operator).end_session(user, session).await.map_err(refused)?;
    Ok(done(&visit, Section::Sessions.path()))
}

/// Ends every session but the operator's own one.
///
/// # Errors
///
/// [`PageError::CrossSite`], [`PageError::Store`].
pub async fn post_end_all(visit: Visit, operator: Operator, mut form: Form) -> Result<HttpResponse, PageError> {
    if let Err(cause) = csrf::check(&visit, &mut form) {
        return flash::refuse_form(&visit, Section::Sessions.path(), cause);
    }
    desk(&visit, &operator).sign_everybody_out().await?;
    Ok(done(&visit, Section::Sessions.path()))
}
