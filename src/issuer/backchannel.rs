//! Telling clients that a session has ended (OIDC Back-Channel Logout 1.0).
//!
//! Whichever way a session ends, its row goes; what is left to tell is found in the
//! store (`store/logouts.rs`), by any replica and after any restart. A message that does
//! not arrive is sent again, later and later, and given up in the end. It goes to no address
//! inside our own network: the person who registered a client chose it.

use std::time::Duration;

use futures_util::future::{BoxFuture, join_all};
use url::Url;

use super::Issuer;
use super::event::Event;
use crate::domain::client::Client;
use crate::store::StoreError;
use crate::store::logouts::ClientSession;

/// How many messages one look sends at most.
const BATCH: i64 = 32;
/// How often a message is tried before it is given up: after about a day and a half.
const MAX_TRIES: i32 = 7;
/// How long after the first try the second one is; each wait is four times the one before.
const FIRST_WAIT: Duration = Duration::from_secs(30);

/// Why a message did not arrive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Undelivered {
    /// Its address is one that we do not call.
    #[error("the address is not allowed")]
    NotAllowed,
    /// Nobody answered in time.
    #[error("there was no answer")]
    NoAnswer,
    /// The answer was no yes.
    #[error("it was refused")]
    Refused,
}

impl Undelivered {
    /// Returns the word for the log.
    fn as_str(self) -> &'static str {
        match self {
            Self::NotAllowed => "not_allowed",
            Self::NoAnswer => "no_answer",
            Self::Refused => "refused",
        }
    }
}

/// Sends forms to addresses that strangers chose, and to none inside our own network.
pub trait Deliver: Send + Sync {
    /// Posts one field as a form; an answer of 200 to 299 is a yes.
    fn post<'a>(&'a self, url: &'a Url, name: &'static str, value: &'a str) -> BoxFuture<'a, Result<(), Undelivered>>;
}

impl std::fmt::Debug for dyn Deliver {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Deliver(…)")
    }
}

impl Issuer {
    /// Sends the messages that are due, all at once, so that a client that does not answer holds up
    /// no other; returns how many arrived.
    ///
    /// # Errors
    ///
    /// [`StoreError`], the first of them; what was not sent is due again later.
    pub async fn tell_ended_sessions(&self) -> Result<usize, StoreError> {
        let due = self.store.list_due_logouts(self.clock.now(), BATCH).await?;
        let told = join_all(due.iter().map(|due| self.claim_and_tell(due))).await;
        told.into_iter().try_fold(0, |arrived, told| told.map(|has_arrived| arrived + usize::from(has_arrived)))
    }

    async fn claim_and_tell(&self, due: &ClientSession) -> Result<bool, StoreError> {
        let wait = FIRST_WAIT * 4_u32.saturating_pow(u32::try_from(due.tries).unwrap_or(0));
        // Claimed before it is sent: another replica, or the next look, does not send it too.
        Ok(self.store.claim_logout(due, self.clock.now() + wait).await? && self.tell(due).await?)
    }

    async fn tell(&self, due: &ClientSession) -> Result<bool, StoreError> {
        let client = self.store.find_client(&due.client).await?.filter(|client| !client.is_disabled());
        let Some((client, url)) = client.and_then(with_address) else {
            self.store.delete_logout(due.id).await?;
            return Ok(false);
        };
        let token = self.mint_logout_token(&client, due.user, due.session).await?;
        let sent = self.messenger.post(&url, "logout_token", &token).await;
        let is_over = sent.is_ok() || due.tries + 1 >= MAX_TRIES;
        if is_over {
            self.store.delete_logout(due.id).await?;
        }
        match sent {
            Ok(()) => Event::new("logout_told", &client.id).user(due.user).log(),
            Err(why) => Event::new("logout_not_told", &client.id).user(due.user).reason(why.as_str()).warn(),
        }
        Ok(sent.is_ok())
    }
}

fn with_address(client: Client) -> Option<(Client, Url)> {
    let url = client.metadata.backchannel_logout_uri.clone()?;
    Some((client, url))
}
