//! What presets may loosen, and how far: keys, nonces, client authentication.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jsonwebtoken::{Algorithm, EncodingKey};
use serde_json::{Value, json};

use super::server::Reply;
use super::world::{CLIENT_ID, World, encode, identify, keys};
use crate::config::ProviderConfig;
use crate::provider::cache::Timing;
use crate::provider::{Fault, Profile, ProviderError};

const SECRET: &str = "s3cret:/+";

/// Asks who it is at a preset that is configured like this.
async fn identify_at(world: &World, preset: &str, changes: &Value) -> Result<Profile, ProviderError> {
    let mut config = json!({ "id": "idp", "preset": preset, "client_id": CLIENT_ID, "client_secret": SECRET, "issuer": world.issuer });
    for (key, value) in changes.as_object().expect("an object of changes") {
        config[key] = value.clone();
    }
    let config: ProviderConfig = serde_json::from_value(config).expect("a configuration");
    identify(&world.provider_with(&config, Timing::default())).await
}

/// Signs claims with a client secret.
fn sign(claims: &Value, secret: &str) -> String {
    let signed = format!("{}.{}", encode(&json!({ "alg": "HS256", "typ": "JWT" })), encode(claims));
    let key = EncodingKey::from_secret(secret.as_bytes());
    format!("{signed}.{}", jsonwebtoken::crypto::sign(signed.as_bytes(), &key, Algorithm::HS256).expect("a signature"))
}

#[tokio::test]
async fn so_05_a_client_secret_signs_only_where_the_preset_says_so() {
    let world = World::start();
    for (preset, secret, fault) in [
        ("line", SECRET, None),
        ("line", "another", Some(Fault::SignatureInvalid)),
        ("line", "", Some(Fault::SignatureInvalid)),
        ("oidc", SECRET, Some(Fault::AlgorithmUnexpected)),
    ] {
        let id_token = sign(&world.claims(), secret);
        world.server.set("/token", [Reply::json(200, &World::tokens_with(&id_token))]);

        assert_eq!(identify_at(&world, preset, &json!({})).await.err().map(|error| error.fault), fault, "{preset} {secret}");
    }
}

#[tokio::test]
async fn so_06_an_optional_nonce_may_be_missing_but_never_another() {
    let world = World::start();
    for (preset, nonce, fault) in [
        ("linkedin", Value::Null, None),
        ("linkedin", json!("another"), Some(Fault::NonceMismatch)),
        ("oidc", Value::Null, Some(Fault::NonceMissing)),
    ] {
        let mut claims = world.claims();
        claims["nonce"] = nonce.clone();
        world.server.set("/token", [Reply::json(200, &world.tokens(&claims))]);

        assert_eq!(identify_at(&world, preset, &json!({})).await.err().map(|error| error.fault), fault, "{preset} {nonce}");
    }
}

#[tokio::test]
async fn so_05_a_key_of_another_issuer_in_the_same_set_signs_nothing_here() {
    let world = World::start();
    for (issuer, fault) in [(world.issuer.as_str(), None), ("https://other.example", Some(Fault::SignatureInvalid))] {
        let mut set = keys(&[&world.key]);
        set["keys"][0]["issuer"] = json!(issuer);
        world.server.set("/jwks", [Reply::json(200, &set)]);

        assert_eq!(identify_at(&world, "oidc", &json!({})).await.err().map(|error| error.fault), fault, "{issuer}");
    }
}

#[tokio::test]
async fn an_alias_of_the_issuer_is_googles_alone() {
    let world = World::start();
    let mut claims = world.claims();
    claims["iss"] = json!("accounts.google.com");
    world.server.set("/token", [Reply::json(200, &world.tokens(&claims))]);

    let google = identify_at(&world, "google", &json!({})).await.expect("a profile");
    let other = identify_at(&world, "oidc", &json!({})).await.expect_err("a refusal");

    assert_eq!(google.identity.issuer, world.issuer);
    assert_eq!(other.fault, Fault::IssuerMismatch);
}

#[tokio::test]
async fn a_client_authenticates_in_the_one_way_that_is_configured() {
    let world = World::start();
    for (way, header, in_body) in [
        ("client_secret_basic", Some(format!("{CLIENT_ID}:s3cret%3A%2F%2B")), false),
        ("client_secret_basic_raw", Some(format!("{CLIENT_ID}:{SECRET}")), false),
        ("client_secret_post", None, true),
        ("none", None, false),
    ] {
        identify_at(&world, "oidc", &json!({ "client_authentication": way })).await.expect("a profile");

        let request = world.server.received("/token").pop().expect("a request");
        let expected = header.map(|header| format!("Basic {}", STANDARD.encode(header)));
        assert_eq!(request.headers.get("authorization"), expected.as_ref(), "{way}");
        assert_eq!(request.body.contains("client_secret="), in_body, "{way}");
    }
}
