//! `client_secrets`: only hashes, and two at most at a time (security.md TK-06, CR-04).

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;

use super::rows::{ClientRow, SecretRow};
use crate::domain::client::{Client, ClientId, ClientSecret};
use crate::domain::ids::UserId;
use crate::store::connection::AnyConnection;
use crate::store::rows::stored;
use crate::store::schema::{client_secrets, clients};
use crate::store::{Store, StoreError};

/// A client together with what it can prove itself with.
#[derive(Clone, Debug)]
pub struct ClientWithSecrets {
    /// The client.
    pub client: Arc<Client>,
    /// Its secrets that still work, the newest first; two at most.
    pub secrets: Vec<ClientSecret>,
}

impl ClientWithSecrets {
    /// Returns the secrets that work at a time.
    pub fn secrets_at(&self, now: DateTime<Utc>) -> impl Iterator<Item = &ClientSecret> {
        self.secrets.iter().filter(move |secret| secret.expires_at.is_none_or(|at| at > now))
    }
}

impl Store {
    /// Finds a client with its secrets that still work, in one query.
    ///
    /// # Errors
    ///
    /// [`StoreError::BrokenRow`], or what the database says.
    pub async fn find_client_with_secrets(&self, id: &ClientId, now: DateTime<Utc>) -> Result<Option<ClientWithSecrets>, StoreError> {
        let (id, now) = (id.to_string(), stored(now));
        self.read(move |connection| {
            let rows = clients::table
                .left_join(client_secrets::table)
                .filter(clients::id.eq(&id))
                .order((client_secrets::created_at.desc(), client_secrets::id.desc()))
                .select((ClientRow::as_select(), Option::<SecretRow>::as_select()))
                .load::<(ClientRow, Option<SecretRow>)>(connection)?;
            let mut rows = rows.into_iter();
            let Some((client, first)) = rows.next() else { return Ok(None) };
            let all = first.into_iter().chain(rows.filter_map(|(_, secret)| secret)).map(ClientSecret::try_from);
            let works = |secret: &ClientSecret| secret.expires_at.is_none_or(|at| at > now.and_utc());
            let secrets = all.filter(|secret| secret.as_ref().map_or(true, works)).collect::<Result<_, _>>()?;
            Ok(Some(ClientWithSecrets { client: Arc::new(client.try_into()?), secrets }))
        })
        .await
    }

    /// Adds a secret; the one before works on for `overlap`, and older ones no more.
    ///
    /// `owner`: whose the client must be; `None`: anybody's.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotFound`] if there is no such client, or it is not theirs.
    pub async fn rotate_client_secret(
        &self,
        id: &ClientId,
        owner: Option<UserId>,
        secret: ClientSecret,
        overlap: Duration,
    ) -> Result<(), StoreError> {
        let (id, overlap) = (id.clone(), TimeDelta::from_std(overlap).unwrap_or(TimeDelta::days(365)));
        self.write(move |connection| {
            super::load_for_change(connection, id.as_str(), owner, secret.created_at)?;
            let own = client_secrets::table.filter(client_secrets::client_id.eq(id.as_str()));
            diesel::delete(own.filter(client_secrets::expires_at.is_not_null())).execute(connection)?;
            let ends_at = stored(secret.created_at + overlap);
            diesel::update(own).set(client_secrets::expires_at.eq(ends_at)).execute(connection)?;
            insert(connection, &id, &secret)
        })
        .await
    }

    /// Ends every secret that a newer one has taken the place of; tells whether there was one.
    ///
    /// `owner`: whose the client must be; `None`: anybody's.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotFound`] if there is no such client, or it is not theirs.
    pub async fn end_old_client_secrets(&self, id: &ClientId, owner: Option<UserId>, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let id = id.to_string();
        self.write(move |connection| {
            super::load_for_change(connection, &id, owner, now)?;
            let own = client_secrets::table.filter(client_secrets::client_id.eq(&id));
            Ok(diesel::delete(own.filter(client_secrets::expires_at.is_not_null())).execute(connection)? > 0)
        })
        .await
    }
}

/// Inserts the row of a secret.
pub(super) fn insert(connection: &mut AnyConnection, client: &ClientId, secret: &ClientSecret) -> Result<(), StoreError> {
    let row = (
        client_secrets::id.eq(secret.id.to_string()),
        client_secrets::client_id.eq(client.as_str()),
        client_secrets::secret_hash.eq(&secret.hash),
        client_secrets::sealed.eq(&secret.sealed),
        client_secrets::created_at.eq(stored(secret.created_at)),
        client_secrets::expires_at.eq(secret.expires_at.map(stored)),
    );
    diesel::insert_into(client_secrets::table).values(row).execute(connection)?;
    Ok(())
}
