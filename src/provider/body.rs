//! What came: the many shapes of an answer, read into one.
//!
//! Providers send JSON as `text/plain`, forms as `text/html`, and JSON in a call
//! of a script, so the content decides and the declared type does not.

use serde_json::{Map, Value};
use url::form_urlencoded;

use super::http::Answer;

/// A body as it could be read.
#[cfg_attr(test, derive(Debug, PartialEq))]
pub(super) enum Body {
    /// An object: from JSON, JSONP or a form.
    Object(Map<String, Value>),
    /// A list.
    Array(Vec<Value>),
    /// Other well-formed JSON, or JSON with something after it.
    OtherJson,
    /// HTML, plain text, half a JSON text.
    Text,
    /// Nothing.
    Empty,
}

impl Body {
    /// Reads the body of an answer.
    pub fn read(answer: &Answer) -> Self {
        let Ok(text) = str::from_utf8(&answer.body) else { return Self::Text };
        let text = text.trim_start_matches('\u{feff}').trim();
        if text.is_empty() {
            return Self::Empty;
        }
        read_json(strip_call(text)).or_else(|| read_form(text)).unwrap_or(Self::Text)
    }

    /// Returns the object, if it is one.
    pub fn object(&self) -> Option<&Map<String, Value>> {
        match self {
            Self::Object(object) => Some(object),
            Self::Array(_) | Self::OtherJson | Self::Text | Self::Empty => None,
        }
    }
}

/// Reads one JSON value, and sees whether it is all there is.
fn read_json(text: &str) -> Option<Body> {
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<Value>();
    let value = values.next()?.ok()?;
    match (value, text[values.byte_offset()..].trim().is_empty()) {
        (Value::Object(object), true) => Some(Body::Object(object)),
        (Value::Array(list), true) => Some(Body::Array(list)),
        (Value::Object(_) | Value::Array(_), _) | (_, true) => Some(Body::OtherJson),
        (_, false) => None,
    }
}

/// Takes the wrapper off `callback( {…} );`, and what some put before it against content sniffing.
fn strip_call(text: &str) -> &str {
    let text = text.trim_start_matches("/**/");
    let inner = text.split_once('(').and_then(|(name, rest)| {
        let is_name = !name.trim().is_empty() && name.trim().chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '$'));
        let inner = rest.trim_end().trim_end_matches(';').trim_end().strip_suffix(')')?;
        is_name.then_some(inner)
    });
    inner.map_or(text, str::trim)
}

/// Reads `access_token=…&scope=…`, or an error in the same form.
fn read_form(text: &str) -> Option<Body> {
    if text.contains(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '{' | '"')) {
        return None;
    }
    let form: Map<_, _> = form_urlencoded::parse(text.as_bytes()).map(|(k, v)| (k.into_owned(), Value::String(v.into_owned()))).collect();
    (form.contains_key("access_token") || form.contains_key("error")).then_some(Body::Object(form))
}

#[cfg(test)]
mod tests {
    use openidconnect::http::{HeaderMap, StatusCode};
    use serde_json::json;

    use super::*;

    fn read(text: &str) -> Body {
        Body::read(&Answer { status: StatusCode::OK, headers: HeaderMap::new(), body: text.as_bytes().to_vec() })
    }

    #[test]
    fn an_object_is_found_in_every_wrapping() {
        for (text, expected) in [
            (r#"{"a":1}"#, json!({"a": 1})),
            ("\u{feff} {\"a\":1}\r\n", json!({"a": 1})),
            (r#"callback( {"error":100020} );"#, json!({"error": 100_020})),
            (r#"$.cb({"a":"(x)"})"#, json!({"a": "(x)"})),
            (r#"/**/cb({"a":1});"#, json!({"a": 1})),
            ("access_token=a%2Bb&scope=x%2Cy&token_type=bearer", json!({"access_token": "a+b", "scope": "x,y", "token_type": "bearer"})),
            ("error=bad_verification_code", json!({"error": "bad_verification_code"})),
        ] {
            assert_eq!(read(text).object(), expected.as_object(), "{text}");
        }
    }

    #[test]
    fn what_is_no_object_is_told_apart() {
        for (text, expected) in [
            ("", Body::Empty),
            (" \r\n", Body::Empty),
            ("[]", Body::Array(Vec::new())),
            ("[1] x", Body::OtherJson),
            ("false", Body::OtherJson),
            (r#"{"access_token":"abc"}<!-- x -->"#, Body::OtherJson),
            (r#"{"access_token":"abc","token_type":"#, Body::Text),
            ("<!DOCTYPE html><title>Sign in</title>", Body::Text),
            ("<a href='?access_token=1'>", Body::Text),
            ("Hello, world.", Body::Text),
            ("500 Internal Server Error", Body::Text),
            ("a=b", Body::Text),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }

    #[test]
    fn bytes_that_are_not_text_are_no_object() {
        let answer = Answer { status: StatusCode::OK, headers: HeaderMap::new(), body: vec![0xff, 0xfe, b'{'] };

        assert_eq!(Body::read(&answer), Body::Text);
    }
}
