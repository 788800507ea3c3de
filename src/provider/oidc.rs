//! The road through an OpenID Connect provider: there, back, and whom it names (OIDC Core §3.1).

use std::sync::Arc;
use std::time::Instant;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use openidconnect::core::CoreJsonWebKeySet;
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Map, Value};
use url::Url;

use super::error::{Endpoint, Fault, ProviderError};
use super::id_token::{self, Expected};
use super::jws::{self, Verified};
use super::metadata::Metadata;
use super::profile::Profile;
use super::token::{self, Tokens};
use super::userinfo::{self, Userinfo};
use super::{AuthorizationRequest, CodeExchange, Provider, claims, discovery, keys};
use crate::domain::identity::Identity;
use crate::secret;

impl Provider {
    /// Builds the address to send the browser to (OIDC Core §3.1.2.1).
    ///
    /// # Errors
    ///
    /// [`ProviderError`] of the discovery endpoint.
    pub async fn authorization_url(&self, request: &AuthorizationRequest<'_>) -> Result<Url, ProviderError> {
        let metadata = self.metadata(Instant::now() + self.patience).await?;
        let mut url = metadata.authorization_endpoint.clone();
        let challenge = URL_SAFE_NO_PAD.encode(secret::sha256(request.code_verifier.as_bytes()));
        url.query_pairs_mut()
            .append_pair("response_type", "code")
            .append_pair("client_id", &self.settings.client_id)
            .append_pair("redirect_uri", request.redirect_uri)
            .append_pair("scope", &self.settings.scopes.join(" "))
            .append_pair("state", request.state)
            .append_pair("nonce", request.nonce)
            .append_pair("code_challenge", &challenge)
            .append_pair("code_challenge_method", "S256")
            .append_pair("ui_locales", request.language.tag())
            .extend_pairs(&self.settings.authorization_parameters);
        Ok(url)
    }

    /// Checks the `iss` of an authorization response (RFC 9207 §2.4).
    ///
    /// # Errors
    ///
    /// [`Fault::IssuerMismatch`] or [`Fault::IssuerMissing`]; a fault of the discovery endpoint.
    pub async fn check_response_issuer(&self, iss: Option<&str>) -> Result<(), ProviderError> {
        let fault = match iss {
            Some(iss) if iss == self.settings.issuer => return Ok(()),
            Some(_) => Fault::IssuerMismatch,
            None if self.metadata(Instant::now() + self.patience).await?.has_response_issuer => Fault::IssuerMissing,
            None => return Ok(()),
        };
        Err(ProviderError::new(Endpoint::Authorization, fault))
    }

    /// Exchanges a code and reads who the person is; the tokens are thrown away.
    ///
    /// The code is sent once and never again. ID Token, nonce, hashes and the
    /// subject of userinfo are checked (OIDC Core §3.1.3.7, §5.3.2).
    ///
    /// # Errors
    ///
    /// [`ProviderError`] with the endpoint and what broke.
    pub async fn identify(&self, exchange: &CodeExchange<'_>) -> Result<Profile, ProviderError> {
        let metadata = self.metadata(exchange.deadline).await?;
        let tokens = token::exchange(&self.http, &self.settings, &metadata, exchange).await?;
        let token = self.verify(&metadata, &tokens.id_token, exchange.deadline).await?;
        let subject = id_token::check(&token, &self.expect(&tokens, exchange)).map_err(of_id_token)?;
        let mut sources = vec![token.claims];
        if let Some(url) = metadata.userinfo_endpoint.as_ref().filter(|_| claims::is_incomplete(&sources[0])) {
            sources.push(self.fetch_userinfo(&metadata, url, &tokens, exchange.deadline).await?);
            userinfo::check_subject(&sources[1], &subject).map_err(of_profile)?;
        }
        let identity = Identity { provider: self.id.clone(), issuer: self.settings.issuer.clone(), subject };
        Ok(claims::build_profile(identity, &sources.iter().collect::<Vec<_>>(), tokens.scopes))
    }

    fn expect<'a>(&'a self, tokens: &'a Tokens, exchange: &CodeExchange<'a>) -> Expected<'a> {
        Expected {
            issuer: &self.settings.issuer,
            client_id: &self.settings.client_id,
            nonce: exchange.nonce,
            code: exchange.code,
            access_token: tokens.access_token.expose_secret(),
            now: self.clock.now(),
        }
    }

    /// Fetches the claims of userinfo; a signature, if there is one, verifies.
    async fn fetch_userinfo(
        &self,
        metadata: &Metadata,
        url: &Url,
        tokens: &Tokens,
        deadline: Instant,
    ) -> Result<Map<String, Value>, ProviderError> {
        match userinfo::fetch(&self.http, url, &tokens.access_token, deadline).await? {
            Userinfo::Plain(claims) => Ok(claims),
            Userinfo::Signed(token) => {
                let verified = self.verify(metadata, &token, deadline).await.map_err(of_signed_profile)?;
                userinfo::check_signed(&verified.claims, &self.settings.issuer, &self.settings.client_id).map_err(of_profile)?;
                Ok(verified.claims)
            }
        }
    }

    /// Verifies a token's signature, with keys fetched anew if those at hand do not do (OIDC Core §10.1.1).
    async fn verify(&self, metadata: &Metadata, token: &SecretString, deadline: Instant) -> Result<Verified, ProviderError> {
        let token = token.expose_secret();
        let keys = self.keys(metadata, deadline).await?;
        let fault = match jws::verify(token, &keys, &metadata.algorithms) {
            Ok(token) => return Ok(token),
            Err(fault @ (Fault::KeyUnknown | Fault::SignatureInvalid)) => fault,
            Err(fault) => return Err(of_id_token(fault)),
        };
        let fetch = keys::fetch(&self.http, &metadata.jwks_uri, deadline);
        let newer = self.keys.refetch(&keys, deadline, fetch).await.ok_or_else(|| of_id_token(fault))?;
        jws::verify(token, &newer, &metadata.algorithms).map_err(of_id_token)
    }

    /// Returns the metadata, cached or fetched.
    pub(super) async fn metadata(&self, deadline: Instant) -> Result<Arc<Metadata>, ProviderError> {
        let fetch = async {
            match Metadata::configured(&self.settings) {
                Some(metadata) => Ok(metadata),
                None => discovery::fetch(&self.http, &self.settings, deadline).await,
            }
        };
        self.metadata.get(deadline, fetch).await
    }

    /// Returns the keys, cached or fetched.
    pub(super) async fn keys(&self, metadata: &Metadata, deadline: Instant) -> Result<Arc<CoreJsonWebKeySet>, ProviderError> {
        self.keys.get(deadline, keys::fetch(&self.http, &metadata.jwks_uri, deadline)).await
    }
}

fn of_profile(fault: Fault) -> ProviderError {
    ProviderError::new(Endpoint::Profile, fault)
}

/// A signed profile's own defect is the profile's; keys that cannot be had stay what they are.
fn of_signed_profile(error: ProviderError) -> ProviderError {
    if error.endpoint == Endpoint::IdToken { of_profile(Fault::Malformed) } else { error }
}

fn of_id_token(fault: Fault) -> ProviderError {
    ProviderError::new(Endpoint::IdToken, fault)
}
