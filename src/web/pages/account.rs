//! `/account`: who one is here, how one gets in, and where one is signed in.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, HttpResponseBuilder};
use askama::Template;
use chrono::{DateTime, Utc};

use super::ways::{self, WayView};
use crate::account::password::ChangeRefused;
use crate::account::profile::ProfileRefused;
use crate::domain::user::Session;
use crate::signin::session::SignedIn as Who;
use crate::web::body::Form;
use crate::web::error::PageError;
use crate::web::issuer::consent::{self, GivenView};
use crate::web::page::{FormFault, Notice, Page};
use crate::web::render::{self, see_other};
use crate::web::signed_in::{MaybeSignedIn, SignedIn};
use crate::web::text::TextKey;
use crate::web::visit::Visit;
use crate::web::{csrf, fault_text, flash};

/// Where every form of the page leads back to.
pub const PATH: &str = "/account";

/// The account page. Its forms post, each with `csrf_token`:
///
/// - `name`, `email` to `/account/profile`;
/// - nothing more to `/account/address/confirm`;
/// - `current_password` (or `username`, if there is no password yet) and
///   `new_password` to `/account/password`;
/// - `purpose` and `return_to` to `/auth/{provider}`, nothing more to `/account/links/{id}/remove`;
/// - `session` to `/account/sessions/end`, nothing more to `/account/sessions/end-others`.
#[derive(Clone, Debug, Template)]
#[template(path = "account.html")]
pub struct AccountPage {
    /// The frame.
    pub page: Page,
    /// Whether this person may open the operators' pages.
    pub is_operator: bool,
    /// Name and address.
    pub profile: ProfileForm,
    /// The address that is still to be proven by mail.
    pub unproven: Option<String>,
    /// The password, there or yet to be made.
    pub password: PasswordForm,
    /// The providers: those that are linked, and those that can be.
    pub ways: Vec<WayView>,
    /// Where this person is signed in, this browser first.
    pub sessions: Vec<SessionView>,
    /// The applications that this person has allowed something.
    pub applications: Vec<GivenView>,
    /// Whether there can be applications at all.
    pub has_issuer: bool,
}

/// The form for name and address.
#[derive(Clone, Debug, Default)]
pub struct ProfileForm {
    /// The name as stored, or as typed.
    pub name: String,
    /// What is wrong with the name.
    pub name_fault: Option<TextKey>,
    /// The address as stored, or as typed.
    pub email: String,
    /// What is wrong with the address.
    pub email_fault: Option<TextKey>,
    /// Why the form was refused as a whole.
    pub fault: Option<FormFault>,
}

/// The form for the password.
#[derive(Clone, Debug, Default)]
pub struct PasswordForm {
    /// Whether there is a password to change; else one is added.
    pub has_password: bool,
    /// The user name as stored; without a password, as typed.
    pub username: String,
    /// What is wrong with the user name; only when a password is added.
    pub username_fault: Option<TextKey>,
    /// What is wrong with the current password.
    pub current_fault: Option<TextKey>,
    /// What is wrong with the new password.
    pub new_fault: Option<TextKey>,
    /// How many characters a password needs.
    pub min_length: usize,
    /// Why the form was refused as a whole.
    pub fault: Option<FormFault>,
}

/// One session in the list.
#[derive(Clone, Debug)]
pub struct SessionView {
    /// The session's id, for the button that ends it.
    pub id: String,
    /// The browser in a few words.
    pub browser: String,
    /// The display name of the provider; `None` for the password.
    pub method: Option<String>,
    /// When it was last used.
    pub seen: DateTime<Utc>,
    /// When it began.
    pub since: DateTime<Utc>,
    /// Whether it is the one that asks.
    pub is_current: bool,
}

impl ProfileForm {
    /// Tells whether the form was refused.
    pub fn is_wrong(&self) -> bool {
        self.name_fault.is_some() || self.email_fault.is_some() || self.fault.is_some()
    }
}

impl PasswordForm {
    /// Tells whether the form was refused.
    pub fn is_wrong(&self) -> bool {
        self.username_fault.is_some() || self.current_fault.is_some() || self.new_fault.is_some() || self.fault.is_some()
    }
}

impl AccountPage {
    /// Tells whether there is a session to end beside this one.
    pub fn has_other_sessions(&self) -> bool {
        self.sessions.iter().any(|session| !session.is_current)
    }
}

/// Shows the page.
///
/// # Errors
///
/// [`PageError::SignedOut`], [`PageError::Store`].
pub async fn get(visit: Visit, who: SignedIn) -> Result<HttpResponse, PageError> {
    let page = visit.page(&MaybeSignedIn(Some(who.0.clone()))).await;
    let page = view(&visit, &who.0, page).await?;
    Ok(visit.html(StatusCode::OK, &page))
}

/// Saves name and address.
///
/// # Errors
///
/// [`PageError::SignedOut`], [`PageError::CrossSite`], [`PageError::Store`].
pub async fn post_profile(visit: Visit, who: SignedIn, mut form: Form) -> Result<HttpResponse, PageError> {
    if let Err(cause) = csrf::check(&visit, &mut form) {
        return flash::refuse_form(&visit, PATH, cause);
    }
    let (name, email) = (form.text("name"), form.text("email"));
    match visit.signin().update_profile(&who.0, &name, &email, &visit.visitor).await {
        Ok(_) => Ok(done(&visit, Notice::ProfileSaved)),
        Err(refused) => {
            let profile = profile_refused(refused, name, email)?;
            let page = AccountPage { profile, ..again(&visit, &who.0).await? };
            Ok(visit.html(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
    }
}

/// Mails the link that proves the address once more.
///
/// # Errors
///
/// [`PageError::SignedOut`], [`PageError::CrossSite`], [`PageError::Store`].
pub async fn post_confirm(visit: Visit, who: SignedIn, mut form: Form) -> Result<HttpResponse, PageError> {
    if let Err(cause) = csrf::check(&visit, &mut form) {
        return flash::refuse_form(&visit, PATH, cause);
    }
    visit.signin().mail_proof_again(&who.0, &visit.visitor).await?;
    Ok(done(&visit, Notice::ProofMailed))
}

/// Changes the password, or adds one to an account that has none.
///
/// # Errors
///
/// [`PageError::SignedOut`], [`PageError::CrossSite`], [`PageError::Store`].
pub async fn post_password(visit: Visit, who: SignedIn, mut form: Form) -> Result<HttpResponse, PageError> {
    if let Err(cause) = csrf::check(&visit, &mut form) {
        return flash::refuse_form(&visit, PATH, cause);
    }
    let (new, username) = (form.secret("new_password"), form.text("username"));
    let (result, notice) = if who.0.user.username.is_some() {
        let current = form.secret("current_password");
        (visit.signin().change_password(&who.0, current, new, &visit.visitor).await, Notice::PasswordChanged)
    } else {
        (visit.signin().add_password(&who.0, &username, new, &visit.visitor).await, Notice::PasswordAdded)
    };
    let Err(refused) = result else {
        return Ok(done(&visit, notice));
    };
    let mut page = again(&visit, &who.0).await?;
    if !page.password.has_password {
        page.password.username = username;
    }
    let builder = password_refused(&mut page.password, refused)?;
    Ok(visit.html_with(builder, &page))
}

/// Says that something went well, on the page itself.
pub fn done(visit: &Visit, notice: Notice) -> HttpResponse {
    visit.session.set_notice(notice);
    see_other(PATH)
}

fn profile_refused(refused: ProfileRefused, name: String, email: String) -> Result<ProfileForm, PageError> {
    let form = ProfileForm { name, email, ..ProfileForm::default() };
    Ok(match refused {
        ProfileRefused::Faults { name, email } => {
            ProfileForm { name_fault: name.map(fault_text::of_name), email_fault: email.map(fault_text::of_email), ..form }
        }
        ProfileRefused::NotFresh => ProfileForm { fault: Some(FormFault::NotFresh), ..form },
        ProfileRefused::Throttled => ProfileForm { email_fault: Some("fault-email-throttled"), ..form },
        ProfileRefused::Store(error) => return Err(error.into()),
    })
}

fn password_refused(form: &mut PasswordForm, refused: ChangeRefused) -> Result<HttpResponseBuilder, PageError> {
    match refused {
        ChangeRefused::Wrong => form.current_fault = Some(fault_text::WRONG_PASSWORD),
        ChangeRefused::NotFresh => form.fault = Some(FormFault::NotFresh),
        ChangeRefused::Username(fault) => form.username_fault = Some(fault_text::of_username(fault)),
        ChangeRefused::New(fault) => form.new_fault = Some(fault_text::of_password(fault)),
        ChangeRefused::Throttled { retry_after } => {
            let (builder, fault) = render::throttled(retry_after);
            form.fault = Some(fault);
            return Ok(builder);
        }
        ChangeRefused::Busy { retry_after } => {
            let (builder, fault) = render::busy(retry_after);
            form.fault = Some(fault);
            return Ok(builder);
        }
        ChangeRefused::Store(error) => return Err(error.into()),
        ChangeRefused::LinkInvalid => return Err(PageError::Internal("a password change has no link")),
    }
    Ok(HttpResponse::UnprocessableEntity())
}

/// Makes the page once more, for a form with faults in it.
async fn again(visit: &Visit, who: &std::sync::Arc<Who>) -> Result<AccountPage, PageError> {
    // The address of a form cannot be opened, so a change of language must not lead there.
    let page = Page { path: "/account".to_owned(), ..visit.quiet_page(&MaybeSignedIn(Some(who.clone()))) };
    view(visit, who, page).await
}

async fn view(visit: &Visit, who: &std::sync::Arc<Who>, page: Page) -> Result<AccountPage, PageError> {
    let overview = visit.signin().account_overview(who).await?;
    let user = &who.user;
    Ok(AccountPage {
        page,
        unproven: visit.signin().address_to_prove(user).await?,
        is_operator: user.is_operator,
        profile: ProfileForm { name: user.name.clone(), email: user.email.clone().unwrap_or_default(), ..ProfileForm::default() },
        password: PasswordForm {
            has_password: user.username.is_some(),
            username: user.username.clone().unwrap_or_default(),
            min_length: visit.signin().config.password.min_length,
            ..PasswordForm::default()
        },
        ways: ways::view(visit, overview.ways),
        has_issuer: visit.signin().config.issuer.enabled,
        applications: consent::list(visit, &MaybeSignedIn(Some(who.clone()))).await?,
        sessions: overview.sessions.into_iter().map(|session| session_view(visit, who, session)).collect(),
    })
}

fn session_view(visit: &Visit, who: &Who, session: Session) -> SessionView {
    let name = |id: &str| visit.signin().providers.find(id).map_or_else(|| id.to_owned(), |provider| provider.name.clone());
    SessionView {
        is_current: session.id == who.session.id,
        id: session.id.to_string(),
        browser: session.browser,
        method: (session.method != "password").then(|| name(&session.method)),
        seen: session.seen_at,
        since: session.created_at,
    }
}
