//! Clients as they are stored.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use crate::domain::client::{Client, ClientMetadata, ClientSecret};
use crate::store::StoreError;
use crate::store::rows::{parse, stored};
use crate::store::schema::{client_secrets, clients};

/// A client.
#[derive(Queryable, Selectable)]
#[diesel(table_name = clients)]
pub struct ClientRow {
    id: String,
    owner_id: Option<String>,
    metadata: String,
    is_verified: bool,
    skips_consent: bool,
    disabled_at: Option<NaiveDateTime>,
    created_at: NaiveDateTime,
    updated_at: NaiveDateTime,
}

impl TryFrom<ClientRow> for Client {
    type Error = StoreError;

    fn try_from(row: ClientRow) -> Result<Self, StoreError> {
        const KIND: &str = "client";
        Ok(Self {
            id: parse(KIND, &row.id)?,
            owner: row.owner_id.map(|owner| parse(KIND, &owner)).transpose()?,
            metadata: serde_json::from_str(&row.metadata).map_err(|_| StoreError::BrokenRow(KIND))?,
            is_verified: row.is_verified,
            skips_consent: row.skips_consent,
            disabled_at: row.disabled_at.map(|at| at.and_utc()),
            created_at: row.created_at.and_utc(),
            updated_at: row.updated_at.and_utc(),
        })
    }
}

/// A client to be made.
#[derive(Insertable)]
#[diesel(table_name = clients)]
pub struct NewClientRow {
    id: String,
    owner_id: Option<String>,
    name_skeleton: String,
    metadata: String,
    is_verified: bool,
    skips_consent: bool,
    disabled_at: Option<NaiveDateTime>,
    created_at: NaiveDateTime,
    updated_at: NaiveDateTime,
}

impl TryFrom<&Client> for NewClientRow {
    type Error = StoreError;

    fn try_from(client: &Client) -> Result<Self, StoreError> {
        Ok(Self {
            id: client.id.to_string(),
            owner_id: client.owner.map(|owner| owner.to_string()),
            name_skeleton: client.metadata.name.skeleton(),
            metadata: document(&client.metadata)?,
            is_verified: client.is_verified,
            skips_consent: client.skips_consent,
            disabled_at: client.disabled_at.map(stored),
            created_at: stored(client.created_at),
            updated_at: stored(client.updated_at),
        })
    }
}

/// A client's secret.
#[derive(Queryable, Selectable)]
#[diesel(table_name = client_secrets)]
pub struct SecretRow {
    id: String,
    secret_hash: String,
    sealed: Option<String>,
    created_at: NaiveDateTime,
    expires_at: Option<NaiveDateTime>,
}

impl TryFrom<SecretRow> for ClientSecret {
    type Error = StoreError;

    fn try_from(row: SecretRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: parse("client secret", &row.id)?,
            hash: row.secret_hash,
            sealed: row.sealed,
            created_at: row.created_at.and_utc(),
            expires_at: row.expires_at.map(|at| at.and_utc()),
        })
    }
}

/// Writes the document that holds what an owner chose.
pub fn document(metadata: &ClientMetadata) -> Result<String, StoreError> {
    serde_json::to_string(metadata).map_err(|_| StoreError::BrokenRow("client"))
}
