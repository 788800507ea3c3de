//! `/register`: making an account with a password.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;

use super::ProviderButton;
use super::error::ErrorPage;
use super::signin::welcome;
use crate::account::signup::{SignupFaults, SignupForm, SignupRefused};
use crate::domain::return_to::ReturnTo;
use crate::signin::failure::{SigninFailure, Stage};
use crate::web::body::Form;
use crate::web::error::PageError;
use crate::web::issuer::application;
use crate::web::page::{FormFault, Notice, Page};
use crate::web::render::{self, see_other};
use crate::web::signed_in::MaybeSignedIn;
use crate::web::text::TextKey;
use crate::web::visit::Visit;
use crate::web::{csrf, fault_text, flash};

/// The registration page; its form posts `name`, `username`, `email`, `password`,
/// `csrf_token`, `return_to` and `invitation` to `/register`.
#[derive(Clone, Debug, Template)]
#[template(path = "signup.html")]
pub struct SignupPage {
    /// The frame.
    pub page: Page,
    /// What was typed as name.
    pub name: String,
    /// What was typed as user name.
    pub username: String,
    /// What was typed as address.
    pub email: String,
    /// What is wrong with the fields.
    pub faults: SignupFaultsView,
    /// Why the form was refused as a whole.
    pub fault: Option<FormFault>,
    /// Where to go afterwards.
    pub return_to: Option<String>,
    /// How many characters a password needs.
    pub min_length: usize,
    /// Whether an address is required.
    pub email_required: bool,
    /// The token of an invitation.
    pub invitation: Option<String>,
    /// The other ways to make an account.
    pub providers: Vec<ProviderButton>,
}

/// The faults of the registration form, as keys of texts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SignupFaultsView {
    /// The name.
    pub name: Option<TextKey>,
    /// The user name.
    pub username: Option<TextKey>,
    /// The address.
    pub email: Option<TextKey>,
    /// The password.
    pub password: Option<TextKey>,
}

impl SignupFaultsView {
    /// Tells whether any field is wrong.
    pub fn any(&self) -> bool {
        *self != Self::default()
    }

    /// Lists the wrong fields: the id of each, and the key of its label.
    pub fn wrong_fields(&self) -> impl Iterator<Item = (&'static str, TextKey)> {
        let fields = [
            (self.name, "name", "signup-name"),
            (self.username, "username", "signup-username"),
            (self.email, "email", "signup-email"),
            (self.password, "password", "signup-password"),
        ];
        fields.into_iter().filter_map(|(fault, id, label)| fault.map(|_| (id, label)))
    }
}

impl From<&SignupFaults> for SignupFaultsView {
    fn from(faults: &SignupFaults) -> Self {
        Self {
            name: faults.name.map(fault_text::of_name),
            username: faults.username.map(fault_text::of_username),
            email: faults.email.map(fault_text::of_email),
            password: faults.password.map(fault_text::of_password),
        }
    }
}

/// Shows the form, if registration is open to this visitor.
///
/// # Errors
///
/// [`PageError::Store`].
pub async fn get(visit: Visit, who: MaybeSignedIn) -> Result<HttpResponse, PageError> {
    let return_to = visit.return_to();
    if who.0.is_some() {
        return Ok(see_other(visit.landing(return_to.as_ref())));
    }
    let invitation = visit.query("invitation");
    if !visit.signin().check_signup(invitation.as_deref()).await? {
        return Ok(closed(&visit, &who));
    }
    let application = application::waiting(&visit, return_to.as_ref()).await?;
    let page = Page { application, ..visit.page(&who).await };
    let typed = Typed { invitation, return_to, ..Typed::default() };
    Ok(visit.html(StatusCode::OK, &view(&visit, page, typed)))
}

/// Makes an account and signs in.
///
/// # Errors
///
/// [`PageError::CrossSite`], [`PageError::Store`].
pub async fn post(visit: Visit, who: MaybeSignedIn, mut form: Form) -> Result<HttpResponse, PageError> {
    let return_to = ReturnTo::parse(&form.text("return_to"));
    if let Err(cause) = csrf::check(&visit, &mut form) {
        return flash::fail(&visit, who.0.is_some(), SigninFailure { return_to, ..SigninFailure::new(cause, Stage::Start) });
    }
    let password = form.secret("password");
    let typed = Typed::read(&mut form, return_to);
    match visit.signin().sign_up(typed.with_password(password), &visit.visitor).await {
        Ok(opened) => {
            let answer = welcome(&visit, &who, &opened, typed.return_to.as_ref()).await;
            visit.session.set_notice(Notice::Welcome);
            Ok(answer)
        }
        Err(refused) => refusal(&visit, &who, typed, refused).await,
    }
}

/// What was typed, to be shown again: everything but the password.
#[derive(Default)]
struct Typed {
    name: String,
    username: String,
    email: String,
    invitation: Option<String>,
    return_to: Option<ReturnTo>,
}

impl Typed {
    fn read(form: &mut Form, return_to: Option<ReturnTo>) -> Self {
        let invitation = form.take("invitation").filter(|token| !token.is_empty());
        Self { name: form.text("name"), username: form.text("username"), email: form.text("email"), invitation, return_to }
    }

    fn with_password(&self, password: secrecy::SecretString) -> SignupForm {
        SignupForm {
            name: self.name.clone(),
            username: self.username.clone(),
            email: self.email.clone(),
            password,
            invitation: self.invitation.clone(),
        }
    }
}

async fn refusal(visit: &Visit, who: &MaybeSignedIn, typed: Typed, refused: SignupRefused) -> Result<HttpResponse, PageError> {
    let application = application::waiting(visit, typed.return_to.as_ref()).await?;
    let mut page = view(visit, Page { application, ..visit.quiet_page(who) }, typed);
    let builder = match refused {
        SignupRefused::Closed => return Ok(closed(visit, who)),
        SignupRefused::Faults(faults) => {
            page.faults = SignupFaultsView::from(&faults);
            HttpResponse::UnprocessableEntity()
        }
        SignupRefused::Throttled { retry_after } => {
            let (builder, fault) = render::throttled(retry_after);
            page.fault = Some(fault);
            builder
        }
        SignupRefused::Busy { retry_after } => {
            let (builder, fault) = render::busy(retry_after);
            page.fault = Some(fault);
            builder
        }
        SignupRefused::Store(error) => return Err(error.into()),
    };
    Ok(visit.html_with(builder, &page))
}

fn closed(visit: &Visit, who: &MaybeSignedIn) -> HttpResponse {
    visit.html(StatusCode::FORBIDDEN, &ErrorPage::signup_closed(visit.quiet_page(who)))
}

fn view(visit: &Visit, page: Page, typed: Typed) -> SignupPage {
    let config = &visit.signin().config;
    SignupPage {
        page,
        name: typed.name,
        username: typed.username,
        email: typed.email,
        faults: SignupFaultsView::default(),
        fault: None,
        return_to: typed.return_to.map(String::from),
        min_length: config.password.min_length,
        email_required: config.signin.require_email,
        invitation: typed.invitation,
        providers: visit.providers(),
    }
}
