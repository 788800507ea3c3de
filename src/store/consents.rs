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

/// What a code rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Basis {
    /// The person has just said yes, or nobody has to be asked: it is added to what was allowed before.
    Given(Consent),
    /// The person was not asked, because of what they had allowed before: it has to hold still.
    Remembered(RowId),
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

/// Tells whether a basis holds, and keeps it so until the transaction ends: whoever takes the
/// consent back waits, and then ends what rests on it too (security.md AS-09).
pub(super) fn rest_on(connection: &mut AnyConnection, basis: &Basis) -> Result<bool, StoreError> {
    match basis {
        Basis::Given(consent) => keep_consent(connection, consent).map(|()| true),
        Basis::Remembered(id) => {
            let row = consents::table.find(id.to_string());
            Ok(diesel::update(row).set(consents::updated_at.eq(consents::updated_at)).execute(connection)? == 1)
        }
    }
}

/// Adds a consent to what the same person has allowed the same client before. Two at once
/// run into the unique key; the second then starts over and finds the row.
pub(super) fn keep_consent(connection: &mut AnyConnection, consent: &Consent) -> Result<(), StoreError> {
    let (user, client) = (consent.user_id.to_string(), consent.client_id.to_string());
    let own = consents::table.filter(consents::user_id.eq(&user)).filter(consents::client_id.eq(&client));
    // The same value again: what is wanted is the lock, under which it is read.
    if diesel::update(own).set(consents::updated_at.eq(consents::updated_at)).execute(connection)? == 0 {
        return insert_consent(connection, consent);
    }
    let before: String = own.select(consents::scopes).first(connection)?;
    let before = Scopes::parse(&before).map_err(|_| StoreError::BrokenRow("consent"))?;
    if !consent.scopes.is_subset(&before) {
        let all = before.union(&consent.scopes).to_string();
        let columns = (consents::scopes.eq(all), consents::updated_at.eq(stored(consent.updated_at)));
        diesel::update(own).set(columns).execute(connection)?;
    }
    Ok(())
}

fn insert_consent(connection: &mut AnyConnection, consent: &Consent) -> Result<(), StoreError> {
    let row = (
        consents::id.eq(consent.id.to_string()),
        consents::user_id.eq(consent.user_id.to_string()),
        consents::client_id.eq(consent.client_id.to_string()),
        consents::scopes.eq(consent.scopes.to_string()),
        consents::created_at.eq(stored(consent.created_at)),
        consents::updated_at.eq(stored(consent.updated_at)),
    );
    match diesel::insert_into(consents::table).values(row).execute(connection).map_err(StoreError::from) {
        Err(error) if super::transaction::is_unique_violation(&error) => Err(super::transaction::start_over()),
        result => result.map(|_| ()),
    }
}
