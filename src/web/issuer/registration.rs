//! `POST /oauth/register`: JSON in, a client out (RFC 7591 §3). It is there only where the
//! operators have opened it.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};

use super::answer;
use crate::issuer::registration::flow::Registered;
use crate::issuer::registration::program::RegistrationError;
use crate::issuer::registration::wire;
use crate::signin::visitor::Visitor;
use crate::web::body::{Body, check_type};
use crate::web::state::AppState;

/// Registers a client. A page of another site cannot get here: its type needs a question
/// first, which is answered with no (security.md WB-06).
pub async fn post(state: web::Data<AppState>, req: HttpRequest, visitor: Visitor, body: Body) -> HttpResponse {
    if check_type(&req, "application/json").is_err() {
        return refused(&RegistrationError::Metadata("body: it must be application/json".to_owned()));
    }
    match state.issuer.register_for_program(&body.0, visitor.address).await {
        Ok(registered) => answer::json(StatusCode::CREATED, &client_json(&registered)),
        Err(error) => refused(&error),
    }
}

/// Writes a client with its secret, which is known here and now only (RFC 7591 §3.2.1).
fn client_json(registered: &Registered) -> Value {
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
    Value::Object(body)
}

fn refused(error: &RegistrationError) -> HttpResponse {
    if let RegistrationError::Store(cause) = error {
        log::error!(target: "genkan::issuer", event = "issuer_store_failed"; "{cause}");
    }
    let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::BAD_REQUEST);
    let body = json!({ "error": error.code(), "error_description": error.description() });
    answer::wait(answer::json(status, &body), error.retry_after())
}
