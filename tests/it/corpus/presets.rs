//! Which preset plays which provider of the corpus.

use serde_json::{Value, json};

/// Presets of plain OAuth 2.0: they discover nothing.
const OAUTH2: [&str; 15] = [
    "amazon",
    "bitbucket",
    "discord",
    "facebook",
    "github",
    "kakao",
    "naver",
    "qq",
    "reddit",
    "spotify",
    "twitch",
    "vk",
    "wechat",
    "weibo",
    "x",
];
/// Presets of OpenID Connect.
const OIDC: [&str; 10] = ["apple", "auth0", "cognito", "gitlab", "google", "keycloak", "line", "linkedin", "okta", "slack"];

/// Puts preset and endpoints below `base` into a provider's configuration.
pub fn configure(config: &mut Value, provider: &str, base: &str) {
    let provider = if provider == "entra" { "microsoft" } else { provider };
    if OAUTH2.contains(&provider) {
        let endpoints =
            [("authorization_url", "authorize"), ("token_url", "token"), ("userinfo_url", "userinfo"), ("emails_url", "emails")];
        for (key, endpoint) in endpoints {
            config[key] = json!(format!("{base}/{endpoint}"));
        }
        config["preset"] = json!(provider);
        return;
    }
    let is_known = OIDC.contains(&provider) || ["microsoft", "yahoojp"].contains(&provider);
    config["preset"] = json!(if is_known { provider } else { "oidc" });
    config["issuer"] = json!(base);
}

/// Tells a preset of plain OAuth 2.0.
pub fn is_oauth2(preset: &str) -> bool {
    preset == "oauth2" || OAUTH2.contains(&preset)
}
