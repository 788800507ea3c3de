//! `/logout`: ends the session, here and on the server, and lets the browser tell the applications that were used in it.

use actix_web::HttpResponse;
use actix_web::http::header::{HeaderName, HeaderValue};

use crate::web::body::Form;
use crate::web::error::PageError;
use crate::web::issuer::farewell;
use crate::web::page::Notice;
use crate::web::signed_in::MaybeSignedIn;
use crate::web::visit::Visit;
use crate::web::{cookies, csrf, flash, render};

/// What the browser forgets at sign-out; not "cookies", which would take the language with it.
pub const SITE_DATA: (HeaderName, HeaderValue) =
    (HeaderName::from_static("clear-site-data"), HeaderValue::from_static("\"cache\", \"storage\""));

/// Ends the session and forgets everything but the language (security.md SE-12).
///
/// # Errors
///
/// [`PageError::CrossSite`]; [`PageError::Store`]: then nobody is told to be signed out.
pub async fn post(visit: Visit, who: MaybeSignedIn, mut form: Form) -> Result<HttpResponse, PageError> {
    if let Err(cause) = csrf::check(&visit, &mut form) {
        return flash::refuse_form(&visit, if who.0.is_some() { "/account" } else { "/login" }, cause);
    }
    visit.session.clear();
    end(&visit, &who, None).await
}

/// Ends the session, if there is one, and sends the person to an address that was checked, or to the sign-in page with a word about it.
///
/// # Errors
///
/// [`PageError::Store`]: then nobody is told to be signed out.
///
/// # Panics
///
/// Never: cookies of ours are ASCII.
pub async fn end(visit: &Visit, who: &MaybeSignedIn, target: Option<&str>) -> Result<HttpResponse, PageError> {
    let mut frames = Vec::new();
    if let Some(who) = &who.0 {
        frames = visit.app.issuer.list_frontchannel_addresses(who.session.id).await?;
        visit.signin().end_session(who, who.session.id, &visit.visitor).await?;
        visit.session.clear();
    }
    if target.is_none() {
        visit.session.set_notice(Notice::SignedOut);
    }
    let target = target.unwrap_or("/login");
    let mut answer = if frames.is_empty() { render::see_other(target) } else { farewell::page(visit, &frames, target) };
    answer.headers_mut().insert(SITE_DATA.0, SITE_DATA.1);
    answer.add_cookie(&cookies::no_token(&visit.signin().config)).expect("a cookie of ours is ASCII");
    Ok(answer)
}
