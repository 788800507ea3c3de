//! The tokens of providers that are kept, for code of ours that acts for people there.
//!
//! They are sealed with a key of their own, each for the row of its identity, so that a
//! row copied to another person opens nothing. Whoever needs a token asks
//! [`Signin::provider_token`], which refreshes it in time; what a sign-in brings is
//! `social::keep`'s.

use std::time::{Duration, Instant};

use chrono::TimeDelta;
use secrecy::{ExposeSecret as _, SecretString};

use super::Signin;
use super::classify::classify;
use super::event::Event;
use super::failure::Cause;
use crate::domain::identity::ProviderId;
use crate::domain::ids::{RowId, UserId};
use crate::provider::{Provider, ProviderError, TokenSet};
use crate::store::StoreError;
use crate::store::provider_tokens::{Sealer, StoredTokens};

/// How often it is looked whether another process has refreshed a token by now.
const POLL: Duration = Duration::from_millis(50);
/// How much longer a claim lasts than the call that it is for, in seconds: also for replicas whose clocks differ by 90 s
/// (security.md DP-04).
const CLAIM_SLACK_SECS: i64 = 92;

/// Why there is no token.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// None is kept: not configured, not signed in since, or another key.
    #[error("no token is kept")]
    Missing,
    /// It has expired and cannot be refreshed; the next sign-in brings another.
    #[error("the token has expired")]
    Expired,
    /// The person has taken the permission back; the row is gone, and the next sign-in brings another (`access_revoked`).
    #[error("the permission was taken back")]
    Revoked,
    /// The provider did not do its part; the token stays.
    #[error("the provider did not refresh it: {0}")]
    Provider(ProviderError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What came of refreshing stored tokens.
pub(super) enum Renewal {
    /// There are newer ones, and they are stored.
    Renewed(TokenSet),
    /// Somebody else refreshes or has replaced them.
    Elsewhere,
}

impl Signin {
    /// Returns an access token of a user at a provider that keeps tokens, refreshed if it has expired.
    ///
    /// # Errors
    ///
    /// [`TokenError`]; `Revoked` and `Expired` mean that the person has to sign in there once more.
    pub async fn provider_token(&self, user: UserId, provider: &ProviderId) -> Result<SecretString, TokenError> {
        let provider = self.keeping(provider)?;
        let deadline = self.token_deadline();
        loop {
            let stored = self.store.find_tokens_of(user, &provider.id).await?.ok_or(TokenError::Missing)?;
            let tokens = self.open_tokens(&stored).ok_or(TokenError::Missing)?;
            if tokens.is_usable(self.clock.now()) {
                return Ok(tokens.access_token);
            }
            match self.renew_or_release(provider, &stored, &tokens, deadline).await? {
                Renewal::Renewed(tokens) => return Ok(tokens.access_token),
                Renewal::Elsewhere if Instant::now() >= deadline => return Err(TokenError::Expired),
                Renewal::Elsewhere => tokio::time::sleep(POLL).await,
            }
        }
    }

    /// Tries stored tokens at their provider, which refreshes them where that is possible.
    ///
    /// For an access token that its provider has refused, too: who took the permission back, is found out here.
    ///
    /// # Errors
    ///
    /// [`TokenError`]; after `Revoked` the row is gone.
    pub async fn try_tokens(&self, stored: &StoredTokens) -> Result<(), TokenError> {
        let provider = self.keeping(&stored.provider)?;
        let tokens = self.open_tokens(stored).ok_or(TokenError::Missing)?;
        let deadline = self.token_deadline();
        if tokens.refresh_token.is_some() {
            return self.renew_or_release(provider, stored, &tokens, deadline).await.map(|_| ());
        }
        if !tokens.is_usable(self.clock.now()) {
            return Err(TokenError::Expired);
        }
        match provider.try_access_token(&tokens, deadline).await {
            Err(error) if matches!(classify(&error).0, Cause::ProfileTokenRefused | Cause::AccessRevoked) => {
                self.drop_revoked(stored).await?;
                Err(TokenError::Revoked)
            }
            probed => probed.map_err(TokenError::Provider),
        }
    }

    /// Refreshes stored tokens, unless somebody else does; what the provider refuses for good is deleted.
    ///
    /// # Errors
    ///
    /// [`TokenError`]. After `Provider` the row is still claimed: replace or release it.
    pub(super) async fn renew(
        &self,
        provider: &Provider,
        stored: &StoredTokens,
        tokens: &TokenSet,
        deadline: Instant,
    ) -> Result<Renewal, TokenError> {
        let now = self.clock.now();
        let secs = i64::try_from(self.config.http.total_timeout_secs).unwrap_or(i64::MAX).saturating_add(CLAIM_SLACK_SECS);
        let until = TimeDelta::try_seconds(secs).and_then(|time| now.checked_add_signed(time)).unwrap_or(now);
        if !self.store.claim_tokens(stored, now, until).await? {
            return Ok(Renewal::Elsewhere);
        }
        match provider.refresh(tokens, deadline).await {
            Ok(newer) => {
                let is_stored =
                    self.store.replace_tokens(stored, self.seal(&provider.id, stored.identity, &newer), self.clock.now()).await?;
                Ok(if is_stored { Renewal::Renewed(newer) } else { Renewal::Elsewhere })
            }
            Err(error) if classify(&error).0 == Cause::AccessRevoked => {
                if self.drop_revoked(stored).await? {
                    Err(TokenError::Revoked)
                } else {
                    Ok(Renewal::Elsewhere)
                }
            }
            Err(error) => Err(TokenError::Provider(error)),
        }
    }

    async fn renew_or_release(
        &self,
        provider: &Provider,
        stored: &StoredTokens,
        tokens: &TokenSet,
        deadline: Instant,
    ) -> Result<Renewal, TokenError> {
        if tokens.refresh_token.is_none() {
            return Err(TokenError::Expired);
        }
        let renewed = self.renew(provider, stored, tokens, deadline).await;
        if matches!(renewed, Err(TokenError::Provider(_))) {
            self.store.release_tokens(stored).await?;
        }
        renewed
    }

    /// Makes what seals tokens inside the transaction that stores them.
    pub(super) fn sealer(&self, provider: &ProviderId, tokens: TokenSet) -> Sealer {
        let (signin, provider) = (self.clone(), provider.clone());
        Sealer::new(move |identity| signin.seal(&provider, identity, &tokens))
    }

    /// Seals tokens for the row of their identity.
    pub(super) fn seal(&self, provider: &ProviderId, identity: RowId, tokens: &TokenSet) -> String {
        self.keyring.provider_tokens.seal(&context(provider, identity), tokens.to_plain().expose_secret().as_bytes())
    }

    /// Opens stored tokens; those of another key or another row are none.
    pub(super) fn open_tokens(&self, stored: &StoredTokens) -> Option<TokenSet> {
        let plain = self.keyring.provider_tokens.open(&context(&stored.provider, stored.identity), &stored.sealed)?;
        TokenSet::from_plain(&plain)
    }

    /// Deletes tokens that are good for nothing, and says so; tells whether they were still there.
    async fn drop_revoked(&self, stored: &StoredTokens) -> Result<bool, StoreError> {
        let is_gone = self.store.delete_tokens(stored).await?;
        if is_gone {
            Event::account("tokens_revoked", None).provider(&stored.provider).user(stored.user).log();
        }
        Ok(is_gone)
    }

    fn keeping(&self, provider: &ProviderId) -> Result<&Provider, TokenError> {
        self.providers.find(provider.as_str()).filter(|provider| provider.keeps_tokens).ok_or(TokenError::Missing)
    }

    fn token_deadline(&self) -> Instant {
        Instant::now() + Duration::from_secs(self.config.http.total_timeout_secs)
    }
}

fn context(provider: &ProviderId, identity: RowId) -> String {
    format!("tokens {provider} {identity}")
}
