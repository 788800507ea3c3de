//! Ending a session because a client says so (OIDC RP-Initiated Logout 1.0).
//!
//! A client proves that it speaks of this very session with the ID Token that it got
//! in it. Without such a proof the person is asked first, for anybody can send them here
//! (security.md AS-11). Only addresses that the client has registered for it are gone to.

use super::authorize::Lost;
use super::parameters::Parameters;
use super::{Issuer, Person};
use crate::domain::client::{Client, ClientId};

/// Every parameter that means something; each may come once.
const KNOWN: [&str; 5] = ["id_token_hint", "client_id", "post_logout_redirect_uri", "state", "ui_locales"];

/// What a request to sign out comes to.
#[derive(Clone, Debug)]
pub struct LogoutPlan {
    /// Who asks, if that is known.
    pub client: Option<Client>,
    /// Where to go afterwards: an address that the client has registered, with its state.
    pub target: Option<String>,
    /// Whether the request proves that it is about the session of this browser.
    pub is_proven: bool,
}

impl LogoutPlan {
    /// Tells whether whoever is signed out already can be sent on unasked: to us, or to a client of which
    /// an operator knows who is behind it. Anybody can register one of the others, and would have a
    /// link of ours that leads to their site (RFC 9700 §4.11).
    pub fn leads_nowhere_unknown(&self) -> bool {
        self.client.as_ref().is_some_and(|client| client.is_verified || self.target.is_none())
    }
}

impl Issuer {
    /// Reads a request to sign out.
    ///
    /// # Errors
    ///
    /// [`Lost`]: an unknown client, an address that is not registered, a hint that is not ours.
    pub async fn plan_logout(&self, raw: &[u8], person: Option<Person<'_>>) -> Result<LogoutPlan, Lost> {
        let parameters = Parameters::parse(raw).map_err(|_| Lost::Unreadable)?;
        if parameters.repeats(&KNOWN) {
            return Err(Lost::Unreadable);
        }
        let hinted = match parameters.get("id_token_hint") {
            Some(token) => Some(self.read_id_token_hint(token).await.ok_or(Lost::Unreadable)?),
            None => None,
        };
        let named = parameters.get("client_id").map(|id| ClientId::parse(id).ok_or(Lost::ClientUnknown)).transpose()?;
        let id = match (named, hinted.as_ref().map(|hinted| hinted.client_id.clone())) {
            (Some(named), Some(hinted)) if named != hinted => return Err(Lost::ClientUnknown),
            (named, hinted) => named.or(hinted),
        };
        let client = match id {
            Some(id) => Some(self.store.find_client(&id).await?.ok_or(Lost::ClientUnknown)?),
            None => None,
        };
        let target =
            parameters.get("post_logout_redirect_uri").map(|uri| target(client.as_ref(), uri, parameters.get("state"))).transpose()?;
        let is_proven = match (&hinted, person) {
            (Some(hinted), Some(person)) => hinted.user == person.user.id && hinted.session == Some(person.session.id),
            _ => false,
        };
        Ok(LogoutPlan { client, target, is_proven })
    }
}

/// Returns where to go, if the client has registered it (RP-Initiated Logout §3).
fn target(client: Option<&Client>, uri: &str, state: Option<&str>) -> Result<String, Lost> {
    let client = client.filter(|client| !client.is_disabled()).ok_or(Lost::RedirectUriUnknown)?;
    if !client.allows_post_logout_redirect(uri) {
        return Err(Lost::RedirectUriUnknown);
    }
    let Some(state) = state else { return Ok(uri.to_owned()) };
    let separator = if uri.contains('?') { '&' } else { '?' };
    let state: String = url::form_urlencoded::byte_serialize(state.as_bytes()).collect();
    Ok(format!("{uri}{separator}state={state}"))
}
