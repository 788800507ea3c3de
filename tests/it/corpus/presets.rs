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
    let text = fs::read_to_string(format!("{PRESETS}/{name}.toml")).ok();
    config["preset"] = json!(if text.is_some() { name } else { "oidc" });
    if text.as_ref().is_some_and(|text| text.contains("kind = \"oauth2\"")) {
        for endpoint in ["authorization", "token", "userinfo"] {
            config[format!("{endpoint}_url")] = json!(format!("{base}/{endpoint}"));
        }
        if text.is_some_and(|text| text.contains("emails_url")) {
            config["emails_url"] = json!(format!("{base}/emails"));
        }
    } else {
        config["issuer"] = json!(issuer(case, base).replace(TENANT, "{tenantid}"));
        config["discovery_url"] = json!(format!("{base}/.well-known/openid-configuration"));
    }
    adjust(config, case, base);
}

/// Returns what a provider calls itself in its documents.
pub fn issuer(case: &Case, base: &str) -> String {
    match case.id.as_str() {
        "entra-tenant-mismatch" => format!("{base}/{TENANT}/v2.0"),
        "entra-tid-missing" => format!("{base}/{{tenantid}}/v2.0"),
        _ => base.to_owned(),
    }
}

fn adjust(config: &mut Value, case: &Case, base: &str) {
    match case.id.as_str() {
        "any-query-where-form-post-expected" => config["response_mode"] = json!("form_post"),
        "entra-tenant-mismatch" => config["tenant"] = json!(TENANT),
        "entra-tid-missing" => config["tenant"] = json!("organizations"),
        "not-member-of-organization" => {
            // Its address is the preset's own, so it is played with a preset of one's own.
            let own = fs::read_to_string(format!("{PRESETS}/github.toml")).expect("a preset").replace("https://api.github.com", base);
            config["preset"] = json!(keep(&own));
            config["organization"] = json!("org-membership");
        }
        _ => {}
    }
}

/// Writes a preset into a file that stays while the tests run.
fn keep(text: &str) -> String {
    let (_, path) = tempfile::Builder::new().suffix(".toml").tempfile().expect("a file").keep().expect("a file that stays");
    fs::write(&path, text).expect("a written file");
    path.display().to_string()
}
