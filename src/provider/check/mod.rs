//! What a provider answers without signing anybody in, looked at step by step.
//!
//! Every defect is named by one step, and what depends on it is skipped: a name that
//! does not resolve is `connection` and no more. Nothing is taken from a cache and
//! nothing is kept. Whether the provider knows us as a client is
//! [`crate::signin::check`]'s to find out, because its refusals have to be classified.

mod metadata;
mod reach;
mod redirect;

use std::time::Instant;

use super::Provider;
use super::error::ProviderError;
use super::metadata::Metadata;
use super::preset::Kind;
use reach::Reach;

/// What was found at one step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding {
    /// As it should be.
    Good(String),
    /// It works, but look at it.
    Odd(String),
    /// It does not work, and this is why.
    Wrong(String),
    /// A call failed.
    Broken(ProviderError),
    /// It could not be looked at: another step comes first, or there is nothing to look at.
    Skipped(&'static str),
}

impl Finding {
    fn is_good_enough(&self) -> bool {
        matches!(self, Self::Good(_) | Self::Odd(_))
    }
}

/// One step of a check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckStep {
    /// What was looked at: `connection`, `tls`, `time`, `discovery`, `issuer`, `endpoints`, `keys` or `redirect address`.
    pub name: &'static str,
    /// What was found.
    pub finding: Finding,
}

/// What was found before anybody asks the token endpoint.
#[derive(Clone, Debug)]
pub struct Checked {
    /// Every step, in the order in which it was taken.
    pub steps: Vec<CheckStep>,
    /// Whether the token endpoint is known and can be reached, so that asking it makes sense.
    pub can_ask: bool,
}

impl Provider {
    /// Looks at the way to the provider, and at what it says of itself.
    pub async fn check(&self) -> Checked {
        let deadline = Instant::now() + self.patience;
        let mut reach = Reach::default();
        let mut steps = Vec::new();
        let metadata = match self.settings.discovery_url.as_ref().filter(|_| self.needs_discovery()) {
            Some(url) => {
                reach.visit(&self.http, url, deadline).await;
                if reach.is_open(url) { metadata::discover(self, url, deadline, &mut steps).await } else { metadata::skip(&mut steps) }
            }
            None => metadata::configured(self, &mut steps),
        };
        if let Some(metadata) = &metadata {
            for url in endpoints(metadata) {
                reach.visit(&self.http, url, Instant::now() + self.patience).await;
            }
        }
        steps.push(CheckStep { name: "keys", finding: self.check_keys(metadata.as_ref(), &reach).await });
        let can_ask = metadata.as_ref().is_some_and(|metadata| reach.is_open(&metadata.token_endpoint))
            && steps.iter().all(|step| step.name == "keys" || !matches!(step.finding, Finding::Wrong(_) | Finding::Broken(_)));
        Checked { steps: [reach.into_steps(self.patience), steps].concat(), can_ask }
    }

    /// Tells whether where the endpoints are has to be asked.
    fn needs_discovery(&self) -> bool {
        Metadata::configured(&self.settings).is_none()
    }

    async fn check_keys(&self, metadata: Option<&Metadata>, reach: &Reach) -> Finding {
        let Some(metadata) = metadata else { return Finding::Skipped("needs the endpoints") };
        let Some(url) = metadata.jwks_uri.as_ref().filter(|_| self.settings.preset.kind == Kind::Oidc) else {
            return Finding::Skipped("plain OAuth 2.0 signs nothing");
        };
        if metadata.algorithms.is_empty() {
            return Finding::Skipped("needs an algorithm");
        }
        if !reach.is_open(url) {
            return Finding::Skipped("needs the connection");
        }
        metadata::check_keys(&self.http, metadata, Instant::now() + self.patience).await
    }
}

/// Returns every endpoint that takes part in a sign-in.
fn endpoints(metadata: &Metadata) -> impl Iterator<Item = &url::Url> {
    let needed = [&metadata.authorization_endpoint, &metadata.token_endpoint];
    needed.into_iter().chain(&metadata.userinfo_endpoint).chain(&metadata.jwks_uri)
}
