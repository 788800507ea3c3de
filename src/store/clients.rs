//! `clients`, `client_secrets` and `client_registrations`: applications of our issuer.
//!
//! What is looked for has a column; the rest of a client is one document, so that a
//! request needs one row by its key. Whoever asks on behalf of a person names the
//! owner in every query, so that somebody else's client is no client (security.md CR-01).

pub mod registrations;
mod rows;
pub mod secrets;

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use super::connection::AnyConnection;
use super::rows::stored;
use super::schema::{client_secrets, clients, users};
use super::throttles::wait_in_line;
use super::{Store, StoreError};
use crate::domain::client::{Client, ClientId, ClientMetadata, ClientSecret};
use crate::domain::ids::UserId;
use rows::{ClientRow, NewClientRow, document};

/// What an operator may switch on a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClientSwitch {
    /// Whether it may do anything.
    Disabled(bool),
    /// Whether it is known who is behind it.
    Verified(bool),
    /// Whether people are not asked for consent.
    SkipsConsent(bool),
}

impl ClientSwitch {
    /// Returns the word for logs: what the client is from now on.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Disabled(true) => "disabled",
            Self::Disabled(false) => "enabled",
            Self::Verified(true) => "verified",
            Self::Verified(false) => "unverified",
            Self::SkipsConsent(true) => "skips_consent",
            Self::SkipsConsent(false) => "asks_consent",
        }
    }
}

impl Store {
    /// Inserts a client with its first secret, if its owner has fewer than `quota`, or, of one
    /// without an owner, if fewer unverified ones are there; tells whether it did (security.md CR-01).
    ///
    /// # Errors
    ///
    /// [`StoreError::NotFound`] if there is no such owner.
    pub async fn insert_client(&self, client: Client, secret: Option<ClientSecret>, quota: Option<u32>) -> Result<bool, StoreError> {
        self.write(move |connection| insert_within(connection, &client, secret.as_ref(), quota)).await
    }

    /// Finds a client, disabled or not.
    ///
    /// # Errors
    ///
    /// [`StoreError::BrokenRow`], or what the database says.
    pub async fn find_client(&self, id: &ClientId) -> Result<Option<Client>, StoreError> {
        let id = id.to_string();
        self.read(move |connection| {
            let row = clients::table.find(&id).select(ClientRow::as_select()).first(connection).optional()?;
            row.map(Client::try_from).transpose()
        })
        .await
    }

    /// Finds a client of an owner; anybody else's is none (security.md CR-01).
    ///
    /// # Errors
    ///
    /// [`StoreError::BrokenRow`], or what the database says.
    pub async fn find_client_of(&self, owner: UserId, id: &ClientId) -> Result<Option<Client>, StoreError> {
        let id = id.to_string();
        self.read(move |connection| {
            let own = clients::table.find(&id).filter(clients::owner_id.eq(owner.to_string()));
            own.select(ClientRow::as_select()).first(connection).optional()?.map(Client::try_from).transpose()
        })
        .await
    }

    /// Lists the clients of an owner, the oldest first.
    ///
    /// # Errors
    ///
    /// [`StoreError::BrokenRow`], or what the database says.
    pub async fn list_clients_of(&self, owner: UserId) -> Result<Vec<Client>, StoreError> {
        self.read(move |connection| {
            let own = clients::table.filter(clients::owner_id.eq(owner.to_string())).order((clients::created_at, clients::id));
            own.select(ClientRow::as_select()).load(connection)?.into_iter().map(Client::try_from).collect()
        })
        .await
    }

    /// Lists every client by its identifier, `limit` at most, after the given one.
    /// Leaves out rows that cannot be read.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if the database fails.
    pub async fn list_clients(&self, after: Option<&ClientId>, limit: i64) -> Result<Vec<Client>, StoreError> {
        let after = after.map(ClientId::to_string).unwrap_or_default();
        self.read(move |connection| {
            let page = clients::table.filter(clients::id.gt(&after)).order(clients::id).limit(limit);
            let rows = page.select(ClientRow::as_select()).load::<ClientRow>(connection)?;
            Ok(rows.into_iter().filter_map(|row| Client::try_from(row).ok()).collect())
        })
        .await
    }

    /// Tells whether a verified client of somebody else has a name that looks like this
    /// (security.md CR-03).
    ///
    /// # Errors
    ///
    /// [`StoreError`] if the database fails.
    pub async fn is_name_verified_elsewhere(&self, skeleton: &str, owner: Option<UserId>) -> Result<bool, StoreError> {
        let (skeleton, owner) = (skeleton.to_owned(), owner.map(|owner| owner.to_string()));
        self.read(move |connection| {
            let alike = clients::table.filter(clients::name_skeleton.eq(&skeleton)).filter(clients::is_verified.eq(true));
            let owners: Vec<Option<String>> = alike.select(clients::owner_id).load(connection)?;
            Ok(owners.iter().any(|other| other.is_none() || *other != owner))
        })
        .await
    }

    /// Changes what its owner chose. A client whose name changes has to be verified anew.
    ///
    /// `owner`: whose it must be; `None`: anybody's.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotFound`] if there is none, or it is not theirs.
    pub async fn update_client(
        &self,
        id: &ClientId,
        owner: Option<UserId>,
        metadata: ClientMetadata,
        now: DateTime<Utc>,
    ) -> Result<Client, StoreError> {
        let (id, document) = (id.to_string(), document(&metadata)?);
        self.write(move |connection| {
            let client = load_for_change(connection, &id, owner, now)?;
            let keeps_name = client.metadata.name == metadata.name;
            let columns = (
                clients::metadata.eq(&document),
                clients::name_skeleton.eq(metadata.name.skeleton()),
                clients::is_verified.eq(client.is_verified && keeps_name),
                clients::updated_at.eq(stored(now)),
            );
            diesel::update(clients::table.find(&id)).set(columns).execute(connection)?;
            if !metadata.authentication.needs_secret() {
                diesel::delete(client_secrets::table.filter(client_secrets::client_id.eq(&id))).execute(connection)?;
            }
            clients::table.find(&id).select(ClientRow::as_select()).first(connection)?.try_into()
        })
        .await
    }

    /// Switches what only an operator may.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotFound`].
    pub async fn switch_client(&self, id: &ClientId, switch: ClientSwitch, now: DateTime<Utc>) -> Result<(), StoreError> {
        let (id, now) = (id.to_string(), stored(now));
        self.write(move |connection| {
            let client = clients::table.find(&id);
            let changed = match switch {
                ClientSwitch::Disabled(is_disabled) => {
                    let columns = (clients::disabled_at.eq(is_disabled.then_some(now)), clients::updated_at.eq(now));
                    diesel::update(client).set(columns).execute(connection)?
                }
                ClientSwitch::Verified(is_verified) => {
                    diesel::update(client).set((clients::is_verified.eq(is_verified), clients::updated_at.eq(now))).execute(connection)?
                }
                ClientSwitch::SkipsConsent(skips) => {
                    diesel::update(client).set((clients::skips_consent.eq(skips), clients::updated_at.eq(now))).execute(connection)?
                }
            };
            if changed == 0 { Err(StoreError::NotFound) } else { Ok(()) }
        })
        .await
    }

    /// Deletes a client with everything that hangs on it; tells whether there was one.
    ///
    /// `owner`: whose it must be; `None`: anybody's.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if the database fails; the client is still there then.
    pub async fn delete_client(&self, id: &ClientId, owner: Option<UserId>) -> Result<bool, StoreError> {
        let id = id.to_string();
        self.write(move |connection| {
            let client = clients::table.find(&id);
            let deleted = match owner {
                Some(owner) => diesel::delete(client.filter(clients::owner_id.eq(owner.to_string()))).execute(connection)?,
                None => diesel::delete(client).execute(connection)?,
            };
            Ok(deleted == 1)
        })
        .await
    }
}

/// Inserts a client with its first secret, if there is room for it; tells whether it did.
fn insert_within(
    connection: &mut AnyConnection,
    client: &Client,
    secret: Option<&ClientSecret>,
    quota: Option<u32>,
) -> Result<bool, StoreError> {
    if let Some(quota) = quota {
        let there = match client.owner {
            Some(owner) => count_locked(connection, owner)?,
            None => count_strangers_locked(connection, client.created_at)?,
        };
        if there >= i64::from(quota) {
            return Ok(false);
        }
    }
    diesel::insert_into(clients::table).values(&NewClientRow::try_from(client)?).execute(connection)?;
    if let Some(secret) = secret {
        secrets::insert(connection, &client.id, secret)?;
    }
    Ok(true)
}

/// Counts the clients of an owner, whose row is written first, so that two inserts
/// wait for each other.
fn count_locked(connection: &mut AnyConnection, owner: UserId) -> Result<i64, StoreError> {
    let user = users::table.find(owner.to_string());
    // The same value again: what is wanted is the lock.
    diesel::update(user).set(users::updated_at.eq(users::updated_at)).execute(connection)?;
    Ok(clients::table.filter(clients::owner_id.eq(owner.to_string())).count().get_result(connection)?)
}

/// Counts the clients that nobody owns and nobody has verified; two inserts wait for each other.
fn count_strangers_locked(connection: &mut AnyConnection, now: DateTime<Utc>) -> Result<i64, StoreError> {
    wait_in_line(connection, "clients of nobody", now)?;
    let strangers = clients::table.filter(clients::owner_id.is_null()).filter(clients::is_verified.eq(false));
    Ok(strangers.count().get_result(connection)?)
}

/// Reads a client that is about to change. Its row is written first, so that two
/// changes wait for each other.
fn load_for_change(connection: &mut AnyConnection, id: &str, owner: Option<UserId>, now: DateTime<Utc>) -> Result<Client, StoreError> {
    diesel::update(clients::table.find(id)).set(clients::updated_at.eq(stored(now))).execute(connection)?;
    let found = clients::table.find(id).select(ClientRow::as_select()).first(connection).optional()?;
    let client = found.map(Client::try_from).transpose()?.ok_or(StoreError::NotFound)?;
    if owner.is_none_or(|owner| client.owner == Some(owner)) { Ok(client) } else { Err(StoreError::NotFound) }
}
