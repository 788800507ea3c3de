//! Which preset plays a quirk, and with which settings.

use rcgen::KeyPair;
use serde_json::{Value, json};

use super::Quirk;

/// Quirks that are refusals, and the cause of each.
pub const FAILURES: [(&str, &str); 5] = [
    ("github-errors-with-200", "code_unusable"),
    ("twitch-error-without-error-member", "code_unusable"),
    ("facebook-error-object", "token_refused"),
    ("slack-ok-false-in-200", "code_unusable"),
    ("yahoojp-null-description", "token_refused"),
];

/// What is not played.
pub const NOT_PLAYED: [(&str, &str); 0] = [];

/// A tenant of Microsoft's.
pub const TENANT: &str = "11111111-2222-4333-8444-555555555555";

/// How a quirk is played.
pub struct Plan {
    /// The provider's configuration.
    pub config: Value,
    /// The preset whose sample the provider follows otherwise.
    pub sample: &'static str,
    /// The issuer, where it is not where the provider is played.
    pub issuer: Option<&'static str>,
}

/// Plans a quirk.
pub fn plan(quirk: &Quirk) -> Plan {
    let preset = preset_of(quirk);
    let with = |changes: Value| crate::presets::merge(json!({ "preset": preset }), &changes);
    let elsewhere = |issuer: Option<&'static str>, name: Value| {
        let urls =
            json!({ "issuer": name, "authorization_url": "{base}/authorize", "token_url": "{base}/token", "jwks_url": "{base}/jwks" });
        Plan { config: with(urls), sample: preset, issuer }
    };
    match quirk.id.as_str() {
        "linkedin-issuer-and-no-nonce" => elsewhere(Some("https://www.linkedin.com/oauth"), Value::Null),
        "line-email-needs-approval" => elsewhere(Some("https://access.line.me"), Value::Null),
        "keycloak-session-state-and-iss" => elsewhere(Some("https://kc.example/realms/r"), json!("https://kc.example/realms/r")),
        "entra-issuer-template" | "entra-key-issuer" => {
            Plan { config: with(json!({ "issuer": "{base}/{tenantid}/v2.0" })), sample: preset, issuer: Some("{base}/{tenantid}/v2.0") }
        }
        // The slack preset speaks OpenID Connect, at openid.connect.token, where nothing is nested: this is the older interface.
        "slack-nested-user-token" | "qiita-two-ids" | "arcgis-format-parameter" => {
            let own = if quirk.provider == "slack" { "slack_v2" } else { "own_preset" };
            let endpoints = json!({ "preset": format!("tests/corpus/{own}.toml"), "issuer": null, "authorization_url": "{base}/authorize",
                "token_url": "{base}/token", "userinfo_url": "{base}/userinfo" });
            Plan { config: with(endpoints), sample: if quirk.provider == "slack" { "oauth2" } else { preset }, issuer: None }
        }
        id => Plan { config: with(settings(id, preset)), sample: preset, issuer: None },
    }
}

fn settings(id: &str, preset: &str) -> Value {
    let endpoints =
        json!({ "issuer": null, "authorization_url": "{base}/authorize", "token_url": "{base}/token", "userinfo_url": "{base}/userinfo" });
    match id {
        "github-scope-comma-separated-response" => json!({ "required_scopes": ["read:user", "user:email"] }),
        "google-scope-expanded" => json!({ "required_scopes": ["email"] }),
        "twitch-scope-array" => json!({ "required_scopes": ["user:read:email"] }),
        "apple-client-secret-jwt" => {
            let key = KeyPair::generate().expect("a key").serialize_pem();
            json!({ "client_secret": null, "team_id": "TEAM", "key_id": "KEY", "private_key": key })
        }
        _ if preset == "oauth2" => endpoints,
        _ => json!({}),
    }
}

/// Chooses the preset: the provider's own, else a generic one.
fn preset_of(quirk: &Quirk) -> &'static str {
    const OWN: [&str; 18] = [
        "amazon", "apple", "cognito", "discord", "facebook", "github", "google", "kakao", "keycloak", "line", "linkedin", "naver", "slack",
        "spotify", "twitch", "vk", "wechat", "weibo",
    ];
    let is_oidc = quirk.id.starts_with("oidc-") || quirk.provider == "entra-b2c";
    match quirk.provider.as_str() {
        "entra" => "microsoft",
        "x" => "x",
        "yahoojp" => "yahoojp",
        name => OWN.into_iter().find(|own| *own == name).unwrap_or(if is_oidc { "oidc" } else { "oauth2" }),
    }
}
