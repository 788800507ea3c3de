//! From a template or a path to an answer.

use std::time::Duration;

use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpResponse, HttpResponseBuilder};
use askama::Template;

use crate::domain::language::Language;
use crate::domain::return_to::ReturnTo;

use super::page::FormFault;

const HTML: HeaderValue = HeaderValue::from_static("text/html; charset=utf-8");
/// Pages differ by these; shared caches are told so although nothing may be stored.
const VARY: HeaderValue = HeaderValue::from_static("Accept-Language, Cookie");

/// Renders a page; one that cannot be rendered is a bare 500.
pub fn html(mut builder: HttpResponseBuilder, page: &impl Template, language: Language) -> HttpResponse {
    match page.render() {
        Ok(body) => builder
            .insert_header((header::CONTENT_TYPE, HTML))
            .insert_header((header::CONTENT_LANGUAGE, HeaderValue::from_static(language.tag())))
            .insert_header((header::VARY, VARY))
            .body(body),
        Err(error) => {
            log::error!(target: "genkan::web", event = "render_failed"; "{error}");
            HttpResponse::InternalServerError().finish()
        }
    }
}

/// Sends the browser on with 303, which makes the next request a GET (security.md WB-03).
pub fn see_other(location: &str) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((header::LOCATION, location)).finish()
}

/// Begins the answer to a form that was sent too often.
pub fn throttled(retry_after: Duration) -> (HttpResponseBuilder, FormFault) {
    (retry_later(HttpResponse::TooManyRequests(), retry_after), FormFault::Throttled { minutes: retry_after.as_secs().div_ceil(60).max(1) })
}

/// Begins the answer to a form for which no hashing thread is free.
pub fn busy(retry_after: Duration) -> (HttpResponseBuilder, FormFault) {
    (retry_later(HttpResponse::ServiceUnavailable(), retry_after), FormFault::Busy)
}

fn retry_later(mut builder: HttpResponseBuilder, wait: Duration) -> HttpResponseBuilder {
    builder.insert_header((header::RETRY_AFTER, wait.as_secs().max(1).to_string()));
    builder
}

/// Adds where to go afterwards to a path of ours.
pub fn with_return_to(path: &str, return_to: Option<&ReturnTo>) -> String {
    match return_to {
        Some(return_to) => with_parameter(path, "return_to", return_to.as_str()),
        None => path.to_owned(),
    }
}

/// Adds a parameter to a path of ours.
pub fn with_parameter(path: &str, name: &str, value: &str) -> String {
    let separator = if path.contains('?') { '&' } else { '?' };
    let encoded: String = url::form_urlencoded::byte_serialize(value.as_bytes()).collect();
    format!("{path}{separator}{name}={encoded}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_encoded_for_their_place() {
        let return_to = ReturnTo::parse("/a?b=c&d=e").expect("a path of ours");

        let path = with_parameter(&with_return_to("/login", Some(&return_to)), "flash", "x y");

        assert_eq!(path, "/login?return_to=%2Fa%3Fb%3Dc%26d%3De&flash=x+y");
    }
}
