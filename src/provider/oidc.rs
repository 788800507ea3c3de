//! Whom an OpenID Connect provider names: the ID Token, and userinfo where it says too little (OIDC Core §3.1).

use std::sync::Arc;
use std::time::Instant;

use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Map, Value};
use url::Url;

use super::error::{Endpoint, Fault, ProviderError};
use super::id_token::{self, Expected};
use super::jws::{self, Verified};
use super::keys::{self, KeySet};
use super::metadata::Metadata;
use super::preset::Kind;
use super::profile::Profile;
use super::token::{self, Tokens};
use super::userinfo::{self, Call, Userinfo};
use super::{CodeExchange, Identified, Provider, TokenSet, claims, discovery, oauth2, settings};
use crate::domain::identity::Identity;

impl Provider {
    /// Exchanges a code and reads who the person is; the tokens are thrown away, unless they are to be kept.
    ///
    /// The code is sent once and never again. ID Token, nonce, hashes and the
    /// subject of userinfo are checked (OIDC Core §3.1.3.7, §5.3.2).
    ///
    /// # Errors
    ///
    /// [`ProviderError`] with the endpoint and what broke.
    pub async fn identify(&self, exchange: &CodeExchange<'_>) -> Result<Identified, ProviderError> {
        let metadata = self.metadata(exchange.deadline).await?;
        let tokens = token::exchange(self, &metadata, exchange).await?;
        let kept = self.keeps_tokens.then(|| TokenSet::of(&tokens, self.clock.now()));
        let profile = match self.settings.preset.kind {
            Kind::Oidc => self.identify_by_id_token(&metadata, tokens, exchange).await?,
            Kind::Oauth2 => self.identify_by_profile(&metadata, tokens, exchange.deadline).await?,
        };
        Ok(Identified { profile, tokens: kept })
    }

    async fn identify_by_id_token(
        &self,
        metadata: &Metadata,
        tokens: Tokens,
        exchange: &CodeExchange<'_>,
    ) -> Result<Profile, ProviderError> {
        let paths = &self.settings.preset.profile;
        let id_token = tokens.id_token.as_ref().ok_or_else(|| ProviderError::new(Endpoint::Token, Fault::IdTokenMissing))?;
        let token = self.verify(metadata, id_token, exchange.deadline).await?;
        let issuer = settings::expected_issuer(&metadata.issuer, &token.claims).map_err(of_id_token)?;
        let subject = id_token::check(&token, &self.expect(&issuer, &tokens, exchange)).map_err(of_id_token)?;
        self.check_key(metadata, &token, &issuer, exchange.deadline).await?;
        self.check_claims(&token.claims)?;
        let mut sources = vec![token.claims];
        let userinfo =
            metadata.userinfo_endpoint.as_ref().filter(|_| claims::is_incomplete(&sources[0], paths) && tokens.has_access_token());
        if let Some(url) = userinfo {
            let profile = self.fetch_userinfo(metadata, url, &tokens, exchange.deadline).await?;
            userinfo::check_subject(&profile, paths, &subject, &sources[0]).map_err(of_profile)?;
            sources.push(profile);
        }
        let sources: Vec<_> = sources.iter().collect();
        let subject = claims::scope_subject(subject, paths.subject_scope.as_ref(), &sources);
        let subject = subject.ok_or_else(|| of_id_token(Fault::SubjectMissing))?;
        let identity = Identity { provider: self.id.clone(), issuer, subject };
        Ok(claims::build_profile(identity, &sources, paths, tokens.scopes))
    }

    fn expect<'a>(&'a self, issuer: &'a str, tokens: &'a Tokens, exchange: &CodeExchange<'a>) -> Expected<'a> {
        Expected {
            issuer,
            issuer_aliases: &self.settings.preset.issuer_aliases,
            client_id: &self.settings.client_id,
            nonce: exchange.nonce,
            is_nonce_optional: self.settings.preset.nonce_optional,
            code: exchange.code,
            access_token: tokens.access_token.expose_secret(),
            max_age_secs: self.settings.max_age_secs,
            now: self.clock.now(),
        }
    }

    /// Wants the claims that the configuration restricts people to: a domain, an organisation.
    fn check_claims(&self, claims: &Map<String, Value>) -> Result<(), ProviderError> {
        let wanted = self.settings.fill_all(&self.settings.preset.required_claims);
        let is_met = |(name, value): &(String, String)| claims.get(name).and_then(Value::as_str) == Some(value);
        if wanted.iter().all(is_met) { Ok(()) } else { Err(oauth2::not_permitted(of_id_token(Fault::Refused))) }
    }

    /// Fetches the claims of userinfo; a signature, if there is one, verifies.
    async fn fetch_userinfo(
        &self,
        metadata: &Metadata,
        url: &Url,
        tokens: &Tokens,
        deadline: Instant,
    ) -> Result<Map<String, Value>, ProviderError> {
        let call: Call<'_> = self.profile_call(url, tokens);
        match userinfo::fetch(&self.http, &call, deadline).await? {
            Userinfo::Plain(claims) => Ok(claims),
            Userinfo::Signed(token) => {
                let verified = self.verify(metadata, &token, deadline).await.map_err(of_signed_profile)?;
                let issuer = settings::expected_issuer(&metadata.issuer, &verified.claims).map_err(of_profile)?;
                userinfo::check_signed(&verified.claims, &issuer, &self.settings.client_id).map_err(of_profile)?;
                Ok(verified.claims)
            }
        }
    }

    /// Verifies a token's signature, with keys fetched anew if those at hand do not do (OIDC Core §10.1.1).
    async fn verify(&self, metadata: &Metadata, token: &SecretString, deadline: Instant) -> Result<Verified, ProviderError> {
        let token = token.expose_secret();
        if let Some(secret) =
            self.settings.client_secret.as_ref().filter(|_| self.settings.preset.signs_with_secret && jws::is_hs256(token))
        {
            return jws::verify_hs256(token, secret.expose_secret().as_bytes()).map_err(of_id_token);
        }
        let keys = self.keys(metadata, deadline).await?;
        let fault = match jws::verify(token, &keys.keys, &metadata.algorithms) {
            Ok(token) => return Ok(token),
            Err(fault @ (Fault::KeyUnknown | Fault::SignatureInvalid)) => fault,
            Err(fault) => return Err(of_id_token(fault)),
        };
        let fetch = keys::fetch(&self.http, metadata, deadline);
        let newer = self.keys.refetch(&keys, deadline, fetch).await.ok_or_else(|| of_id_token(fault))?;
        jws::verify(token, &newer.keys, &metadata.algorithms).map_err(of_id_token)
    }

    /// Wants the key to be of the token's issuer, where the key set says whose each key is.
    async fn check_key(&self, metadata: &Metadata, token: &Verified, issuer: &str, deadline: Instant) -> Result<(), ProviderError> {
        if token.is_by_secret() {
            return Ok(());
        }
        let keys = self.keys(metadata, deadline).await?;
        let owner = keys.issuer_of(&token.key).map(|owner| settings::expected_issuer(owner, &token.claims));
        match owner.transpose().map_err(of_id_token)? {
            Some(owner) if owner != issuer => Err(of_id_token(Fault::SignatureInvalid)),
            _ => Ok(()),
        }
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
    pub(super) async fn keys(&self, metadata: &Metadata, deadline: Instant) -> Result<Arc<KeySet>, ProviderError> {
        self.keys.get(deadline, keys::fetch(&self.http, metadata, deadline)).await
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
