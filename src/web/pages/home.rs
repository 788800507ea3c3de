//! `/`: to the account, or to the sign-in page.

use actix_web::HttpResponse;

use crate::web::error::PageError;
use crate::web::render::see_other;
use crate::web::signed_in::MaybeSignedIn;

/// Sends the visitor where they belong.
///
/// # Errors
///
/// [`PageError::Store`].
pub async fn get(who: MaybeSignedIn) -> Result<HttpResponse, PageError> {
    Ok(see_other(if who.0.is_some() { "/account" } else { "/login" }))
}
