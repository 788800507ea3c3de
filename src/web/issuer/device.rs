//! `/device`: where a person decides about a device that shows them a code (RFC 8628 §3.3).

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, HttpResponseBuilder};
use askama::Template;

use super::consent::AskView;
use super::person;
use crate::issuer::device::{DeviceFault, WaitingDevice};
use crate::web::body::Form;
use crate::web::error::PageError;
use crate::web::page::{FormFault, Page};
use crate::web::render;
use crate::web::signed_in::{MaybeSignedIn, SignedIn};
use crate::web::text::TextKey;
use crate::web::visit::Visit;
use crate::web::{csrf, flash};

/// Where the code is typed.
pub const PATH: &str = "/device";

/// Takes the code, asks about the device, says what was decided. Its forms post
/// `user_code`, `decision` (`allow` or `deny`) and `csrf_token` to `/device`.
#[derive(Clone, Debug, Template)]
#[template(path = "device.html")]
pub struct DevicePage {
    /// The frame.
    pub page: Page,
    /// What stands in the field, or what was found.
    pub user_code: String,
    /// The device that waits, once its code is known.
    pub ask: Option<AskView>,
    /// What was decided: the title and the text.
    pub done: Option<(TextKey, TextKey)>,
    /// What is wrong with the code.
    pub code_fault: Option<TextKey>,
    /// Why the form was refused as a whole.
    pub fault: Option<FormFault>,
}

/// Shows the field. A code in the query is put into it and no more: whoever follows a
/// link compares it with their device and presses the button themselves (RFC 8628 §5.4).
///
/// # Errors
///
/// [`PageError::SignedOut`], [`PageError::Store`].
pub async fn get(visit: Visit, who: SignedIn) -> Result<HttpResponse, PageError> {
    let page = visit.page(&MaybeSignedIn(Some(who.0))).await;
    let typed = visit.query("user_code").unwrap_or_default();
    let is_code = typed.len() <= 12 && typed.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'-');
    Ok(visit.html(StatusCode::OK, &empty(page, if is_code { typed } else { String::new() })))
}

/// Finds the device of a code, or takes the decision about it.
///
/// # Errors
///
/// [`PageError::SignedOut`], [`PageError::CrossSite`], [`PageError::Store`].
pub async fn post(visit: Visit, who: SignedIn, mut form: Form) -> Result<HttpResponse, PageError> {
    if let Err(cause) = csrf::check(&visit, &mut form) {
        return flash::refuse_form(&visit, PATH, cause);
    }
    let who = MaybeSignedIn(Some(who.0));
    let Some(someone) = person(&who) else { return Err(PageError::SignedOut(None)) };
    let (typed, decision) = (form.text("user_code"), form.text("decision"));
    let issuer = &visit.app.issuer;
    let found = match decision.as_str() {
        "allow" => issuer.decide_device(&typed, someone, true).await,
        "deny" => issuer.decide_device(&typed, someone, false).await,
        _ => issuer.find_device(&typed, someone).await,
    };
    let page = visit.quiet_page(&who);
    match found {
        Ok(device) => Ok(visit.html(StatusCode::OK, &answer(&visit, page, &device, &decision))),
        Err(fault) => refusal(&visit, page, &typed, fault),
    }
}

fn answer(visit: &Visit, page: Page, device: &WaitingDevice, decision: &str) -> DevicePage {
    let done = match decision {
        "allow" => Some(("device-allowed-title", "device-allowed-text")),
        "deny" => Some(("device-denied-title", "device-denied-text")),
        _ => None,
    };
    let ask = done.is_none().then(|| AskView::of_device(visit, &device.client, &device.scopes));
    DevicePage { ask, done, ..empty(page, device.user_code.clone()) }
}

fn refusal(visit: &Visit, page: Page, typed: &str, fault: DeviceFault) -> Result<HttpResponse, PageError> {
    let mut view = empty(page, typed.chars().take(16).collect());
    let builder = match fault {
        DeviceFault::Unknown => {
            view.code_fault = Some("fault-device-code");
            HttpResponseBuilder::new(StatusCode::UNPROCESSABLE_ENTITY)
        }
        DeviceFault::Throttled(wait) => {
            let (builder, fault) = render::throttled(wait);
            view.fault = Some(fault);
            builder
        }
        DeviceFault::Store(error) => return Err(error.into()),
    };
    Ok(visit.html_with(builder, &view))
}

fn empty(page: Page, user_code: String) -> DevicePage {
    DevicePage { page, user_code, ask: None, done: None, code_fault: None, fault: None }
}
