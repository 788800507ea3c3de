//! `/oauth/userinfo`: what the holder of a token may know of its person (OIDC Core §5.3).
//!
//! The token comes in the header or, with POST, in the form (RFC 6750 §2.1, §2.2); never in
//! the query, where it would stand in logs (security.md TK-15).

use actix_web::http::header::{self, HeaderValue};
use actix_web::{FromRequest as _, HttpRequest, HttpResponse, web};

use crate::web::bearer::{self, Brought, Refusal};
use crate::web::body::{Form, check_type};
use crate::web::cors;
use crate::web::error::PageError;
use crate::web::state::AppState;

/// Answers with the claims that the token opens.
///
/// # Errors
///
/// [`PageError::Store`] if nobody can say.
pub async fn answer(req: HttpRequest, payload: web::Payload, state: web::Data<AppState>) -> Result<HttpResponse, PageError> {
    let mut answer = match read_token(&req, payload).await {
        Ok(token) => match state.issuer.userinfo(&token).await {
            Ok(info) => HttpResponse::Ok().insert_header((header::CACHE_CONTROL, HeaderValue::from_static("no-store"))).json(info),
            Err(fault) => Refusal::from(fault).answer(&req)?,
        },
        Err(refusal) => refusal.answer(&req)?,
    };
    cors::open(answer.headers_mut());
    Ok(answer)
}

/// Finds the one token of a request.
async fn read_token(req: &HttpRequest, payload: web::Payload) -> Result<String, Refusal> {
    if req.query_string().split('&').any(|pair| pair.split('=').next() == Some("access_token")) {
        return Err(Refusal::Malformed("a token in the address is not read"));
    }
    let in_form = match body_of(req, payload).await? {
        Some(mut form) => form.take("access_token"),
        None => None,
    };
    match (bearer::find(req.headers()), in_form) {
        (Brought::Nothing, None) => Err(Refusal::Missing),
        (Brought::Token(token), None) => Ok(token.to_owned()),
        (Brought::Nothing, Some(token)) if bearer::is_token(&token) => Ok(token),
        (Brought::Token(_), Some(_)) => Err(Refusal::Malformed("the token came in two ways")),
        _ => Err(Refusal::Malformed("the token cannot be read")),
    }
}

/// Reads the form of a POST, if it is one.
async fn body_of(req: &HttpRequest, payload: web::Payload) -> Result<Option<Form>, Refusal> {
    let is_form = check_type(req, "application/x-www-form-urlencoded").is_ok();
    if req.method().is_safe() || !is_form {
        return Ok(None);
    }
    let form = Form::from_request(req, &mut payload.into_inner()).await;
    form.map(Some).map_err(|_| Refusal::Malformed("the form cannot be read"))
}
