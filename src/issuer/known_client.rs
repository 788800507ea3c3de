//! Clients, as they were a moment ago: one query for many requests of the same client.
//!
//! What is remembered is the client and the hashes of its secrets, by its identifier. Whether
//! a request proves to come from it is found out each time ([`super::client_auth`]), so a wrong
//! secret is never remembered as a right one. A change made here is seen at once, one made on
//! another replica or by a command within `session.cache_ms` (security.md TK-14); and without a
//! database nobody is known for longer than that (TK-13).

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::Issuer;
use crate::domain::client::{Client, ClientId};
use crate::store::StoreError;
use crate::store::clients::secrets::ClientWithSecrets;

impl Issuer {
    /// Finds a client for a page of somebody who has used it. One that cannot be read is none there:
    /// a broken row keeps nobody from their account, nor from signing out (security.md DB-14).
    ///
    /// # Errors
    ///
    /// [`StoreError`] if the database fails.
    pub(super) async fn find_readable_client(&self, id: &ClientId) -> Result<Option<Client>, StoreError> {
        match self.store.find_client(id).await {
            Err(StoreError::BrokenRow(_)) => Ok(None),
            found => found,
        }
    }

    /// Finds a client with its secrets, disabled or not, as it was `session.cache_ms` ago at most.
    ///
    /// # Errors
    ///
    /// [`StoreError`]: nobody knows then.
    pub(super) async fn find_known_client(&self, id: &ClientId) -> Result<Option<Arc<ClientWithSecrets>>, StoreError> {
        if let Some(known) = self.clients.find(id.as_str()) {
            return Ok(Some(known));
        }
        let reading = self.clients.begin_reading();
        let Some(found) = self.store.find_client_with_secrets(id, self.clock.now()).await? else { return Ok(None) };
        let known = Arc::new(found);
        self.clients.remember(id.as_str(), &known, DateTime::<Utc>::MAX_UTC, reading);
        Ok(Some(known))
    }
}
