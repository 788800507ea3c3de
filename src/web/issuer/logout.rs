//! `/oauth/logout`: a client sends a person here to sign out (OIDC RP-Initiated Logout 1.0).

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;
use url::Url;

use super::application::allow_forms_to;
use super::{answer, person};
use crate::web::body::{Body, Form, check_type};
use crate::web::error::PageError;
use crate::web::page::Page;
use crate::web::pages::signout::end;
use crate::web::render::see_other;
use crate::web::signed_in::MaybeSignedIn;
use crate::web::speculative::is_speculative;
use crate::web::text::TextKey;
use crate::web::visit::Visit;
use crate::web::{csrf, flash};

/// Where clients send people.
const PATH: &str = "/oauth/logout";

/// Asks whether to sign out or, where nobody is signed in, whether to go on; posts
/// `request` and `csrf_token` to `/oauth/logout/confirm`.
#[derive(Clone, Template)]
#[template(path = "logout.html")]
pub struct LogoutPage {
    /// The frame.
    pub page: Page,
    /// Who asks, if that is known.
    pub client: Option<String>,
    /// The host that the way leads to, where there is nothing to sign out of.
    pub place: Option<String>,
    /// The request, to be read and checked once more.
    pub request: String,
}

impl LogoutPage {
    fn title(&self) -> TextKey {
        if self.place.is_some() { "logout-over-title" } else { "logout-title" }
    }
}

/// Takes a request in the query; looking ahead ends nothing.
///
/// # Errors
///
/// [`PageError::Store`].
pub async fn get(visit: Visit, who: MaybeSignedIn) -> Result<HttpResponse, PageError> {
    if is_speculative(&visit.req) {
        return Ok(HttpResponse::NoContent().finish());
    }
    let raw = visit.req.query_string().to_owned();
    handle(&visit, &who, raw.as_bytes()).await
}

/// Takes a request in a form. One of another site comes without our cookies, so it goes round once as a GET.
///
/// # Errors
///
/// [`PageError::UnsupportedMediaType`], [`PageError::Store`].
pub async fn post(visit: Visit, who: MaybeSignedIn, body: Body) -> Result<HttpResponse, PageError> {
    check_type(&visit.req, "application/x-www-form-urlencoded")?;
    match std::str::from_utf8(&body.0) {
        Ok(query) if query.is_ascii() && !query.contains(char::is_whitespace) => Ok(see_other(&format!("{PATH}?{query}"))),
        _ => answer::lost(&visit, visit.quiet_page(&who), crate::issuer::authorize::Lost::Unreadable),
    }
}

/// Takes the person's yes.
///
/// # Errors
///
/// [`PageError::CrossSite`], [`PageError::Store`]: then nobody is told to be signed out.
pub async fn post_confirm(visit: Visit, who: MaybeSignedIn, mut form: Form) -> Result<HttpResponse, PageError> {
    if let Err(cause) = csrf::check(&visit, &mut form) {
        return flash::refuse_form(&visit, if who.0.is_some() { "/account" } else { "/login" }, cause);
    }
    match visit.app.issuer.plan_logout(form.text("request").as_bytes(), person(&who)).await {
        Ok(plan) => end(&visit, &who, plan.target.as_deref()).await,
        Err(lost) => answer::lost(&visit, visit.quiet_page(&who), lost),
    }
}

async fn handle(visit: &Visit, who: &MaybeSignedIn, raw: &[u8]) -> Result<HttpResponse, PageError> {
    let plan = match visit.app.issuer.plan_logout(raw, person(who)).await {
        Ok(plan) => plan,
        Err(lost) => return answer::lost(visit, visit.quiet_page(who), lost),
    };
    if plan.is_proven || (who.0.is_none() && plan.leads_nowhere_unknown()) {
        return end(visit, who, plan.target.as_deref()).await;
    }
    if let Some(target) = &plan.target {
        allow_forms_to(visit, target);
    }
    let place = plan.target.as_deref().filter(|_| who.0.is_none()).and_then(place_of);
    let client = plan.client.map(|client| client.metadata.name.to_string());
    let page = visit.page(who).await;
    Ok(visit.html(StatusCode::OK, &LogoutPage { page, client, place, request: String::from_utf8_lossy(raw).into_owned() }))
}

/// Returns the host of an address, or its scheme where there is none.
fn place_of(target: &str) -> Option<String> {
    let url = Url::parse(target).ok()?;
    Some(url.host_str().unwrap_or(url.scheme()).to_owned())
}
