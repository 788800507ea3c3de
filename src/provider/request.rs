//! Requests without effect, as the crate's type.

use openidconnect::HttpRequest;
use openidconnect::http::{HeaderValue, Request, header};
use url::Url;

/// Makes a GET for JSON, with a bearer token if there is one (RFC 6750 §2.1).
pub(super) fn get(url: &Url, bearer: Option<HeaderValue>) -> HttpRequest {
    let mut request = Request::new(Vec::new());
    *request.uri_mut() = url.as_str().parse().unwrap_or_default();
    request.headers_mut().insert(header::ACCEPT, HeaderValue::from_static("application/json"));
    if let Some(bearer) = bearer {
        request.headers_mut().insert(header::AUTHORIZATION, bearer);
    }
    request
}

/// Makes the header of a bearer token, which is not to be printed; `None` for one that fits no header.
pub(super) fn bearer(token: &str) -> Option<HeaderValue> {
    let mut value = HeaderValue::from_str(&format!("Bearer {token}")).ok()?;
    value.set_sensitive(true);
    Some(value)
}
