//! `GET /api/me`: who is signed in.

use actix_web::HttpResponse;

use super::json::UserView;
use crate::web::error::PageError;
use crate::web::signed_in::SignedIn;

/// Describes the signed-in user.
///
/// # Errors
///
/// [`PageError::SignedOut`], [`PageError::Store`].
pub async fn get(who: SignedIn) -> Result<HttpResponse, PageError> {
    Ok(HttpResponse::Ok().json(UserView::from(&who.0.user)))
}
