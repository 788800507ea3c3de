//! Answers that nobody has thought of: every reader takes every one of them, and says one thing about it.

use openidconnect::core::CoreJwsSigningAlgorithm as Algorithm;
use openidconnect::http::{HeaderMap, HeaderValue, StatusCode, header};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::world::Key;
use crate::config::ProviderConfig;
use crate::provider::body::Body;
use crate::provider::http::Answer;
use crate::provider::settings::Settings;
use crate::provider::{Endpoint, Fault, ProviderError, discovery, jws, keys, refusal, token, userinfo};

/// Members that mean something to one of the readers.
const MEMBERS: [&str; 36] = [
    "error",
    "errors",
    "error_description",
    "error_code",
    "error_codes",
    "error_response",
    "error_subcode",
    "errcode",
    "errmsg",
    "ok",
    "ret",
    "resultcode",
    "meta",
    "http_code",
    "status",
    "message",
    "code",
    "sub_code",
    "type",
    "access_token",
    "token_type",
    "id_token",
    "scope",
    "expires_in",
    "sub",
    "id",
    "data",
    "response",
    "issuer",
    "jwks_uri",
    "token_endpoint",
    "authorization_endpoint",
    "id_token_signing_alg_values_supported",
    "keys",
    "kty",
    "kid",
];
/// Texts that mean something to one of the readers.
const TEXTS: [&str; 12] =
    ["invalid_grant", "invalid_client", "server_error", "PKCE", "Bearer", "EC", "RS256", "0", "400", "https://idp.example", "\u{feff}", ""];

fn text() -> impl Strategy<Value = String> {
    prop_oneof![proptest::sample::select(&TEXTS[..]).prop_map(str::to_owned), any::<String>()]
}

fn json_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        text().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 48, 6, |inner| {
        let member = (proptest::sample::select(&MEMBERS[..]), inner.clone()).prop_map(|(name, value)| (name.to_owned(), value));
        prop_oneof![
            proptest::collection::vec(inner, 0..4).prop_map(Value::from),
            proptest::collection::vec(member, 0..6).prop_map(|members| Value::Object(members.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

/// A body: JSON, some of it, JSON in a call, a form, or any bytes.
fn body() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        4 => json_value().prop_map(|value| value.to_string().into_bytes()),
        1 => (json_value(), any::<proptest::sample::Index>()).prop_map(|(value, at)| {
            let text = value.to_string().into_bytes();
            text[..at.index(text.len() + 1)].to_vec()
        }),
        1 => json_value().prop_map(|value| format!("callback( {value} );").into_bytes()),
        1 => (proptest::sample::select(&MEMBERS[..]), text()).prop_map(|(name, value)| format!("{name}={value}&error=x").into_bytes()),
        2 => proptest::collection::vec(any::<u8>(), 0..200),
    ]
}

prop_compose! {
    fn answer()(
        status in prop_oneof![Just(200), Just(400), Just(401), Just(403), Just(429), Just(500), 200_u16..1000],
        challenge in proptest::option::of("(Bearer )?(error=)?[ -~]{0,40}"),
        kind in proptest::option::of("(text/html|application/(json|jwt)|[ -~]{0,20})"),
        body in body(),
    ) -> Answer {
        let mut headers = HeaderMap::new();
        for (name, value) in [(header::WWW_AUTHENTICATE, challenge), (header::CONTENT_TYPE, kind)] {
            headers.extend(value.and_then(|value| HeaderValue::from_str(&value).ok()).map(|value| (name, value)));
        }
        Answer { status: StatusCode::from_u16(status).expect("a status"), headers, body }
    }
}

fn settings() -> Settings {
    let config = json!({ "id": "any", "preset": "oidc", "client_id": "c", "client_secret": "s", "issuer": "https://idp.example" });
    let config: ProviderConfig = serde_json::from_value(config).expect("a configuration");
    Settings::resolve(&config).expect("settings")
}

/// What holds for every answer: a server error is one, and a refusal is no success.
fn check<T>(answer: &Answer, endpoints: &[Endpoint], read: Result<T, ProviderError>) -> Result<(), TestCaseError> {
    let status = answer.status.as_u16();
    match read {
        Ok(_) => prop_assert!(status < 300, "{status} is no success"),
        Err(error) => {
            prop_assert!(endpoints.contains(&error.endpoint), "{error:?}");
            prop_assert!(status < 500 || error.fault == Fault::ServerError, "{error:?}");
            prop_assert!(status != 429 || error.fault == Fault::RateLimited, "{error:?}");
        }
    }
    Ok(())
}

proptest! {
    #[test]
    fn dp_07_every_token_answer_is_read(answer in answer()) {
        check(&answer, &[Endpoint::Token, Endpoint::IdToken], token::read(&answer, &settings(), token::Grant::Code))?;
        check(&answer, &[Endpoint::Token, Endpoint::IdToken], token::read(&answer, &settings(), token::Grant::Refresh))?;
    }

    #[test]
    fn dp_07_every_profile_answer_is_read(answer in answer()) {
        check(&answer, &[Endpoint::Profile], userinfo::read(&answer, &[]))?;
    }

    #[test]
    fn dp_07_every_discovery_document_is_read(answer in answer()) {
        check(&answer, &[Endpoint::Discovery], discovery::read(&settings(), &answer))?;
    }

    #[test]
    fn dp_07_every_key_set_is_read(answer in answer()) {
        check(&answer, &[Endpoint::Keys], keys::read(&answer))?;
    }

    #[test]
    fn dp_07_every_challenge_is_read(answer in answer()) {
        let found = refusal::find(&answer, &Body::read(&answer));
        prop_assert!(found.is_none_or(|refusal| !refusal.code.is_empty()));
    }

    #[test]
    fn dp_07_every_token_is_taken_apart(head in json_value(), claims in json_value(), noise in "[A-Za-z0-9_.=-]{0,60}", cut in 0_usize..4) {
        let key = Key::ec("k");
        let keys = serde_json::from_value(json!({ "keys": [key.jwk()] })).expect("keys");
        let encode = |value: &Value| base64::Engine::encode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, value.to_string());
        let token = [encode(&head), encode(&claims), noise].into_iter().skip(cut).collect::<Vec<_>>().join(".");
        prop_assert!(jws::verify(&token, &keys, &[Algorithm::EcdsaP256Sha256]).is_err());
    }
}
