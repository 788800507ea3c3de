//! `/login`: password and providers side by side.

use actix_web::http::StatusCode;
use actix_web::http::header;
use actix_web::{HttpResponse, HttpResponseBuilder};
use askama::Template;
use secrecy::ExposeSecret as _;

use super::ProviderButton;
use crate::config::Signup;
use crate::domain::return_to::ReturnTo;
use crate::signin::failure::{SigninFailure, Stage};
use crate::signin::password::PasswordRefused;
use crate::signin::session::OpenSession;
use crate::web::body::Form;
use crate::web::error::PageError;
use crate::web::flash_view::FlashView;
use crate::web::page::{FormFault, Page};
use crate::web::render::{self, see_other};
use crate::web::signed_in::MaybeSignedIn;
use crate::web::visit::Visit;
use crate::web::{cookies, csrf, flash};

/// The sign-in page; its form posts `identifier`, `password`, `csrf_token`, `return_to` to `/login`.
#[derive(Clone, Debug, Template)]
#[template(path = "signin.html")]
pub struct SigninPage {
    /// The frame.
    pub page: Page,
    /// What was typed as user name or address.
    pub identifier: String,
    /// Why the form was refused.
    pub fault: Option<FormFault>,
    /// Where to go afterwards.
    pub return_to: Option<String>,
    /// The other ways to sign in.
    pub providers: Vec<ProviderButton>,
    /// Whether to offer registration.
    pub may_sign_up: bool,
}

/// Shows the page; whoever is signed in goes on, unless a failure is to be told
/// or they were asked to sign in again (security.md SE-06).
///
/// # Errors
///
/// [`PageError::Store`].
pub async fn get(visit: Visit, who: MaybeSignedIn) -> Result<HttpResponse, PageError> {
    let return_to = visit.return_to();
    if who.0.is_some() && visit.query("again").is_none() && !flash::is_waiting(&visit) {
        return Ok(see_other(return_to.as_ref().map_or("/account", ReturnTo::as_str)));
    }
    let page = visit.page(&who).await;
    Ok(visit.html(StatusCode::OK, &view(&visit, page, String::new(), return_to)))
}

/// Signs in with a password.
///
/// # Errors
///
/// [`PageError::CrossSite`], [`PageError::Store`].
pub async fn post(visit: Visit, who: MaybeSignedIn, mut form: Form) -> Result<HttpResponse, PageError> {
    let return_to = ReturnTo::parse(&form.text("return_to"));
    if let Err(cause) = csrf::check(&visit, &mut form) {
        return flash::fail(&visit, who.0.is_some(), SigninFailure { return_to, ..SigninFailure::new(cause, Stage::Start) });
    }
    let identifier = form.text("identifier");
    let password = form.secret("password");
    match visit.signin().sign_in_with_password(&identifier, password, &visit.visitor).await {
        Ok(opened) => Ok(welcome(&visit, &who, &opened, return_to.as_ref()).await),
        Err(refused) => {
            let (builder, fault) = refusal(refused)?;
            let page = SigninPage { fault: Some(fault), ..view(&visit, visit.quiet_page(&who), identifier, return_to) };
            Ok(visit.html_with(builder, &page))
        }
    }
}

/// Hands out the token of a session that was just opened and goes on.
pub async fn welcome(visit: &Visit, who: &MaybeSignedIn, opened: &OpenSession, return_to: Option<&ReturnTo>) -> HttpResponse {
    visit.signed_in_anew(who, opened).await;
    HttpResponse::SeeOther()
        .insert_header((header::LOCATION, return_to.map_or("/account", ReturnTo::as_str)))
        .cookie(cookies::token(&visit.signin().config, opened.token.expose_secret()))
        .finish()
}

/// Names status and words of a refusal; known and unknown accounts get the same (security.md SI-03).
fn refusal(refused: PasswordRefused) -> Result<(HttpResponseBuilder, FormFault), PageError> {
    Ok(match refused {
        PasswordRefused::Wrong => (HttpResponse::UnprocessableEntity(), FormFault::WrongCredentials),
        PasswordRefused::Throttled { retry_after } => render::throttled(retry_after),
        PasswordRefused::Busy { retry_after } => render::busy(retry_after),
        PasswordRefused::Store(error) => return Err(error.into()),
    })
}

fn view(visit: &Visit, page: Page, identifier: String, return_to: Option<ReturnTo>) -> SigninPage {
    let troubled = page.flash.as_ref().and_then(FlashView::troubled);
    let providers = visit.providers_around(troubled);
    let target = if page.flash.as_ref().is_some_and(FlashView::leads_to_account) {
        Some("/account".to_owned())
    } else {
        return_to.map(String::from)
    };
    SigninPage {
        page,
        identifier,
        fault: None,
        return_to: target,
        providers,
        may_sign_up: visit.signin().config.signin.signup == Signup::Open,
    }
}
