//! `/static/…` and `/favicon.ico`: style sheet and marks, out of the binary.

use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpRequest, HttpResponse};

use crate::web::assets;
use crate::web::error::PageError;

/// For a file whose name changes with its content.
const IMMUTABLE: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

/// Serves a file by its hashed name.
///
/// # Errors
///
/// [`PageError::NotFound`].
pub async fn get(req: HttpRequest) -> Result<HttpResponse, PageError> {
    let asset = assets::find(req.match_info().query("file")).ok_or(PageError::NotFound)?;
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, asset.mime))
        .insert_header((header::CACHE_CONTROL, IMMUTABLE))
        .body(asset.bytes.clone()))
}

/// Sends browsers that ask for the old name to the icon.
pub async fn favicon() -> HttpResponse {
    HttpResponse::MovedPermanently().insert_header((header::LOCATION, assets::url("favicon.svg"))).finish()
}
