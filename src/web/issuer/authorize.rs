//! `/oauth/authorize` and `/oauth/continue/{id}`: from a client's request to its answer.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;

use super::application::{PATH, allow_forms_to};
use super::consent::{self, ConsentPage};
use super::{answer, person};
use crate::domain::language::Language;
use crate::issuer::authorize::{Lost, Step};
use crate::issuer::parameters::MAX_BYTES;
use crate::web::body::{Body, Form, check_type};
use crate::web::error::PageError;
use crate::web::render::{see_other, with_parameter};
use crate::web::signed_in::{MaybeSignedIn, SignedIn};
use crate::web::speculative::is_speculative;
use crate::web::visit::Visit;
use crate::web::{csrf, flash};

/// Takes a request in the query. Looking ahead begins nothing, and no code goes to a window that nobody sees.
///
/// # Errors
///
/// [`PageError::Store`]; a request that cannot be answered is told on a page.
pub async fn get(visit: Visit, who: MaybeSignedIn) -> Result<HttpResponse, PageError> {
    if is_speculative(&visit.req) {
        return Ok(HttpResponse::NoContent().finish());
    }
    let step = visit.app.issuer.begin_authorization(visit.req.query_string().as_bytes(), visit.visitor.address, person(&who)).await;
    show(&visit, &who, step).await
}

/// Takes a request in a form (OIDC Core §3.1.2.1): kept, for a form of another site comes without our cookies.
///
/// # Errors
///
/// [`PageError::UnsupportedMediaType`], [`PageError::BodyTooLarge`], [`PageError::Store`].
pub async fn post(visit: Visit, body: Body) -> Result<HttpResponse, PageError> {
    check_type(&visit.req, "application/x-www-form-urlencoded")?;
    if body.0.len() > MAX_BYTES {
        return Err(PageError::BodyTooLarge);
    }
    match visit.app.issuer.keep_posted(&body.0, visit.visitor.address).await {
        Ok(id) => Ok(see_other(&format!("{PATH}{id}"))),
        Err(lost) => answer::lost(&visit, visit.bare_page(), lost),
    }
}

/// Goes on with a request after a sign-in, or shows its question once more.
///
/// # Errors
///
/// [`PageError::Store`].
pub async fn get_continue(visit: Visit, who: MaybeSignedIn) -> Result<HttpResponse, PageError> {
    if is_speculative(&visit.req) {
        return Ok(HttpResponse::NoContent().finish());
    }
    let step = visit.app.issuer.go_on(visit.segment("id"), person(&who)).await;
    show(&visit, &who, step).await
}

/// Takes a yes.
///
/// # Errors
///
/// [`PageError::SignedOut`], [`PageError::CrossSite`], [`PageError::Store`].
pub async fn post_continue(visit: Visit, who: SignedIn, mut form: Form) -> Result<HttpResponse, PageError> {
    if let Err(cause) = csrf::check(&visit, &mut form) {
        return flash::refuse_form(&visit, &format!("{PATH}{}", visit.segment("id")), cause);
    }
    let who = MaybeSignedIn(Some(who.0));
    let Some(someone) = person(&who) else { return Err(PageError::SignedOut(None)) };
    // A yes counts for who saw the question: the button names them.
    if form.text("user") != someone.user.id.to_string() {
        return Ok(see_other(&format!("{PATH}{}", visit.segment("id"))));
    }
    let step = visit.app.issuer.agree(visit.segment("id"), someone).await;
    show(&visit, &who, step).await
}

/// Takes a no, or a way out: the client is told that access is denied.
///
/// # Errors
///
/// [`PageError::CrossSite`], [`PageError::Store`].
pub async fn post_cancel(visit: Visit, who: MaybeSignedIn, mut form: Form) -> Result<HttpResponse, PageError> {
    if let Err(cause) = csrf::check(&visit, &mut form) {
        return flash::refuse_form(&visit, &format!("{PATH}{}", visit.segment("id")), cause);
    }
    match visit.app.issuer.give_up(visit.segment("id")).await {
        Ok(refusal) => Ok(answer::to_client(&visit, &refusal)),
        Err(lost) => answer::lost(&visit, visit.quiet_page(&who), lost),
    }
}

async fn show(visit: &Visit, who: &MaybeSignedIn, step: Result<Step, Lost>) -> Result<HttpResponse, PageError> {
    match step {
        Ok(Step::Answer(answer)) => Ok(answer::to_client(visit, &answer)),
        Ok(Step::SignIn { id, again, language }) => {
            prefer(visit, language);
            let path = if again { "/login?again=1" } else { "/login" };
            Ok(see_other(&with_parameter(path, "return_to", &format!("{PATH}{id}"))))
        }
        Ok(Step::Ask { id, .. }) if visit.req.path() != format!("{PATH}{id}") => Ok(see_other(&format!("{PATH}{id}"))),
        Ok(Step::Ask { id, question }) => {
            prefer(visit, question.language);
            allow_forms_to(visit, &question.redirect_uri);
            let page: ConsentPage = consent::view(visit, visit.page(who).await, who, &id, *question);
            Ok(visit.html(StatusCode::OK, &page))
        }
        Err(lost) => answer::lost(visit, visit.quiet_page(who), lost),
    }
}

/// Takes the language that the client knows the person prefers, unless they have chosen one here.
fn prefer(visit: &Visit, language: Option<Language>) {
    if let Some(language) = language.filter(|_| visit.session.language().is_none()) {
        visit.session.set_language(language);
    }
}
