//! `user_oauths`: the identities that belong to users.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;

use super::connection::AnyConnection;
use super::rows::{UserRow, parse, stored};
use super::schema::{user_authentications, user_oauths, users};
use super::transaction::{is_unique_violation, start_over};
use super::{Conflict, Store, StoreError};
use crate::clock::Clock;
use crate::domain::identity::{Identity, ProviderId};
use crate::domain::ids::{RowId, UserId};
use crate::domain::user::{LinkedIdentity, User};

impl Store {
    /// Finds the user an identity belongs to.
    ///
    /// # Errors
    ///
    /// [`StoreError::BrokenRow`], or what the database says.
    pub async fn find_user_by_identity(&self, identity: &Identity) -> Result<Option<User>, StoreError> {
        let identity = identity.clone();
        self.read(move |connection| find_owner(connection, &identity)).await
    }

    /// Lists the identities of a user, the oldest first.
    ///
    /// # Errors
    ///
    /// [`StoreError::BrokenRow`], or what the database says.
    pub async fn list_identities(&self, user: UserId) -> Result<Vec<LinkedIdentity>, StoreError> {
        let user = user.to_string();
        let rows = self.read(move |connection| {
            let own = user_oauths::table.filter(user_oauths::user_id.eq(&user)).order((user_oauths::created_at, user_oauths::id));
            let columns = (user_oauths::id, user_oauths::provider, user_oauths::created_at);
            Ok(own.select(columns).load::<(String, String, NaiveDateTime)>(connection)?)
        });
        let linked = |(id, provider, created_at): (String, String, NaiveDateTime)| {
            Ok(LinkedIdentity {
                id: parse("identity", &id)?,
                provider: ProviderId::parse(&provider).ok_or(StoreError::BrokenRow("identity"))?,
                created_at: created_at.and_utc(),
            })
        };
        rows.await?.into_iter().map(linked).collect()
    }

    /// Links an identity to an existing user.
    ///
    /// # Errors
    ///
    /// [`StoreError::Conflict`] (identity) if it belongs to somebody else;
    /// linking it twice to the same user is no error. [`StoreError::NotFound`] if
    /// there is no such user.
    pub async fn link_identity(&self, user: UserId, identity: &Identity, now: DateTime<Utc>) -> Result<(), StoreError> {
        let identity = identity.clone();
        self.write(move |connection| match find_owner(connection, &identity)? {
            Some(owner) if owner.id == user => Ok(()),
            Some(_) => Err(StoreError::Conflict(Conflict::Identity)),
            None => match insert_identity(connection, user, &identity, now) {
                // Somebody was faster; look again who.
                Err(error) if is_unique_violation(&error) => Err(start_over()),
                result => result,
            },
        })
        .await
    }
}

/// Inserts the row of an identity.
pub fn insert_identity(connection: &mut AnyConnection, user: UserId, identity: &Identity, now: DateTime<Utc>) -> Result<(), StoreError> {
    let row = (
        user_oauths::id.eq(RowId::new(&Clock::fixed(now)).to_string()),
        user_oauths::user_id.eq(user.to_string()),
        user_oauths::provider.eq(identity.provider.as_str()),
        user_oauths::issuer.eq(&identity.issuer),
        user_oauths::identity.eq(identity.subject.as_str()),
        user_oauths::created_at.eq(stored(now)),
        user_oauths::last_used_at.eq(stored(now)),
    );
    diesel::insert_into(user_oauths::table).values(row).execute(connection)?;
    Ok(())
}

/// Tells whether an identity still belongs to a user, notes that it was used, and
/// keeps it so until the transaction ends.
pub fn touch_identity(connection: &mut AnyConnection, user: UserId, identity: &Identity, now: NaiveDateTime) -> Result<bool, StoreError> {
    let own = user_oauths::table
        .filter(user_oauths::provider.eq(identity.provider.as_str()))
        .filter(user_oauths::issuer.eq(&identity.issuer))
        .filter(user_oauths::identity.eq(identity.subject.as_str()))
        .filter(user_oauths::user_id.eq(user.to_string()));
    Ok(diesel::update(own).set(user_oauths::last_used_at.eq(now)).execute(connection)? == 1)
}

/// Finds whose an identity is.
fn find_owner(connection: &mut AnyConnection, identity: &Identity) -> Result<Option<User>, StoreError> {
    let row = user_oauths::table
        .inner_join(users::table.left_join(user_authentications::table))
        .filter(user_oauths::provider.eq(identity.provider.as_str()))
        .filter(user_oauths::issuer.eq(&identity.issuer))
        .filter(user_oauths::identity.eq(identity.subject.as_str()))
        .select(UserRow::as_select())
        .first::<UserRow>(connection);
    row.optional()?.map(User::try_from).transpose()
}
