//! One-time links, mailed or handed over by operators: password reset and invitation.

use std::time::Duration;

use url::Url;

use crate::domain::email::Email;
use crate::domain::identifier::Identifier;
use crate::domain::ids::UserId;
use crate::domain::user::User;
use crate::mail::request::{self, Request};
use crate::random;
use crate::secret::hash_token;
use crate::signin::event::Event;
use crate::signin::throttle::{Held, account_of};
use crate::signin::visitor::Visitor;
use crate::signin::{Signin, gate};
use crate::store::StoreError;
use crate::store::links::{LinkPurpose, NewLink};

/// How long a link to set a password works that an operator hands over.
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
        Ok(self.page_url(&format!("/reset/{token}")))
    }

    /// Makes a link with which somebody may register, within 7 days.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if it cannot be kept.
    pub async fn make_invitation(&self) -> Result<Url, StoreError> {
        let token = self.make_link(LinkPurpose::Invitation, None, INVITATION_TTL).await?;
        let mut url = self.page_url("/register");
        url.set_query(Some(&format!("invitation={token}")));
        Ok(url)
    }

    /// Mails a link with which the owner of a user name or proven address sets a new password, within
    /// an hour. Logs `reset_asked`.
    ///
    /// Whether there is such an account is looked up after the answer has gone out, so neither the
    /// answer nor how long it takes tells anybody (security.md SI-03, RS-04).
    ///
    /// # Errors
    ///
    /// [`Held`] if too many letters were asked for, or the store failed.
    pub(crate) async fn mail_reset_link(&self, typed: &str, visitor: &Visitor) -> Result<(), Held> {
        let identifier = Identifier::parse(typed);
        self.count_request(&format!("typed {}", account_of(&identifier, typed)), visitor).await?;
        Event::account("reset_asked", Some(visitor)).log();
        let (signin, visitor) = (self.clone(), visitor.clone());
        tokio::spawn(async move {
            if let Err(error) = signin.post_reset_link(&identifier, &visitor).await {
                log::warn!(target: "genkan::mail", event = "outbox_unreachable", problem = error.to_string(); "a link that was asked for was not mailed");
            }
        });
        Ok(())
    }

    async fn post_reset_link(&self, identifier: &Identifier, visitor: &Visitor) -> Result<(), StoreError> {
        let user = self.store.find_user_by_identifier(identifier).await?;
        let Some(user) = user.filter(|user| user.is_email_proven && gate::check(user).is_ok()) else { return Ok(()) };
        let Some(to) = user.email.as_deref().and_then(|email| Email::parse(email).ok()) else { return Ok(()) };
        // What was asked for under the other name of the same person fills the same mailbox.
        match self.count_mailbox(&to.normal()).await {
            Ok(()) => {}
            Err(Held::Store(error)) => return Err(error),
            Err(Held::Throttled(_) | Held::Busy(_)) => return Ok(()),
        }
        let (token, now) = (random::token(), self.clock.now());
        let letter = self.write_request(&Request::SetPassword(self.page_url(&format!("/reset/{token}"))), &to, visitor);
        let (purpose, user_id, expires_at) = (LinkPurpose::PasswordReset, Some(user.id), now + request::RESET_TTL);
        self.store_with([letter]).insert_link(NewLink { token_hash: hash_token(&token), purpose, user_id, now, expires_at }).await
    }

    /// Keeps the hash of a new token and returns the token (security.md EM-06, KY-04).
    async fn make_link(&self, purpose: LinkPurpose, user_id: Option<UserId>, ttl: Duration) -> Result<String, StoreError> {
        let (token, now) = (random::token(), self.clock.now());
        let link = NewLink { token_hash: hash_token(&token), purpose, user_id, now, expires_at: now + ttl };
        self.store.insert_link(link).await?;
        Ok(token)
    }
}
