//! The page that says goodbye where applications have to be told in the browser (OIDC Front-Channel Logout 1.0).

use std::collections::BTreeSet;

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpResponse, HttpResponseBuilder};
use askama::Template;
use url::Url;

use crate::web::headers;
use crate::web::page::Page;
use crate::web::visit::Visit;

/// Goes on once every frame has answered, or five seconds are over; the policy of the page allows this text and no other.
const GO_ON: &str = "function go(){location.replace(onward.href)}onload=go;setTimeout(go,5000)";
/// SHA-256 of [`GO_ON`], as base64 (CSP3 §2.3.1).
const GO_ON_HASH: &str = "sha256-v6x3E4DgY9d7NK1dFQodF8ymsXQ7GV2AyrDl+NW1As4=";

/// Loads an address of each application in a frame that nobody sees, and goes on; without script, with a button.
#[derive(Clone, Debug, Template)]
#[template(path = "farewell.html")]
pub struct FarewellPage {
    /// The frame around the page.
    pub page: Page,
    /// What the browser loads.
    pub frames: Vec<String>,
    /// Where the person goes next: an address that was checked.
    pub target: String,
    /// The script that goes there.
    pub script: &'static str,
}

/// Makes the page, whose policy allows exactly these places in frames (security.md WB-04).
pub fn page(visit: &Visit, frames: &[Url], target: &str) -> HttpResponse {
    let page = FarewellPage {
        page: visit.bare_page(),
        frames: frames.iter().map(ToString::to_string).collect(),
        target: target.to_owned(),
        script: GO_ON,
    };
    let mut builder = HttpResponseBuilder::new(StatusCode::OK);
    builder.insert_header((header::CONTENT_SECURITY_POLICY, policy(frames)));
    visit.html_with(builder, &page)
}

fn policy(frames: &[Url]) -> HeaderValue {
    let places: BTreeSet<String> = frames.iter().map(headers::source_of).collect();
    let places = places.into_iter().collect::<Vec<_>>().join(" ");
    let policy = format!(
        "default-src 'none'; style-src 'self'; img-src 'self'; script-src '{GO_ON_HASH}'; object-src 'none'; frame-src {places}; \
         form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    );
    HeaderValue::from_str(&policy).unwrap_or_else(|_| HeaderValue::from_static("default-src 'none'"))
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;

    use super::*;

    #[test]
    fn wb_04_the_policy_allows_the_script_of_the_page_and_the_frames_and_no_other() {
        let frames = ["https://tea.example/bye?sid=1", "https://tea.example/other", "http://127.0.0.1:3000/bye"];
        let frames = frames.map(|frame| Url::parse(frame).expect("an address"));

        let policy = policy(&frames);

        assert_eq!(GO_ON_HASH, format!("sha256-{}", STANDARD.encode(crate::secret::sha256(GO_ON.as_bytes()))));
        let policy = policy.to_str().expect("ASCII");
        assert!(policy.contains("frame-src http://127.0.0.1:3000 https://tea.example;"), "{policy}");
        assert!(policy.contains("frame-ancestors 'none'") && !policy.contains("unsafe"), "{policy}");
    }
}
