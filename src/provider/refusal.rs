//! The error in an answer, wherever a provider has put it.
//!
//! It is looked for before the status is looked at: some providers refuse with
//! status 200. What is found is data: a code to be compared with known ones, and
//! a text that decides nothing but one precise distinction (security.md SO-13).

use openidconnect::http::header;
use serde_json::{Map, Value};

use super::body::Body;
use super::dialect::Words;
use super::http::Answer;

/// An error that an answer names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Refusal {
    /// The code, raw.
    pub code: String,
    /// What is said beside it; never shown and never logged.
    pub text: String,
    /// Other codes and numbers beside it, for the provider's own rules.
    pub more: Vec<String>,
}

impl Refusal {
    /// Returns what the provider's own rules look at.
    pub fn words(&self) -> Words<'_> {
        let codes = std::iter::once(&self.code).chain(&self.more).map(String::as_str).collect();
        Words { codes, text: &self.text }
    }
}

/// Finds the error in an answer.
pub(super) fn find(answer: &Answer, body: &Body) -> Option<Refusal> {
    let more = body.object().map(other_codes).unwrap_or_default();
    let found = body.object().and_then(in_object).or_else(|| in_header(answer)).or_else(|| is_false(answer, body));
    let found = found.or_else(|| in_failure(answer, body));
    found.map(|refusal| Refusal { more, ..refusal })
}

/// Reads what only the status tells to be an error: a code under one of many names, in an object, a list of them or a `fault`.
///
/// 401 says enough without: the client or the token was refused.
fn in_failure(answer: &Answer, body: &Body) -> Option<Refusal> {
    let is_meant = answer.status.is_client_error() && answer.status.as_u16() != 401;
    let object = match body {
        Body::Object(object) => object.get("fault").and_then(Value::as_object).unwrap_or(object),
        Body::Array(list) => list.first()?.as_object()?,
        Body::OtherJson | Body::Text | Body::Empty => return None,
    };
    let detail = object.get("detail").and_then(Value::as_object);
    let code = first_text(object, &["code", "errorCode", "error_code", "errorcode", "error_type", "type", "Error"]);
    let code = code.or_else(|| first_text(detail?, &["code", "errorcode"]))?;
    let text = first_text(object, &["message", "errorMessage", "errorSummary", "faultstring", "detail", "title"]);
    // RFC 9457 §3.1.1: a problem's type is an address, whose last part names it.
    let code = code.rsplit(['/', ':', '#']).next().unwrap_or_default().to_owned();
    (is_meant && !code.is_empty()).then(|| Refusal { code, text: text.unwrap_or_default(), more: Vec::new() })
}

/// Reads the literal `false`, which some providers send instead of a profile.
fn is_false(answer: &Answer, body: &Body) -> Option<Refusal> {
    let is_false = matches!(body, Body::OtherJson) && answer.body.trim_ascii() == b"false";
    is_false.then(|| Refusal { code: "false".to_owned(), ..Refusal::default() })
}

/// Collects the numbers that stand beside a code.
fn other_codes(object: &Map<String, Value>) -> Vec<String> {
    let listed = object.get("error_codes").and_then(Value::as_array).into_iter().flatten();
    let inner = object.get("error").and_then(Value::as_object).and_then(|error| first_text(error, &["code"]));
    listed.filter_map(as_text).chain(first_text(object, &["error_code"])).chain(inner).collect()
}

fn in_object(object: &Map<String, Value>) -> Option<Refusal> {
    let text = first_text(object, &["error_description", "message", "errmsg", "msg"]).unwrap_or_default();
    let refuse = |code: String| Refusal { code, text: text.clone(), more: Vec::new() };
    in_error(object.get("error"), &text)
        .or_else(|| in_error(object.get("errors"), &text))
        .or_else(|| in_error(object.get("error_response"), &text))
        .or_else(|| number_but(object.get("errcode"), &["0"]).map(refuse))
        .or_else(|| (object.get("ok") == Some(&Value::Bool(false))).then(|| refuse("not_ok".to_owned())))
        .or_else(|| number_but(object.get("resultcode"), &["00", "0"]).map(refuse))
        .or_else(|| number_but(object.get("ret"), &["0"]).map(refuse))
        .or_else(|| in_meta(object).map(refuse))
        .or_else(|| in_status(object).map(refuse))
}

/// Reads an error that is a code, or an object with one.
fn in_error(error: Option<&Value>, text: &str) -> Option<Refusal> {
    let refuse = |code: String| Refusal { code, text: text.to_owned(), more: Vec::new() };
    match error? {
        Value::String(code) if !code.is_empty() => Some(refuse(code.clone())),
        Value::Number(code) => Some(refuse(code.to_string())),
        Value::Bool(true) => Some(refuse("error".to_owned())),
        Value::Object(error) => {
            let extensions = error.get("extensions").and_then(Value::as_object);
            let code = first_text(error, &["sub_code", "error_code", "code", "errorCode", "error", "errorType", "type"])
                .or_else(|| first_text(extensions?, &["code"]))
                .or_else(|| first_text(error, &["status", "title"]));
            let code = match (code, first_text(error, &["error_subcode"])) {
                (Some(code), Some(subcode)) => format!("{code}.{subcode}"),
                (code, _) => code.unwrap_or_else(|| "error".to_owned()),
            };
            let own = first_text(error, &["message", "error_msg", "msg", "detail"]);
            Some(Refusal { text: own.unwrap_or_else(|| text.to_owned()), ..refuse(code) })
        }
        Value::Array(errors) => in_error(errors.first(), text),
        Value::String(_) | Value::Bool(false) | Value::Null => None,
    }
}

/// Reads `meta`: `http_code` or `code` of 400 and more.
fn in_meta(object: &Map<String, Value>) -> Option<String> {
    let meta = object.get("meta")?.as_object()?;
    let status = meta.get("http_code").or_else(|| meta.get("code"))?.as_u64()?;
    (status >= 400).then(|| first_text(meta, &["error_type"]).unwrap_or_else(|| status.to_string()))
}

/// Reads `status` of 400 and more beside a `message`.
fn in_status(object: &Map<String, Value>) -> Option<String> {
    let status = object.get("status")?.as_u64()?;
    (status >= 400 && object.get("message").is_some_and(Value::is_string)).then(|| status.to_string())
}

/// Reads the `error` of `WWW-Authenticate` (RFC 6750 §3).
fn in_header(answer: &Answer) -> Option<Refusal> {
    let challenge = answer.status.is_client_error().then(|| answer.header(header::WWW_AUTHENTICATE.as_str()))??;
    let at =
        challenge.match_indices("error=").map(|(at, _)| at).find(|at| *at == 0 || matches!(challenge.as_bytes()[at - 1], b' ' | b','))?;
    let value = challenge[at + "error=".len()..].trim_start_matches('"');
    let code = value.split(['"', ',', ' ']).next().unwrap_or_default();
    (!code.is_empty()).then(|| Refusal { code: code.to_owned(), ..Refusal::default() })
}

/// Returns a number, also one in quotes, unless it means success.
fn number_but(value: Option<&Value>, success: &[&str]) -> Option<String> {
    let code = as_text(value?)?;
    let is_number = code.trim_start_matches('-').bytes().all(|b| b.is_ascii_digit()) && code.bytes().any(|b| b.is_ascii_digit());
    (is_number && !success.contains(&code.as_str())).then_some(code)
}

fn first_text(object: &Map<String, Value>, names: &[&str]) -> Option<String> {
    names.iter().find_map(|name| as_text(object.get(*name)?))
}

fn as_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use openidconnect::http::{HeaderMap, StatusCode};

    use super::*;

    fn find_in(status: u16, challenge: Option<&str>, body: &str) -> Option<String> {
        let mut headers = HeaderMap::new();
        if let Some(challenge) = challenge {
            headers.insert(header::WWW_AUTHENTICATE, challenge.parse().expect("test data"));
        }
        let answer = Answer { status: StatusCode::from_u16(status).expect("test data"), headers, body: body.as_bytes().to_vec() };
        find(&answer, &Body::read(&answer)).map(|refusal| refusal.code)
    }

    #[test]
    fn so_13_the_code_is_found_wherever_it_is() {
        for (body, code) in [
            (r#"{"error":"invalid_grant","error_description":"x"}"#, "invalid_grant"),
            (r#"{"error":{"message":"x","type":"OAuthException","code":100,"error_subcode":36009}}"#, "100.36009"),
            (r#"{"error":{"code":"Authorization_RequestDenied","message":"x"}}"#, "Authorization_RequestDenied"),
            (r#"{"error":{"error_code":10,"error_msg":"Internal server error"}}"#, "10"),
            (r#"{"error":{}}"#, "error"),
            (r#"{"error":true,"message":"x"}"#, "error"),
            (r#"{"errors":[{"errorType":"invalid_grant","message":"x"}],"success":false}"#, "invalid_grant"),
            (r#"{"errors":{"code":"invalid_grant","message":"x"}}"#, "invalid_grant"),
            (r#"{"error":["invalid_grant"]}"#, "invalid_grant"),
            (r#"{"errcode":40029,"errmsg":"invalid code"}"#, "40029"),
            (r#"{"ok":false,"error":"code_already_used"}"#, "code_already_used"),
            (r#"{"ok":false}"#, "not_ok"),
            (r#"{"resultcode":"024","message":"x"}"#, "024"),
            (r#"{"ret":-23,"msg":"token is invalid"}"#, "-23"),
            (r#"{"meta":{"http_code":401,"error_type":"invalid_auth"}}"#, "invalid_auth"),
            (r#"{"meta":{"code":400}}"#, "400"),
            (r#"{"error_response":{"code":"40002","sub_code":"isv.code-invalid"}}"#, "isv.code-invalid"),
            (r#"{"status":400,"message":"Invalid authorization code"}"#, "400"),
            (r#"callback( {"error":100020,"error_description":"x"} );"#, "100020"),
            ("error=bad_verification_code&error_description=x", "bad_verification_code"),
            (r#"{"data":null,"errors":[{"message":"x","extensions":{"code":"UNAUTHENTICATED"}}]}"#, "UNAUTHENTICATED"),
            (r#"{"error":{"error":"invalid_grant","message":"x"}}"#, "invalid_grant"),
        ] {
            assert_eq!(find_in(200, None, body).as_deref(), Some(code), "{body}");
        }
    }

    #[test]
    fn what_only_the_status_tells_to_be_an_error_is_found_too() {
        for (body, code) in [
            (r#"{"code":"invalid_grant","message":"x"}"#, Some("invalid_grant")),
            (r#"{"errorCode":"invalid_grant","errorMessage":"x"}"#, Some("invalid_grant")),
            (r#"{"type":"https://idp.example/problems/invalid_grant","title":"x"}"#, Some("invalid_grant")),
            (r#"{"type":"urn:ietf:params:oauth:error:invalid_grant"}"#, Some("invalid_grant")),
            (r#"[{"message":"x","errorCode":"INVALID_SESSION_ID"}]"#, Some("INVALID_SESSION_ID")),
            (
                r#"{"fault":{"faultstring":"x","detail":{"errorcode":"keymanagement.service.invalid_client"}}}"#,
                Some("keymanagement.service.invalid_client"),
            ),
            (r#"{"message":"x"}"#, None),
            ("[]", None),
        ] {
            assert_eq!(find_in(400, None, body).as_deref(), code, "{body}");
            assert_eq!(find_in(401, None, body), None, "{body}");
            assert_eq!(find_in(200, None, body), None, "{body}");
        }
    }

    #[test]
    fn the_code_of_a_challenge_is_found_without_a_body() {
        for (challenge, code) in [
            (r#"Bearer error="invalid_token", error_description="The access token expired""#, Some("invalid_token")),
            (r#"Bearer realm="a",error="insufficient_scope""#, Some("insufficient_scope")),
            ("Bearer error=invalid_token", Some("invalid_token")),
            (r#"Basic realm="oauth""#, None),
            (r#"Bearer my_error="x""#, None),
        ] {
            assert_eq!(find_in(401, Some(challenge), "").as_deref(), code, "{challenge}");
        }
        assert_eq!(find_in(200, Some(r#"Bearer error="invalid_token""#), ""), None);
    }

    #[test]
    fn what_means_success_is_no_error() {
        for body in [
            "",
            "[]",
            "<h1>error</h1>",
            r#"{"error":null}"#,
            r#"{"error":""}"#,
            r#"{"error":false}"#,
            r#"{"errors":[]}"#,
            r#"{"errcode":0,"errmsg":"ok"}"#,
            r#"{"ok":true}"#,
            r#"{"resultcode":"00","message":"success"}"#,
            r#"{"ret":0}"#,
            r#"{"meta":{"code":200}}"#,
            r#"{"status":200,"message":"fine"}"#,
            r#"{"status":404}"#,
            r#"{"sub":"x","status":"active","message":"hello"}"#,
        ] {
            assert_eq!(find_in(200, None, body), None, "{body}");
        }
    }
}
