//! What clients did not get and why, kept for whoever builds them.
//!
//! A developer sees `invalid_grant` and guesses. Each refusal of a client that is known is
//! noted here in fixed words of ours (nothing of the request, nothing of a person),
//! counted in memory and written beside the requests every second; the owner's page
//! shows it, and so does `genkan client refusals`.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};

use super::Endpoint;
use crate::domain::client::{Client, ClientId, Grant};
use crate::issuer::Issuer;
use crate::issuer::dpop::ProofFault;
use crate::issuer::error::TokenError;
use crate::store::StoreError;
use crate::store::refusals::{Refusal, RefusalKind};

/// How many kinds wait to be written at most, and so how many are written in a second; more are not noted.
const MAX_WAITING: usize = 200;
/// The longest detail that is kept, in characters.
const MAX_DETAIL_CHARS: usize = 255;

/// Where something was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// `/oauth/authorize`.
    Authorization,
    /// `/oauth/token`.
    Token,
    /// At a neighbour of the token endpoint.
    Beside(Endpoint),
    /// Wherever clients prove who they are.
    Authentication,
    /// Wherever access tokens are taken.
    Resource,
}

impl Place {
    /// Returns the word in the table.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Authorization => "authorize",
            Self::Token => "token",
            Self::Beside(endpoint) => endpoint.as_str(),
            Self::Authentication => "client_authentication",
            Self::Resource => "access_token",
        }
    }
}

/// What was counted and is not written yet.
#[derive(Debug, Default)]
pub struct Notes {
    waiting: Mutex<HashMap<RefusalKind, Counted>>,
}

#[derive(Clone, Copy, Debug)]
struct Counted {
    times: u32,
    first_at: DateTime<Utc>,
    last_at: DateTime<Utc>,
}

impl Notes {
    /// Counts one.
    fn count(&self, kind: RefusalKind, now: DateTime<Utc>) {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        if waiting.len() >= MAX_WAITING && !waiting.contains_key(&kind) {
            return;
        }
        let counted = waiting.entry(kind).or_insert(Counted { times: 0, first_at: now, last_at: now });
        counted.times = counted.times.saturating_add(1);
        counted.last_at = now;
    }

    /// Takes whatever waits.
    fn take(&self) -> Vec<Refusal> {
        let waiting = std::mem::take(&mut *self.waiting.lock().unwrap_or_else(PoisonError::into_inner));
        let refusal = |(kind, Counted { times, first_at, last_at })| Refusal { kind, times, first_at, last_at };
        waiting.into_iter().map(refusal).collect()
    }
}

impl Issuer {
    /// Notes that a client did not get something. `detail` holds fixed words and nothing else.
    pub(in crate::issuer) fn note_refusal(&self, client: &ClientId, place: Place, grant: Option<Grant>, (error, detail): (&str, &str)) {
        if self.refusal_retention().is_zero() {
            return;
        }
        let kind = RefusalKind {
            client: client.clone(),
            place: place.as_str().to_owned(),
            grant: grant.map(Grant::short).unwrap_or_default().to_owned(),
            error: error.to_owned(),
            detail: detail.chars().take(MAX_DETAIL_CHARS).collect(),
        };
        self.refusals.count(kind, self.clock.now());
    }

    /// Notes why a program got nothing, unless that is ours, or nothing but waiting or asking once more.
    pub(super) fn note_error(&self, client: &Client, place: Place, grant: Option<Grant>, error: &TokenError) {
        let is_noise = matches!(
            error,
            TokenError::Store(_) | TokenError::Busy(_) | TokenError::AuthorizationPending | TokenError::Proof(ProofFault::Nonce)
        );
        if !is_noise {
            self.note_refusal(&client.id, place, grant, (error.code(), &error.description()));
        }
    }

    /// Notes that a client did not prove who it is: by a `reason` for the log, and what it offered.
    ///
    /// The answer does not say any of it, for whoever asks may be anybody; the owner may know.
    pub(in crate::issuer) fn note_unproven(&self, client: &Client, reason: &str, offered: &str) {
        let registered = client.metadata.authentication.as_str();
        let detail = match reason {
            "disabled" => "the application is disabled: an operator can enable it again".to_owned(),
            "method" => format!("the request used {offered}, but {registered} is registered"),
            _ if client.metadata.authentication.needs_secret() && offered != "client_assertion" => {
                "client_secret is not one that works".to_owned()
            }
            _ => {
                "client_assertion does not count: its signature, alg, iss, sub, aud, exp, nbf or iat, or a jti that came before".to_owned()
            }
        };
        self.note_refusal(&client.id, Place::Authentication, None, ("invalid_client", &detail));
    }

    /// Writes what was noted.
    ///
    /// # Errors
    ///
    /// [`StoreError`]: what was not written then is lost; it only counts what has been told already.
    pub async fn write_refusals(&self) -> Result<(), StoreError> {
        let retention = self.refusal_retention();
        for refusal in self.refusals.take() {
            match self.store.add_refusal(refusal, retention).await {
                // The client was deleted since then.
                Ok(()) | Err(StoreError::NotFound) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Lists what a client did not get, the latest first, what was refused just now included.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn list_refusals(&self, client: &ClientId) -> Result<Vec<Refusal>, StoreError> {
        self.write_refusals().await?;
        self.store.list_refusals(client).await
    }

    /// As long as the failure record is kept.
    fn refusal_retention(&self) -> Duration {
        self.config.ops.failure_retention()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(detail: &str) -> RefusalKind {
        let word = str::to_owned;
        RefusalKind {
            client: ClientId::generate(),
            place: word("token"),
            grant: String::new(),
            error: word("invalid_grant"),
            detail: word(detail),
        }
    }

    #[test]
    fn equal_refusals_are_counted_and_what_is_taken_is_gone() {
        let (refusals, one) = (Notes::default(), kind("code has expired"));
        let at = |secs| DateTime::from_timestamp(secs, 0).expect("a time");
        refusals.count(one.clone(), at(1));
        refusals.count(one.clone(), at(3));

        assert_eq!(refusals.take(), [Refusal { kind: one, times: 2, first_at: at(1), last_at: at(3) }]);
        assert!(refusals.take().is_empty());
    }

    #[test]
    fn ht_02_strangers_cannot_make_the_memory_grow() {
        let refusals = Notes::default();
        for number in 0..=MAX_WAITING {
            refusals.count(kind(&number.to_string()), DateTime::UNIX_EPOCH);
        }

        assert_eq!(refusals.take().len(), MAX_WAITING);
    }
}
