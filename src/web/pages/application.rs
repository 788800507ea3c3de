//! `/applications/{id}`: one client of the person who asks. Anybody else's looks like
//! one that does not exist (security.md CR-01).
//!
//! Everything that changes one needs a fresh sign-in (SE-06). A secret reaches this page
//! in the sealed session cookie, once, and is known nowhere else (CR-04).

use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;
use chrono::{DateTime, Utc};

use super::application_connect::Connect;
use super::application_form::ApplicationForm;
use super::application_refusals::RefusalView;
use super::{applications, signin};
use crate::domain::client::{Client, ClientId};
use crate::issuer::Person;
use crate::issuer::registration::Draft;
use crate::issuer::registration::flow::Refused;
use crate::store::clients::secrets::ClientWithSecrets;
use crate::web::body::Form;
use crate::web::error::PageError;
use crate::web::page::{Notice, Page};
use crate::web::render::see_other;
use crate::web::signed_in::{MaybeSignedIn, SignedIn};
use crate::web::visit::Visit;
use crate::web::{csrf, flash};

/// One application. Its forms post, each with `csrf_token`: the fields of [`Draft`] to
/// itself, nothing more to `/rotate`, `/end-old` and `/delete` below it.
#[derive(Clone, Template)]
#[template(path = "application.html")]
pub struct ApplicationPage {
    /// The frame.
    pub page: Page,
    /// What it is, in the list's words.
    pub view: applications::ApplicationView,
    /// What may be changed.
    pub sheet: ApplicationForm,
    /// How programs connect.
    pub connect: Connect,
    /// What it did not get lately, and why.
    pub refusals: Vec<RefusalView>,
    /// Its new secret, shown once.
    pub secret: Option<String>,
    /// Whether it has a secret at all.
    pub has_secret: bool,
    /// The secret before, if it still works.
    pub old_secret: Option<OldSecret>,
}

/// A secret that a newer one has taken the place of.
#[derive(Clone, Copy, Debug)]
pub struct OldSecret {
    /// Until when it works.
    pub until: DateTime<Utc>,
}

/// Returns the address of a client's page.
pub fn path_of(id: &ClientId) -> String {
    format!("{}/{id}", applications::PATH)
}

/// Shows the page.
///
/// # Errors
///
/// [`PageError::NotFound`] if it is none of theirs, [`PageError::SignedOut`], [`PageError::Store`].
pub async fn get(visit: Visit, who: SignedIn) -> Result<HttpResponse, PageError> {
    let known = find(&visit, &who).await?;
    let page = visit.page(&MaybeSignedIn(Some(who.0))).await;
    let secret = visit.session.take_client_secret(&known.client.id);
    let view = ApplicationPage { secret, ..view(&visit, page, &known).await? };
    Ok(visit.html(StatusCode::OK, &view))
}

/// Saves what was changed.
///
/// # Errors
///
/// As [`get`], and [`PageError::CrossSite`].
pub async fn post(visit: Visit, who: SignedIn, mut form: Form) -> Result<HttpResponse, PageError> {
    let known = find(&visit, &who).await?;
    let path = path_of(&known.client.id);
    if let Err(cause) = csrf::check(&visit, &mut form) {
        return flash::refuse_form(&visit, &path, cause);
    }
    let issuer = &visit.app.issuer;
    let mut sheet = ApplicationForm::read(&mut form, &issuer.rules_for_person(Some(&known.client)).grants);
    if is_fresh(&visit, &who) {
        match issuer.change_client(&known.client.id, Some(who.0.user.id), &sheet.draft).await {
            Ok(changed) => {
                if let Some(secret) = &changed.secret {
                    visit.session.set_client_secret(&changed.client.id, secret);
                }
                visit.session.set_notice(Notice::ApplicationSaved);
                return Ok(see_other(&path));
            }
            Err(Refused::Faults(faults)) => sheet.faults = faults,
            Err(refused) => return Err(page_error(refused)),
        }
    } else {
        sheet.sign_in = Some(signin::again(&path));
    }
    let page = visit.quiet_page(&MaybeSignedIn(Some(who.0)));
    let view = ApplicationPage { sheet, ..view(&visit, page, &known).await? };
    Ok(visit.html(StatusCode::UNPROCESSABLE_ENTITY, &view))
}

/// Makes a new secret; the one before works on for a while (security.md CR-04).
///
/// # Errors
///
/// As [`post`].
pub async fn post_rotate(visit: Visit, who: SignedIn, mut form: Form) -> Result<HttpResponse, PageError> {
    let (client, refused) = begin_change(&visit, &who, &mut form).await?;
    if let Some(answer) = refused {
        return Ok(answer);
    }
    let rotated = visit.app.issuer.rotate_client_secret(&client.id, Some(who.0.user.id)).await.map_err(page_error)?;
    if let Some(secret) = &rotated.secret {
        visit.session.set_client_secret(&client.id, secret);
    }
    Ok(see_other(&path_of(&client.id)))
}

/// Ends the secret before the newest one.
///
/// # Errors
///
/// As [`post`].
pub async fn post_end_old(visit: Visit, who: SignedIn, mut form: Form) -> Result<HttpResponse, PageError> {
    let (client, refused) = begin_change(&visit, &who, &mut form).await?;
    if let Some(answer) = refused {
        return Ok(answer);
    }
    visit.app.issuer.end_old_client_secrets(&client.id, Some(who.0.user.id)).await.map_err(page_error)?;
    visit.session.set_notice(Notice::SecretEnded);
    Ok(see_other(&path_of(&client.id)))
}

/// Deletes it, with all tokens and consents it was given.
///
/// # Errors
///
/// As [`post`].
pub async fn post_delete(visit: Visit, who: SignedIn, mut form: Form) -> Result<HttpResponse, PageError> {
    let (client, refused) = begin_change(&visit, &who, &mut form).await?;
    if let Some(answer) = refused {
        return Ok(answer);
    }
    visit.app.issuer.delete_client(&client.id, Some(who.0.user.id)).await.map_err(page_error)?;
    visit.session.set_notice(Notice::ApplicationDeleted);
    Ok(see_other(applications::PATH))
}

/// Finds the client, and the answer to who may not change it now.
async fn begin_change(visit: &Visit, who: &SignedIn, form: &mut Form) -> Result<(Arc<Client>, Option<HttpResponse>), PageError> {
    let client = find(visit, who).await?.client;
    let path = path_of(&client.id);
    let refused = match csrf::check(visit, form) {
        Err(cause) => Some(flash::refuse_form(visit, &path, cause)?),
        Ok(()) if !is_fresh(visit, who) => Some(see_other(&signin::again(&path))),
        Ok(()) => None,
    };
    Ok((client, refused))
}

/// Finds the client that the address names, if it is theirs.
async fn find(visit: &Visit, who: &SignedIn) -> Result<ClientWithSecrets, PageError> {
    let id = ClientId::parse(visit.segment("id")).ok_or(PageError::NotFound)?;
    let issuer = &visit.app.issuer;
    let found = issuer.store.find_client_with_secrets(&id, issuer.clock.now()).await?;
    found.filter(|known| known.client.owner == Some(who.0.user.id)).ok_or(PageError::NotFound)
}

fn is_fresh(visit: &Visit, who: &SignedIn) -> bool {
    visit.app.issuer.is_fresh(Person { user: &who.0.user, session: &who.0.session })
}

fn page_error(refused: Refused) -> PageError {
    match refused {
        Refused::NotFound => PageError::NotFound,
        Refused::Store(error) => error.into(),
        Refused::Faults(_) | Refused::Quota => PageError::Internal("a change that asks nothing cannot be wrong"),
    }
}

async fn view(visit: &Visit, page: Page, known: &ClientWithSecrets) -> Result<ApplicationPage, PageError> {
    let (issuer, client) = (&visit.app.issuer, &*known.client);
    Ok(ApplicationPage {
        refusals: RefusalView::list(issuer.list_refusals(&client.id).await?),
        view: client.into(),
        sheet: ApplicationForm::new(Draft::from(&client.metadata), &issuer.rules_for_person(Some(client)).grants),
        connect: Connect::new(&issuer.identifier(), client),
        secret: None,
        has_secret: client.metadata.authentication.needs_secret(),
        old_secret: known.secrets.iter().filter_map(|secret| secret.expires_at).max().map(|until| OldSecret { until }),
        page: Page { path: path_of(&client.id), ..page },
    })
}
