//! Where an authorization response goes: the first thing that is checked.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::domain::client::{Client, ResponseMode};
use crate::domain::redirect_uri::Difference;
use crate::issuer::Issuer;
use crate::issuer::event::Event;
use crate::issuer::parameters::Parameters;
use crate::issuer::refusals::Place;
use crate::store::StoreError;

use super::error::{AuthorizeError, Refusal};

/// The longest state, in bytes.
const MAX_STATE_BYTES: usize = 2_048;

/// A client and an address of its own that were checked together.
#[derive(Clone)]
pub struct Destination {
    client: Arc<Client>,
    redirect_uri: String,
    response_mode: ResponseMode,
    state: Option<String>,
}

/// Shows neither the state nor all that the client has registered (security.md LG-03).
impl fmt::Debug for Destination {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let client = self.client.id.as_str();
        f.debug_struct("Destination").field("client", &client).field("redirect_uri", &self.redirect_uri).finish_non_exhaustive()
    }
}

/// Why nothing can be sent to the client, so that the person is told instead.
#[derive(Debug, thiserror::Error)]
pub enum Lost {
    /// The parameters cannot be read.
    #[error("the parameters cannot be read")]
    Unreadable,
    /// `client_id` is missing or repeated, or no client of ours has it.
    #[error("no such client")]
    ClientUnknown,
    /// The client was disabled (security.md TK-14).
    #[error("the client is disabled")]
    ClientDisabled,
    /// `redirect_uri` is missing or repeated, or not registered (security.md AS-01).
    #[error("no such redirect address")]
    RedirectUriUnknown,
    /// The request is too old, or was answered already.
    #[error("the request is over")]
    RequestGone,
    /// Too many requests wait that came from there.
    #[error("too many requests")]
    Throttled(Duration),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Lost {
    /// Returns the word for the log.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Unreadable => "unreadable",
            Self::ClientUnknown => "client",
            Self::ClientDisabled => "disabled",
            Self::RedirectUriUnknown => "address",
            Self::RequestGone => "gone",
            Self::Throttled(_) => "throttled",
            Self::Store(_) => "store_failed",
        }
    }
}

impl Destination {
    /// Checks client and redirect address: byte for byte, but for the port of a native
    /// client's loopback address (security.md AS-01, AS-02).
    ///
    /// # Errors
    ///
    /// [`Lost`].
    pub async fn check(issuer: &Issuer, parameters: &Parameters) -> Result<Self, Lost> {
        let id = parameters.get("client_id").and_then(crate::domain::client::ClientId::parse).ok_or(Lost::ClientUnknown)?;
        let client = Arc::clone(&issuer.find_known_client(&id).await?.ok_or(Lost::ClientUnknown)?.client);
        if client.is_disabled() {
            let told = ("disabled", "the application is disabled: an operator can enable it again");
            issuer.note_refusal(&client.id, Place::Authorization, None, told);
            Event::new("client_refused", &client.id).reason("disabled").log();
            return Err(Lost::ClientDisabled);
        }
        let redirect_uri = parameters.get("redirect_uri");
        let Some(redirect_uri) = redirect_uri.filter(|presented| client.find_redirect_uri(presented).is_some()) else {
            let difference = Difference::of(&client.metadata.redirect_uris, redirect_uri).as_str();
            issuer.note_refusal(&client.id, Place::Authorization, None, ("redirect_uri", difference));
            Event::new("redirect_uri_refused", &client.id).detail(difference).log();
            return Err(Lost::RedirectUriUnknown);
        };
        let response_mode = response_mode(&client, parameters).unwrap_or(ResponseMode::Query);
        let state = parameters.get("state").filter(|state| state.len() <= MAX_STATE_BYTES).map(str::to_owned);
        Ok(Self { redirect_uri: redirect_uri.to_owned(), response_mode, state, client })
    }

    /// Checks what concerns the answer itself: its mode and the state that it echoes.
    ///
    /// # Errors
    ///
    /// [`AuthorizeError`].
    pub(super) fn check_answer(&self, parameters: &Parameters) -> Result<(), AuthorizeError> {
        if parameters.get("state").is_some_and(|state| state.len() > MAX_STATE_BYTES) {
            return Err(self.refuse(Refusal::InvalidRequest, "state is too long: 2048 bytes at most"));
        }
        if response_mode(&self.client, parameters).is_none() {
            return Err(self.refuse(Refusal::InvalidRequest, "response_mode is not one that this client is registered for"));
        }
        Ok(())
    }

    /// Refuses the request.
    pub fn refuse(&self, refusal: Refusal, description: &'static str) -> AuthorizeError {
        AuthorizeError::new(self, refusal, description)
    }

    /// Returns the client.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// Returns the address as the request names it.
    pub fn redirect_uri(&self) -> &str {
        &self.redirect_uri
    }

    /// Returns the way in which the answer travels.
    pub fn response_mode(&self) -> ResponseMode {
        self.response_mode
    }

    /// Returns what the answer echoes.
    pub fn state(&self) -> Option<&str> {
        self.state.as_deref()
    }
}

/// Returns the response mode; `None` if the one that is asked for is none of the client's.
/// Without one it is the query (OAuth 2.0 Multiple Response Types §2.1), or the only one the client has.
fn response_mode(client: &Client, parameters: &Parameters) -> Option<ResponseMode> {
    let own = &client.metadata.response_modes;
    match parameters.get("response_mode") {
        Some(word) => ResponseMode::parse(word).filter(|mode| own.contains(mode)),
        None => Some(own.first().copied().unwrap_or(ResponseMode::Query)),
    }
}
