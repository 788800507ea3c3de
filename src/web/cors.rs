//! Which answers scripts of other origins may read (Fetch §3.2; security.md WB-06).
//!
//! Only those of the token endpoint, userinfo, discovery and keys, and never with
//! credentials: what counts there is in the request and never comes by itself.

use actix_web::HttpResponse;
use actix_web::http::header::{self, HeaderMap, HeaderValue};

const EVERYBODY: HeaderValue = HeaderValue::from_static("*");

/// Lets every script read an answer, and in it why a token was refused.
pub fn open(headers: &mut HeaderMap) {
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, EVERYBODY);
    headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static("www-authenticate, dpop-nonce"));
}

/// Answers the question whether a script of another origin may ask.
pub async fn preflight() -> HttpResponse {
    HttpResponse::NoContent()
        .insert_header((header::ACCESS_CONTROL_ALLOW_ORIGIN, EVERYBODY))
        .insert_header((header::ACCESS_CONTROL_ALLOW_METHODS, "GET, POST"))
        .insert_header((header::ACCESS_CONTROL_ALLOW_HEADERS, "authorization, content-type, dpop"))
        .insert_header((header::ACCESS_CONTROL_MAX_AGE, "600"))
        .finish()
}
