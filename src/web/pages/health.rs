//! `/healthz` and `/readyz`: alive, and able to work.

use actix_web::{HttpResponse, web};
use serde_json::json;

use crate::web::state::AppState;

/// Says that the process answers; touches nothing (security.md HT-05).
pub async fn alive() -> HttpResponse {
    HttpResponse::Ok().json(json!({ "status": "alive" }))
}

/// Says whether requests should come here: the database answers, and we are not stopping.
pub async fn ready(app: web::Data<AppState>) -> HttpResponse {
    if app.readiness.check(&app.signin).await {
        HttpResponse::Ok().json(json!({ "status": "ready" }))
    } else {
        HttpResponse::ServiceUnavailable().json(json!({ "status": "not ready" }))
    }
}
