//! Letters that visitors ask for: what is counted, and which links are in them.
//!
//! The words are [`crate::mail::request`]'s. Nothing is sent where there is no `[mail]`.

use url::Url;

use super::Signin;
use super::throttle::Held;
use super::visitor::Visitor;
use crate::domain::email::Email;
use crate::domain::identifier::Identifier;
use crate::mail::Letter;
use crate::mail::request::{self, PROOF_TTL, Request};
use crate::random;
use crate::secret::hash_token;
use crate::store::StoreError;
use crate::store::email_links::Claim;

impl Signin {
    /// Tells whether there is a mail server.
    pub fn sends_mail(&self) -> bool {
        self.post.is_some()
    }

    /// Counts the letter and makes the claim of an address; `None` if too many letters were asked for.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if it cannot be counted, or the owner cannot be looked up.
    pub(crate) async fn count_claim(&self, email: Email, visitor: &Visitor) -> Result<Option<(Claim, Letter)>, StoreError> {
        match self.count_request(&email.normal(), visitor).await {
            Ok(()) => self.claim(email, visitor).await.map(Some),
            Err(Held::Store(error)) => Err(error),
            Err(Held::Throttled(_) | Held::Busy(_)) => Ok(None),
        }
    }

    /// Makes the claim of an address and writes the letter with the link that proves it. If the address
    /// is somebody's already, the letter tells them instead and nobody ever sees the link: so both cases
    /// do the same and look the same from outside (security.md EM-12).
    async fn claim(&self, email: Email, visitor: &Visitor) -> Result<(Claim, Letter), StoreError> {
        let token = random::token();
        let owner = self.store.find_user_by_identifier(&Identifier::Email(email.clone())).await?;
        let stored = owner.and_then(|owner| Email::parse(&owner.email?).ok());
        let letter = match stored {
            Some(owner) => self.write_request(&Request::AddressInUse(self.page_url("/login")), &owner, visitor),
            None => self.write_request(&Request::ProveAddress(self.page_url(&format!("/verify/{token}"))), &email, visitor),
        };
        Ok((Claim { token_hash: hash_token(&token), email, expires_at: self.clock.now() + PROOF_TTL }, letter))
    }

    /// Writes a letter in the language of whoever asks for it.
    pub(crate) fn write_request(&self, request: &Request, to: &Email, visitor: &Visitor) -> Letter {
        request::write(request, to, visitor.language, &self.config.server.origin())
    }

    /// Counts a letter that somebody asked for (security.md EM-13).
    ///
    /// # Errors
    ///
    /// [`Held`] if there were too many to that mailbox, from that address range, or in all.
    pub(crate) async fn count_request(&self, recipient: &str, visitor: &Visitor) -> Result<(), Held> {
        self.count(self.request_counters(recipient, visitor)).await
    }

    /// Counts a letter to one mailbox, whoever asked for it.
    ///
    /// # Errors
    ///
    /// [`Held`] if there were too many.
    pub(crate) async fn count_mailbox(&self, recipient: &str) -> Result<(), Held> {
        self.count(vec![self.mailbox_counter(recipient)]).await
    }

    /// Returns the address of a page of ours, under `server.public_url` (security.md EM-04).
    pub(crate) fn page_url(&self, path: &str) -> Url {
        let mut url = self.config.server.public_url.clone();
        url.set_path(path);
        url
    }
}
