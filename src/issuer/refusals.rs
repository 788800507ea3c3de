//! Programs that get nothing: each is logged once, counted for the metrics and in the record.
//!
//! The token endpoint counts by grant; its neighbours, where a client has to prove who
//! it is as well, by endpoint. What a token does not open is `web::bearer`'s. Where the
//! client is known, its owner can read about it: [`Notes`].

mod notes;

pub use notes::{Notes, Place};

use super::Issuer;
use super::error::TokenError;
use super::event::Event;
use crate::domain::client::{Client, Grant};
use crate::ops::metrics;

/// A neighbour of the token endpoint.
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
}

impl Issuer {
    /// Logs and counts a request to a neighbour of the token endpoint that gets nothing, also one
    /// that could not even be read, and notes it for the client's owner; returns what was wrong.
    pub fn refuse_at(&self, endpoint: Endpoint, client: Option<&Client>, request_id: &str, error: TokenError) -> TokenError {
        let event = client.map_or_else(|| Event::of_nobody("endpoint_refused"), |client| Event::new("endpoint_refused", &client.id));
        event.endpoint(endpoint.as_str()).reason(error.code()).detail(error.description()).request(request_id).log();
        metrics::count_endpoint_refusal(endpoint.as_str(), error.code());
        self.watch.token_refused();
        if let Some(client) = client {
            self.note_error(client, Place::Beside(endpoint), None, &error);
        }
        error
    }

    /// Logs and counts a request to the token endpoint that gets no tokens, and notes it for the client's owner.
    pub(super) fn note_no_tokens(&self, client: Option<&Client>, grant: Option<Grant>, error: &TokenError) {
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
            self.note_error(client, Place::Token, grant, error);
        }
    }
}
