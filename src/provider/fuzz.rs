//! The readers of what providers answer, for `crate::fuzz`.
//!
//! An answer is written as one line with status and type, as in `200 application/json`,
//! and the body below it.

use std::sync::LazyLock;

use openidconnect::core::{CoreJsonWebKeySet, CoreJwsSigningAlgorithm as Algorithm};
use openidconnect::http::{HeaderMap, HeaderValue, StatusCode, header};
use serde_json::{Map, Value, json};

use super::body::Body;
use super::error::{Endpoint, Fault, ProviderError};
use super::http::Answer;
use super::id_token::{self, Expected};
use super::jws::{self, Verified};
use super::settings::Settings;
use super::token::Grant;
use super::{claims, discovery, keys, refusal, token, userinfo};

/// The time of every token: 2026-11-20T12:00:00Z.
const NOW: i64 = 1_795_176_000;
const ISSUER: &str = "https://idp.example";
const CLIENT: &str = "genkan";
const NONCE: &str = "the-nonce";

static SETTINGS: LazyLock<[Settings; 2]> = LazyLock::new(|| {
    let oidc = json!({ "id": "oidc", "preset": "oidc", "client_id": CLIENT, "client_secret": "s", "issuer": ISSUER });
    let github = json!({ "id": "github", "preset": "github", "client_id": CLIENT, "client_secret": "s" });
    [oidc, github].map(|config| Settings::resolve(&serde_json::from_value(config).expect("a configuration")).expect("settings"))
});

/// A key whose private half nobody has (RFC 7517 appendix A.1).
static KEYS: LazyLock<CoreJsonWebKeySet> = LazyLock::new(|| {
    let key = json!({ "kty": "EC", "crv": "P-256", "kid": "1", "use": "sig",
        "x": "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4", "y": "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM" });
    serde_json::from_value(json!({ "keys": [key] })).expect("a key")
});

fn answer(data: &[u8]) -> Answer {
    let (head, body) = data.split_at(data.iter().position(|byte| *byte == b'\n').map_or(0, |at| at + 1));
    let head = String::from_utf8_lossy(head);
    let (status, kind) = head.trim().split_once(' ').unwrap_or((head.trim(), ""));
    let status = status.parse().ok().filter(|status| (200..600).contains(status)).and_then(|status| StatusCode::from_u16(status).ok());
    let mut headers = HeaderMap::new();
    headers.extend(HeaderValue::from_str(kind).ok().map(|kind| (header::CONTENT_TYPE, kind)));
    Answer { status: status.unwrap_or(StatusCode::OK), headers, body: body.to_vec() }
}

/// Asserts what holds for every answer: a server error is one, and a refusal is no success.
fn judge<T>(answer: &Answer, endpoints: &[Endpoint], read: Result<T, ProviderError>) {
    let status = answer.status.as_u16();
    match read {
        Ok(_) => assert!(status < 300, "{status} is no success"),
        Err(error) => {
            assert!(endpoints.contains(&error.endpoint), "{error:?}");
            assert!(status < 500 || error.fault == Fault::ServerError, "{error:?}");
            assert!(status != 429 || error.fault == Fault::RateLimited, "{error:?}");
        }
    }
}

/// Reads a token answer, to a code and to a refresh token.
pub(crate) fn token_answer(data: &[u8]) {
    let answer = answer(data);
    for settings in &*SETTINGS {
        for grant in [Grant::Code, Grant::Refresh] {
            judge(&answer, &[Endpoint::Token, Endpoint::IdToken], token::read(&answer, settings, grant));
        }
    }
    let found = refusal::find(&answer, &Body::read(&answer));
    assert!(found.is_none_or(|refusal| !refusal.code.is_empty()), "a refusal without a code");
}

/// Reads a profile.
pub(crate) fn profile(data: &[u8]) {
    let answer = answer(data);
    for settings in &*SETTINGS {
        let read = userinfo::read(&answer, &settings.preset.dialect);
        if let Ok(userinfo::Userinfo::Plain(claims)) = &read {
            let paths = &settings.preset.profile;
            let _ = claims::is_incomplete(claims, paths);
            assert!(paths.subject.iter().filter_map(|path| path.text(claims)).all(|text| !text.is_empty()), "an empty subject");
        }
        judge(&answer, &[Endpoint::Profile], read);
    }
}

/// Reads a discovery document.
pub(crate) fn discovery(data: &[u8]) {
    let answer = answer(data);
    let read = discovery::read(&SETTINGS[0], &answer);
    if let Ok(metadata) = &read {
        assert_eq!(metadata.issuer, ISSUER, "another issuer");
        for url in [&metadata.authorization_endpoint, &metadata.token_endpoint].into_iter().chain(&metadata.userinfo_endpoint) {
            assert_eq!(url.scheme(), "https", "{url}");
        }
        assert!(!metadata.algorithms.contains(&Algorithm::None) && !metadata.algorithms.contains(&Algorithm::HmacSha256));
    }
    judge(&answer, &[Endpoint::Discovery], read);
}

/// Reads a key set.
pub(crate) fn key_set(data: &[u8]) {
    let answer = answer(data);
    let read = keys::read(&answer);
    assert!(read.as_ref().is_ok_and(|set| !set.keys.keys().is_empty()) || read.is_err(), "an empty key set");
    judge(&answer, &[Endpoint::Keys], read);
}

/// Takes a token apart, which nobody can have signed; and reads claims as if somebody had.
pub(crate) fn id_token(data: &[u8]) {
    let Ok(text) = str::from_utf8(data) else { return };
    let algorithms = [Algorithm::EcdsaP256Sha256, Algorithm::RsaSsaPkcs1V15Sha256];
    assert!(jws::verify(text.trim(), &KEYS, &algorithms).is_err(), "a forged token verifies");
    let _ = jws::is_hs256(text.trim());
    let Ok(claims) = serde_json::from_str::<Map<String, Value>>(text) else { return };
    let token = Verified { claims, algorithm: Algorithm::EcdsaP256Sha256, key: KEYS.keys()[0].clone() };
    let expected = Expected {
        issuer: ISSUER,
        issuer_aliases: &[],
        client_id: CLIENT,
        nonce: NONCE,
        is_nonce_optional: false,
        code: "the-code",
        access_token: "the-access-token",
        max_age_secs: None,
        now: chrono::DateTime::from_timestamp(NOW, 0).expect("a time"),
    };
    if let Ok(subject) = id_token::check(&token, &expected) {
        assert_eq!(token.claims["nonce"], NONCE);
        assert_eq!((&token.claims["iss"], &token.claims["sub"]), (&json!(ISSUER), &json!(subject.as_str())));
        assert!(!subject.as_str().is_empty() && subject.as_str().chars().count() <= 255, "an unusable subject");
    }
}
