//! `/logout`: ends the session, here and on the server.

use actix_web::HttpResponse;
use actix_web::http::header::{self, HeaderName};

use crate::web::body::Form;
use crate::web::error::PageError;
use crate::web::page::Notice;
use crate::web::signed_in::MaybeSignedIn;
use crate::web::visit::Visit;
use crate::web::{cookies, csrf, flash};

/// What the browser forgets at sign-out; not "cookies", which would take the language with it.
pub const SITE_DATA: (HeaderName, &str) = (HeaderName::from_static("clear-site-data"), "\"cache\", \"storage\"");

/// Ends the session and forgets everything but the language (security.md SE-12).
///
/// # Errors
///
/// [`PageError::CrossSite`]; [`PageError::Store`]: then nobody is told to be signed out.
pub async fn post(visit: Visit, who: MaybeSignedIn, mut form: Form) -> Result<HttpResponse, PageError> {
    if let Err(cause) = csrf::check(&visit, &mut form) {
        return flash::refuse_form(&visit, if who.0.is_some() { "/account" } else { "/login" }, cause);
    }
    if let Some(who) = &who.0 {
        visit.signin().end_session(who, who.session.id, &visit.visitor).await?;
    }
    visit.session.clear();
    visit.session.set_notice(Notice::SignedOut);
    Ok(HttpResponse::SeeOther()
        .insert_header((header::LOCATION, "/login"))
        .insert_header(SITE_DATA)
        .cookie(cookies::no_token(&visit.signin().config))
        .finish())
}
