//! What the issuer decides, as HTTP: redirects, forms that post themselves, JSON.

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpResponse, HttpResponseBuilder};
use askama::Template;
use serde::Serialize;
use serde_json::json;

use crate::domain::client::ResponseMode;
use crate::issuer::authorize::{Answer, Lost};
use crate::issuer::error::TokenError;
use crate::web::error::PageError;
use crate::web::headers;
use crate::web::page::Page;
use crate::web::pages::error::ErrorPage;
use crate::web::render;
use crate::web::visit::Visit;

/// Submits the one form of the page; the policy of that page allows this text and no other.
const SUBMIT: &str = "document.forms[0].submit()";
/// SHA-256 of [`SUBMIT`], as base64 (CSP3 §2.3.1).
const SUBMIT_HASH: &str = "sha256-ePniVEkSivX/c7XWBGafqh8tSpiRrKiqYeqbG7N1TOE=";

/// Takes an answer to a client as a form (OAuth 2.0 Form Post Response Mode); without script, with one button.
#[derive(Clone, Template)]
#[template(path = "form_post.html")]
pub struct FormPostPage {
    /// The frame.
    pub page: Page,
    /// What the client is called.
    pub client: String,
    /// Where the form goes.
    pub action: String,
    /// Names and values.
    pub fields: Vec<(&'static str, String)>,
    /// The script that sends it.
    pub script: &'static str,
}

/// Sends the browser to the client.
pub fn to_client(visit: &Visit, answer: &Answer) -> HttpResponse {
    if answer.mode() == ResponseMode::Query {
        return render::see_other(&answer.location());
    }
    let page = FormPostPage {
        page: visit.bare_page(),
        client: answer.client_name().to_owned(),
        action: answer.action().to_owned(),
        fields: answer.fields().to_vec(),
        script: SUBMIT,
    };
    let mut builder = HttpResponseBuilder::new(StatusCode::OK);
    builder.insert_header((header::CONTENT_SECURITY_POLICY, policy_of_form(answer.action())));
    visit.html_with(builder, &page)
}

/// Allows the one script and the one place that the form goes to.
fn policy_of_form(action: &str) -> HeaderValue {
    let place = url::Url::parse(action).map(|url| headers::source_of(&url)).unwrap_or_default();
    let policy = format!(
        "default-src 'none'; style-src 'self'; img-src 'self'; script-src '{SUBMIT_HASH}'; object-src 'none'; \
         form-action {place}; base-uri 'none'; frame-ancestors 'none'"
    );
    HeaderValue::from_str(&policy).unwrap_or_else(|_| HeaderValue::from_static("default-src 'none'"))
}

/// Tells the person that nothing can be sent to the client (security.md AS-02).
///
/// # Errors
///
/// [`PageError::Store`]: then it is ours.
pub fn lost(visit: &Visit, page: Page, lost: Lost) -> Result<HttpResponse, PageError> {
    let reason = lost.as_str();
    let (title, text) = match lost {
        Lost::Store(error) => return Err(error.into()),
        Lost::Throttled(wait) => return Err(PageError::Throttled(wait)),
        Lost::Unreadable => ("lost-title", "lost-unreadable"),
        Lost::ClientUnknown => ("lost-title", "lost-client"),
        Lost::ClientDisabled => ("lost-title", "lost-disabled"),
        Lost::RedirectUriUnknown => ("lost-title", "lost-address"),
        Lost::RequestGone => ("lost-gone-title", "lost-gone"),
    };
    let request = visit.visitor.request_id.as_str();
    log::info!(target: "genkan::issuer", event = "authorization_lost", reason = reason, request = request; "authorization lost");
    let (status, reference) = (StatusCode::BAD_REQUEST, Some(request.to_owned()));
    Ok(visit.html(status, &ErrorPage { page, status: status.as_u16(), title, text, reference }))
}

/// Answers a program with JSON that nothing may store (RFC 6749 §5.1).
pub fn json(status: StatusCode, body: &impl Serialize) -> HttpResponse {
    HttpResponse::build(status).insert_header((header::CACHE_CONTROL, "no-store")).insert_header((header::PRAGMA, "no-cache")).json(body)
}

/// Answers a program that gets nothing (RFC 6749 §5.2).
pub fn refused(error: &TokenError) -> HttpResponse {
    if let TokenError::Store(cause) = error {
        log::error!(target: "genkan::issuer", event = "issuer_store_failed"; "{cause}");
    }
    let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::BAD_REQUEST);
    let mut answer = json(status, &json!({ "error": error.code(), "error_description": error.description() }));
    if status == StatusCode::UNAUTHORIZED {
        answer.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Basic realm=\"genkan\", charset=\"UTF-8\""));
    }
    wait(answer, error.retry_after())
}

/// Says in an answer how many seconds to wait before another try.
pub fn wait(mut answer: HttpResponse, seconds: Option<u64>) -> HttpResponse {
    if let Some(seconds) = seconds {
        answer.headers_mut().insert(header::RETRY_AFTER, seconds.into());
    }
    answer
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;

    use super::*;

    #[test]
    fn wb_04_the_policy_allows_the_script_of_the_page_and_no_other() {
        assert_eq!(SUBMIT_HASH, format!("sha256-{}", STANDARD.encode(crate::secret::sha256(SUBMIT.as_bytes()))));
        let policy = policy_of_form("http://localhost:3000/cb?x=1");
        let policy = policy.to_str().expect("ASCII");
        assert!(policy.contains("form-action http://localhost:3000;"), "{policy}");
    }
}
