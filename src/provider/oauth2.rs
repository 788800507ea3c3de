//! Whom a plain OAuth 2.0 provider names: what its profile endpoint answers to the access token.
//!
//! There is no ID Token: that the answer is about whoever granted the code rests
//! on TLS and on a token that went from the provider to us and back (RFC 6749 §10.16).

use std::time::Instant;

use secrecy::ExposeSecret as _;
use serde_json::{Map, Value};
use url::Url;

use super::Provider;
use super::claims;
use super::error::{Endpoint, Fault, ProviderError};
use super::metadata::Metadata;
use super::path::Path;
use super::profile::Profile;
use super::template;
use super::token::Tokens;
use super::userinfo::{self, Call, Userinfo};
use crate::domain::identity::{Identity, Subject};
use crate::secret;

/// Under which names the paths of a preset find the token answer and the second profile call.
const TOKEN: &str = "$token";
const EMAILS: &str = "$emails";
/// The cause of somebody outside the configured organisation.
const NOT_PERMITTED: &str = "access_not_permitted";

impl Provider {
    /// Asks who the person is.
    ///
    /// # Errors
    ///
    /// [`ProviderError`] of the profile endpoint.
    pub(super) async fn identify_by_profile(
        &self,
        metadata: &Metadata,
        tokens: Tokens,
        deadline: Instant,
    ) -> Result<Profile, ProviderError> {
        let mut document = match &metadata.userinfo_endpoint {
            Some(url) => self.fetch_profile(url, &tokens, deadline).await?,
            None => Map::new(),
        };
        if let Some(url) = &self.settings.overrides.organization {
            self.check_membership(url, &tokens, deadline).await?;
        }
        let paths = &self.settings.preset.profile;
        let looks_there = paths.email.iter().any(|path| path.root() == EMAILS);
        if let Some(url) = self.settings.overrides.emails.as_ref().filter(|_| looks_there) {
            document.insert(EMAILS.to_owned(), self.fetch_emails(url, &tokens, deadline).await?);
        }
        document.insert(TOKEN.to_owned(), Value::Object(tokens.answer));
        let subject = paths.subject.iter().find_map(|path| Subject::parse(&path.text(&document)?));
        let subject = subject.and_then(|subject| claims::scope_subject(subject, paths.subject_scope.as_ref(), &[&document]));
        let subject = subject.ok_or_else(|| ProviderError::new(Endpoint::Profile, Fault::SubjectMissing))?;
        let identity = Identity { provider: self.id.clone(), issuer: String::new(), subject };
        Ok(claims::build_profile(identity, &[&document], paths, tokens.scopes))
    }

    async fn fetch_profile(&self, url: &Url, tokens: &Tokens, deadline: Instant) -> Result<Map<String, Value>, ProviderError> {
        match userinfo::fetch(&self.http, &self.profile_call(url, tokens), deadline).await? {
            Userinfo::Plain(profile) => Ok(profile),
            Userinfo::Signed(_) => Err(ProviderError::new(Endpoint::Profile, Fault::Malformed)),
        }
    }

    /// Fetches the addresses; that we may not see them leaves a person without one, which is theirs to choose.
    async fn fetch_emails(&self, url: &Url, tokens: &Tokens, deadline: Instant) -> Result<Value, ProviderError> {
        match userinfo::fetch_json(&self.http, &self.profile_call(url, tokens), deadline).await {
            Err(error) if matches!(error.fault, Fault::Refused | Fault::AccessTokenRefused) && error.cause.is_none() => Ok(Value::Null),
            result => result,
        }
    }

    /// Wants the person to be a member: the call is refused for everybody else.
    async fn check_membership(&self, url: &Url, tokens: &Tokens, deadline: Instant) -> Result<(), ProviderError> {
        let answer = userinfo::fetch_json(&self.http, &self.profile_call(url, tokens), deadline).await;
        let is_pending = |answer: &Value| answer.get("state").is_some_and(|state| state != "active");
        match answer {
            Ok(answer) if is_pending(&answer) => Err(not_permitted(ProviderError::new(Endpoint::Profile, Fault::Refused))),
            Ok(_) => Ok(()),
            Err(error) if error.fault == Fault::Refused => Err(not_permitted(error)),
            Err(error) => Err(error),
        }
    }

    /// Puts a call together; what the token answer says can stand in it, as `{token.openid}`.
    pub(super) fn profile_call<'a>(&'a self, url: &'a Url, tokens: &'a Tokens) -> Call<'a> {
        let own = &self.settings.preset.userinfo;
        let value_of = |name: &str| match name.strip_prefix("token.") {
            Some(path) => Path::parse(path)?.text(&tokens.answer),
            None if name == "appsecret_proof" => self.prove(tokens),
            None => self.settings.value(name),
        };
        Call {
            url,
            access_token: &tokens.access_token,
            token_parameter: own.token_parameter.as_deref(),
            parameters: template::fill_all(&own.parameters, value_of),
            headers: template::fill_all(&own.headers, value_of),
            dialect: &self.settings.preset.dialect,
        }
    }

    /// Proves that whoever uses the token has the client secret too, as Facebook can demand.
    fn prove(&self, tokens: &Tokens) -> Option<String> {
        let secret = self.settings.client_secret.as_ref()?;
        let proof = secret::hmac_sha256(secret.expose_secret().as_bytes(), tokens.access_token.expose_secret().as_bytes());
        Some(proof.iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}")))
    }
}

/// Names the cause of a refused membership.
pub(super) fn not_permitted(error: ProviderError) -> ProviderError {
    ProviderError { cause: Some(NOT_PERMITTED.to_owned()), ..error }
}
