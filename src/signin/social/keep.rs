//! What becomes of the tokens that a sign-in brought, where they are kept.
//!
//! | stored before | brought | then |
//! |---|---|---|
//! | – | anything | what was brought is stored |
//! | anything | with a refresh token | it takes the place of the stored |
//! | without a refresh token | without | the same |
//! | with a refresh token | without | the stored one is refreshed, and stored at once: it may be good once only |

use std::time::Instant;

use super::finish::Trip;
use crate::domain::identity::Identity;
use crate::domain::ids::UserId;
use crate::provider::TokenSet;
use crate::signin::Signin;
use crate::signin::failure::{Cause, SigninFailure, Stage};
use crate::signin::tokens::TokenError;
use crate::store::StoreError;
use crate::store::provider_tokens::{Sealer, StoredTokens};

impl Signin {
    /// Returns what is to be stored with the session or the link; nothing if nothing is, or if it has been stored by now.
    ///
    /// # Errors
    ///
    /// [`Cause::AccessRevoked`] if the provider does not refresh the stored tokens any more: the person has taken the
    /// permission back. The row is gone then, so that the next sign-in goes through. [`Cause::StoreUnavailable`].
    pub(super) async fn settle_tokens(
        &self,
        trip: &Trip<'_>,
        identity: &Identity,
        brought: Option<TokenSet>,
        deadline: Instant,
    ) -> Result<Option<Sealer>, SigninFailure> {
        let Some(brought) = brought else { return Ok(None) };
        let failed = |error: StoreError| trip.store_failed(&error, Stage::Account);
        let stored = self.store.find_tokens(identity).await.map_err(failed)?.filter(|stored| is_own(trip.attempt.linking_user, stored));
        let tokens = stored.as_ref().and_then(|stored| self.open_tokens(stored)).filter(|tokens| tokens.refresh_token.is_some());
        let (Some(stored), Some(tokens), None) = (stored, tokens, &brought.refresh_token) else {
            return Ok(Some(self.sealer(&identity.provider, brought)));
        };
        match self.renew(trip.provider, &stored, &tokens, deadline).await {
            Ok(_) => Ok(None),
            Err(TokenError::Store(error)) => Err(failed(error)),
            Err(TokenError::Provider(error)) => {
                // Who it is, is known; an outage of the other token is no reason to keep them out.
                let (provider, problem) = (trip.provider.id.as_str(), error.to_string());
                log::warn!(target: "genkan::signin", event = "tokens_not_refreshed", provider = provider, attempt = trip.attempt.id.to_string(), problem = problem; "kept tokens were not refreshed");
                let sealed = self.seal(&identity.provider, stored.identity, &brought.or_refresh_token_of(&tokens));
                self.store.replace_tokens(&stored, sealed, self.clock.now()).await.map_err(failed)?;
                Ok(None)
            }
            Err(TokenError::Revoked | TokenError::Expired | TokenError::Missing) => Err(trip.fail(Cause::AccessRevoked, Stage::Token)),
        }
    }
}

/// Tells whether stored tokens may be touched: who links an identity may find that it is somebody else's.
fn is_own(linking_user: Option<UserId>, stored: &StoredTokens) -> bool {
    linking_user.is_none_or(|user| user == stored.user)
}
