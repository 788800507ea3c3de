//! Getting newer tokens for those that are kept (RFC 6749 §6).

use std::sync::{Arc, OnceLock};
use std::time::Instant;

use openidconnect::{HttpRequest, HttpResponse, OAuth2TokenResponse as _, RefreshToken, RequestTokenError};
use secrecy::ExposeSecret as _;

use super::super::error::{Endpoint, Fault, ProviderError};
use super::super::userinfo;
use super::super::{Provider, TokenSet};
use super::{Grant, Tokens, client_auth, read};

impl Provider {
    /// Gets newer tokens; the refresh token is sent once, for it may be good once only (RFC 9700 §4.14.2).
    ///
    /// Where no new refresh token comes, the old one stays. An ID Token that comes is not
    /// looked at: it signs nobody in.
    ///
    /// # Errors
    ///
    /// [`ProviderError`] of the token endpoint; [`Fault::GrantRevoked`] if the person, or time, has taken the
    /// permission back, and [`Fault::Malformed`] if there is nothing to refresh with.
    pub async fn refresh(&self, tokens: &TokenSet, deadline: Instant) -> Result<TokenSet, ProviderError> {
        let malformed = || ProviderError::new(Endpoint::Token, Fault::Malformed);
        let refresh_token = tokens.refresh_token.as_ref().ok_or_else(malformed)?;
        let metadata = self.metadata(deadline).await?;
        let settings = &self.settings;
        let client = client_auth::build(settings, &metadata, self.clock.now());
        let answer = Arc::new(OnceLock::new());
        let call = |request: HttpRequest| {
            let (http, settings, answer) = (self.http.clone(), settings.clone(), answer.clone());
            let request = client_auth::adapt(request, &settings, &metadata);
            async move {
                let normal = read(&http.post_once(Endpoint::Token, request, deadline).await?, &settings, Grant::Refresh)?;
                answer.get_or_init(|| normal.answer);
                Ok::<HttpResponse, ProviderError>(normal.response)
            }
        };
        let refresh_token = RefreshToken::new(refresh_token.expose_secret().to_owned());
        let newer = client.exchange_refresh_token(&refresh_token).request_async(&call).await.map_err(|error| match error {
            RequestTokenError::Request(error) => error,
            _ => malformed(),
        })?;
        let access_token = newer.access_token().secret().as_str().into();
        let answer = answer.get().cloned().unwrap_or_default();
        let newer = TokenSet::of(&Tokens { access_token, id_token: None, scopes: None, answer }, self.clock.now());
        Ok(newer.or_refresh_token_of(tokens))
    }

    /// Asks the profile endpoint whether an access token still opens it, for tokens that cannot be refreshed.
    ///
    /// # Errors
    ///
    /// [`ProviderError`] of the profile endpoint; [`Fault::AccessTokenRefused`] if it does not.
    pub async fn try_access_token(&self, tokens: &TokenSet, deadline: Instant) -> Result<(), ProviderError> {
        let metadata = self.metadata(deadline).await?;
        let Some(url) = &metadata.userinfo_endpoint else { return Ok(()) };
        let tokens = Tokens { access_token: tokens.access_token.clone(), id_token: None, scopes: None, answer: serde_json::Map::new() };
        userinfo::fetch(&self.http, &self.profile_call(url, &tokens), deadline).await.map(|_| ())
    }
}
