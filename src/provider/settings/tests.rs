use serde_json::{Value, json};

use super::*;
use crate::clock::Clock;
use crate::config::HttpConfig;
use crate::provider::Providers;

/// Reads a configuration in which `changes` are made to a valid one; null takes a key away.
fn config(changes: &Value) -> ProviderConfig {
    let mut config = json!({
        "id": "idp", "preset": "oidc", "client_id": "client", "client_secret": "secret", "issuer": "https://idp.example",
    });
    for (key, value) in changes.as_object().expect("an object of changes") {
        config[key] = value.clone();
    }
    config.as_object_mut().expect("an object").retain(|_, value| !value.is_null());
    serde_json::from_value(config).expect("a configuration")
}

#[test]
fn dp_05_a_refused_setting_is_named_and_never_printed() {
    for (changes, key) in [
        (json!({"id": "Big"}), "id"),
        (json!({"client_id": ""}), "client_id"),
        (json!({"client_secret": null}), "client_secret"),
        (json!({"client_secret": ""}), "client_secret"),
        (json!({"issuer": null}), "issuer"),
        (json!({"issuer": "http://idp.example"}), "issuer"),
        (json!({"issuer": "https://idp.example?x=1"}), "issuer"),
        (json!({"issuer": "idp.example"}), "issuer"),
        (json!({"issuer": format!("https://idp.example/{}", "a".repeat(255))}), "issuer"),
        (json!({"token_url": "http://idp.example/token"}), "token_url"),
        (json!({"discovery_url": "ftp://idp.example"}), "discovery_url"),
        (json!({"preset": "nowhere"}), "preset"),
    ] {
        let error = Settings::resolve(&config(&changes)).expect_err("a refusal");

        assert!(error.key.ends_with(&format!(".{key}")), "{error} for {changes}");
        assert!(!error.to_string().contains("idp.example"), "{error}");
    }
}

#[test]
fn an_unknown_preset_is_answered_with_the_known_ones() {
    let error = Settings::resolve(&config(&json!({"preset": "nowhere"}))).expect_err("a refusal");

    assert!(error.remedy.contains("oauth2, oidc"), "{error}");
}

#[test]
fn so_10_the_issuer_is_kept_to_the_letter() {
    for (issuer, discovery_url) in [
        ("https://idp.example", "https://idp.example/.well-known/openid-configuration"),
        ("https://idp.example/", "https://idp.example/.well-known/openid-configuration"),
        ("https://idp.example/realms/A", "https://idp.example/realms/A/.well-known/openid-configuration"),
        ("http://[::1]:8081", "http://[::1]:8081/.well-known/openid-configuration"),
    ] {
        let settings = Settings::resolve(&config(&json!({"issuer": issuer}))).expect("settings");

        assert_eq!(settings.issuer.name, issuer);
        assert_eq!(settings.discovery_url.as_ref().map(Url::as_str), Some(discovery_url));
    }
}

#[test]
fn the_configuration_overrides_the_preset() {
    let plain = Settings::resolve(&config(&json!({"preset": "lab", "issuer": null}))).expect("settings");
    assert_eq!((plain.name.as_str(), plain.mark.as_str(), plain.issuer.name.as_str()), ("Lab", "lab", "http://127.0.0.1:8081"));

    let changes =
        json!({"preset": "lab", "name": "Ours", "issuer": "http://localhost:9", "scopes": ["email"], "required_scopes": ["email"]});
    let ours = Settings::resolve(&config(&changes)).expect("settings");
    assert_eq!((ours.name.as_str(), ours.issuer.name.as_str()), ("Ours", "http://localhost:9"));
    assert_eq!(ours.scopes, ["openid", "email"]);
    assert_eq!(ours.required_scopes, ["email"]);
}

#[test]
fn the_secret_is_never_printed() {
    let settings = Settings::resolve(&config(&json!({"client_secret": "keep this"}))).expect("settings");

    assert!(!format!("{settings:?}").contains("keep this"));
}

#[test]
fn two_providers_cannot_share_a_name() {
    let same = [config(&json!({})), config(&json!({"enabled": false}))];

    let error = Providers::new(&same, &HttpConfig::default(), Clock::system()).err().expect("a refusal");

    assert_eq!(error.key, "providers.idp.id");
}
