//! `consents`: what people have allowed clients, so that they need not be asked again
//! and can take it back (security.md AS-08, AS-09).

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;

use super::connection::AnyConnection;
use super::rows::{parse, stored};
use super::schema::{consents, token_families};
use super::{Store, StoreError};
use crate::domain::client::ClientId;
use crate::domain::ids::{FamilyId, RowId, UserId};
use crate::domain::scope::Scopes;

/// What one person has allowed one client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consent {
    /// The row.
    pub id: RowId,
    /// Who.
    pub user_id: UserId,
    /// Whom.
    pub client_id: ClientId,
    /// What.
    pub scopes: Scopes,
    /// Since when.
    pub created_at: DateTime<Utc>,
    /// When it was said last.
    pub updated_at: DateTime<Utc>,
}

type Row = (String, String, String, String, NaiveDateTime, NaiveDateTime);

fn read((id, user_id, client_id, scopes, created_at, updated_at): Row) -> Result<Consent, StoreError> {
    const KIND: &str = "consent";
    Ok(Consent {
        id: parse(KIND, &id)?,
        user_id: parse(KIND, &user_id)?,
        client_id: parse(KIND, &client_id)?,
        scopes: Scopes::parse(&scopes).map_err(|_| StoreError::BrokenRow(KIND))?,
        created_at: created_at.and_utc(),
        updated_at: updated_at.and_utc(),
    })
}

impl Store {
    /// Finds what a person has allowed a client.
    ///
    /// # Errors
    ///
    /// [`StoreError::BrokenRow`], or what the database says.
    pub async fn find_consent(&self, user: UserId, client: &ClientId) -> Result<Option<Consent>, StoreError> {
        let (user, client) = (user.to_string(), client.to_string());
        let row = self.read(move |connection| {
            let own = consents::table.filter(consents::user_id.eq(&user)).filter(consents::client_id.eq(&client));
            Ok(own.first::<Row>(connection).optional()?)
        });
        row.await?.map(read).transpose()
    }

    /// Lists what a person has allowed, the newest first.
    ///
    /// # Errors
    ///
    /// [`StoreError::BrokenRow`], or what the database says.
    pub async fn list_consents(&self, user: UserId) -> Result<Vec<Consent>, StoreError> {
        let user = user.to_string();
        let rows = self.read(move |connection| {
            let own = consents::table.filter(consents::user_id.eq(&user));
            Ok(own.order((consents::updated_at.desc(), consents::id.desc())).load::<Row>(connection)?)
        });
        rows.await?.into_iter().map(read).collect()
    }

    /// Takes a consent back and ends everything that came of it, in one transaction.
    /// Returns the ended families; `None` if the consent is none of theirs.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if the database fails; it all holds on then (security.md TK-13).
    pub async fn revoke_consent(&self, user: UserId, client: &ClientId) -> Result<Option<Vec<FamilyId>>, StoreError> {
        let (user, client) = (user.to_string(), client.to_string());
        self.write(move |connection| {
            let own = consents::table.filter(consents::user_id.eq(&user)).filter(consents::client_id.eq(&client));
            if diesel::delete(own).execute(connection)? == 0 {
                return Ok(None);
            }
            let families = token_families::table.filter(token_families::user_id.eq(&user)).filter(token_families::client_id.eq(&client));
            let ids: Vec<String> = families.select(token_families::id).load(connection)?;
            diesel::delete(families).execute(connection)?;
            Ok(Some(ids.iter().filter_map(|id| id.parse().ok()).collect()))
        })
        .await
    }
}

/// Keeps a consent, in place of an older one of the same person and client. Two at once
/// run into the unique key; the second then starts over and finds the row.
pub(super) fn keep_consent(connection: &mut AnyConnection, consent: &Consent) -> Result<(), StoreError> {
    let (user, client, scopes) = (consent.user_id.to_string(), consent.client_id.to_string(), consent.scopes.to_string());
    let own = consents::table.filter(consents::user_id.eq(&user)).filter(consents::client_id.eq(&client));
    let columns = (consents::scopes.eq(&scopes), consents::updated_at.eq(stored(consent.updated_at)));
    if diesel::update(own).set(columns).execute(connection)? > 0 {
        return Ok(());
    }
    let row = (
        consents::id.eq(consent.id.to_string()),
        consents::user_id.eq(&user),
        consents::client_id.eq(&client),
        consents::scopes.eq(&scopes),
        consents::created_at.eq(stored(consent.created_at)),
        consents::updated_at.eq(stored(consent.updated_at)),
    );
    match diesel::insert_into(consents::table).values(row).execute(connection).map_err(StoreError::from) {
        Err(error) if super::transaction::is_unique_violation(&error) => Err(super::transaction::start_over()),
        result => result.map(|_| ()),
    }
}
