//! Token and profile answers, row by row of the table in the corpus.

use openidconnect::http::StatusCode;
use serde_json::{Value, json};

use super::server::Reply;
use super::world::{ACCESS_TOKEN, CLIENT_ID, Key, World};
use crate::provider::{Endpoint, Fault};

const BAD_VERIFIER: &str = r#"{"error":"invalid_grant","error_description":"AADSTS501481: The Code_Verifier does not match."}"#;
const BAD_PKCE: &str = r#"{"error":"invalid_grant","error_description":"PKCE verification failed"}"#;
const CHALLENGE_PAGE: &str = "<!DOCTYPE html><title>Just a moment...</title>";

/// Status, content type, body; fault and code.
type Row = (u16, &'static str, &'static str, Fault, Option<&'static str>);

/// Steps 7 to 12: a refusal, whatever the status and wherever the code is.
const REFUSALS: &[Row] = &[
    (429, "application/json", r#"{"error":"rate_limited"}"#, Fault::RateLimited, Some("rate_limited")),
    (429, "text/plain", "Too Many Requests", Fault::RateLimited, None),
    (500, "text/html", "<!DOCTYPE html><title>500</title>", Fault::ServerError, None),
    (502, "text/html", "<html><title>502 Bad Gateway</title></html>", Fault::ServerError, None),
    (503, "application/json", r#"{"error":"invalid_grant"}"#, Fault::ServerError, Some("invalid_grant")),
    (504, "text/plain", "upstream request timeout", Fault::ServerError, None),
    (400, "application/json", r#"{"error":"invalid_grant"}"#, Fault::CodeRefused, Some("invalid_grant")),
    (400, "application/json", r#"{"errors":[{"errorType":"invalid_grant"}]}"#, Fault::CodeRefused, Some("invalid_grant")),
    (200, "application/json", r#"{"error":"invalid_grant"}"#, Fault::CodeRefused, Some("invalid_grant")),
    (400, "application/json", BAD_VERIFIER, Fault::VerifierRefused, Some("invalid_grant")),
    (400, "application/json", BAD_PKCE, Fault::VerifierRefused, Some("invalid_grant")),
    (400, "application/json", r#"{"error":"server_error"}"#, Fault::ServerError, Some("server_error")),
    (200, "application/json", r#"{"error":"temporarily_unavailable"}"#, Fault::ServerError, Some("temporarily_unavailable")),
    (401, "application/json", r#"{"error":"invalid_client"}"#, Fault::ClientRefused, Some("invalid_client")),
    (400, "application/json", r#"{"error":"unauthorized_client"}"#, Fault::ClientRefused, Some("unauthorized_client")),
    (401, "text/plain", "", Fault::ClientRefused, None),
    (400, "application/json", r#"{"error":"access_denied"}"#, Fault::Refused, Some("access_denied")),
    (400, "application/json", r#"{"error":"unsupported_grant_type"}"#, Fault::Refused, Some("unsupported_grant_type")),
    (200, "application/json", r#"{"error":"bad_verification_code"}"#, Fault::Refused, Some("bad_verification_code")),
    (200, "application/x-www-form-urlencoded", "error=invalid_request&error_uri=x", Fault::Refused, Some("invalid_request")),
    (200, "text/plain", r#"{"errcode":40029,"errmsg":"invalid code"}"#, Fault::Refused, Some("40029")),
    (200, "text/html", r#"callback( {"error":100020} );"#, Fault::Refused, Some("100020")),
    (400, "application/json", r#"{"error":{"code":100,"error_subcode":36009}}"#, Fault::Refused, Some("100.36009")),
    (415, "application/json", r#"{"error":"Unsupported Media Type"}"#, Fault::Refused, Some("Unsupported Media Type")),
    (400, "text/plain", "", Fault::Refused, None),
    (404, "text/html", "<h1>Not Found</h1>", Fault::Refused, None),
    (407, "text/html", "", Fault::Refused, None),
    (403, "text/html; charset=UTF-8", CHALLENGE_PAGE, Fault::ServerError, None),
    (403, "application/json", r#"{"status":403,"message":"invalid client secret"}"#, Fault::ClientRefused, Some("403")),
    (302, "text/html", "", Fault::Unexpected, None),
];

/// Steps 13 and 14: success that is none.
const HALF_SUCCESSES: &[Row] = &[
    (200, "text/html", CHALLENGE_PAGE, Fault::Unreadable, None),
    (200, "application/json", "", Fault::Unreadable, None),
    (200, "application/json", r#"{"access_token":"abc","token_type":"#, Fault::Unreadable, None),
    (200, "application/json", "[]", Fault::Malformed, None),
    (200, "application/json", r#"{"access_token":"abc","token_type":"bearer"}<!-- x -->"#, Fault::Malformed, None),
    (200, "application/json", r#"{"scope":"user","token_type":"bearer"}"#, Fault::Malformed, None),
    (200, "application/json", r#"{"access_token":123,"token_type":"bearer"}"#, Fault::Malformed, None),
    (200, "application/json", r#"{"access_token":"","token_type":"bearer"}"#, Fault::Malformed, None),
    (200, "application/json", r#"{"access_token":"x","token_type":"mac","id_token":"x"}"#, Fault::Malformed, None),
    (200, "application/json", r#"{"access_token":"x","token_type":"bearer"}"#, Fault::IdTokenMissing, None),
    (200, "application/json", r#"{"access_token":"x","id_token":null}"#, Fault::IdTokenMissing, None),
];

/// Steps 7, 8, 15 to 17: profiles that are none.
const PROFILES: &[Row] = &[
    (429, "application/json", r#"{"error":{"code":"TooManyRequests"}}"#, Fault::RateLimited, Some("TooManyRequests")),
    (500, "application/json", r#"{"error":"internal"}"#, Fault::ServerError, Some("internal")),
    (502, "text/html", "<title>502</title>", Fault::ServerError, None),
    (400, "application/json", r#"{"error":"invalid_request"}"#, Fault::Refused, Some("invalid_request")),
    (401, "application/json", r#"{"message":"401 Unauthorized"}"#, Fault::AccessTokenRefused, None),
    (403, "text/html", "Request forbidden by administrative rules.", Fault::Refused, None),
    (200, "application/json", r#"{"error":{"code":498,"message":"Invalid token."}}"#, Fault::AccessTokenRefused, Some("498")),
    (200, "application/json", r#"{"resultcode":"024","message":"x"}"#, Fault::Refused, Some("024")),
    (200, "application/json", r#"{"ok":false,"error":"missing_scope"}"#, Fault::Refused, Some("missing_scope")),
    (302, "text/html", "", Fault::Unexpected, None),
    (200, "text/html", "<!DOCTYPE html><title>Sign in</title>", Fault::Unreadable, None),
    (200, "application/json", "Hello, world.", Fault::Unreadable, None),
    (200, "application/json", "", Fault::Unreadable, None),
    (200, "application/json", "[]", Fault::Malformed, None),
    (200, "application/jwt", "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.AAAA", Fault::Malformed, None),
    (200, "application/json", r#"{"name":"Foo"}"#, Fault::SubjectMissing, None),
    (200, "application/json", r#"{"sub":null}"#, Fault::SubjectMissing, None),
    (200, "application/json", r#"{"sub":""}"#, Fault::SubjectMissing, None),
    (200, "application/json", r#"{"sub":7}"#, Fault::SubjectMissing, None),
    (200, "application/json", r#"{"sub":"other-person"}"#, Fault::SubjectMismatch, None),
];

#[tokio::test]
async fn so_11_a_token_answer_is_read_as_the_table_says_and_never_asked_for_again() {
    for (status, kind, body, fault, code) in REFUSALS.iter().chain(HALF_SUCCESSES) {
        let world = World::start();
        world.server.set("/token", [Reply::typed(*status, kind, *body).with("Location", "/login")]);

        let error = world.identify().await.expect_err("a refusal");

        assert_eq!((error.endpoint, error.fault, error.code.as_deref()), (Endpoint::Token, *fault, *code), "{status} {body}");
        assert_eq!(error.http_status, Some(*status), "{body}");
        assert_eq!(world.server.count("/token"), 1, "{status} {body}");
    }
}

#[tokio::test]
async fn tokens_are_found_in_every_shape_that_providers_send() {
    let world = World::start();
    let id_token = world.key.sign(&world.claims());
    let plain = World::tokens_with(&id_token);
    let without_type = json!({ "access_token": ACCESS_TOKEN, "id_token": id_token });
    let odd_types =
        json!({ "access_token": ACCESS_TOKEN, "id_token": id_token, "token_type": "BEARER", "expires_in": "3600", "scope": ["a"] });
    let form = format!("access_token={ACCESS_TOKEN}&id_token={id_token}&token_type=bearer&expires_in=x");
    for reply in [
        Reply::typed(200, "text/plain", plain.to_string()),
        Reply::json(201, &plain),
        Reply::Answer { status: 200, headers: vec![], body: plain.to_string().into_bytes() },
        Reply::json(200, &without_type),
        Reply::json(200, &odd_types),
        Reply::typed(200, "application/x-www-form-urlencoded", form),
    ] {
        world.server.set("/token", [reply.clone()]);

        world.identify().await.unwrap_or_else(|error| panic!("{error} for {reply:?}"));
    }
}

#[tokio::test]
async fn granted_scopes_are_split_at_blanks_and_commas() {
    for (scope, expected) in [
        (json!("openid,email  profile"), Some(vec!["openid", "email", "profile"])),
        (json!(["openid", "email"]), Some(vec!["openid", "email"])),
        (json!(""), None),
        (Value::Null, None),
    ] {
        let world = World::start();
        let mut tokens = world.tokens(&world.claims());
        tokens["scope"] = scope;
        world.server.set("/token", [Reply::json(200, &tokens)]);

        let granted = world.identify().await.expect("a profile").granted_scopes;

        assert_eq!(granted, expected.map(|scopes| scopes.into_iter().map(str::to_owned).collect()));
    }
}

/// A world whose ID Token leaves the name to userinfo.
fn start_without_name() -> World {
    let world = World::start();
    let mut claims = world.claims();
    claims.as_object_mut().expect("claims").remove("name");
    world.server.set("/token", [Reply::json(200, &world.tokens(&claims))]);
    world
}

#[tokio::test]
async fn so_13_a_profile_answer_is_read_as_the_table_says() {
    for (status, kind, body, fault, code) in PROFILES {
        let world = start_without_name();
        world.server.set("/userinfo", [Reply::typed(*status, kind, *body)]);

        let error = world.identify().await.expect_err("no profile");

        assert_eq!((error.endpoint, error.fault, error.code.as_deref()), (Endpoint::Profile, *fault, *code), "{status} {body}");
        assert_eq!(world.server.count("/userinfo"), if fault.may_pass() { 2 } else { 1 }, "{status} {body}");
    }
}

#[tokio::test]
async fn headers_of_a_profile_answer_tell_quota_and_challenge() {
    let rows = [
        ("X-RateLimit-Remaining", "0", Fault::RateLimited, None),
        ("Retry-After", "60", Fault::RateLimited, None),
        ("X-RateLimit-Remaining", "12", Fault::Refused, None),
        ("WWW-Authenticate", r#"Bearer error="insufficient_scope", scope="email""#, Fault::Refused, Some("insufficient_scope")),
    ];
    for (name, value, fault, code) in rows {
        let world = start_without_name();
        world.server.set("/userinfo", [Reply::typed(403, "text/plain", "").with(name, value)]);

        let error = world.identify().await.expect_err("no profile");

        assert_eq!((error.fault, error.code.as_deref()), (fault, code), "{name}: {value}");
        assert_eq!(error.http_status, Some(StatusCode::FORBIDDEN.as_u16()));
    }
}

#[tokio::test]
async fn so_11_a_profile_is_asked_for_a_second_time_and_then_taken() {
    for first in [Reply::typed(503, "application/json", ""), Reply::html(200, "<p>maintenance"), Reply::Reset, Reply::Bytes(Vec::new())] {
        let world = start_without_name();
        world.server.set("/userinfo", [first, Reply::json(200, &json!({"sub": "sub", "name": "Hanako"}))]);

        let profile = world.identify().await.expect("a profile");

        assert_eq!(profile.name.map(|name| name.to_string()).as_deref(), Some("Hanako"));
        assert_eq!(world.server.count("/userinfo"), 2);
    }
}

#[tokio::test]
async fn so_07_a_signed_profile_verifies_and_is_ours_or_is_refused() {
    let world = start_without_name();
    let forger = Key::ec("ec");
    for (key, claims, fault) in [
        (&world.key, json!({"sub": "sub", "name": "Hanako"}), None),
        (&world.key, json!({"sub": "sub", "iss": world.issuer, "aud": [CLIENT_ID]}), None),
        (&world.key, json!({"sub": "sub", "iss": "https://idp.example"}), Some(Fault::Malformed)),
        (&world.key, json!({"sub": "sub", "aud": "other"}), Some(Fault::Malformed)),
        (&world.key, json!({"sub": "other"}), Some(Fault::SubjectMismatch)),
        (&forger, json!({"sub": "sub"}), Some(Fault::Malformed)),
    ] {
        world.server.set("/userinfo", [Reply::typed(200, "application/jwt", key.sign(&claims))]);

        let result = world.identify().await;

        assert_eq!(
            result.as_ref().err().map(|error| (error.endpoint, error.fault)),
            fault.map(|fault| (Endpoint::Profile, fault)),
            "{claims}"
        );
    }
}
