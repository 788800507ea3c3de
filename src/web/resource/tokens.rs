//! `/oauth/introspect` and `/oauth/revoke`: questions of clients about tokens (RFC 7662, RFC 7009).

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, web};

use crate::issuer::refusals::Endpoint;
use crate::signin::visitor::Visitor;
use crate::web::body::Body;
use crate::web::issuer::answer::{json, refused};
use crate::web::issuer::token::read;
use crate::web::state::AppState;

/// Describes a token to its client.
pub async fn introspect(state: web::Data<AppState>, req: HttpRequest, visitor: Visitor, body: Body) -> HttpResponse {
    let described = match read(&req, &visitor, &body) {
        Ok(request) => state.issuer.answer_introspection(request).await,
        Err(error) => Err(state.issuer.refuse_at(Endpoint::Introspection, None, &visitor.request_id, error)),
    };
    described.map_or_else(|error| refused(&error), |described| json(StatusCode::OK, &described))
}

/// Takes a token back.
pub async fn revoke(state: web::Data<AppState>, req: HttpRequest, visitor: Visitor, body: Body) -> HttpResponse {
    let revoked = match read(&req, &visitor, &body) {
        Ok(request) => state.issuer.answer_revocation(request).await,
        Err(error) => Err(state.issuer.refuse_at(Endpoint::Revocation, None, &visitor.request_id, error)),
    };
    let done = || HttpResponse::Ok().insert_header((header::CACHE_CONTROL, HeaderValue::from_static("no-store"))).finish();
    revoked.map_or_else(|error| refused(&error), |()| done())
}
