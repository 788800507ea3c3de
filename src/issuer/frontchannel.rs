//! Telling clients through the person's browser that a session ends (OIDC Front-Channel Logout 1.0).
//!
//! What a client keeps in the browser only the browser can take away: so the page that
//! says goodbye loads an address of each client that was used in the session. Where a session
//! ends in another way, without its browser, only [`super::backchannel`] tells of it.

use url::Url;

use super::Issuer;
use crate::domain::ids::SessionId;
use crate::store::StoreError;

/// How many clients one page tells at most.
const MOST: i64 = 20;

impl Issuer {
    /// Lists what the browser is to load because a session ends, each with our name and the session's
    /// (Front-Channel Logout §2). To be asked before the session ends: afterwards the list melts away.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn list_frontchannel_addresses(&self, session: SessionId) -> Result<Vec<Url>, StoreError> {
        let mut addresses = Vec::new();
        for id in self.store.list_session_clients(session, MOST).await? {
            let client = self.store.find_client(&id).await?.filter(|client| !client.is_disabled());
            addresses.extend(client.and_then(|client| client.metadata.frontchannel_logout_uri).map(|url| self.named(url, session)));
        }
        Ok(addresses)
    }

    fn named(&self, mut url: Url, session: SessionId) -> Url {
        url.query_pairs_mut().append_pair("iss", &self.identifier()).append_pair("sid", &session.to_string());
        url
    }
}
