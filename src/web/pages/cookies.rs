//! `/cookies`: says whether this browser keeps cookies for this site.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;

use crate::web::error::PageError;
use crate::web::page::Page;
use crate::web::render::{see_other, with_parameter, with_return_to};
use crate::web::signed_in::MaybeSignedIn;
use crate::web::visit::Visit;

/// Marks the second of the two requests, so that a browser without cookies does not go in circles.
const PROBED: &str = "probed";

/// The answer of the test, in words, and what to do where it failed.
#[derive(Clone, Debug, Template)]
#[template(path = "cookies.html")]
pub struct CookiesPage {
    /// The frame.
    pub page: Page,
    /// Whether the cookie of the first request came back with the second.
    pub is_kept: bool,
    /// Where to go on: to the sign-in page, with the return target kept.
    pub onward: String,
    /// Where the test begins anew.
    pub again: String,
}

/// Sets the session cookie and looks, one redirect later, whether it came back.
///
/// The probe is the session cookie itself: another one might fare differently.
///
/// # Errors
///
/// None today.
pub async fn get(visit: Visit, who: MaybeSignedIn) -> Result<HttpResponse, PageError> {
    let return_to = visit.return_to();
    let again = with_return_to("/cookies", return_to.as_ref());
    if visit.query(PROBED).is_none() {
        visit.session.csrf_token();
        return Ok(see_other(&with_parameter(&again, PROBED, "1")));
    }
    let is_kept = visit.session.was_loaded();
    let onward = with_return_to("/login", return_to.as_ref());
    let page = visit.quiet_page(&who);
    Ok(visit.html(StatusCode::OK, &CookiesPage { page, is_kept, onward, again }))
}
