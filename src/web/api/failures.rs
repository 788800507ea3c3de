//! `GET /.well-known/genkan-failures`: the catalogue of failures, for programs.

use std::sync::LazyLock;

use actix_web::HttpResponse;
use actix_web::http::header::{self, ContentType, HeaderValue};

use crate::web::catalogue;

/// It changes with the version alone.
const AN_HOUR: HeaderValue = HeaderValue::from_static("public, max-age=3600");

static BODY: LazyLock<String> = LazyLock::new(|| catalogue::to_json().to_string());

/// Answers with every cause; needs no session.
pub async fn get() -> HttpResponse {
    HttpResponse::Ok().content_type(ContentType::json()).insert_header((header::CACHE_CONTROL, AN_HOUR)).body(BODY.as_str())
}
