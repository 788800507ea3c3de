//! One-time links that operators hand over: password reset and invitation.

use std::time::Duration;

use url::Url;

use crate::domain::ids::UserId;
use crate::domain::user::User;
use crate::random;
use crate::secret::hash_token;
use crate::signin::Signin;
use crate::store::StoreError;
use crate::store::links::{LinkPurpose, NewLink};

/// How long a link to set a password works.
const RESET_TTL: Duration = Duration::from_secs(24 * 3_600);
/// How long an invitation works.
const INVITATION_TTL: Duration = Duration::from_secs(7 * 24 * 3_600);

impl Signin {
    /// Makes a link with which `user` sets a new password, within 24 hours.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if it cannot be kept.
    pub async fn make_reset_link(&self, user: &User) -> Result<Url, StoreError> {
        let token = self.make_link(LinkPurpose::PasswordReset, Some(user.id), RESET_TTL).await?;
        let mut url = self.config.server.public_url.clone();
        url.set_path(&format!("/reset/{token}"));
        Ok(url)
    }

    /// Makes a link with which somebody may register, within 7 days.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if it cannot be kept.
    pub async fn make_invitation(&self) -> Result<Url, StoreError> {
        let token = self.make_link(LinkPurpose::Invitation, None, INVITATION_TTL).await?;
        let mut url = self.config.server.public_url.clone();
        url.set_path("/register");
        url.set_query(Some(&format!("invitation={token}")));
        Ok(url)
    }

    /// Keeps the hash of a new token and returns the token (security.md EM-06, KY-04).
    async fn make_link(&self, purpose: LinkPurpose, user_id: Option<UserId>, ttl: Duration) -> Result<String, StoreError> {
        let (token, now) = (random::token(), self.clock.now());
        let link = NewLink { token_hash: hash_token(&token), purpose, user_id, now, expires_at: now + ttl };
        self.store.insert_link(link).await?;
        Ok(token)
    }
}
