//! What no list has: answers made by chance, through the real routes.
//!
//! They are the same at each run, so that a failure can be looked at.

use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use serde_json::{Map, Value, json};

use super::case::Case;

/// Error codes and members that mean something.
const WORDS: [&str; 14] = [
    "error",
    "errors",
    "code",
    "message",
    "access_token",
    "id_token",
    "token_type",
    "sub",
    "keys",
    "issuer",
    "status",
    "invalid_grant",
    "access_denied",
    "server_error",
];
/// Parameters that come back, or might.
const PARAMETERS: [&str; 10] = ["code", "state", "error", "error_code", "error_description", "iss", "denied", "scope", "error[]", "%00"];
const CLAIMS: [&str; 9] = ["iss", "sub", "aud", "azp", "exp", "iat", "nbf", "at_hash", "auth_time"];
const STATUSES: [u16; 12] = [200, 201, 204, 299, 301, 400, 401, 403, 404, 429, 500, 999];
const KINDS: [&str; 5] = ["application/json", "text/html", "application/jwt", "text/plain; charset=utf-16", "x"];

/// Makes `count` answers of an endpoint.
pub fn answers(endpoint: &'static str, count: usize) -> Vec<Case> {
    let wire = (proptest::sample::select(&STATUSES[..]), proptest::sample::select(&KINDS[..]), body(), "(Bearer )?(error=)?[!-~]{0,20}");
    let wire = wire.prop_map(move |(status, kind, body, challenge)| {
        let headers = json!({ "WWW-Authenticate": challenge });
        json!({ "kind": "http_response", "endpoint": endpoint, "status": status, "content_type": kind, "headers": headers, "body": body })
    });
    draw(wire, endpoint, count)
}

/// Makes `count` queries that come back; none has the code that was given.
pub fn queries(count: usize) -> Vec<Case> {
    let values = prop_oneof![Just("{state}".to_owned()), "[a-z_]{0,12}", "(%[0-9A-F]{2}){0,4}", Just("access_denied".to_owned())];
    let pairs = proptest::collection::vec((proptest::sample::select(&PARAMETERS[..]), values), 0..6);
    let wire = pairs.prop_map(|pairs| {
        let query: Vec<_> = pairs.iter().map(|(name, value)| format!("{name}={value}")).collect();
        json!({ "kind": "callback_query", "query": query.join("&"), "precondition": "state_valid" })
    });
    draw(wire, "query", count)
}

/// Makes `count` ID Tokens with odd claims and headers; each has a nonce of its own making.
pub fn tokens(count: usize) -> Vec<Case> {
    let claims = proptest::collection::vec((proptest::sample::select(&CLAIMS[..]), value()), 0..4);
    let header = proptest::collection::vec((proptest::sample::select(&["alg", "kid", "typ", "crit", "jwk"][..]), value()), 0..2);
    let wire = (claims, header, value()).prop_map(|(claims, header, nonce)| {
        let mut claims: Map<_, _> = claims.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        claims.insert("nonce".to_owned(), nonce);
        let header: Map<_, _> = header.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        json!({ "kind": "id_token", "claims": claims, "header": header })
    });
    draw(wire, "id_token", count)
}

fn draw(wire: impl Strategy<Value = Value>, what: &str, count: usize) -> Vec<Case> {
    let mut runner = TestRunner::deterministic();
    let draw = |at| {
        let wire = wire.new_tree(&mut runner).expect("a value").current();
        let case = json!({
            "id": format!("fuzz-{what}-{at}"), "provider": "any", "category": "any", "remedy": "any", "decided_by": "chance", "wire": wire,
        });
        serde_json::from_value(case).expect("a case")
    };
    (0..count).map(draw).collect()
}

fn value() -> impl Strategy<Value = Value> {
    let word = proptest::sample::select(&WORDS[..]);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        word.clone().prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 4, move |inner| {
        let members = proptest::collection::vec((word.clone(), inner.clone()), 0..5);
        let object = members.prop_map(|members| Value::Object(members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()));
        prop_oneof![proptest::collection::vec(inner, 0..3).prop_map(Value::from), object]
    })
}

/// A body: JSON, half of it, a form, or any text.
fn body() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => value().prop_map(|value| value.to_string()),
        1 => value().prop_map(|value| value.to_string().chars().take(9).collect()),
        1 => proptest::sample::select(&WORDS[..]).prop_map(|word| format!("error={word}&access_token=")),
        2 => ".{0,40}",
    ]
}
