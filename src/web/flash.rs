//! How a failed sign-in reaches the person: once, on the next page, with or without cookies.
//!
//! Normally the session cookie carries it. Where the request brought none, which is
//! often what has to be explained, it travels in a parameter of the redirect: sealed,
//! so that nobody can make one; bound to address and browser, so that nobody can pass
//! one on; short-lived and used up when shown, so that a reload does not repeat it.

use std::time::Duration;

use actix_web::HttpResponse;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::DateTime;
use serde::{Deserialize, Serialize};

use super::error::PageError;
use super::flash_view::{FlashView, Retry};
use super::render::{see_other, with_parameter, with_return_to};
use super::visit::{FLASH_PARAMETER, Visit};
use super::visitor::user_agent;
use crate::domain::identity::ProviderId;
use crate::domain::return_to::ReturnTo;
use crate::random;
use crate::secret;
use crate::signin::attempt::Purpose;
use crate::signin::failure::{Category, Cause, Reported, SigninFailure};

/// For how long a flash may travel in a parameter: a minute, and 90 s for replicas whose clocks differ (security.md DP-04).
const SEALED_TTL: Duration = Duration::from_secs(150);

/// The longest return target that a flash carries, in bytes.
const MAX_KEPT_BYTES: usize = 128;

/// A failure on its way to a page: names and a reference, never text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flash {
    #[serde(rename = "c")]
    cause: String,
    /// Where a rule of the operators says another one than the cause.
    #[serde(rename = "g", default, skip_serializing_if = "Option::is_none")]
    category: Option<String>,
    #[serde(rename = "r")]
    reference: String,
    #[serde(rename = "p", default, skip_serializing_if = "Option::is_none")]
    provider: Option<String>,
    #[serde(rename = "u", default)]
    purpose: Purpose,
    /// Only when linking; a failed sign-in keeps it in the address of the page.
    #[serde(rename = "t", default, skip_serializing_if = "Option::is_none")]
    return_to: Option<ReturnTo>,
}

/// A flash in a parameter, and until when it may be shown, in seconds since the Unix epoch.
#[derive(Serialize, Deserialize)]
struct Sealed {
    flash: Flash,
    expires_at: i64,
}

impl From<&Reported> for Flash {
    fn from(reported: &Reported) -> Self {
        Self {
            cause: reported.cause.as_str().to_owned(),
            category: (reported.category != reported.cause.category()).then(|| reported.category.as_str().to_owned()),
            reference: reported.reference.clone(),
            provider: reported.provider.as_ref().map(ProviderId::to_string),
            purpose: reported.purpose,
            return_to: reported.return_to.clone().filter(|target| is_worth_keeping(reported.purpose, target)),
        }
    }
}

/// Tells whether a return target has to travel with the flash, and is short enough for a cookie full of attempts.
fn is_worth_keeping(purpose: Purpose, target: &ReturnTo) -> bool {
    purpose == Purpose::Link && target.as_str() != "/account" && target.as_str().len() <= MAX_KEPT_BYTES
}

/// Logs a sign-in that failed at the form and sends the person to where it began.
///
/// # Errors
///
/// [`PageError::CrossSite`]: another site gets no flash into our session.
pub fn fail(visit: &Visit, is_signed_in: bool, failure: SigninFailure) -> Result<HttpResponse, PageError> {
    let reported = visit.app.signin.report(failure, &visit.visitor);
    if reported.cause == Cause::CrossSiteRequest {
        return Err(PageError::CrossSite(reported.reference));
    }
    Ok(land(visit, is_signed_in, &reported))
}

/// Sends the person to where a failed attempt began.
pub fn land(visit: &Visit, is_signed_in: bool, reported: &Reported) -> HttpResponse {
    let path = match reported.purpose {
        Purpose::Link if is_signed_in => "/account".to_owned(),
        Purpose::Link | Purpose::SignIn => with_return_to("/login", reported.return_to.as_ref()),
    };
    carry(visit, &path, &Flash::from(reported))
}

/// Refuses a form that is no sign-in: logs it and sends the person back to its page.
///
/// # Errors
///
/// [`PageError::CrossSite`], as [`fail`].
pub fn refuse_form(visit: &Visit, path: &str, cause: Cause) -> Result<HttpResponse, PageError> {
    let reference = random::reference();
    log::info!(
        target: "genkan::web",
        event = "form_refused",
        cause = cause.as_str(),
        reference = reference.as_str(),
        request = visit.visitor.request_id.as_str(),
        address = visit.visitor.address.to_string();
        "a form was refused"
    );
    if cause == Cause::CrossSiteRequest {
        return Err(PageError::CrossSite(reference));
    }
    let cause = cause.as_str().to_owned();
    Ok(carry(visit, path, &Flash { cause, category: None, reference, provider: None, purpose: Purpose::SignIn, return_to: None }))
}

/// Takes the flash of this request; whatever cannot be read, has expired or was shown before is none.
pub async fn take(visit: &Visit, is_signed_in: bool) -> Option<FlashView> {
    if let Some(flash) = visit.session.take_flash() {
        return view(visit, flash, is_signed_in);
    }
    view(visit, take_sealed(visit).await?, is_signed_in)
}

/// Tells whether this request has a flash to show, without using it up.
pub fn is_waiting(visit: &Visit) -> bool {
    visit.session.has_flash() || visit.query(FLASH_PARAMETER).is_some_and(|sealed| open(visit, &sealed).is_some())
}

/// Puts a flash into the session, or into the address where the request brought no session.
fn carry(visit: &Visit, path: &str, flash: &Flash) -> HttpResponse {
    if visit.session.was_loaded() {
        visit.session.set_flash(flash);
        return see_other(path);
    }
    let now = visit.signin().clock.now();
    let sealed = Sealed { flash: flash.clone(), expires_at: (now + SEALED_TTL).timestamp() };
    let plain = serde_json::to_vec(&sealed).expect("plain structs become JSON");
    see_other(&with_parameter(path, FLASH_PARAMETER, &visit.signin().keyring.sealing.seal(&context(visit), &plain)))
}

async fn take_sealed(visit: &Visit) -> Option<Flash> {
    let parameter = visit.query(FLASH_PARAMETER)?;
    let sealed = open(visit, &parameter)?;
    let expires_at = DateTime::from_timestamp(sealed.expires_at, 0)?;
    // A store that is away must not swallow the explanation; it is repeated until it expires.
    let is_first = visit.signin().store.spend(&secret::hash_token(&parameter), expires_at).await.unwrap_or(true);
    is_first.then_some(sealed.flash)
}

fn open(visit: &Visit, parameter: &str) -> Option<Sealed> {
    let plain = visit.signin().keyring.sealing.open(&context(visit), parameter)?;
    let sealed: Sealed = serde_json::from_slice(&plain).ok()?;
    (visit.signin().clock.now().timestamp() <= sealed.expires_at).then_some(sealed)
}

/// Binds a sealed flash to its use, the client's address and its browser.
fn context(visit: &Visit) -> String {
    let browser = URL_SAFE_NO_PAD.encode(secret::sha256(user_agent(visit.req.headers()).as_bytes()));
    format!("flash {} {browser}", visit.visitor.address)
}

fn view(visit: &Visit, flash: Flash, is_signed_in: bool) -> Option<FlashView> {
    let cause = Cause::from_name(&flash.cause)?;
    let provider = flash.provider.as_deref().and_then(|id| visit.signin().providers.find(id));
    // Only who is signed in can link: everybody else starts from the form of the page.
    let may_begin = flash.purpose == Purpose::SignIn || is_signed_in;
    Some(FlashView {
        cause,
        category: flash.category.as_deref().and_then(Category::from_name).unwrap_or_else(|| cause.category()),
        reference: flash.reference,
        provider: provider.map(|provider| provider.name.clone()),
        retry: provider.filter(|_| may_begin).map(|provider| Retry { provider: provider.id.to_string(), purpose: flash.purpose }),
        return_to: flash.return_to.or_else(|| visit.return_to()).map(String::from),
    })
}
