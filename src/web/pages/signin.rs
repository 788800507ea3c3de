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
use crate::store::StoreError;
use crate::web::body::Form;
use crate::web::error::PageError;
use crate::web::flash_view::FlashView;
use crate::web::issuer::application;
use crate::web::page::{FormFault, Page};
use crate::web::render::{self, see_other, with_parameter};
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
    /// The name of whoever signs in once more, for a change that needs it.
    pub again: Option<String>,
    /// Whether to ask for a password: somebody who signs in once more may have none.
    pub has_password: bool,
}

/// Returns where to sign in once more before going on to `path` (security.md SE-06).
pub fn again(path: &str) -> String {
    with_parameter("/login?again=1", "return_to", path)
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
        return Ok(see_other(visit.landing(return_to.as_ref())));
    }
    // Who wants another account is shown every way in, and not their own alone.
    let is_again = visit.query("again").is_some() && visit.query("other").is_none();
    let application = application::waiting(&visit, return_to.as_ref()).await?;
    let hint = application.as_ref().and_then(|application| application.login_hint.clone()).unwrap_or_default();
    let page = view(&visit, Page { application, ..visit.page(&who).await }, hint, return_to);
    Ok(visit.html(StatusCode::OK, &for_whom(&visit, &who, is_again, page).await?))
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
    let is_again = !form.text("again").is_empty();
    let identifier = form.text("identifier");
    let password = form.secret("password");
    match visit.signin().sign_in_with_password(&identifier, password, &visit.visitor).await {
        Ok(opened) => Ok(welcome(&visit, &who, &opened, return_to.as_ref()).await),
        Err(refused) => {
            let (builder, fault) = refusal(refused)?;
            let application = application::waiting(&visit, return_to.as_ref()).await?;
            let page =
                SigninPage { fault: Some(fault), ..view(&visit, Page { application, ..visit.quiet_page(&who) }, identifier, return_to) };
            Ok(visit.html_with(builder, &for_whom(&visit, &who, is_again, page).await?))
        }
    }
}

/// Hands out the token of a session that was just opened and goes on.
pub async fn welcome(visit: &Visit, who: &MaybeSignedIn, opened: &OpenSession, return_to: Option<&ReturnTo>) -> HttpResponse {
    visit.signed_in_anew(who, opened).await;
    HttpResponse::SeeOther()
        .insert_header((header::LOCATION, visit.landing(return_to)))
        .cookie(cookies::token(&visit.signin().config, opened.token.expose_secret()))
        .cookie(cookies::device(&visit.signin().config, opened.device.seal(&visit.signin().keyring.sealing)))
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
        again: None,
        has_password: true,
    }
}

/// Shows only the own ways in to somebody who is to sign in once more.
async fn for_whom(visit: &Visit, who: &MaybeSignedIn, is_again: bool, mut page: SigninPage) -> Result<SigninPage, StoreError> {
    if let Some(who) = who.0.as_deref().filter(|_| is_again) {
        let ways = visit.signin().list_ways(who).await?;
        page.providers.retain(|provider| ways.iter().any(|way| way.identity.provider.as_str() == provider.id));
        page.has_password = who.user.username.is_some();
        page.identifier = who.user.username.clone().unwrap_or_default();
        page.again = Some(who.user.name.clone());
        page.may_sign_up = false;
    }
    Ok(page)
}
