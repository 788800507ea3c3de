//! `/forgot` and `/reset/{token}`: back in without the password.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;

use crate::account::password::ChangeRefused;
use crate::domain::user::User;
use crate::signin::throttle::Held;
use crate::web::body::Form;
use crate::web::error::PageError;
use crate::web::page::{FormFault, Notice, Page};
use crate::web::render::{self, see_other};
use crate::web::signed_in::MaybeSignedIn;
use crate::web::text::TextKey;
use crate::web::visit::Visit;
use crate::web::{csrf, fault_text, flash};

/// Mails a reset link, or says who hands them over; posts `identifier` and `csrf_token` to `/forgot`.
#[derive(Clone, Debug, Template)]
#[template(path = "forgot.html")]
pub struct ForgotPage {
    /// The frame.
    pub page: Page,
    /// Whether links come by mail; else operators hand them over.
    pub is_mailed: bool,
    /// What was typed.
    pub identifier: String,
    /// Why the form was refused as a whole.
    pub fault: Option<FormFault>,
}

/// Takes a new password; posts `password` and `csrf_token` to `/reset/{token}`.
#[derive(Clone, Debug, Template)]
#[template(path = "reset.html")]
pub struct ResetPage {
    /// The frame.
    pub page: Page,
    /// The token of the link; `None` if the link does not work (any more).
    pub token: Option<String>,
    /// The account's user name, for password managers.
    pub username: String,
    /// What is wrong with the new password.
    pub password_fault: Option<TextKey>,
    /// Why the form was refused as a whole.
    pub fault: Option<FormFault>,
    /// How many characters a password needs.
    pub min_length: usize,
}

/// Says how to get back in.
///
/// # Errors
///
/// [`PageError::Store`].
pub async fn forgot(visit: Visit, who: MaybeSignedIn) -> Result<HttpResponse, PageError> {
    let page = visit.page(&who).await;
    let page = ForgotPage { page, is_mailed: visit.signin().sends_mail(), identifier: String::new(), fault: None };
    Ok(visit.html(StatusCode::OK, &page))
}

/// Mails a reset link if there is such an account, and answers the same if there is none.
///
/// # Errors
///
/// [`PageError::CrossSite`], [`PageError::NotFound`] without mail, [`PageError::Store`].
pub async fn post_forgot(visit: Visit, who: MaybeSignedIn, mut form: Form) -> Result<HttpResponse, PageError> {
    if let Err(cause) = csrf::check(&visit, &mut form) {
        return flash::refuse_form(&visit, "/forgot", cause);
    }
    if !visit.signin().sends_mail() {
        return Err(PageError::NotFound);
    }
    let identifier = form.text("identifier");
    let (builder, fault) = match visit.signin().mail_reset_link(&identifier, &visit.visitor).await {
        Ok(()) => {
            visit.session.set_notice(Notice::ResetMailed);
            return Ok(see_other("/login"));
        }
        Err(Held::Throttled(retry_after)) => render::throttled(retry_after),
        Err(Held::Busy(busy)) => render::busy(busy.retry_after),
        Err(Held::Store(error)) => return Err(error.into()),
    };
    let page = ForgotPage { page: visit.quiet_page(&who), is_mailed: true, identifier, fault: Some(fault) };
    Ok(visit.html_with(builder, &page))
}

/// Shows the form of a link; uses nothing up (security.md EM-08).
///
/// # Errors
///
/// [`PageError::Store`].
pub async fn get(visit: Visit, who: MaybeSignedIn) -> Result<HttpResponse, PageError> {
    let user = visit.signin().find_reset(visit.segment("token")).await?;
    let page = visit.page(&who).await;
    Ok(answer(&visit, page, user.as_ref()))
}

/// Sets a new password; nobody is signed in by it.
///
/// # Errors
///
/// [`PageError::CrossSite`], [`PageError::Store`].
pub async fn post(visit: Visit, who: MaybeSignedIn, mut form: Form) -> Result<HttpResponse, PageError> {
    if let Err(cause) = csrf::check(&visit, &mut form) {
        return flash::refuse_form(&visit, visit.req.path(), cause);
    }
    let token = visit.segment("token");
    match visit.signin().reset_password(token, form.secret("password"), &visit.visitor).await {
        Ok(()) => {
            visit.session.set_notice(Notice::PasswordReset);
            Ok(see_other("/login"))
        }
        Err(refused) => refusal(&visit, &who, refused).await,
    }
}

async fn refusal(visit: &Visit, who: &MaybeSignedIn, refused: ChangeRefused) -> Result<HttpResponse, PageError> {
    let mut page = view(visit, visit.quiet_page(who), visit.signin().find_reset(visit.segment("token")).await?.as_ref());
    let builder = match refused {
        ChangeRefused::New(fault) => {
            page.password_fault = Some(fault_text::of_password(fault));
            HttpResponse::UnprocessableEntity()
        }
        ChangeRefused::LinkInvalid => {
            page.token = None;
            HttpResponse::NotFound()
        }
        ChangeRefused::Throttled { retry_after } => {
            let (builder, fault) = render::throttled(retry_after);
            page.fault = Some(fault);
            builder
        }
        ChangeRefused::Busy { retry_after } => {
            let (builder, fault) = render::busy(retry_after);
            page.fault = Some(fault);
            builder
        }
        ChangeRefused::Store(error) => return Err(error.into()),
        ChangeRefused::Wrong | ChangeRefused::NotFresh | ChangeRefused::Username(_) => {
            return Err(PageError::Internal("a reset asks for neither password nor user name"));
        }
    };
    Ok(visit.html_with(builder, &page))
}

fn answer(visit: &Visit, page: Page, user: Option<&User>) -> HttpResponse {
    let status = if user.is_some() { StatusCode::OK } else { StatusCode::NOT_FOUND };
    visit.html(status, &view(visit, page, user))
}

fn view(visit: &Visit, page: Page, user: Option<&User>) -> ResetPage {
    ResetPage {
        page,
        token: user.map(|_| visit.segment("token").to_owned()),
        username: user.and_then(|user| user.username.clone()).unwrap_or_default(),
        password_fault: None,
        fault: None,
        min_length: visit.signin().config.password.min_length,
    }
}
