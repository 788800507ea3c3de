//! Programs that look after the clients that they have registered: reading, changing and
//! deleting one of one's own (RFC 7592), and what becomes of those that nobody uses.
//!
//! A program proves itself with the registration access token, which it got once. As soon as an
//! operator has verified a client it is theirs to change: what they have looked at must
//! not become something else behind their back.

use chrono::TimeDelta;
use secrecy::SecretString;
use serde::Deserialize;

use super::flow::Registered;
use super::program::RegistrationError;
use super::wire;
use crate::domain::client::{Client, ClientId};
use crate::issuer::Issuer;
use crate::issuer::event::Event;
use crate::secret::hash_token;
use crate::store::StoreError;

/// Whom a program means by a client that it looks after, and its proof.
#[derive(Clone, Copy, Debug)]
pub struct Caretaker<'a> {
    /// The identifier in the address.
    pub client: &'a str,
    /// The registration access token.
    pub token: &'a str,
}

/// What has to be said again about the client itself (RFC 7592 §2.2).
#[derive(Deserialize)]
struct Named {
    client_id: Option<String>,
}

impl Issuer {
    /// Describes a client to the program that registered it; never with its secret (security.md CR-04).
    ///
    /// # Errors
    ///
    /// [`RegistrationError::Token`], [`RegistrationError::Store`].
    pub async fn read_registration(&self, by: Caretaker<'_>) -> Result<Registered, RegistrationError> {
        let client = self.find_cared_for(by).await?;
        Ok(Registered { client, secret: None, registration_token: Some(by.token.into()) })
    }

    /// Changes a client to what its program describes, as a whole: what is left out is no
    /// longer so (RFC 7592 §2.2). Logs `client_changed` or `registration_refused`.
    ///
    /// # Errors
    ///
    /// [`RegistrationError`].
    pub async fn change_registration(&self, by: Caretaker<'_>, body: &[u8]) -> Result<Registered, RegistrationError> {
        let changed = self.try_to_change(by, body).await;
        changed.map_err(note_refused)
    }

    async fn try_to_change(&self, by: Caretaker<'_>, body: &[u8]) -> Result<Registered, RegistrationError> {
        let before = self.find_unverified(by).await?;
        let named: Named = serde_json::from_slice(body).unwrap_or(Named { client_id: None });
        if named.client_id.as_deref() != Some(before.id.as_str()) {
            return Err(RegistrationError::Metadata("client_id: it must be the client that is changed".to_owned()));
        }
        let changed = self.change_program(before, &wire::read(body)?).await?;
        Ok(Registered { registration_token: Some(SecretString::from(by.token)), ..changed })
    }

    /// Deletes a client for the program that registered it (RFC 7592 §2.3). Logs
    /// `client_deleted` or `registration_refused`.
    ///
    /// # Errors
    ///
    /// [`RegistrationError`].
    pub async fn delete_registration(&self, by: Caretaker<'_>) -> Result<(), RegistrationError> {
        let deleted = async { Ok(self.delete_client(&self.find_unverified(by).await?.id, None).await?) };
        deleted.await.map_err(note_refused)
    }

    /// Deletes the clients of programs that nobody uses and that have had their time
    /// (`issuer.dynamic_unused_days`). Logs `client_deleted` for each; returns how many.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn delete_unused_clients(&self) -> Result<usize, StoreError> {
        let days = self.config.issuer.dynamic_unused_days;
        if days == 0 {
            return Ok(0);
        }
        let gone = self.store.delete_unused_clients(self.clock.now() - TimeDelta::days(i64::from(days))).await?;
        for id in &gone {
            self.forget_client(id);
            Event::new("client_deleted", id).reason("unused").log();
        }
        Ok(gone.len())
    }

    async fn find_unverified(&self, by: Caretaker<'_>) -> Result<Client, RegistrationError> {
        let client = self.find_cared_for(by).await?;
        if client.is_verified { Err(RegistrationError::Verified) } else { Ok(client) }
    }

    /// Finds a client that works, if the token is the one of its registration; all else is alike (RFC 7592 §2).
    async fn find_cared_for(&self, by: Caretaker<'_>) -> Result<Client, RegistrationError> {
        let id = ClientId::parse(by.client).ok_or(RegistrationError::Token)?;
        let found = self.store.find_client_of_program(&id, &hash_token(by.token)).await?;
        found.filter(|client| !client.is_disabled()).ok_or(RegistrationError::Token)
    }
}

fn note_refused(error: RegistrationError) -> RegistrationError {
    log::info!(target: "genkan::issuer", event = "registration_refused", reason = error.code(); "registration refused");
    error
}
