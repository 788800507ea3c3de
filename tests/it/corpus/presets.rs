//! Which preset plays which provider of the corpus.

use serde_json::{Value, json};

/// Puts preset and endpoints below `base` into a provider's configuration.
pub fn configure(config: &mut Value, _provider: &str, base: &str) {
    config["preset"] = json!("oidc");
    config["issuer"] = json!(base);
}
