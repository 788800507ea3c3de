//! `/oauth/userinfo`: what the holder of a token may know of its person (OIDC Core §5.3).
//!
//! The token comes in the header or, with POST, in the form (RFC 6750 §2.1, §2.2); never in
//! the query, where it would stand in logs (security.md TK-15). One that is bound to a key
//! comes in the header, with its proof (RFC 9449 §7).

use actix_web::http::header::{self, HeaderValue};
use actix_web::{FromRequest as _, HttpRequest, HttpResponse, web};
use serde_json::{Map, Value};

use crate::issuer::bearer::Presented;
use crate::web::bearer::{self, Brought, Refusal};
use crate::web::body::{Form, check_type};
use crate::web::cors;
use crate::web::dpop;
use crate::web::error::PageError;
use crate::web::state::AppState;

/// Answers with the claims that the token opens.
///
/// # Errors
///
/// [`PageError::Store`] if nobody can say.
pub async fn answer(req: HttpRequest, payload: web::Payload, state: web::Data<AppState>) -> Result<HttpResponse, PageError> {
    let mut answer = match tell(&req, payload, &state).await {
        Ok(info) => HttpResponse::Ok().insert_header((header::CACHE_CONTROL, HeaderValue::from_static("no-store"))).json(info),
        Err(refusal) => refusal.answer(&req)?,
    };
    dpop::tell_nonce(&req, &state, &mut answer);
    cors::open(answer.headers_mut());
    Ok(answer)
}

async fn tell(req: &HttpRequest, payload: web::Payload, state: &AppState) -> Result<Map<String, Value>, Refusal> {
    if req.query_string().split('&').any(|pair| pair.split('=').next() == Some("access_token")) {
        return Err(Refusal::Malformed("a token in the address is not read"));
    }
    let in_form = body_of(req, payload).await?.and_then(|mut form| form.take("access_token"));
    Ok(state.issuer.userinfo(find_token(req, in_form.as_deref())?).await?)
}

/// Finds the one token of a request.
fn find_token<'a>(req: &'a HttpRequest, in_form: Option<&'a str>) -> Result<Presented<'a>, Refusal> {
    match (bearer::find(req), in_form) {
        (Brought::Nothing, None) => Err(Refusal::Missing),
        (Brought::Token(token), None) => Ok(token),
        (Brought::Unproven(fault), None) => Err(fault.into()),
        (Brought::Nothing, Some(token)) if bearer::is_token(token) => Ok(Presented::Bearer(token)),
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
