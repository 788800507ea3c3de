//! `/applications`: the clients that a person has registered, and registering one
//! (security.md CR-01, CR-03).

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;
use chrono::{DateTime, Utc};

use super::application::path_of;
use super::application_form::ApplicationForm;
use crate::domain::client::Client;
use crate::issuer::registration::Draft;
use crate::issuer::registration::flow::Refused;
use crate::web::body::Form;
use crate::web::error::PageError;
use crate::web::page::Page;
use crate::web::render::see_other;
use crate::web::signed_in::{MaybeSignedIn, SignedIn};
use crate::web::visit::Visit;
use crate::web::{csrf, flash};

/// Where the list is.
pub const PATH: &str = "/applications";
/// Where one is registered.
const NEW: &str = "/applications/new";

/// The list.
#[derive(Clone, Debug, Template)]
#[template(path = "applications.html")]
pub struct ApplicationsPage {
    /// The frame.
    pub page: Page,
    /// The applications, the oldest first.
    pub applications: Vec<ApplicationView>,
    /// Whether there may be no more.
    pub is_full: bool,
}

/// One application in the list.
#[derive(Clone, Debug)]
pub struct ApplicationView {
    /// Where its page is.
    pub path: String,
    /// What it is called.
    pub name: String,
    /// Its identifier.
    pub id: String,
    /// When it was registered.
    pub since: DateTime<Utc>,
    /// Whether an operator has checked who is behind it.
    pub is_verified: bool,
    /// Whether an operator has disabled it.
    pub is_disabled: bool,
}

/// The form for a new one; posts the fields of [`Draft`] and `csrf_token` to itself.
#[derive(Clone, Debug, Template)]
#[template(path = "application_new.html")]
pub struct NewApplicationPage {
    /// The frame.
    pub page: Page,
    /// The form.
    pub sheet: ApplicationForm,
}

impl From<&Client> for ApplicationView {
    fn from(client: &Client) -> Self {
        Self {
            path: path_of(&client.id),
            name: client.metadata.name.to_string(),
            id: client.id.to_string(),
            since: client.created_at,
            is_verified: client.is_verified,
            is_disabled: client.is_disabled(),
        }
    }
}

/// Shows the list.
///
/// # Errors
///
/// [`PageError::SignedOut`], [`PageError::Store`].
pub async fn get(visit: Visit, who: SignedIn) -> Result<HttpResponse, PageError> {
    let issuer = &visit.app.issuer;
    let clients = issuer.store.list_clients_of(who.0.user.id).await?;
    let is_full = clients.len() >= usize::try_from(issuer.config.issuer.clients_per_owner).unwrap_or(usize::MAX);
    let page = visit.page(&MaybeSignedIn(Some(who.0))).await;
    let applications = clients.iter().map(ApplicationView::from).collect();
    Ok(visit.html(StatusCode::OK, &ApplicationsPage { page, applications, is_full }))
}

/// Shows the form for a new one.
///
/// # Errors
///
/// [`PageError::SignedOut`].
pub async fn get_new(visit: Visit, who: SignedIn) -> Result<HttpResponse, PageError> {
    let rules = visit.app.issuer.rules_for_person(None);
    let page = visit.page(&MaybeSignedIn(Some(who.0))).await;
    let sheet = ApplicationForm::new(Draft::default(), &rules.grants);
    Ok(visit.html(StatusCode::OK, &NewApplicationPage { page, sheet }))
}

/// Registers one; its secret is shown once, on its page (security.md CR-04).
///
/// # Errors
///
/// [`PageError::SignedOut`], [`PageError::CrossSite`], [`PageError::Store`].
pub async fn post_new(visit: Visit, who: SignedIn, mut form: Form) -> Result<HttpResponse, PageError> {
    if let Err(cause) = csrf::check(&visit, &mut form) {
        return flash::refuse_form(&visit, NEW, cause);
    }
    let issuer = &visit.app.issuer;
    let mut sheet = ApplicationForm::read(&mut form, &issuer.rules_for_person(None).grants);
    match issuer.register_client(Some(who.0.user.id), &sheet.draft).await {
        Ok(registered) => {
            if let Some(secret) = &registered.secret {
                visit.session.set_client_secret(&registered.client.id, secret);
            }
            return Ok(see_other(&path_of(&registered.client.id)));
        }
        Err(Refused::Faults(faults)) => sheet.faults = faults,
        Err(Refused::Quota) => sheet.is_full = true,
        Err(Refused::NotFound) => return Err(PageError::Internal("a new application cannot be missing")),
        Err(Refused::Store(error)) => return Err(error.into()),
    }
    let page = visit.quiet_page(&MaybeSignedIn(Some(who.0)));
    Ok(visit.html(StatusCode::UNPROCESSABLE_ENTITY, &NewApplicationPage { page, sheet }))
}
