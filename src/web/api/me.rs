//! `GET /api/me`: who is signed in, or whose token it is.

use actix_web::{HttpRequest, HttpResponse, web};

use super::json::UserView;
use crate::domain::scope::Scope;
use crate::web::bearer::{self, Brought, Refusal};
use crate::web::dpop;
use crate::web::error::PageError;
use crate::web::signed_in::MaybeSignedIn;
use crate::web::state::AppState;

/// Describes the signed-in user or, to the holder of a token with the scope `profile`, its
/// user; the address needs the scope `email` as well.
///
/// # Errors
///
/// [`PageError::Store`].
pub async fn get(req: HttpRequest, state: web::Data<AppState>) -> Result<HttpResponse, PageError> {
    let mut answer = answer(&req, &state).await?;
    dpop::tell_nonce(&req, &state, &mut answer);
    Ok(answer)
}

async fn answer(req: &HttpRequest, state: &AppState) -> Result<HttpResponse, PageError> {
    let refusal = match bearer::find(req) {
        Brought::Nothing => match MaybeSignedIn::of(req).await?.0 {
            Some(who) => return Ok(HttpResponse::Ok().json(UserView::from(&who.user))),
            None => Refusal::Missing,
        },
        Brought::Unproven(fault) => fault.into(),
        Brought::Unusable => Refusal::Malformed("the Authorization header holds no single token"),
        Brought::Token(token) => match state.issuer.read_personal(token, Scope::PROFILE).await {
            Ok(bearer) => {
                let may_see_address = bearer.claims.scope.contains(Scope::EMAIL);
                let view = bearer.user.as_ref().map(|user| UserView::for_token(user, may_see_address));
                return Ok(HttpResponse::Ok().json(view));
            }
            Err(fault) => fault.into(),
        },
    };
    refusal.answer(req)
}
