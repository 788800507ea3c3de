//! `token_families`: what a person has given a client, and what all its tokens hang on.
//!
//! A row means that it holds; ending it deletes the row, and codes, refresh and
//! opaque access tokens go with it. A family that hangs on a session goes with that
//! session, so sign-out, a new password and disabling need no thought of it here.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;

use super::connection::AnyConnection;
use super::device_codes::delete_approved;
use super::rows::{parse, stored};
use super::schema::{token_families, users};
use super::{Store, StoreError};
use crate::domain::client::{ClientId, Grant};
use crate::domain::ids::{FamilyId, SessionId, UserId};
use crate::domain::scope::Scopes;
use crate::domain::thumbprint::Thumbprint;

/// What a person has given a client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Family {
    /// The identifier that every token of it carries.
    pub id: FamilyId,
    /// To whom.
    pub client_id: ClientId,
    /// By whom.
    pub user_id: UserId,
    /// The session it ends with; none for what outlives one.
    pub session: Option<SessionId>,
    /// The session it began in.
    pub sid: Option<SessionId>,
    /// How it was given.
    pub grant_type: Grant,
    /// What for.
    pub scopes: Scopes,
    /// When the person last proved who they are.
    pub auth_time: Option<DateTime<Utc>>,
    /// How: `password`, or the provider's name.
    pub method: Option<String>,
    /// The `claims` that were asked for, as JSON (OIDC Core §5.5).
    pub claims: Option<String>,
    /// The key that the code, or the refresh tokens of a public client, are bound to (RFC 9449 §5, §10).
    pub key: Option<Thumbprint>,
    /// When it began.
    pub created_at: DateTime<Utc>,
    /// When it ends, whatever happens before.
    pub expires_at: DateTime<Utc>,
}

/// A family as it is stored.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = token_families)]
pub(super) struct FamilyRow {
    id: String,
    client_id: String,
    user_id: String,
    session_id: Option<String>,
    sid: Option<String>,
    grant_type: String,
    scopes: String,
    auth_time: Option<NaiveDateTime>,
    method: Option<String>,
    claims: Option<String>,
    created_at: NaiveDateTime,
    expires_at: NaiveDateTime,
    dpop_jkt: Option<String>,
}

impl From<&Family> for FamilyRow {
    fn from(family: &Family) -> Self {
        Self {
            id: family.id.to_string(),
            client_id: family.client_id.to_string(),
            user_id: family.user_id.to_string(),
            session_id: family.session.map(|id| id.to_string()),
            sid: family.sid.map(|id| id.to_string()),
            grant_type: family.grant_type.as_str().to_owned(),
            scopes: family.scopes.to_string(),
            auth_time: family.auth_time.map(stored),
            method: family.method.clone(),
            claims: family.claims.clone(),
            created_at: stored(family.created_at),
            expires_at: stored(family.expires_at),
            dpop_jkt: family.key.as_ref().map(ToString::to_string),
        }
    }
}

impl TryFrom<FamilyRow> for Family {
    type Error = StoreError;

    fn try_from(row: FamilyRow) -> Result<Self, StoreError> {
        const KIND: &str = "token family";
        let session = |id: Option<String>| id.map(|id| parse(KIND, &id)).transpose();
        Ok(Self {
            id: parse(KIND, &row.id)?,
            client_id: parse(KIND, &row.client_id)?,
            user_id: parse(KIND, &row.user_id)?,
            session: session(row.session_id)?,
            sid: session(row.sid)?,
            grant_type: Grant::parse(&row.grant_type).ok_or(StoreError::BrokenRow(KIND))?,
            scopes: Scopes::parse(&row.scopes).map_err(|_| StoreError::BrokenRow(KIND))?,
            auth_time: row.auth_time.map(|at| at.and_utc()),
            method: row.method,
            claims: row.claims,
            key: row.dpop_jkt.map(|key| parse(KIND, &key)).transpose()?,
            created_at: row.created_at.and_utc(),
            expires_at: row.expires_at.and_utc(),
        })
    }
}

impl Store {
    /// Finds a family that holds.
    ///
    /// # Errors
    ///
    /// [`StoreError::BrokenRow`], or what the database says.
    pub async fn find_family(&self, id: FamilyId, now: DateTime<Utc>) -> Result<Option<Family>, StoreError> {
        let (id, now) = (id.to_string(), stored(now));
        let row = self.read(move |connection| {
            let holding = token_families::table.find(&id).filter(token_families::expires_at.gt(now));
            Ok(holding.select(FamilyRow::as_select()).first(connection).optional()?)
        });
        row.await?.map(Family::try_from).transpose()
    }

    /// Ends a family and every token of it; tells whether it held.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if the database fails; it holds on then (security.md TK-13).
    pub async fn end_family(&self, id: FamilyId) -> Result<bool, StoreError> {
        self.write(move |connection| delete_family(connection, id)).await
    }
}

/// Deletes a family and all that hangs on it; tells whether it was there.
pub(super) fn delete_family(connection: &mut AnyConnection, id: FamilyId) -> Result<bool, StoreError> {
    Ok(diesel::delete(token_families::table.find(id.to_string())).execute(connection)? == 1)
}

/// Inserts a family, if its user may still be given anything (security.md TK-14); tells whether.
///
/// The user's row is written first, so that whoever disables them waits and then ends this too.
pub(super) fn insert_family(connection: &mut AnyConnection, family: &Family) -> Result<bool, StoreError> {
    if !touch_enabled_user(connection, family.user_id)? {
        return Ok(false);
    }
    diesel::insert_into(token_families::table).values(FamilyRow::from(family)).execute(connection)?;
    Ok(true)
}

/// Tells whether a user is enabled, and keeps them so until the transaction ends.
pub(super) fn touch_enabled_user(connection: &mut AnyConnection, user: UserId) -> Result<bool, StoreError> {
    let enabled = users::table.find(user.to_string()).filter(users::disabled_at.is_null());
    Ok(diesel::update(enabled).set(users::updated_at.eq(users::updated_at)).execute(connection)? == 1)
}

/// Lets a family last until `until`, bound to this key; tells whether it is there.
pub(super) fn extend_family(
    connection: &mut AnyConnection,
    id: FamilyId,
    until: DateTime<Utc>,
    key: Option<&Thumbprint>,
) -> Result<bool, StoreError> {
    let row = token_families::table.find(id.to_string());
    let columns = (token_families::expires_at.eq(stored(until)), token_families::dpop_jkt.eq(key.map(Thumbprint::as_str)));
    Ok(diesel::update(row).set(columns).execute(connection)? == 1)
}

/// Ends what outlives a user's sessions; the rest goes with them. What a device may fetch
/// counts too: it is such a family in the making.
///
/// Comes after the sessions have ended, and the devices before the families: whoever
/// gives something just now holds a row that is deleted before what they give.
pub(super) fn delete_lasting_families(connection: &mut AnyConnection, user: UserId) -> Result<(), StoreError> {
    delete_approved(connection, user, None)?;
    let lasting = token_families::table.filter(token_families::user_id.eq(user.to_string())).filter(token_families::session_id.is_null());
    diesel::delete(lasting).execute(connection)?;
    Ok(())
}

/// Ends what outlives sessions and was given after a sign-in by one method, but not in the session `keep`.
pub(super) fn delete_lasting_families_by(
    connection: &mut AnyConnection,
    user: UserId,
    method: &str,
    keep: SessionId,
) -> Result<(), StoreError> {
    delete_approved(connection, user, Some(method))?;
    let lasting = token_families::table.filter(token_families::user_id.eq(user.to_string())).filter(token_families::session_id.is_null());
    let of_others = token_families::sid.is_null().or(token_families::sid.ne(keep.to_string()));
    diesel::delete(lasting.filter(token_families::method.eq(method)).filter(of_others)).execute(connection)?;
    Ok(())
}
