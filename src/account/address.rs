//! Proving an address: the link goes there, and counts for whoever is signed in to the account that claims it.
//!
//! Both have to come together, the mailbox and the account. So somebody who made an account with a
//! stranger's address gains nothing if that stranger follows the link, and nothing that they attached
//! to the account becomes the stranger's (security.md EM-09).

use crate::domain::email::Email;
use crate::domain::user::User;
use crate::mail::Notice;
use crate::secret::hash_token;
use crate::signin::Signin;
use crate::signin::event::Event;
use crate::signin::session::SignedIn;
use crate::signin::visitor::Visitor;
use crate::store::email_links::Proving;
use crate::store::{Conflict, StoreError};

/// Why an address was not proven.
#[derive(Debug)]
pub enum ProofRefused {
    /// The link does not work (any more), or belongs to another account.
    LinkInvalid,
    /// Somebody else has proven the address meanwhile.
    Taken,
    /// The store failed.
    Store(StoreError),
}

impl From<StoreError> for ProofRefused {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Conflict(Conflict::Email) => Self::Taken,
            error => Self::Store(error),
        }
    }
}

impl Signin {
    /// Returns the address that a user still has to prove: one they changed to, or their own.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn address_to_prove(&self, user: &User) -> Result<Option<String>, StoreError> {
        if self.proves_email() || !self.sends_mail() {
            return Ok(None);
        }
        let claimed = self.store.find_claim_of(user.id, self.clock.now()).await?;
        Ok(claimed.or_else(|| user.email.clone().filter(|_| !user.is_email_proven)))
    }

    /// Mails the link once more; the one before stops working. There may be nothing to prove: then nothing happens.
    ///
    /// # Errors
    ///
    /// [`StoreError`]; that too many mails were asked for is none, for the page says the same.
    pub async fn mail_proof_again(&self, signed_in: &SignedIn, visitor: &Visitor) -> Result<(), StoreError> {
        let address = self.address_to_prove(&signed_in.user).await?;
        let Some(email) = address.and_then(|address| Email::parse(&address).ok()) else { return Ok(()) };
        match self.count_claim(email, visitor).await? {
            Some((claim, letter)) => self.store_with([letter]).claim_address(signed_in.user.id, claim, self.clock.now()).await,
            None => Ok(()),
        }
    }

    /// Returns the address behind a link of this user's, without using it up (security.md EM-08).
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn find_proof(&self, signed_in: &SignedIn, token: &str) -> Result<Option<String>, StoreError> {
        self.store.find_claim(&hash_token(token), signed_in.user.id, self.clock.now()).await
    }

    /// Uses the link up: the address in it becomes the user's, every other session and link of theirs
    /// ends, and the address before it is told. Logs `address_proven`.
    ///
    /// # Errors
    ///
    /// [`ProofRefused`].
    pub async fn prove_address(&self, signed_in: &SignedIn, token: &str, visitor: &Visitor) -> Result<(), ProofRefused> {
        let user = &signed_in.user;
        let address = self.find_proof(signed_in, token).await?.ok_or(ProofRefused::LinkInvalid)?;
        let is_new = user.email.as_deref() != Some(address.as_str());
        let store = if is_new { self.store_telling(user, &Notice::EmailChanged, visitor) } else { self.store.clone() };
        let (keep, now) = (signed_in.session.id, self.clock.now());
        let proving = Proving { token_hash: hash_token(token), user: user.id, keep, now };
        let ended = store.prove_address(proving).await?.ok_or(ProofRefused::LinkInvalid)?;
        self.sessions.forget_user(user.id);
        Event::account("address_proven", Some(visitor)).user(user.id).session(keep).log();
        self.note_ended(user.id, &ended, visitor);
        Ok(())
    }
}
