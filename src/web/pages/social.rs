//! `/auth/{provider}`: the page before the trip, and the one that catches a cross-site answer.

use actix_web::HttpResponse;
use actix_web::http::{Method, StatusCode};
use askama::Template;

use super::ProviderButton;
use super::error::ErrorPage;
use super::signin::{self, welcome};
use crate::domain::language::Language;
use crate::domain::return_to::ReturnTo;
use crate::signin::attempt::{Attempts, Purpose};
use crate::signin::callback::Callback;
use crate::signin::failure::{Cause, Reported, SigninFailure, Stage};
use crate::signin::social::{BeginRequest, Begun, FinishRequest, Finished};
use crate::web::body::{Body, Form};
use crate::web::error::PageError;
use crate::web::flash_view::FlashView;
use crate::web::issuer::application;
use crate::web::page::{Notice, Page};
use crate::web::render::{see_other, with_return_to};
use crate::web::signed_in::MaybeSignedIn;
use crate::web::speculative::{is_navigation, is_speculative};
use crate::web::visit::Visit;
use crate::web::{csrf, flash};

/// Marks an answer that our own page has posted once more, so that it goes round only once.
const BOUNCED: &str = "genkan_bounced";

/// One button, so that a bare link signs nobody in; posts `csrf_token`, `return_to`
/// and `purpose` to `/auth/{provider}`.
#[derive(Clone, Debug, Template)]
#[template(path = "interstitial.html")]
pub struct InterstitialPage {
    /// The frame.
    pub page: Page,
    /// Whom to go to.
    pub provider: ProviderButton,
    /// What for.
    pub purpose: Purpose,
    /// Where to go afterwards.
    pub return_to: Option<String>,
}

/// One button that posts what a provider sent once more, from our own origin.
#[derive(Clone, Debug, Template)]
#[template(path = "bounce.html")]
pub struct BouncePage {
    /// The frame.
    pub page: Page,
    /// The display name of the provider.
    pub provider: String,
    /// The path to post to.
    pub action: String,
    /// What to post: names and values, in order.
    pub fields: Vec<(String, String)>,
}

/// Shows the one button; starts nothing (security.md WB-02).
///
/// # Errors
///
/// [`PageError::BadRequest`] for an unknown purpose; an unknown provider is answered 404, with a flash.
pub async fn get(visit: Visit, who: MaybeSignedIn) -> Result<HttpResponse, PageError> {
    let Some(provider) = visit.provider().map(|provider| visit.button(provider)) else {
        return Ok(refuse_unknown(&visit, &who));
    };
    let purpose = purpose(&visit.query("purpose").unwrap_or_default())?;
    let return_to = visit.return_to();
    let application = application::waiting(&visit, return_to.as_ref()).await?;
    let (return_to, page) = (return_to.map(String::from), Page { application, ..visit.page(&who).await });
    Ok(visit.html(StatusCode::OK, &InterstitialPage { page, provider, purpose, return_to }))
}

/// Starts an attempt and sends the browser to the provider.
///
/// # Errors
///
/// [`PageError::BadRequest`] for an unknown purpose; [`PageError::CrossSite`].
pub async fn post(visit: Visit, who: MaybeSignedIn, mut form: Form) -> Result<HttpResponse, PageError> {
    let Some(provider) = visit.provider().map(|provider| provider.id.clone()) else {
        return Ok(refuse_unknown(&visit, &who));
    };
    let return_to = ReturnTo::parse(&form.text("return_to"));
    let purpose = purpose(&form.text("purpose"))?;
    if let Err(cause) = csrf::check(&visit, &mut form) {
        let failure = SigninFailure { provider: Some(provider), purpose, return_to, ..SigninFailure::new(cause, Stage::Start) };
        return flash::fail(&visit, who.0.is_some(), failure);
    }
    match begin(&visit, &who, purpose, return_to.clone()).await {
        Ok(Start::Away(url)) => Ok(see_other(&url)),
        Ok(Start::SignInFirst) => Ok(see_other(&signin::again(&interstitial(&visit, return_to.as_ref())))),
        Err(reported) => Ok(flash::land(&visit, who.0.is_some(), &reported)),
    }
}

/// How the start of an attempt went.
pub enum Start {
    /// The browser is to be sent to this address.
    Away(String),
    /// Linking needs a sign-in of just now.
    SignInFirst,
}

/// Begins an attempt and keeps it in the session.
///
/// # Errors
///
/// The reported failure.
pub async fn begin(visit: &Visit, who: &MaybeSignedIn, purpose: Purpose, return_to: Option<ReturnTo>) -> Result<Start, Reported> {
    let mut attempts = visit.session.attempts();
    let request = BeginRequest {
        provider: visit.segment("provider"),
        origin: &visit.origin(),
        purpose,
        return_to,
        who: who.0.as_deref(),
        language: visit.language,
        attempts: &attempts,
        visitor: &visit.visitor,
    };
    let Begun::Away { attempt, url } = visit.signin().begin(request).await? else { return Ok(Start::SignInFirst) };
    attempts.drop_stale(visit.signin().clock.now(), visit.signin().config.signin.attempt_ttl());
    attempts.push(*attempt);
    visit.session.set_attempts(&attempts);
    Ok(Start::Away(url.into()))
}

/// Ends an attempt that the provider answered with a redirect.
///
/// # Errors
///
/// None today; a failure becomes a flash.
pub async fn callback_get(visit: Visit, who: MaybeSignedIn) -> Result<HttpResponse, PageError> {
    if is_speculative(&visit.req) {
        return Ok(HttpResponse::NoContent().finish());
    }
    let query = visit.req.query_string().to_owned();
    conclude(&visit, &who, query.as_bytes()).await
}

/// Ends an attempt that the provider answered with a form.
///
/// The form comes from the provider's origin, so the session cookie, which is
/// `SameSite=Lax`, stays behind: our own page posts it once more (security.md SO-14).
///
/// # Errors
///
/// None today; a failure becomes a flash.
pub async fn callback_post(visit: Visit, who: MaybeSignedIn, body: Body) -> Result<HttpResponse, PageError> {
    if !visit.session.has_cookie()
        && let Some(fields) = fields_to_bounce(&body.0)
        && let Some(provider) = visit.provider()
    {
        let (provider, action) = (provider.name.clone(), visit.req.path().to_owned());
        let page = BouncePage { page: visit.bare_page(), provider, action, fields };
        return Ok(visit.html(StatusCode::OK, &page));
    }
    conclude(&visit, &who, &body.0).await
}

/// Answers `HEAD` and `OPTIONS` with nothing, and touches nothing.
pub async fn callback_probe() -> HttpResponse {
    HttpResponse::NoContent().finish()
}

/// Ends an attempt and keeps book of it in the session: the common part of pages and JSON.
/// A page that goes where it is sent can be sent away once more, and then has a `language`.
///
/// # Errors
///
/// The reported failure.
pub async fn finish(visit: &Visit, who: &MaybeSignedIn, raw: &[u8], language: Option<Language>) -> Result<Finished, Reported> {
    let mut attempts = visit.session.attempts();
    let request = FinishRequest {
        provider: visit.segment("provider"),
        origin: &visit.origin(),
        raw,
        is_query: *visit.req.method() == Method::GET,
        attempts: visit.session.has_cookie().then_some(&attempts),
        who: who.0.as_deref(),
        language,
        visitor: &visit.visitor,
    };
    let result = visit.signin().finish(request).await;
    if note(&mut attempts, &result) {
        visit.session.set_attempts(&attempts);
    }
    result
}

/// Notes how the attempt ended; tells whether anything changed.
fn note(attempts: &mut Attempts, result: &Result<Finished, Reported>) -> bool {
    match result {
        Ok(Finished::SignedIn { attempt, .. } | Finished::Linked { attempt }) => attempts.finish(attempt),
        Ok(Finished::Again { attempt, .. }) => attempts.restart((**attempt).clone()),
        Err(Reported { attempt: Some(id), .. }) => attempts.remove(*id),
        Ok(Finished::Onward { .. }) | Err(_) => return false,
    }
    true
}

async fn conclude(visit: &Visit, who: &MaybeSignedIn, raw: &[u8]) -> Result<HttpResponse, PageError> {
    let language = is_navigation(&visit.req).then_some(visit.language);
    match finish(visit, who, raw, language).await {
        Ok(Finished::Again { url, .. }) => Ok(see_other(url.as_str())),
        Ok(Finished::SignedIn { attempt, session, is_new }) => {
            let answer = welcome(visit, who, &session, attempt.return_to.as_ref()).await;
            if is_new {
                visit.session.set_notice(Notice::Welcome);
            }
            Ok(answer)
        }
        Ok(Finished::Linked { attempt }) => {
            visit.session.set_notice(Notice::Linked);
            Ok(see_other(visit.landing(attempt.return_to.as_ref())))
        }
        Ok(Finished::Onward { return_to }) => Ok(see_other(visit.landing(return_to.as_ref()))),
        Err(reported) if reported.cause == Cause::ProviderUnknown => Ok(show_unknown(visit, who, &reported)),
        Err(reported) => Ok(flash::land(visit, who.0.is_some(), &reported)),
    }
}

/// Returns the page with the one button that goes on to link.
fn interstitial(visit: &Visit, return_to: Option<&ReturnTo>) -> String {
    with_return_to(&format!("{}?purpose={}", visit.req.path(), Purpose::Link.as_str()), return_to)
}

/// Reports that nothing can begin with a provider that is not there, and says so.
fn refuse_unknown(visit: &Visit, who: &MaybeSignedIn) -> HttpResponse {
    let failure = SigninFailure::new(Cause::ProviderUnknown, Stage::Start);
    show_unknown(visit, who, &visit.app.signin.report(failure, &visit.visitor))
}

/// Answers 404 with the flash at once: no attempt can have begun, so there is nowhere to go back to.
fn show_unknown(visit: &Visit, who: &MaybeSignedIn, reported: &Reported) -> HttpResponse {
    let page = Page { flash: Some(FlashView::new(reported, None)), ..visit.quiet_page(who) };
    let status = StatusCode::NOT_FOUND;
    visit.html(status, &ErrorPage::new(page, status.as_u16(), None))
}

/// Returns what to post once more; nothing if that was done, or if the form breaks a rule anyway.
fn fields_to_bounce(body: &[u8]) -> Option<Vec<(String, String)>> {
    Callback::read(body).ok()?;
    let mut fields = Form::parse(body).ok()?.into_fields();
    if fields.iter().any(|(name, _)| name == BOUNCED) {
        return None;
    }
    fields.push((BOUNCED.to_owned(), "1".to_owned()));
    Some(fields)
}

/// Reads what an attempt is for; a word that is not known is not guessed at.
fn purpose(word: &str) -> Result<Purpose, PageError> {
    match word {
        "" | "sign_in" => Ok(Purpose::SignIn),
        "link" => Ok(Purpose::Link),
        _ => Err(PageError::BadRequest("the purpose is neither sign_in nor link")),
    }
}
