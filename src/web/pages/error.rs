//! What is shown when there is no page to show.

use askama::Template;

use crate::web::page::Page;
use crate::web::text::TextKey;

/// Says that something did not work, and where to go now.
#[derive(Clone, Debug, Template)]
#[template(path = "error.html")]
pub struct ErrorPage {
    /// The frame.
    pub page: Page,
    /// The HTTP status.
    pub status: u16,
    /// The heading.
    pub title: TextKey,
    /// What happened and what to do.
    pub text: TextKey,
    /// What the person may quote: the reference or the request's id.
    pub reference: Option<String>,
}

impl ErrorPage {
    /// Makes the page of an HTTP status.
    pub fn new(page: Page, status: u16, reference: Option<String>) -> Self {
        let (title, text) = texts_of(status);
        Self { page, status, title, text, reference }
    }

    /// Makes the page for somebody who wants to register where one cannot.
    pub fn signup_closed(page: Page) -> Self {
        Self { page, status: 403, title: "signup-closed-title", text: "signup-closed-text", reference: None }
    }
}

/// Returns heading and text for an HTTP status.
fn texts_of(status: u16) -> (TextKey, TextKey) {
    match status {
        403 => ("error-forbidden-title", "error-forbidden-text"),
        404 | 410 => ("error-not-found-title", "error-not-found-text"),
        405 => ("error-method-title", "error-method-text"),
        413 | 431 => ("error-too-large-title", "error-too-large-text"),
        429 => ("error-throttled-title", "error-throttled-text"),
        503 => ("error-busy-title", "error-busy-text"),
        400..=499 => ("error-bad-request-title", "error-bad-request-text"),
        _ => ("error-internal-title", "error-internal-text"),
    }
}
