//! `POST /oauth/register`: JSON in, a client out (RFC 7591 §3); `/oauth/register/{id}`: the program
//! that registered it reads, changes and deletes it (RFC 7592). They are there only where the
//! operators have opened it.

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, web};
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};

use super::answer;
use crate::issuer::bearer::Presented;
use crate::issuer::registration::caretaker::Caretaker;
use crate::issuer::registration::flow::Registered;
use crate::issuer::registration::program::RegistrationError;
use crate::issuer::registration::wire;
use crate::signin::visitor::Visitor;
use crate::web::bearer::{self, Brought};
use crate::web::body::{Body, check_type};
use crate::web::state::AppState;

/// Registers a client. A page of another site cannot get here: its type needs a question
/// first, which is answered with no (security.md WB-06).
pub async fn post(state: web::Data<AppState>, req: HttpRequest, visitor: Visitor, body: Body) -> HttpResponse {
    if check_type(&req, "application/json").is_err() {
        return refused(&RegistrationError::Metadata("body: it must be application/json".to_owned()));
    }
    match state.issuer.register_for_program(&body.0, visitor.address).await {
        Ok(registered) => answer::json(StatusCode::CREATED, &client_json(&state, &registered)),
        Err(error) => refused(&error),
    }
}

/// Describes a client (RFC 7592 §2.1).
pub async fn get(state: web::Data<AppState>, req: HttpRequest) -> HttpResponse {
    let described = match caretaker(&req) {
        Ok(by) => state.issuer.read_registration(by).await,
        Err(error) => Err(error),
    };
    described.map_or_else(|error| refused(&error), |client| answer::json(StatusCode::OK, &client_json(&state, &client)))
}

/// Changes a client as a whole (RFC 7592 §2.2).
pub async fn put(state: web::Data<AppState>, req: HttpRequest, body: Body) -> HttpResponse {
    if check_type(&req, "application/json").is_err() {
        return refused(&RegistrationError::Metadata("body: it must be application/json".to_owned()));
    }
    let changed = match caretaker(&req) {
        Ok(by) => state.issuer.change_registration(by, &body.0).await,
        Err(error) => Err(error),
    };
    changed.map_or_else(|error| refused(&error), |client| answer::json(StatusCode::OK, &client_json(&state, &client)))
}

/// Deletes a client (RFC 7592 §2.3).
pub async fn delete(state: web::Data<AppState>, req: HttpRequest) -> HttpResponse {
    let deleted = match caretaker(&req) {
        Ok(by) => state.issuer.delete_registration(by).await,
        Err(error) => Err(error),
    };
    deleted.map_or_else(|error| refused(&error), |()| HttpResponse::NoContent().insert_header((header::CACHE_CONTROL, "no-store")).finish())
}

/// Reads which client is meant, and the token (RFC 7592 §2, RFC 6750 §2.1).
fn caretaker(req: &HttpRequest) -> Result<Caretaker<'_>, RegistrationError> {
    let client = req.match_info().get("id").unwrap_or_default();
    match bearer::find(req) {
        Brought::Token(Presented::Bearer(token)) => Ok(Caretaker { client, token }),
        _ => Err(RegistrationError::Token),
    }
}

/// Writes a client with its secret, which is known here and now only (RFC 7591 §3.2.1), and
/// with how its program looks after it (RFC 7592 §3).
fn client_json(state: &AppState, registered: &Registered) -> Value {
    let client = &registered.client;
    let mut body = wire::write(&client.metadata);
    let mut put = |name: &str, value: Value| body.insert(name.to_owned(), value);
    put("client_id", client.id.as_str().into());
    put("client_id_issued_at", client.created_at.timestamp().into());
    if let Some(secret) = &registered.secret {
        put("client_secret", secret.expose_secret().into());
        // It does not expire.
        put("client_secret_expires_at", 0.into());
    }
    if let Some(token) = &registered.registration_token {
        put("registration_access_token", token.expose_secret().into());
        put("registration_client_uri", format!("{}/oauth/register/{}", state.issuer.identifier(), client.id).into());
    }
    Value::Object(body)
}

fn refused(error: &RegistrationError) -> HttpResponse {
    if let RegistrationError::Store(cause) = error {
        log::error!(target: "genkan::issuer", event = "issuer_store_failed"; "{cause}");
    }
    let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::BAD_REQUEST);
    let body = json!({ "error": error.code(), "error_description": error.description() });
    let mut answer = answer::json(status, &body);
    if status == StatusCode::UNAUTHORIZED {
        answer.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"genkan\", error=\"invalid_token\""));
    }
    answer::wait(answer, error.retry_after())
}
