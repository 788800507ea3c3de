//! `client_registrations`: the clients that programs have registered (RFC 7591), and how
//! each of them proves that it is its own (RFC 7592).

use chrono::{DateTime, Utc};
use diesel::dsl::{exists, not};
use diesel::prelude::*;

use super::insert_within;
use super::rows::ClientRow;
use crate::domain::client::{Client, ClientId, ClientSecret};
use crate::store::rows::{parse, stored};
use crate::store::schema::{authorization_requests, client_registrations, clients, consents, token_families};
use crate::store::{Store, StoreError};

/// How many clients one transaction deletes at most: few enough to keep nobody waiting.
const BATCH: i64 = 200;

/// What is true of a client that nobody has, had or is about to have anything to do with: no
/// operator has verified it, nobody has allowed it anything, and nobody is being asked.
macro_rules! is_unused {
    () => {
        clients::is_verified
            .eq(false)
            .and(not(exists(authorization_requests::table.filter(authorization_requests::client_id.eq(clients::id)))))
            .and(not(exists(token_families::table.filter(token_families::client_id.eq(clients::id)))))
            .and(not(exists(consents::table.filter(consents::client_id.eq(clients::id)))))
    };
}

impl Store {
    /// Inserts a client of a program with its first secret, if fewer than `quota` unverified ones
    /// are there; tells whether it did (security.md CR-01). `token_hash` is what the program will prove itself with.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if the database fails.
    pub async fn insert_client_of_program(
        &self,
        client: Client,
        secret: Option<ClientSecret>,
        quota: u32,
        token_hash: String,
    ) -> Result<bool, StoreError> {
        self.write(move |connection| {
            if !insert_within(connection, &client, secret.as_ref(), Some(quota))? {
                return Ok(false);
            }
            let row = (
                client_registrations::client_id.eq(client.id.as_str()),
                client_registrations::token_hash.eq(&token_hash),
                client_registrations::registered_at.eq(stored(client.created_at)),
            );
            diesel::insert_into(client_registrations::table).values(row).execute(connection)?;
            Ok(true)
        })
        .await
    }

    /// Finds the client of a program that brings what it was given when it registered.
    ///
    /// # Errors
    ///
    /// [`StoreError::BrokenRow`], or what the database says.
    pub async fn find_client_of_program(&self, id: &ClientId, token_hash: &str) -> Result<Option<Client>, StoreError> {
        let (id, token_hash) = (id.to_string(), token_hash.to_owned());
        self.read(move |connection| {
            let own = clients::table.inner_join(client_registrations::table).filter(clients::id.eq(&id));
            let row = own.filter(client_registrations::token_hash.eq(&token_hash)).select(ClientRow::as_select()).first(connection);
            row.optional()?.map(Client::try_from).transpose()
        })
        .await
    }

    /// Deletes clients of programs that were registered before a time and that nobody uses, in
    /// small batches; any number of replicas may do it (security.md DB-12). Returns which.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if the database fails; what was deleted before stays so.
    pub async fn delete_unused_clients(&self, registered_before: DateTime<Utc>) -> Result<Vec<ClientId>, StoreError> {
        let before = stored(registered_before);
        let mut gone = Vec::new();
        loop {
            let batch = self.write(move |connection| {
                let old = clients::table.inner_join(client_registrations::table).filter(client_registrations::registered_at.le(before));
                let old = old.filter(is_unused!()).order(client_registrations::registered_at).limit(BATCH);
                let mut ids: Vec<String> = old.select(clients::id).load(connection)?;
                ids.sort_unstable();
                let mut deleted = Vec::new();
                for id in ids {
                    // Asked again: somebody may be on the way with it meanwhile.
                    let unused = clients::table.filter(clients::id.eq(&id)).filter(is_unused!());
                    if diesel::delete(unused).execute(connection)? == 1 {
                        deleted.push(parse("client", &id)?);
                    }
                }
                Ok(deleted)
            });
            let batch = batch.await?;
            let is_last = batch.is_empty();
            gone.extend(batch);
            if is_last {
                return Ok(gone);
            }
        }
    }
}
