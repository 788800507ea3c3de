//! The way there: the address that the browser is sent to, and what can be said of the answer without asking anybody.

use std::time::Instant;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use url::Url;

use super::dialect::{self, Place, Rule, Words};
use super::error::{Endpoint, Fault, ProviderError};
use super::preset::Kind;
use super::{AuthorizationRequest, Provider};
use crate::secret;

/// What an authorization response says besides code and state.
#[derive(Clone, Copy, Debug, Default)]
pub struct AuthorizationAnswer<'a> {
    /// `error` (RFC 6749 §4.1.2.1).
    pub error: Option<&'a str>,
    /// `error_code`, a number that some providers add.
    pub error_code: Option<&'a str>,
    /// `error_description`: compared, never shown.
    pub description: Option<&'a str>,
    /// Whether there is a code.
    pub has_code: bool,
}

impl Provider {
    /// Builds the address to send the browser to (RFC 6749 §4.1.1, OIDC Core §3.1.2.1).
    ///
    /// # Errors
    ///
    /// [`ProviderError`] of the discovery endpoint.
    pub async fn authorization_url(&self, request: &AuthorizationRequest<'_>) -> Result<Url, ProviderError> {
        let metadata = self.metadata(Instant::now() + self.patience).await?;
        let mut url = metadata.authorization_endpoint.clone();
        url.query_pairs_mut().extend_pairs(self.authorization_parameters(request));
        // Some providers do not read a plus sign as a blank; `%20` everybody does.
        let query = url.query().map(|query| query.replace('+', "%20"));
        url.set_query(query.as_deref());
        url.set_fragment(self.settings.preset.authorization.fragment.as_deref());
        Ok(url)
    }

    fn authorization_parameters(&self, request: &AuthorizationRequest<'_>) -> Vec<(String, String)> {
        let own = &self.settings.preset.authorization;
        let mut parameters = vec![
            ("response_type", "code".to_owned()),
            ("client_id", self.settings.client_id.clone()),
            ("redirect_uri", request.redirect_uri.to_owned()),
            ("scope", self.settings.scopes.join(&own.scope_separator)),
            ("state", request.state.to_owned()),
        ];
        // Nothing asked for is not the same as asking for nothing (RFC 6749 §3.3).
        parameters.retain(|(name, value)| *name != "scope" || !value.is_empty());
        let is_oidc = self.settings.preset.kind == Kind::Oidc;
        parameters.extend(is_oidc.then(|| ("nonce", request.nonce.to_owned())));
        if own.pkce {
            let challenge = URL_SAFE_NO_PAD.encode(secret::sha256(request.code_verifier.as_bytes()));
            parameters.extend([("code_challenge", challenge), ("code_challenge_method", "S256".to_owned())]);
        }
        let wishes = [
            ("ui_locales", is_oidc.then(|| request.language.tag().to_owned())),
            ("response_mode", self.settings.response_mode.map(|mode| mode.as_str().to_owned())),
            ("max_age", self.settings.max_age_secs.map(|secs| secs.to_string())),
            ("acr_values", (!self.settings.acr_values.is_empty()).then(|| self.settings.acr_values.join(" "))),
        ];
        parameters.extend(wishes.into_iter().filter_map(|(name, value)| Some((name, value?))));
        let mut parameters: Vec<_> =
            parameters.into_iter().map(|(name, value)| (self.settings.parameter(name).to_owned(), value)).collect();
        parameters.extend(self.settings.fill_all(&own.parameters));
        if self.keeps_tokens {
            parameters.retain(|(name, _)| !own.offline_parameters.contains_key(name));
            parameters.extend(self.settings.fill_all(&own.offline_parameters));
        }
        if request.is_retry {
            parameters.extend(self.settings.fill_all(&own.retry_parameters));
        }
        parameters
    }

    /// Checks the `iss` of an authorization response (RFC 9207 §2.4); ignored for a provider that has no issuer.
    ///
    /// # Errors
    ///
    /// [`Fault::IssuerMismatch`] or [`Fault::IssuerMissing`]; a fault of the discovery endpoint.
    pub async fn check_response_issuer(&self, iss: Option<&str>) -> Result<(), ProviderError> {
        let fault = match iss {
            Some(iss) if self.settings.issuer.name.is_empty() || self.settings.issuer.accepts(iss) => return Ok(()),
            Some(_) => Fault::IssuerMismatch,
            None if self.metadata(Instant::now() + self.patience).await?.has_response_issuer => Fault::IssuerMissing,
            None => return Ok(()),
        };
        Err(ProviderError::new(Endpoint::Authorization, fault))
    }

    /// Names the cause of a refusal in this provider's own words: step 12 of the order of checks.
    pub fn explain(&self, answer: &AuthorizationAnswer<'_>) -> Option<&str> {
        self.find_rule(answer).map(|rule| rule.cause.as_str())
    }

    /// Tells a refusal after which another trip, begun at once, is likely to end better.
    pub fn suggests_restart(&self, answer: &AuthorizationAnswer<'_>) -> bool {
        self.find_rule(answer).is_some_and(|rule| rule.restart)
    }

    fn find_rule(&self, answer: &AuthorizationAnswer<'_>) -> Option<&Rule> {
        let mut codes: Vec<_> = [answer.error, answer.error_code].into_iter().flatten().collect();
        if answer.has_code && codes.is_empty() {
            return None;
        }
        if codes.is_empty() {
            codes.push("");
        }
        let words = Words { codes, text: answer.description.unwrap_or_default() };
        dialect::find(&self.settings.preset.dialect, Place::Authorization, &words)
    }

    /// Returns the names of all causes in its dialect, for a check at start.
    pub fn dialect_causes(&self) -> impl Iterator<Item = &str> {
        self.settings.preset.dialect.iter().map(|rule| rule.cause.as_str())
    }
}
