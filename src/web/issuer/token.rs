//! `/oauth/token`, `/oauth/par` and `/oauth/device_authorization`: forms in, JSON out
//! (RFC 6749 §3.2, RFC 9126 §2, RFC 8628 §3.1).
//!
//! Nothing of a browser is read here: no cookie, no language. A page of another origin may
//! ask for tokens, for what counts is in the form and never comes by itself; it has no
//! business with the other two (security.md WB-06).

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderMap};
use actix_web::{HttpRequest, HttpResponse, web};
use secrecy::ExposeSecret;
use serde::Serialize;
use serde_json::{Value, json};

use super::answer::{json as answer_json, refused};
use crate::domain::scope::Scopes;
use crate::issuer::error::TokenError;
use crate::issuer::grants::{TokenAnswer, TokenRequest};
use crate::issuer::refusal::Endpoint;
use crate::signin::visitor::Visitor;
use crate::web::body::{Body, check_type};
use crate::web::cors;
use crate::web::dpop;
use crate::web::state::AppState;

/// Gives tokens.
pub async fn post(state: web::Data<AppState>, req: HttpRequest, visitor: Visitor, body: Body) -> HttpResponse {
    let issued = match read(&req, &visitor, &body) {
        Ok(request) => state.issuer.issue_tokens(request).await,
        Err(error) => Err(state.issuer.refuse_unread(error)),
    };
    let mut answer = match &issued {
        Ok(tokens) => answer_json(StatusCode::OK, &TokenBody::from(tokens)),
        Err(error) => refused(error),
    };
    dpop::tell_nonce(&req, &state, &mut answer);
    cors::open(answer.headers_mut());
    answer
}

/// Keeps an authorization request that a client pushes.
pub async fn post_pushed(state: web::Data<AppState>, req: HttpRequest, visitor: Visitor, body: Body) -> HttpResponse {
    let pushed = match read(&req, &visitor, &body) {
        Ok(request) => state.issuer.push_request(request).await,
        Err(error) => Err(state.issuer.refuse_at(Endpoint::Par, &visitor.request_id, error)),
    };
    let mut answer = match pushed {
        // RFC 9126 §2.2.
        Ok(pushed) => answer_json(StatusCode::CREATED, &json!({ "request_uri": pushed.request_uri, "expires_in": pushed.expires_in_secs })),
        Err(error) => refused(&error),
    };
    dpop::tell_nonce(&req, &state, &mut answer);
    answer
}

/// Lets a device wait for its person.
pub async fn post_device(state: web::Data<AppState>, req: HttpRequest, visitor: Visitor, body: Body) -> HttpResponse {
    let request = match read(&req, &visitor, &body) {
        Ok(request) => request,
        Err(error) => return refused(&state.issuer.refuse_at(Endpoint::Device, &visitor.request_id, error)),
    };
    answer(state.issuer.begin_device(request).await.map(|device| {
        let page = format!("{}/device", state.issuer.identifier());
        json!({
            "device_code": device.device_code.expose_secret(),
            "user_code": device.user_code,
            "verification_uri": page,
            "verification_uri_complete": format!("{page}?user_code={}", device.user_code),
            "expires_in": device.expires_in_secs,
            "interval": device.interval_secs,
        })
    }))
}

/// Reads a request: a form, and nothing in the query that could be a secret (RFC 6749 §2.3.1).
pub(in crate::web) fn read<'a>(req: &'a HttpRequest, visitor: &'a Visitor, body: &'a Body) -> Result<TokenRequest<'a>, TokenError> {
    if check_type(req, "application/x-www-form-urlencoded").is_err() {
        return Err(TokenError::InvalidRequest("the body must be application/x-www-form-urlencoded"));
    }
    if !req.query_string().is_empty() {
        return Err(TokenError::InvalidRequest("parameters belong into the body"));
    }
    let authorization = authorization(req.headers())?;
    Ok(TokenRequest { authorization, form: &body.0, proof: dpop::find(req)?, address: visitor.address, request_id: &visitor.request_id })
}

/// Returns the `Authorization` header; there may be one.
fn authorization(headers: &HeaderMap) -> Result<Option<&str>, TokenError> {
    let mut values = headers.get_all(header::AUTHORIZATION);
    let Some(value) = values.next() else { return Ok(None) };
    match (value.to_str(), values.next()) {
        (Ok(text), None) => Ok(Some(text)),
        _ => Err(TokenError::InvalidRequest("the Authorization header cannot be read")),
    }
}

fn answer(result: Result<Value, TokenError>) -> HttpResponse {
    match result {
        Ok(body) => answer_json(StatusCode::OK, &body),
        Err(error) => refused(&error),
    }
}

/// An answer with tokens, as it is sent (RFC 6749 §5.1).
#[derive(Serialize)]
struct TokenBody<'a> {
    access_token: &'a str,
    token_type: &'static str,
    expires_in: u64,
    scope: &'a Scopes,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    id_token: Option<&'a str>,
}

impl<'a> From<&'a TokenAnswer> for TokenBody<'a> {
    fn from(tokens: &'a TokenAnswer) -> Self {
        Self {
            access_token: tokens.access_token.expose_secret(),
            token_type: tokens.token_type.as_str(),
            expires_in: tokens.expires_in_secs,
            scope: &tokens.scopes,
            refresh_token: tokens.refresh_token.as_ref().map(ExposeSecret::expose_secret),
            id_token: tokens.id_token.as_ref().map(ExposeSecret::expose_secret),
        }
    }
}
