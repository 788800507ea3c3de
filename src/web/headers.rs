//! What stands on every answer, whatever it says (security.md WB-04, WB-05).

use std::collections::BTreeSet;

use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use url::Url;

use super::state::AppState;
use crate::config::Config;

const HSTS: HeaderValue = HeaderValue::from_static("max-age=31536000; includeSubDomains");
const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");

/// What every answer carries; the values are constants.
const FIXED: [(HeaderName, HeaderValue); 5] = [
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (header::CROSS_ORIGIN_OPENER_POLICY, HeaderValue::from_static("same-origin")),
    (header::CROSS_ORIGIN_RESOURCE_POLICY, HeaderValue::from_static("same-origin")),
    (header::PERMISSIONS_POLICY, HeaderValue::from_static("camera=(), geolocation=(), microphone=(), payment=(), usb=()")),
];

/// Works out the policy of every page: no script, nothing from elsewhere, no frame.
///
/// Chromium applies `form-action` to the redirect after a POST as well, so the
/// providers' origins have to be in it: any https, and http on loopback where a
/// provider is configured so.
///
/// # Panics
///
/// Never: origins are ASCII.
pub fn content_security_policy(config: &Config) -> HeaderValue {
    let issuers = config.providers.iter().filter_map(|provider| Url::parse(provider.issuer.as_deref()?).ok());
    let urls = issuers.chain(config.providers.iter().filter_map(|provider| provider.authorization_url.clone()));
    let loopback: BTreeSet<String> = urls.filter(|url| url.scheme() == "http").map(|url| url.origin().ascii_serialization()).collect();
    let form_action = loopback.into_iter().fold("'self' https:".to_owned(), |list, origin| format!("{list} {origin}"));
    let policy = format!(
        "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'none'; object-src 'none'; \
         form-action {form_action}; base-uri 'none'; frame-ancestors 'none'"
    );
    HeaderValue::from_str(&policy).expect("origins are ASCII")
}

/// Where the forms of one page may lead beside the usual places; kept with the request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormTarget(pub String);

/// Returns what a policy calls the place of an address: the origin of a site, and of an
/// application on the person's own machine its scheme (CSP3 §2.3.1).
pub fn source_of(url: &Url) -> String {
    match (url.scheme(), url.host()) {
        // A policy cannot name an IPv6 address.
        ("http", Some(url::Host::Ipv6(_))) => "http:".to_owned(),
        ("http" | "https", _) => url.origin().ascii_serialization(),
        (scheme, _) => format!("{scheme}:"),
    }
}

/// Returns the policy of a page whose forms may lead to `target` too.
pub fn with_form_target(policy: &HeaderValue, target: &FormTarget) -> HeaderValue {
    let policy = policy.to_str().unwrap_or_default();
    let wider = policy.replacen("form-action 'self'", &format!("form-action 'self' {}", target.0), 1);
    HeaderValue::from_str(&wider).unwrap_or_else(|_| HeaderValue::from_static("default-src 'none'"))
}

/// Puts everything on an answer that belongs there and is not there yet.
pub fn apply(headers: &mut HeaderMap, state: &AppState, request_id: &str) {
    for (name, value) in FIXED {
        headers.insert(name, value);
    }
    if state.signin.config.server.is_https() {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HSTS);
    }
    if is_html(headers) && !headers.contains_key(header::CONTENT_SECURITY_POLICY) {
        headers.insert(header::CONTENT_SECURITY_POLICY, state.content_security_policy.clone());
    }
    if !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, NO_STORE);
    }
    if let Ok(value) = HeaderValue::from_str(request_id) {
        headers.insert(HeaderName::from_static("x-request-id"), value);
    }
}

/// Tells whether an answer is a page.
pub fn is_html(headers: &HeaderMap) -> bool {
    headers.get(header::CONTENT_TYPE).is_some_and(|value| value.as_bytes().starts_with(b"text/html"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wb_04_the_policy_lets_forms_go_to_configured_loopback_providers() {
        let mut config = Config::default();
        let lab = r#"{"id":"lab","preset":"oidc","client_id":"x","issuer":"http://127.0.0.1:8081/lab"}"#;
        config.providers = vec![serde_json::from_str(lab).expect("a provider")];

        let policy = content_security_policy(&config);
        let policy = policy.to_str().expect("ASCII");

        assert!(policy.contains("form-action 'self' https: http://127.0.0.1:8081;"), "{policy}");
        assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "{policy}");
        assert!(!policy.contains("unsafe"), "{policy}");
    }
}
