//! Discovery and keys: what is refused, what is kept, how often is asked.

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use serde_json::{Value, json};

use super::server::Reply;
use super::world::{Key, World, identify, keys};
use crate::provider::cache::Timing;
use crate::provider::metadata::Metadata;
use crate::provider::settings::Settings;
use crate::provider::{Endpoint, Fault, Provider, ProviderError};

const DISCOVERY: &str = "/.well-known/openid-configuration";

async fn discover(provider: &Provider) -> Result<(), ProviderError> {
    provider.metadata(Instant::now() + Duration::from_secs(5)).await.map(|_| ())
}

fn timing(lifetime: u64, failure_pause: u64, refetch_pause: u64) -> Timing {
    let seconds = Duration::from_secs;
    let (lifetime, failure_pause, refetch_pause) = (seconds(lifetime), seconds(failure_pause), seconds(refetch_pause));
    Timing { lifetime, failure_pause, refetch_pause, ..Timing::default() }
}

#[tokio::test]
async fn so_10_a_document_names_the_issuer_and_safe_endpoints() {
    let world = World::start();
    for (member, value, is_taken) in [
        ("issuer", json!(format!("{}/", world.issuer)), false),
        ("issuer", json!("https://idp.example"), false),
        ("issuer", Value::Null, false),
        ("authorization_endpoint", Value::Null, false),
        ("token_endpoint", Value::Null, false),
        ("jwks_uri", Value::Null, false),
        ("token_endpoint", json!("http://idp.example/token"), false),
        ("token_endpoint", json!("/token"), false),
        ("userinfo_endpoint", json!("http://idp.example/userinfo"), false),
        ("authorization_endpoint", json!("javascript:alert(1)"), false),
        ("userinfo_endpoint", Value::Null, true),
        ("token_endpoint", json!("https://tokens.other.example/token"), true),
    ] {
        let mut document = world.discovery();
        document[member] = value.clone();
        world.server.set(DISCOVERY, [Reply::json(200, &document)]);

        let fault = discover(&world.provider()).await.map_err(|error| error.fault);

        assert_eq!(fault, if is_taken { Ok(()) } else { Err(Fault::Invalid) }, "{member}: {value}");
    }
}

#[tokio::test]
async fn discovery_and_keys_fail_as_the_table_says() {
    for (reply, discovery, jwks) in [
        (Reply::html(404, "Not Found"), Fault::Refused, Fault::Refused),
        (Reply::html(503, "<h1>503</h1>"), Fault::ServerError, Fault::ServerError),
        (Reply::html(429, ""), Fault::RateLimited, Fault::RateLimited),
        (Reply::html(301, "").with("Location", "/elsewhere"), Fault::Unexpected, Fault::Unexpected),
        (Reply::html(200, "<!DOCTYPE html><title>Maintenance</title>"), Fault::Unreadable, Fault::Unreadable),
        (Reply::typed(200, "application/json", r#"{"keys":[]}"#), Fault::Invalid, Fault::Unreadable),
        (Reply::typed(200, "application/json", r#"{"keys":"#), Fault::Unreadable, Fault::Unreadable),
        (Reply::typed(200, "application/json", "[]"), Fault::Invalid, Fault::Unreadable),
        (Reply::Reset, Fault::ConnectionLost, Fault::ConnectionLost),
    ] {
        for (path, endpoint, fault) in [(DISCOVERY, Endpoint::Discovery, discovery), ("/jwks", Endpoint::Keys, jwks)] {
            let world = World::start();
            world.server.set(path, [reply.clone()]);

            let error = world.identify().await.expect_err("no metadata");

            assert_eq!((error.endpoint, error.fault), (endpoint, fault), "{reply:?}");
            assert_eq!(world.server.count(path), if fault.may_pass() { 2 } else { 1 }, "{reply:?}");
        }
    }
}

#[tokio::test]
async fn so_12_metadata_is_fetched_once_however_many_ask_at_once() {
    let world = World::start();
    let provider = world.provider();

    for result in join_all((0..20).map(|_| identify(&provider))).await {
        result.expect("a profile");
    }

    assert_eq!((world.server.count(DISCOVERY), world.server.count("/jwks"), world.server.count("/token")), (1, 1, 20));
}

#[tokio::test]
async fn so_12_a_failure_is_remembered_for_a_moment() {
    let world = World::start();
    world.server.set(DISCOVERY, [Reply::html(404, "")]);
    let provider = world.provider_with(&world.config(), timing(3600, 3600, 30));

    for result in join_all((0..5).map(|_| discover(&provider))).await {
        assert_eq!(result.map_err(|error| error.fault), Err(Fault::Refused));
    }

    assert_eq!(world.server.count(DISCOVERY), 1);
}

#[tokio::test]
async fn an_old_copy_bridges_an_outage_but_no_refusal() {
    let world = World::start();
    let provider = world.provider_with(&world.config(), timing(0, 0, 30));
    identify(&provider).await.expect("a profile");

    for path in [DISCOVERY, "/jwks"] {
        world.server.set(path, [Reply::html(503, "")]);
    }
    identify(&provider).await.expect("a profile with old metadata and keys");
    assert_eq!(world.server.count(DISCOVERY), 3);

    world.server.set(DISCOVERY, [Reply::html(404, "")]);
    assert_eq!(discover(&provider).await.map_err(|error| error.fault), Err(Fault::Refused));
}

#[tokio::test]
async fn so_12_an_unknown_key_is_looked_for_once() {
    let world = World::start();
    let provider = world.provider();
    identify(&provider).await.expect("a profile");

    let rotated = Key::ec("next");
    world.server.set("/jwks", [Reply::json(200, &keys(&[&world.key, &rotated]))]);
    world.server.set("/token", [Reply::json(200, &World::tokens_with(&rotated.sign(&world.claims())))]);
    identify(&provider).await.expect("a profile signed with the new key");
    assert_eq!(world.server.count("/jwks"), 2);

    let ghost = Key::ec("ghost");
    world.server.set("/token", [Reply::json(200, &World::tokens_with(&ghost.sign(&world.claims())))]);
    for _ in 0..3 {
        assert_eq!(identify(&provider).await.map_err(|error| error.fault), Err(Fault::KeyUnknown));
    }
    assert_eq!(world.server.count("/jwks"), 2, "the pause between two fetches holds");
}

#[tokio::test]
async fn so_12_a_bad_signature_refetches_once_for_everybody() {
    let world = World::start();
    let provider = world.provider_with(&world.config(), timing(3600, 0, 0));
    identify(&provider).await.expect("a profile");

    let renewed = Key::ec("ec");
    world.server.set("/jwks", [Reply::json(200, &keys(&[&renewed]))]);
    world.server.set("/token", [Reply::json(200, &World::tokens_with(&renewed.sign(&world.claims())))]);
    for result in join_all((0..8).map(|_| identify(&provider))).await {
        result.expect("a profile signed with a new key under the old name");
    }

    assert_eq!(world.server.count("/jwks"), 2);
}

#[tokio::test]
async fn configured_endpoints_need_no_discovery() {
    let world = World::start();
    let mut config = world.config();
    let url = |path: &str| Some(format!("{}{path}", world.issuer).parse().expect("an address"));
    (config.authorization_url, config.token_url, config.jwks_url) = (url("/authorize"), url("/token"), url("/jwks"));

    identify(&world.provider_with(&config, Timing::default())).await.expect("a profile");

    assert_eq!(world.server.count(DISCOVERY), 0);
}

#[tokio::test]
async fn a_configured_endpoint_wins_over_the_discovered_one() {
    let world = World::start();
    let mut document = world.discovery();
    document["token_endpoint"] = Value::Null;
    world.server.set(DISCOVERY, [Reply::json(200, &document)]);
    let mut config = world.config();
    config.token_url = Some(format!("{}/token", world.issuer).parse().expect("an address"));

    identify(&world.provider_with(&config, Timing::default())).await.expect("a profile");

    assert_eq!(world.server.count(DISCOVERY), 1);
}

#[test]
fn so_11_the_document_of_a_public_issuer_leads_to_no_private_address() {
    let mut config = World::start().config();
    config.issuer = Some("https://idp.example".to_owned());
    let settings = Settings::resolve(&config).expect("settings");
    let document = |token_endpoint: &str| {
        let document = json!({
            "issuer": "https://idp.example", "authorization_endpoint": "https://idp.example/authorize",
            "token_endpoint": token_endpoint, "jwks_uri": "https://idp.example/jwks",
        });
        document.as_object().expect("an object").clone()
    };

    assert!(Metadata::discovered(&settings, &document("https://tokens.idp.example/")).is_ok());
    for private in ["https://169.254.169.254/", "https://10.0.0.1/", "http://127.0.0.1/", "https://[::1]/"] {
        assert!(Metadata::discovered(&settings, &document(private)).is_err(), "{private}");
    }
}
