//! The steps of `genkan check`: what a provider answers, without signing anybody in.

use std::time::Instant;

use super::Provider;
use super::error::ProviderError;
use super::metadata::Metadata;
use super::preset::Kind;

/// One step of a check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckStep {
    /// What was looked at.
    pub name: &'static str,
    /// What was found, or what is wrong.
    pub outcome: Result<String, String>,
}

impl Provider {
    /// Asks for metadata and keys, and says step by step what came.
    pub async fn check(&self) -> Vec<CheckStep> {
        let deadline = Instant::now() + self.patience;
        let metadata = match self.metadata(deadline).await {
            Ok(metadata) => metadata,
            Err(error) => return vec![CheckStep { name: "discovery", outcome: Err(explain(&error)) }],
        };
        if self.settings.preset.kind == Kind::Oauth2 {
            return vec![CheckStep { name: "endpoints", outcome: describe_endpoints(&metadata) }];
        }
        let keys = self.keys(&metadata, deadline).await;
        vec![
            CheckStep { name: "discovery", outcome: Ok(self.settings.issuer.name.clone()) },
            CheckStep { name: "endpoints", outcome: describe_endpoints(&metadata) },
            CheckStep { name: "keys", outcome: keys.map(|set| format!("{} keys", set.keys.keys().len())).map_err(|error| explain(&error)) },
        ]
    }
}

fn describe_endpoints(metadata: &Metadata) -> Result<String, String> {
    if metadata.algorithms.is_empty() {
        return Err("signs ID Tokens in no way that genkan takes".to_owned());
    }
    let userinfo = metadata.userinfo_endpoint.as_ref().map_or("none", |url| url.as_str());
    Ok(format!("authorization {}, token {}, userinfo {userinfo}", metadata.authorization_endpoint, metadata.token_endpoint))
}

fn explain(error: &ProviderError) -> String {
    error.http_status.map_or_else(|| error.to_string(), |status| format!("{error} (status {status})"))
}
