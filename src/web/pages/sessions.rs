//! `/account/sessions/…`: ending the own sessions on other browsers.

use actix_web::HttpResponse;

use super::account::{PATH, done};
use crate::web::body::Form;
use crate::web::error::PageError;
use crate::web::page::Notice;
use crate::web::signed_in::SignedIn;
use crate::web::visit::Visit;
use crate::web::{csrf, flash};

/// Ends one session of the person who asks (security.md SE-05).
///
/// # Errors
///
/// [`PageError::NotFound`] if it is none of theirs, [`PageError::SignedOut`],
/// [`PageError::CrossSite`], [`PageError::Store`].
pub async fn post_end(visit: Visit, who: SignedIn, mut form: Form) -> Result<HttpResponse, PageError> {
    if let Err(cause) = csrf::check(&visit, &mut form) {
        return flash::refuse_form(&visit, PATH, cause);
    }
    let id = form.text("session").parse().map_err(|_| PageError::BadRequest("this is not a session"))?;
    if !visit.signin().end_session(&who.0, id, &visit.visitor).await? {
        return Err(PageError::NotFound);
    }
    Ok(done(&visit, Notice::SessionEnded))
}

/// Ends every session of the person who asks but the one that asks.
///
/// # Errors
///
/// [`PageError::SignedOut`], [`PageError::CrossSite`], [`PageError::Store`].
pub async fn post_end_others(visit: Visit, who: SignedIn, mut form: Form) -> Result<HttpResponse, PageError> {
    if let Err(cause) = csrf::check(&visit, &mut form) {
        return flash::refuse_form(&visit, PATH, cause);
    }
    visit.signin().end_other_sessions(&who.0, Some(who.0.session.id), &visit.visitor).await?;
    Ok(done(&visit, Notice::SessionsEnded))
}
