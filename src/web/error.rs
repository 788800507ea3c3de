//! Everything that keeps a request from its page, and the one place that logs and answers it.
//!
//! Failed sign-ins are not here: they are [`crate::signin::failure`]'s and reach
//! the person through [`super::flash`].

use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderMap, HeaderValue};
use actix_web::{HttpResponse, HttpResponseBuilder, ResponseError};
use serde_json::json;

use super::page::Page;
use super::pages::error::ErrorPage;
use super::pages::signin;
use super::{render, visit};
use crate::domain::language::Language;
use crate::domain::return_to::ReturnTo;
use crate::store::StoreError;

/// How long to wait when the store did not answer, in seconds.
const STORE_RETRY_SECS: u64 = 5;

/// Why a request gets no page of its own.
#[derive(Debug, thiserror::Error)]
pub enum PageError {
    /// The request breaks a rule; says which one, in words that hold nothing of the request.
    #[error("{0}")]
    BadRequest(&'static str),
    /// The request is for a host that is not ours (RFC 9110 §15.5.20).
    #[error("the request is for a host that is not served here")]
    HostUnknown,
    /// There is no such page.
    #[error("there is no such page")]
    NotFound,
    /// The page exists, but not for this method; holds the methods it has.
    #[error("the page has no such method")]
    MethodNotAllowed(&'static str),
    /// The body did not arrive in time.
    #[error("the body did not arrive in time")]
    BodyTooSlow,
    /// The body is beyond the bound.
    #[error("the body is too large")]
    BodyTooLarge,
    /// The address is beyond the bound.
    #[error("the address is too long")]
    UriTooLong,
    /// The body is of a type that is not read here.
    #[error("the body is of another type")]
    UnsupportedMediaType,
    /// Another site sent a form of ours. That is logged already, under this reference.
    #[error("another site sent this")]
    CrossSite(String),
    /// A program's request does not come from a page of ours.
    #[error("the request needs an Origin of this site")]
    ForeignOrigin,
    /// Nobody is signed in; holds where to go on afterwards.
    #[error("nobody is signed in")]
    SignedOut(Option<ReturnTo>),
    /// The page needs a sign-in of just now; holds where to go on afterwards (security.md SE-06).
    #[error("the sign-in is not fresh")]
    NotFresh(Option<ReturnTo>),
    /// Every hashing thread is busy.
    #[error("too busy")]
    Busy(Duration),
    /// Too many tries.
    #[error("too many tries")]
    Throttled(Duration),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The request took longer than it may.
    #[error("the request took too long")]
    DeadlineExceeded,
    /// A bug.
    #[error("{0}")]
    Internal(&'static str),
}

impl PageError {
    /// Makes the error of a bare HTTP status, as the framework gives it.
    pub fn of_status(status: StatusCode) -> Self {
        match status {
            StatusCode::NOT_FOUND => Self::NotFound,
            StatusCode::PAYLOAD_TOO_LARGE => Self::BodyTooLarge,
            StatusCode::UNSUPPORTED_MEDIA_TYPE => Self::UnsupportedMediaType,
            status if status.is_client_error() => Self::BadRequest("the request cannot be read"),
            _ => Self::Internal("the framework gave up"),
        }
    }

    /// Returns the word for JSON answers.
    fn word(&self) -> &'static str {
        match self {
            Self::BadRequest(_) => "invalid_request",
            Self::HostUnknown => "misdirected_request",
            Self::NotFound => "not_found",
            Self::MethodNotAllowed(_) => "method_not_allowed",
            Self::BodyTooSlow => "request_timeout",
            Self::BodyTooLarge => "content_too_large",
            Self::UriTooLong => "uri_too_long",
            Self::UnsupportedMediaType => "unsupported_media_type",
            Self::CrossSite(_) | Self::ForeignOrigin => "cross_site_request",
            Self::SignedOut(_) => "missing_authorization",
            Self::NotFresh(_) => "sign_in_not_fresh",
            Self::Busy(_) | Self::DeadlineExceeded => "temporarily_unavailable",
            Self::Throttled(_) => "too_many_requests",
            Self::Store(error) if error.is_outage() => "temporarily_unavailable",
            Self::Store(_) | Self::Internal(_) => "server_error",
        }
    }

    /// Returns what JSON clients are told; nothing of what is inside (security.md LG-10).
    fn description(&self) -> String {
        match self {
            Self::Store(error) if error.is_outage() => "the service is not available right now; try again soon".to_owned(),
            Self::Store(_) | Self::Internal(_) => "something went wrong here; quote the request id".to_owned(),
            other => other.to_string(),
        }
    }

    fn retry_after(&self) -> Option<u64> {
        match self {
            Self::Busy(wait) | Self::Throttled(wait) => Some(wait.as_secs().max(1)),
            Self::DeadlineExceeded => Some(STORE_RETRY_SECS),
            Self::Store(error) if error.is_outage() => Some(STORE_RETRY_SECS),
            _ => None,
        }
    }

    fn level(&self) -> log::Level {
        match self {
            Self::Store(_) | Self::Internal(_) => log::Level::Error,
            Self::DeadlineExceeded | Self::Busy(_) => log::Level::Warn,
            Self::Throttled(_) | Self::ForeignOrigin => log::Level::Info,
            _ => log::Level::Debug,
        }
    }

    /// Writes the one log line of a request without a page.
    pub fn log(&self, asker: &Asker) {
        if matches!(self, Self::CrossSite(_)) {
            return;
        }
        log::log!(
            target: "genkan::web",
            self.level(),
            event = "request_refused",
            error = self.word(),
            status = self.status_code().as_u16(),
            request = asker.request_id.as_str();
            "{self}"
        );
    }

    /// Makes the answer: JSON, a page in `frame`, or the way to the sign-in page.
    pub fn answer(&self, asker: &Asker, frame: Page) -> HttpResponse {
        let mut builder = HttpResponseBuilder::new(self.status_code());
        if let Some(seconds) = self.retry_after() {
            builder.insert_header((header::RETRY_AFTER, seconds.to_string()));
        }
        if let Self::MethodNotAllowed(allowed) = self {
            builder.insert_header((header::ALLOW, HeaderValue::from_static(allowed)));
        }
        match (asker.kind, self) {
            (Kind::Json, _) => builder.json(json!({ "error": self.word(), "error_description": self.description() })),
            (Kind::Page, Self::SignedOut(return_to)) => render::see_other(&render::with_return_to("/login", return_to.as_ref())),
            (Kind::Page, Self::NotFresh(return_to)) => {
                render::see_other(&signin::again(return_to.as_ref().map_or("/account", ReturnTo::as_str)))
            }
            (Kind::Page, _) => {
                let reference = if let Self::CrossSite(reference) = self { reference } else { &asker.request_id };
                let page = ErrorPage::new(frame, self.status_code().as_u16(), Some(reference.clone()));
                render::html(builder, &page, page.page.texts.language())
            }
        }
    }
}

impl ResponseError for PageError {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::BadRequest(_) => StatusCode::BAD_REQUEST,
            Self::HostUnknown => StatusCode::MISDIRECTED_REQUEST,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed(_) => StatusCode::METHOD_NOT_ALLOWED,
            Self::BodyTooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::BodyTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::UriTooLong => StatusCode::URI_TOO_LONG,
            Self::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::CrossSite(_) | Self::ForeignOrigin | Self::NotFresh(_) => StatusCode::FORBIDDEN,
            Self::SignedOut(_) => StatusCode::UNAUTHORIZED,
            Self::Throttled(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Busy(_) | Self::DeadlineExceeded => StatusCode::SERVICE_UNAVAILABLE,
            Self::Store(error) if error.is_outage() => StatusCode::SERVICE_UNAVAILABLE,
            Self::Store(_) | Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// Answers barely; [`super::guard`] puts the page in its place.
    fn error_response(&self) -> HttpResponse {
        HttpResponse::new(self.status_code())
    }
}

/// What an error can be told in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A page for a person.
    Page,
    /// JSON for a program.
    Json,
}

/// Tells the issuer's endpoints for programs from its pages.
fn is_endpoint(path: &str) -> bool {
    const METADATA: [&str; 3] = ["openid-configuration", "oauth-authorization-server", "jwks.json"];
    path.strip_prefix("/.well-known/").is_some_and(|name| METADATA.contains(&name))
        || matches!(path, "/oauth/token" | "/oauth/par" | "/oauth/device_authorization" | "/oauth/register")
        || matches!(path, "/oauth/userinfo" | "/oauth/introspect" | "/oauth/revoke")
}

/// Who gets the answer of an error.
#[derive(Clone, Debug)]
pub struct Asker {
    /// A person or a program.
    pub kind: Kind,
    /// The request's identifier.
    pub request_id: String,
    /// The languages the browser asks for, to be read only if there is an error to tell.
    accept_language: Option<HeaderValue>,
}

impl Asker {
    /// Tells by the path who asks.
    pub fn new(path: &str, headers: &HeaderMap, request_id: String) -> Self {
        let is_json =
            path.starts_with("/api/") || is_endpoint(path) || matches!(path, "/healthz" | "/readyz" | "/.well-known/genkan-failures");
        let kind = if is_json { Kind::Json } else { Kind::Page };
        Self { kind, request_id, accept_language: headers.get(header::ACCEPT_LANGUAGE).cloned() }
    }

    /// Returns the language the browser asks for.
    pub fn language(&self) -> Language {
        visit::negotiate(self.accept_language.as_ref())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn db_07_db_08_a_store_that_is_away_is_503_and_a_broken_row_is_not() {
        for error in [StoreError::PoolExhausted, StoreError::Unreachable(String::new())] {
            let error = PageError::Store(error);
            assert_eq!(error.status_code(), StatusCode::SERVICE_UNAVAILABLE);
            assert_eq!(error.retry_after(), Some(STORE_RETRY_SECS));
        }
        assert_eq!(PageError::Store(StoreError::BrokenRow("user")).status_code(), StatusCode::INTERNAL_SERVER_ERROR);
    }

    #[test]
    fn lg_10_json_tells_nothing_of_the_inside() {
        let error = PageError::Store(StoreError::Unreachable("db.internal:5432".to_owned()));

        assert!(!error.description().contains("db.internal"));
    }
}
