//! Which preset plays which provider of the corpus, and with which settings.

use std::fs;

use serde_json::{Value, json};

use super::case::Case;

/// Entra's name for one directory.
pub const TENANT: &str = "8f6a3c1e-0d2b-4c5d-9e7f-123456789abc";
const PRESETS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/provider/presets");

/// Puts preset, endpoints below `base` and the settings of a case into a provider's configuration.
pub fn configure(config: &mut Value, case: &Case, base: &str) {
    let name = if case.provider == "entra" { "microsoft" } else { case.provider.as_str() };
    configure_preset(config, name, base);
    if !is_oauth2(name) {
        config["issuer"] = json!(issuer(case, base).replace(TENANT, "{tenantid}"));
        config["discovery_url"] = json!(format!("{base}/.well-known/openid-configuration"));
    }
    adjust(config, case);
}

/// Puts preset and endpoints below `base` into a provider's configuration; what has no preset is `oidc`.
pub fn configure_preset(config: &mut Value, name: &str, base: &str) {
    let text = text_of(name);
    config["preset"] = json!(if text.is_some() { name } else { "oidc" });
    if !is_oauth2(name) {
        config["issuer"] = json!(base);
        return;
    }
    for (key, endpoint) in [("authorization", "authorize"), ("token", "token"), ("userinfo", "userinfo")] {
        config[format!("{key}_url")] = json!(format!("{base}/{endpoint}"));
    }
    if text.is_some_and(|text| text.contains("emails_url")) {
        config["emails_url"] = json!(format!("{base}/emails"));
    }
}

/// Tells a preset of plain OAuth 2.0.
pub fn is_oauth2(name: &str) -> bool {
    text_of(name).is_some_and(|text| text.contains("kind = \"oauth2\""))
}

fn text_of(name: &str) -> Option<String> {
    fs::read_to_string(format!("{PRESETS}/{name}.toml")).ok()
}

/// Returns what a provider calls itself in its documents.
pub fn issuer(case: &Case, base: &str) -> String {
    match case.id.as_str() {
        "entra-tenant-mismatch" => format!("{base}/{TENANT}/v2.0"),
        "entra-tid-missing" => format!("{base}/{{tenantid}}/v2.0"),
        _ => base.to_owned(),
    }
}

fn adjust(config: &mut Value, case: &Case) {
    match case.id.as_str() {
        "any-query-where-form-post-expected" => config["response_mode"] = json!("form_post"),
        "entra-tenant-mismatch" => config["tenant"] = json!(TENANT),
        "entra-tid-missing" => config["tenant"] = json!("organizations"),
        // Asked for below the profile's address, where nothing is scripted: 404.
        "not-member-of-organization" => config["organization"] = json!("somebody-elses"),
        _ => {}
    }
}
