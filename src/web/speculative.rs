//! What browsers say of a request: whether somebody asked for it, and whether the page goes along.

use actix_web::HttpRequest;
use actix_web::http::Method;
use actix_web::http::header::HeaderMap;

/// The headers with which browsers and their predecessors say so, and the words that do.
///
/// `Sec-Purpose` is the standard's (Fetch §3.4); the others are of older browsers.
const HEADERS: [&str; 4] = ["sec-purpose", "purpose", "x-purpose", "x-moz"];
const WORDS: [&str; 3] = ["prefetch", "prerender", "preview"];

/// Tells a request that nobody has asked for yet, or whose answer nobody reads.
pub fn is_speculative(req: &HttpRequest) -> bool {
    *req.method() == Method::HEAD || says_so(req.headers())
}

/// Tells a browser that follows a redirect as its page (Fetch §3.2.5). Only such a one can be sent away
/// without having been asked: a program would be led to a place where it has nothing to do.
pub fn is_navigation(req: &HttpRequest) -> bool {
    req.headers().get("sec-fetch-mode").is_some_and(|mode| mode == "navigate")
}

fn says_so(headers: &HeaderMap) -> bool {
    let values = HEADERS.into_iter().flat_map(|name| headers.get_all(name)).filter_map(|value| value.to_str().ok());
    values.map(str::to_ascii_lowercase).any(|value| WORDS.iter().any(|word| value.contains(word)))
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn si_10_whoever_only_looks_ahead_says_so() {
        for (name, value) in [
            ("sec-purpose", "prefetch"),
            ("sec-purpose", "prefetch;prerender"),
            ("sec-purpose", "Prefetch;anonymous-client-ip"),
            ("purpose", "prefetch"),
            ("purpose", "preview"),
            ("x-purpose", "preview"),
            ("x-moz", "prefetch"),
        ] {
            assert!(is_speculative(&TestRequest::get().insert_header((name, value)).to_http_request()), "{name}: {value}");
        }
        assert!(is_speculative(&TestRequest::default().method(Method::HEAD).to_http_request()));
    }

    #[test]
    fn an_ordinary_request_is_meant() {
        for (name, value) in [("accept", "text/html"), ("sec-fetch-mode", "navigate"), ("sec-purpose", "")] {
            assert!(!is_speculative(&TestRequest::get().insert_header((name, value)).to_http_request()), "{name}: {value}");
        }
    }
}
