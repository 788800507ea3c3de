//! Forms of ours are sent by pages of ours, in the browser they were shown to (security.md WB-01).
//!
//! Two checks, and both must pass: where the request comes from, as the browser
//! says, and the token that is bound to the session cookie.

use actix_web::HttpRequest;
use actix_web::http::header::{self, HeaderMap, HeaderValue};

use super::body::Form;
use super::error::PageError;
use super::visit::Visit;
use crate::config::ServerConfig;
use crate::signin::failure::Cause;

/// Checks origin and token of a form.
///
/// # Errors
///
/// [`Cause::CrossSiteRequest`], [`Cause::CookieMissing`] or [`Cause::FormExpired`].
pub fn check(visit: &Visit, form: &mut Form) -> Result<(), Cause> {
    if !is_same_site(&visit.app.signin.config.server, visit.req.headers()) {
        return Err(Cause::CrossSiteRequest);
    }
    if !visit.session.has_cookie() {
        return Err(Cause::CookieMissing);
    }
    let token = form.text("csrf_token");
    if visit.session.is_csrf_token(&token) { Ok(()) } else { Err(Cause::FormExpired) }
}

/// Checks that a JSON request comes from our own origin.
///
/// Scripts always send `Origin` with what changes something (Fetch §3.2).
///
/// # Errors
///
/// [`PageError::ForeignOrigin`].
pub fn check_origin(req: &HttpRequest, server: &ServerConfig) -> Result<(), PageError> {
    let is_ours = single(req.headers(), "origin").is_some_and(|origin| server.is_ours(origin));
    if is_ours { Ok(()) } else { Err(PageError::ForeignOrigin) }
}

/// Tells by `Sec-Fetch-Site` and `Origin` whether a form came from a page of ours.
///
/// Our own pages say `Referrer-Policy: no-referrer`, and then browsers send
/// `Origin: null` with their forms (Fetch §3.2). So `null` is taken where
/// `Sec-Fetch-Site` vouches for it, and where browsers do not send that header
/// at all: on plain http beyond loopback (Fetch Metadata §2.2). There, and for
/// programs that send neither, the token alone decides.
fn is_same_site(server: &ServerConfig, headers: &HeaderMap) -> bool {
    let site = single(headers, "sec-fetch-site");
    let is_vouched_for = matches!(site, Some("same-origin" | "none"));
    if headers.contains_key("sec-fetch-site") && !is_vouched_for {
        return false;
    }
    match headers.get(header::ORIGIN).map(HeaderValue::as_bytes) {
        None => true,
        Some(b"null") => is_vouched_for || !is_trustworthy(server),
        Some(_) => single(headers, "origin").is_some_and(|origin| server.is_ours(origin)),
    }
}

/// Tells whether browsers reach us at an address for which they send `Sec-Fetch-Site`.
fn is_trustworthy(server: &ServerConfig) -> bool {
    server.is_https() || server.is_loopback()
}

/// Returns a header that came once.
fn single<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let mut values = headers.get_all(name);
    let value = values.next()?.to_str().ok()?;
    values.next().is_none().then_some(value)
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::HeaderName;

    use super::*;

    const OURS: &str = "https://ours.example";

    fn is_ours(public_url: &str, lines: &[(&'static str, &'static str)]) -> bool {
        let server = ServerConfig { public_url: url::Url::parse(public_url).expect("a URL"), ..ServerConfig::default() };
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.append(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
        is_same_site(&server, &headers)
    }

    #[test]
    fn wb_01_what_browsers_send_with_our_own_forms_passes() {
        assert!(is_ours(OURS, &[("origin", OURS), ("sec-fetch-site", "same-origin")]));
        assert!(is_ours(OURS, &[("origin", "null"), ("sec-fetch-site", "same-origin")]));
        assert!(is_ours(OURS, &[("origin", OURS)]));
        assert!(is_ours(OURS, &[]));
        assert!(is_ours("http://intranet", &[("origin", "null")]));
    }

    #[test]
    fn wb_01_everything_else_is_cross_site() {
        for lines in [
            &[("origin", "https://evil.example")][..],
            &[("origin", "https://ours.example.evil.example")],
            &[("origin", "http://ours.example")],
            &[("origin", "https://ours.example:8443")],
            &[("origin", "null")],
            &[("origin", OURS), ("origin", OURS)],
            &[("origin", OURS), ("sec-fetch-site", "cross-site")],
            &[("origin", OURS), ("sec-fetch-site", "same-site")],
            &[("sec-fetch-site", "cross-site")],
        ] {
            assert!(!is_ours(OURS, lines), "{lines:?}");
        }
    }
}
