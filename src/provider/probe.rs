//! A look at a provider that needs nobody: whether what a sign-in would ask answers.
//!
//! Metadata and keys are fetched past the caches, the token endpoint gets a made-up
//! code and the profile endpoint a made-up token: a provider that refuses them works.

use std::time::{Duration, Instant};

use secrecy::SecretString;

use super::error::{Endpoint, Fault, ProviderError};
use super::metadata::Metadata;
use super::preset::Kind;
use super::token::{self, Tokens};
use super::{CodeExchange, Provider, discovery, keys, request};
use crate::random;

/// How long a probe may take at most.
const PATIENCE: Duration = Duration::from_secs(5);

/// What a probe has found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Probed {
    /// Everything that was asked answers.
    Works,
    /// It is in trouble.
    Down(ProviderError),
    /// It answers, but not to us: our configuration does not fit it.
    RefusesUs(ProviderError),
}

impl Provider {
    /// Asks every endpoint that a sign-in needs, in its order, until one is in trouble.
    pub async fn probe(&self, redirect_uri: &str) -> Probed {
        let deadline = Instant::now() + self.patience.min(PATIENCE);
        self.try_probe(redirect_uri, deadline).await.map_or_else(judge, |()| Probed::Works)
    }

    async fn try_probe(&self, redirect_uri: &str, deadline: Instant) -> Result<(), ProviderError> {
        let metadata = match Metadata::configured(&self.settings) {
            Some(metadata) => metadata,
            None => discovery::fetch(&self.http, &self.settings, deadline).await?,
        };
        if self.settings.preset.kind == Kind::Oidc && metadata.jwks_uri.is_some() {
            keys::fetch(&self.http, &metadata, deadline).await?;
        }
        self.offer_code(&metadata, redirect_uri, deadline).await?;
        self.offer_token(&metadata, deadline).await
    }

    async fn offer_code(&self, metadata: &Metadata, redirect_uri: &str, deadline: Instant) -> Result<(), ProviderError> {
        let (code, nonce, code_verifier) = (random::token(), random::token(), random::token());
        let exchange = CodeExchange { code: &code, code_verifier: &code_verifier, nonce: &nonce, redirect_uri, deadline };
        match token::exchange(self, metadata, &exchange).await {
            Err(error) if is_trouble(error.fault) || error.fault == Fault::ClientRefused => Err(error),
            _ => Ok(()),
        }
    }

    async fn offer_token(&self, metadata: &Metadata, deadline: Instant) -> Result<(), ProviderError> {
        let Some(url) = &metadata.userinfo_endpoint else { return Ok(()) };
        let tokens =
            Tokens { access_token: SecretString::from(random::token()), id_token: None, scopes: None, answer: serde_json::Map::new() };
        let request = request::profile(&self.profile_call(url, &tokens))?;
        let read = |answer: &super::http::Answer| match answer.status.as_u16() {
            500.. => Err(answer.error(Endpoint::Profile, Fault::ServerError)),
            _ => Ok(()),
        };
        match self.http.get(Endpoint::Profile, request, deadline, read).await {
            Err(error) if is_trouble(error.fault) => Err(error),
            _ => Ok(()),
        }
    }
}

/// Tells the faults of a provider that is down, slow or answers nonsense.
fn is_trouble(fault: Fault) -> bool {
    fault.may_pass() || fault == Fault::RateLimited
}

fn judge(error: ProviderError) -> Probed {
    if is_trouble(error.fault) { Probed::Down(error) } else { Probed::RefusesUs(error) }
}
