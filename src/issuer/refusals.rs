//! What clients did not get and why, kept for whoever builds them.
//!
//! A developer sees `invalid_grant` and guesses. Each refusal of a client that is known is
//! noted here in fixed words of ours (nothing of the request, nothing of a person),
//! counted in memory and written beside the requests every second; the owner's page
//! shows it, and so does `genkan client refusals`. For operators it is logged once and counted,
//! for the metrics and in the failure record: at the token endpoint by grant, at its
//! neighbours by [`Endpoint`]. What a token does not open is `web::bearer`'s to log.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};

use super::Issuer;
use super::error::TokenError;
use super::event::Event;
use crate::domain::client::{Client, ClientId, Grant};
use crate::ops::metrics;
use crate::store::StoreError;
use crate::store::refusals::{Refusal, RefusalKind};

/// How many kinds wait to be written at most; more are not noted before some were.
const MAX_WAITING: usize = 1_000;
/// The longest detail that is kept, in characters.
const MAX_DETAIL_CHARS: usize = 255;

/// Where something was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// `/oauth/authorize`.
    Authorization,
    /// `/oauth/token`.
    Token,
    /// `/oauth/par`.
    Pushed,
    /// `/oauth/device_authorization`.
    Device,
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
            Self::Pushed => "par",
            Self::Device => "device_authorization",
            Self::Authentication => "client_authentication",
            Self::Resource => "access_token",
        }
    }
}

/// A neighbour of the token endpoint, where a client has to prove who it is as well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Endpoint {
    /// Pushed authorization requests (RFC 9126).
    Par,
    /// Devices that begin to wait (RFC 8628 §3.1).
    Device,
    /// What a token is (RFC 7662).
    Introspection,
    /// Taking a token back (RFC 7009).
    Revocation,
}

impl Endpoint {
    /// Every endpoint.
    pub const ALL: [Self; 4] = [Self::Par, Self::Device, Self::Introspection, Self::Revocation];

    /// Returns the word for log and metrics: the last part of its path.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Par => "par",
            Self::Device => "device_authorization",
            Self::Introspection => "introspect",
            Self::Revocation => "revoke",
        }
    }

    /// Returns where owners read of it; questions about tokens are not noted for them.
    const fn place(self) -> Option<Place> {
        match self {
            Self::Par => Some(Place::Pushed),
            Self::Device => Some(Place::Device),
            Self::Introspection | Self::Revocation => None,
        }
    }
}

/// What was counted and is not written yet.
#[derive(Debug, Default)]
pub struct Refusals {
    waiting: Mutex<HashMap<RefusalKind, Counted>>,
}

#[derive(Clone, Copy, Debug)]
struct Counted {
    times: u32,
    first_at: DateTime<Utc>,
    last_at: DateTime<Utc>,
}

impl Refusals {
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
    /// Logs, counts and notes a request to a neighbour of the token endpoint that gets nothing, also
    /// one that could not even be read; returns what was wrong. `client`: who it is from, if that is known.
    pub fn refuse_at(&self, endpoint: Endpoint, client: Option<&Client>, request_id: &str, error: TokenError) -> TokenError {
        let (word, reason, detail) = (endpoint.as_str(), error.code(), error.description());
        let id = client.map(|client| client.id.as_str());
        log::info!(
            target: "genkan::issuer",
            event = "endpoint_refused", endpoint = word, client = id, reason = reason, detail = detail, request = request_id;
            "endpoint refused"
        );
        metrics::count_endpoint_refusal(word, reason);
        self.watch.token_refused();
        if let Some((client, place)) = client.zip(endpoint.place()) {
            self.note_token_refusal(client, place, None, &error);
        }
        error
    }

    /// Logs, counts and notes a request to the token endpoint that gets no tokens.
    pub(super) fn note_unissued(&self, client: Option<&Client>, grant: Option<Grant>, error: &TokenError) {
        let event = client.map_or_else(|| Event::of_nobody("tokens_refused"), |client| Event::new("tokens_refused", &client.id));
        let event = event.reason(error.code()).detail(error.description());
        match grant {
            Some(grant) => event.grant(grant.short()).log(),
            None => event.log(),
        }
        metrics::count_token_refusal(grant, error.code());
        if !error.is_to_wait() {
            self.watch.token_refused();
        }
        if let Some(client) = client {
            self.note_token_refusal(client, Place::Token, grant, error);
        }
    }

    /// Notes that a client did not get something. `detail` holds fixed words and nothing else.
    pub(super) fn note_refusal(&self, client: &ClientId, place: Place, grant: Option<Grant>, (error, detail): (&str, &str)) {
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

    /// Notes why a program got no tokens, unless that is ours or nothing but waiting.
    pub(super) fn note_token_refusal(&self, client: &Client, place: Place, grant: Option<Grant>, error: &TokenError) {
        if !matches!(error, TokenError::Store(_) | TokenError::Busy(_) | TokenError::AuthorizationPending) {
            self.note_refusal(&client.id, place, grant, (error.code(), &error.description()));
        }
    }

    /// Notes that a client did not prove who it is: by a `reason` for the log, and what it offered.
    ///
    /// The answer does not say any of it, for whoever asks may be anybody; the owner may know.
    pub(super) fn note_unproven(&self, client: &Client, reason: &str, offered: &str) {
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
