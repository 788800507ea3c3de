//! Pushed authorization requests: the client sends the parameters itself, and the
//! browser only their name (RFC 9126).

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use crate::domain::client::Client;
use crate::issuer::Issuer;
use crate::issuer::error::TokenError;
use crate::issuer::event::Event;
use crate::issuer::grants::{TokenRequest, read_form};
use crate::issuer::parameters::Parameters;
use crate::issuer::refusals::Endpoint;
use crate::random;
use crate::secret::hash_token;
use crate::store::authorization_requests::StoredRequest;

use super::destination::Lost;
use super::error::Refusal;
use super::request::{AuthorizeRequest, Refused};

/// What a pushed request is called begins with this (RFC 9126 §2.2).
const PREFIX: &str = "urn:ietf:params:oauth:request_uri:";
/// How long the browser has to arrive with it.
const TTL: Duration = Duration::from_secs(90);
/// What proves who the client is, and is not part of the request.
const CREDENTIALS: [&str; 3] = ["client_secret", "client_assertion", "client_assertion_type"];

/// What a client gets for a pushed request (RFC 9126 §2.2).
#[derive(Clone, Debug)]
pub struct PushedAnswer {
    /// What the browser arrives with.
    pub request_uri: String,
    /// How long it has, in seconds.
    pub expires_in_secs: u64,
}

/// Returns the identifier in a `request_uri` of ours; it becomes part of an address.
pub(super) fn id_of(request_uri: &str) -> Option<&str> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
    request_uri.strip_prefix(PREFIX).filter(|id| id.bytes().all(is_plain))
}

impl Issuer {
    /// Keeps a request that a client pushes, if it could be answered (RFC 9126 §2.1). Logs
    /// `request_pushed` or `endpoint_refused`.
    ///
    /// # Errors
    ///
    /// [`TokenError`].
    pub async fn push_request(&self, request: TokenRequest<'_>) -> Result<PushedAnswer, TokenError> {
        let mut client = None;
        let pushed = self.try_to_push(&mut client, request).await;
        pushed.map_err(|error| self.refuse_at(Endpoint::Par, client.as_deref(), request.request_id, error))
    }

    /// Keeps it. `client` becomes who it is from, once that is known.
    async fn try_to_push(&self, client: &mut Option<Arc<Client>>, request: TokenRequest<'_>) -> Result<PushedAnswer, TokenError> {
        let mut parameters = read_form(request.form, &CREDENTIALS)?;
        let client = client.insert(self.authenticate_client(request.authorization, &parameters).await?);
        if parameters.has("request_uri") {
            return Err(TokenError::InvalidRequest("request_uri cannot be pushed"));
        }
        for name in CREDENTIALS {
            parameters.remove(name);
        }
        if parameters.repeats(&["client_id"]) || parameters.get("client_id").is_some_and(|id| id != client.id.as_str()) {
            return Err(TokenError::InvalidRequest("client_id is another client's"));
        }
        parameters.set("client_id", client.id.as_str());
        self.bind(&mut parameters, request, client).await?;
        AuthorizeRequest::check(self, &parameters).await.map_err(fault)?;
        if let Some(wait) = self.count_kept(request.address).await? {
            return Err(TokenError::Throttled(wait));
        }
        let id = self.keep_for_later(&parameters, TTL).await?;
        Event::new("request_pushed", &client.id).log();
        Ok(PushedAnswer { request_uri: format!("{PREFIX}{id}"), expires_in_secs: TTL.as_secs() })
    }

    /// Binds the code to the key of the request's proof, if it has one (RFC 9449 §10.1).
    async fn bind(&self, parameters: &mut Parameters, request: TokenRequest<'_>, client: &Client) -> Result<(), TokenError> {
        let Some(offered) = request.proof else { return Ok(()) };
        let key = self.prove(offered, None, &client.id).await?;
        if parameters.repeats(&["dpop_jkt"]) || parameters.get("dpop_jkt").is_some_and(|named| named != key.as_str()) {
            return Err(TokenError::InvalidRequest("dpop_jkt is not the key of the DPoP proof"));
        }
        parameters.set("dpop_jkt", key.as_str());
        Ok(())
    }

    /// Keeps a request that came as a form, for a browser that comes back with a GET: a form of
    /// another site comes without the session cookie (`SameSite=Lax`). Returns its identifier.
    ///
    /// # Errors
    ///
    /// [`Lost`].
    pub async fn keep_posted(&self, raw: &[u8], address: IpAddr) -> Result<String, Lost> {
        let parameters = Parameters::parse(raw).map_err(|_| Lost::Unreadable)?;
        if let Some(id) = parameters.get("request_uri").and_then(id_of) {
            let client = parameters.get("client_id").ok_or(Lost::ClientUnknown)?;
            return self.find_request_of(client, id).await.map(|_| id.to_owned());
        }
        // Nobody can fill the store with what cannot be answered.
        super::destination::Destination::check(self, &parameters).await?;
        if let Some(wait) = self.count_kept(address).await? {
            return Err(Lost::Throttled(wait));
        }
        Ok(self.keep_for_later(&parameters, self.config.issuer.request_ttl()).await?)
    }

    async fn keep_for_later(&self, parameters: &Parameters, ttl: Duration) -> Result<String, crate::store::StoreError> {
        let (id, now) = (random::token(), self.clock.now());
        let request = StoredRequest {
            id_hash: hash_token(&id),
            is_pushed: true,
            client_id: parameters.get("client_id").unwrap_or_default().to_owned(),
            parameters: parameters.encode(),
            session: None,
            created_at: now,
            expires_at: now + ttl,
        };
        self.store.insert_authorization_request(request).await?;
        Ok(id)
    }
}

/// Tells the client what would have been told at its redirect address (RFC 9126 §2.3).
fn fault(refused: Refused) -> TokenError {
    match refused {
        Refused::Here(Lost::Store(error)) => TokenError::Store(error),
        Refused::Here(Lost::RedirectUriUnknown) => TokenError::InvalidRequest("redirect_uri is not registered"),
        Refused::Here(_) => TokenError::InvalidRequest("the request cannot be read"),
        Refused::There(error) => match error.refusal() {
            Refusal::InvalidScope => TokenError::InvalidScope(error.description()),
            Refusal::UnauthorizedClient => TokenError::UnauthorizedClient(error.description()),
            _ => TokenError::InvalidRequest(error.description()),
        },
    }
}
