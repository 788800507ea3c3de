//! `/ops/users/{id}`: one user, and what an operator can do for them.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;

use super::{Section, desk, done, refused};
use crate::domain::ids::UserId;
use crate::domain::user::{Session, User};
use crate::store::StoreError;
use crate::web::body::Form;
use crate::web::error::PageError;
use crate::web::operator::Operator;
use crate::web::page::Page;
use crate::web::visit::Visit;
use crate::web::{csrf, flash};

/// One user; its forms post `csrf_token` to `disable`, `enable`, `sign-out` and `reset-link` below it,
/// and `user` and `session` to `/ops/sessions/end`.
#[derive(Clone, Debug, Template)]
#[template(path = "ops/user.html")]
pub struct UserPage {
    /// The frame.
    pub page: Page,
    /// Where in the navigation it is.
    pub section: Section,
    /// The user.
    pub user: User,
    /// The providers they can sign in with.
    pub providers: Vec<String>,
    /// Where they are signed in.
    pub sessions: Vec<Session>,
    /// Whether it is the operator who asks.
    pub is_oneself: bool,
    /// A link for a new password, shown once, right after it was made.
    pub reset_link: Option<String>,
}

impl UserPage {
    /// Returns where the form of an act posts to.
    pub fn action(&self, act: &str) -> String {
        format!("{}/{}/{act}", Section::Users.path(), self.user.id)
    }
}

/// Shows the user.
///
/// # Errors
///
/// [`PageError::NotFound`], [`PageError::Store`].
pub async fn get(visit: Visit, operator: Operator) -> Result<HttpResponse, PageError> {
    let page = visit.page(&operator.signed_in()).await;
    let page = view(&visit, &operator, page).await?;
    Ok(visit.html(StatusCode::OK, &page))
}

/// Shuts the user out.
///
/// # Errors
///
/// [`PageError::BadRequest`] for oneself, [`PageError::NotFound`], [`PageError::CrossSite`], [`PageError::Store`].
pub async fn post_disable(visit: Visit, operator: Operator, form: Form) -> Result<HttpResponse, PageError> {
    set_disabled(visit, operator, form, true).await
}

/// Lets the user in again.
///
/// # Errors
///
/// As [`post_disable`].
pub async fn post_enable(visit: Visit, operator: Operator, form: Form) -> Result<HttpResponse, PageError> {
    set_disabled(visit, operator, form, false).await
}

/// Ends every session of the user.
///
/// # Errors
///
/// As [`post_disable`].
pub async fn post_sign_out(visit: Visit, operator: Operator, mut form: Form) -> Result<HttpResponse, PageError> {
    let (id, path) = (id_of(&visit)?, path_of(&visit));
    if let Err(cause) = csrf::check(&visit, &mut form) {
        return flash::refuse_form(&visit, &path, cause);
    }
    desk(&visit, &operator).sign_out(id).await.map_err(refused)?;
    Ok(done(&visit, &path))
}

/// Makes a link for a new password and shows it.
///
/// It is shown in the answer itself and not after a 303: it is a secret, and belongs neither
/// into an address nor into a cookie.
///
/// # Errors
///
/// As [`post_disable`].
pub async fn post_reset_link(visit: Visit, operator: Operator, mut form: Form) -> Result<HttpResponse, PageError> {
    let id = id_of(&visit)?;
    if let Err(cause) = csrf::check(&visit, &mut form) {
        return flash::refuse_form(&visit, &path_of(&visit), cause);
    }
    let link = desk(&visit, &operator).make_reset_link(id).await.map_err(refused)?;
    let page = view(&visit, &operator, visit.quiet_page(&operator.signed_in())).await?;
    Ok(visit.html(StatusCode::OK, &UserPage { reset_link: Some(link.to_string()), ..page }))
}

async fn set_disabled(visit: Visit, operator: Operator, mut form: Form, is_disabled: bool) -> Result<HttpResponse, PageError> {
    let (id, path) = (id_of(&visit)?, path_of(&visit));
    if let Err(cause) = csrf::check(&visit, &mut form) {
        return flash::refuse_form(&visit, &path, cause);
    }
    desk(&visit, &operator).set_disabled(id, is_disabled).await.map_err(refused)?;
    Ok(done(&visit, &path))
}

async fn view(visit: &Visit, operator: &Operator, page: Page) -> Result<UserPage, PageError> {
    let (id, store) = (id_of(visit)?, &visit.signin().store);
    let user = store.find_user(id).await?.ok_or(PageError::NotFound)?;
    Ok(UserPage {
        page,
        section: Section::Users,
        providers: providers(visit, id).await?,
        sessions: store.list_sessions(id, visit.signin().clock.now()).await?,
        is_oneself: id == operator.0.user.id,
        user,
        reset_link: None,
    })
}

async fn providers(visit: &Visit, id: UserId) -> Result<Vec<String>, StoreError> {
    let identities = visit.signin().store.list_identities(id).await?;
    let name = |id: &str| visit.signin().providers.find(id).map_or_else(|| id.to_owned(), |provider| provider.name.clone());
    Ok(identities.iter().map(|identity| name(identity.provider.as_str())).collect())
}

fn id_of(visit: &Visit) -> Result<UserId, PageError> {
    visit.segment("id").parse().map_err(|_| PageError::NotFound)
}

fn path_of(visit: &Visit) -> String {
    format!("{}/{}", Section::Users.path(), visit.segment("id"))
}
