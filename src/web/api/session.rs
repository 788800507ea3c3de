//! `/api/session`: signing in with a password, and out.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use secrecy::SecretString;
use serde::Deserialize;
use serde_json::json;

use super::json::{self, Json};
use crate::domain::scope::Scope;
use crate::signin::password::PasswordRefused;
use crate::web::bearer::{self, Brought, Refusal};
use crate::web::cookies;
use crate::web::dpop;
use crate::web::error::PageError;
use crate::web::pages::signout::SITE_DATA;
use crate::web::signed_in::MaybeSignedIn;
use crate::web::state::AppState;
use crate::web::visit::Visit;

/// What a sign-in needs.
#[derive(Deserialize)]
pub struct Credentials {
    /// The user name, or an address.
    username: String,
    /// The password.
    password: SecretString,
}

/// Says whether somebody is signed in; always 200, so that asking is no error. Only a
/// token that opens nothing is one (RFC 6750 §3.1).
///
/// # Errors
///
/// [`PageError::Store`].
pub async fn get(req: HttpRequest, state: web::Data<AppState>, who: MaybeSignedIn) -> Result<HttpResponse, PageError> {
    let mut answer = match bearer::find(&req) {
        Brought::Nothing => return Ok(HttpResponse::Ok().json(json!({ "signed_in": who.0.is_some() }))),
        Brought::Unproven(fault) => Refusal::from(fault).answer(&req)?,
        Brought::Unusable => Refusal::Malformed("the Authorization header holds no single token").answer(&req)?,
        Brought::Token(token) => match state.issuer.read_personal(token, Scope::OPENID).await {
            Ok(_) => HttpResponse::Ok().json(json!({ "signed_in": true })),
            Err(fault) => Refusal::from(fault).answer(&req)?,
        },
    };
    dpop::tell_nonce(&req, &state, &mut answer);
    Ok(answer)
}

/// Signs in with a password.
///
/// # Errors
///
/// [`PageError::Throttled`], [`PageError::Busy`], [`PageError::Store`].
pub async fn post(visit: Visit, who: MaybeSignedIn, Json(given): Json<Credentials>) -> Result<HttpResponse, PageError> {
    match visit.signin().sign_in_with_password(&given.username, given.password, &visit.visitor).await {
        Ok(opened) => Ok(json::opened(&visit, &who, StatusCode::OK, &opened).await),
        Err(PasswordRefused::Wrong) => Ok(HttpResponse::Unauthorized().json(json!({
            "error": "invalid_credentials",
            "error_description": "user name and password do not belong together",
        }))),
        Err(PasswordRefused::Throttled { retry_after }) => Err(PageError::Throttled(retry_after)),
        Err(PasswordRefused::Busy { retry_after }) => Err(PageError::Busy(retry_after)),
        Err(PasswordRefused::Store(error)) => Err(error.into()),
    }
}

/// Signs out; whoever is not signed in is signed out as well.
///
/// # Errors
///
/// [`PageError::ForeignOrigin`], [`PageError::Store`].
pub async fn delete(visit: Visit, who: MaybeSignedIn) -> Result<HttpResponse, PageError> {
    json::check_origin(&visit.req)?;
    if let Some(who) = &who.0 {
        visit.signin().end_session(who, who.session.id, &visit.visitor).await?;
    }
    visit.session.clear();
    Ok(HttpResponse::NoContent().insert_header(SITE_DATA).cookie(cookies::no_token(&visit.signin().config)).finish())
}
