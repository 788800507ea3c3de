//! Where to go after signing in: a path of ours and nothing else
//! (security.md WB-07; RFC 9700 §4.11).

use std::fmt;

use serde::{Deserialize, Serialize};
use url::Url;

/// The longest return target, in bytes; several must fit into one cookie.
pub const MAX_RETURN_TO_BYTES: usize = 512;

/// A local path with an optional query, rebuilt from its parsed form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ReturnTo(String);

impl ReturnTo {
    /// Parses a path of ours; anything else is `None`, never an error page.
    ///
    /// Refused: schemes, hosts, backslashes, control characters, and double
    /// slashes, which browsers read as the start of a host.
    pub fn parse(text: &str) -> Option<Self> {
        let is_plain = text.starts_with('/') && text.len() <= MAX_RETURN_TO_BYTES && !text.contains(|c: char| c == '\\' || c.is_control());
        if !is_plain {
            return None;
        }
        if is_simple(text) {
            return Some(Self(text.to_owned()));
        }
        let base = Url::parse("http://genkan.invalid").ok()?;
        let url = base.join(text).ok()?;
        let is_local = url.origin() == base.origin() && url.username().is_empty() && url.password().is_none();
        let path = url.path();
        if !is_local || path.contains("//") || path.to_ascii_lowercase().contains("%5c") || path.to_ascii_lowercase().contains("/%2f") {
            return None;
        }
        let rebuilt = match url.query() {
            Some(query) => format!("{path}?{query}"),
            None => path.to_owned(),
        };
        (rebuilt.len() <= MAX_RETURN_TO_BYTES).then_some(Self(rebuilt))
    }

    /// Returns the path.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Tells of most of our own paths, for every page has one, that parsing would change nothing.
fn is_simple(path: &str) -> bool {
    path.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'-' | b'_')) && !path.contains("//")
}

impl fmt::Display for ReturnTo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for ReturnTo {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text).ok_or("not a local path")
    }
}

impl From<ReturnTo> for String {
    fn from(return_to: ReturnTo) -> Self {
        return_to.0
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn wb_07_paths_of_ours_are_kept() {
        for (given, kept) in [
            ("/", "/"),
            ("/account?tab=1", "/account?tab=1"),
            ("/a/../b", "/b"),
            ("/日本", "/%E6%97%A5%E6%9C%AC"),
            ("/a#b", "/a"),
            ("/search?q=https://example.com//x", "/search?q=https://example.com//x"),
        ] {
            assert_eq!(ReturnTo::parse(given).as_ref().map(ReturnTo::as_str), Some(kept), "{given}");
        }
    }

    #[test]
    fn wb_07_everything_that_can_leave_is_refused() {
        for given in [
            "",
            "account",
            "//example.com",
            "///example.com",
            "/\\example.com",
            "\\\\example.com",
            "https://example.com",
            "javascript:alert(1)",
            "/\t/example.com",
            "/\n/example.com",
            "/a//b",
            "/.//example.com",
            "/a/..//example.com",
            "/%5cexample.com",
            "/%2f/example.com",
            "/%2Fexample.com",
            " /account",
            "http:/example.com",
            "/a\u{0}b",
            "@example.com",
        ] {
            assert_eq!(ReturnTo::parse(given), None, "{given:?}");
        }
        assert_eq!(ReturnTo::parse(&format!("/{}", "a".repeat(512))), None);
    }

    proptest! {
        #[test]
        fn wb_07_a_simple_path_is_what_parsing_would_make_of_it(text in "/[/a-zA-Z0-9_-]{0,24}") {
            let parsed = ReturnTo::parse(&format!("{text}?")).map(|kept| kept.as_str().trim_end_matches('?').to_owned());
            prop_assert_eq!(ReturnTo::parse(&text).map(String::from), parsed);
        }

        #[test]
        fn wb_07_whatever_is_kept_stays_on_our_origin(text in "[/\\\\a-z@:?#%.\\t ]{0,24}") {
            if let Some(kept) = ReturnTo::parse(&text) {
                let base = Url::parse("https://ours.example/login").expect("a valid base");
                let url = base.join(kept.as_str()).expect("a kept target joins");
                prop_assert_eq!(url.origin(), base.origin());
                prop_assert_eq!(ReturnTo::parse(kept.as_str()), Some(kept));
            }
        }
    }
}
