//! `/oauth/introspect` and `/oauth/revoke`: questions of clients about tokens (RFC 7662, RFC 7009).

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::json;

use crate::issuer::error::TokenError;
use crate::issuer::grants::TokenRequest;
use crate::issuer::refusal::Endpoint;
use crate::signin::visitor::Visitor;
use crate::web::body::{Body, check_type};
use crate::web::state::AppState;

/// Describes a token to its client.
pub async fn introspect(state: web::Data<AppState>, req: HttpRequest, visitor: Visitor, body: Body) -> HttpResponse {
    let described = match read(&req, &visitor, &body) {
        Ok(request) => state.issuer.answer_introspection(request).await,
        Err(error) => Err(state.issuer.refuse_at(Endpoint::Introspection, &visitor.request_id, error)),
    };
    described.map_or_else(|error| refused(&error), |described| no_store(HttpResponse::Ok().json(described)))
}

/// Takes a token back.
pub async fn revoke(state: web::Data<AppState>, req: HttpRequest, visitor: Visitor, body: Body) -> HttpResponse {
    let revoked = match read(&req, &visitor, &body) {
        Ok(request) => state.issuer.answer_revocation(request).await,
        Err(error) => Err(state.issuer.refuse_at(Endpoint::Revocation, &visitor.request_id, error)),
    };
    revoked.map_or_else(|error| refused(&error), |()| no_store(HttpResponse::Ok().finish()))
}

/// Reads a request: one form, nothing in the query (security.md TK-07).
fn read<'a>(req: &'a HttpRequest, visitor: &'a Visitor, body: &'a Body) -> Result<TokenRequest<'a>, TokenError> {
    if check_type(req, "application/x-www-form-urlencoded").is_err() {
        return Err(TokenError::InvalidRequest("the body must be application/x-www-form-urlencoded"));
    }
    if !req.query_string().is_empty() {
        return Err(TokenError::InvalidRequest("parameters belong into the body"));
    }
    let mut values = req.headers().get_all(header::AUTHORIZATION);
    let authorization = values.next().map(HeaderValue::to_str).transpose();
    match (authorization, values.next()) {
        (Ok(authorization), None) => {
            Ok(TokenRequest { authorization, form: &body.0, proof: None, address: visitor.address, request_id: &visitor.request_id })
        }
        _ => Err(TokenError::InvalidRequest("the Authorization header cannot be read")),
    }
}

fn refused(error: &TokenError) -> HttpResponse {
    if let TokenError::Store(cause) = error {
        log::error!(target: "genkan::issuer", event = "issuer_store_failed"; "{cause}");
    }
    let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::BAD_REQUEST);
    let mut answer = HttpResponse::build(status);
    if status == StatusCode::UNAUTHORIZED {
        answer.insert_header((header::WWW_AUTHENTICATE, "Basic realm=\"genkan\", charset=\"UTF-8\""));
    }
    if let Some(seconds) = error.retry_after() {
        answer.insert_header((header::RETRY_AFTER, seconds));
    }
    no_store(answer.json(json!({ "error": error.code(), "error_description": error.description() })))
}

fn no_store(mut answer: HttpResponse) -> HttpResponse {
    answer.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    answer
}
