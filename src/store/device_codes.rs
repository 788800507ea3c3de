//! `device_codes`: devices that wait until somebody has decided about them elsewhere (RFC 8628).
//!
//! A row is *pending*, then *approved* or *denied* by whoever typed its user code;
//! the device that asks for it after that takes it away.

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use diesel::prelude::*;

use super::connection::AnyConnection;
use super::families::{Family, insert_family};
use super::refresh_tokens::{Issue, insert_issue};
use super::rows::{parse, stored};
use super::schema::device_codes;
use super::sessions::touch_open;
use super::{Store, StoreError};
use crate::domain::client::ClientId;
use crate::domain::ids::{SessionId, UserId};
use crate::domain::scope::Scopes;

/// What is added to the interval of a device that asks too often, in seconds (RFC 8628 §3.5).
const SLOWER_BY_SECS: i32 = 5;

/// A device that waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceCode {
    /// SHA-256 of the device's code.
    pub device_hash: String,
    /// A keyed hash of the person's code.
    pub user_code_hash: String,
    /// The application on the device.
    pub client_id: ClientId,
    /// What it asks for.
    pub scopes: Scopes,
    /// What was decided.
    pub state: DeviceState,
    /// How long to wait between two questions, in seconds.
    pub interval_secs: i32,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it is too late.
    pub expires_at: DateTime<Utc>,
}

/// What was decided about a device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeviceState {
    /// Nothing yet.
    Pending,
    /// Somebody said yes.
    Approved {
        /// Who.
        user: UserId,
        /// When they had signed in.
        auth_time: DateTime<Utc>,
        /// And how.
        method: String,
    },
    /// Somebody said no.
    Denied,
}

impl DeviceState {
    fn word(&self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Approved { .. } => "approved",
            Self::Denied => "denied",
        }
    }
}

/// What a device hears that asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Polled {
    /// It is none of this client's codes.
    Unknown,
    /// It asks too often.
    TooSoon,
    /// It is too late.
    Expired,
    /// This is how it stands.
    Found(DeviceCode),
}

/// A row as it is stored.
#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = device_codes)]
struct Row {
    device_hash: String,
    user_code_hash: String,
    client_id: String,
    scopes: String,
    state: String,
    user_id: Option<String>,
    auth_time: Option<NaiveDateTime>,
    method: Option<String>,
    interval_secs: i32,
    polled_at: Option<NaiveDateTime>,
    created_at: NaiveDateTime,
    expires_at: NaiveDateTime,
}

impl TryFrom<Row> for DeviceCode {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        const KIND: &str = "device code";
        let state = match (row.state.as_str(), row.user_id, row.auth_time, row.method) {
            ("pending", ..) => DeviceState::Pending,
            ("denied", ..) => DeviceState::Denied,
            ("approved", Some(user), Some(at), Some(method)) => {
                DeviceState::Approved { user: parse(KIND, &user)?, auth_time: at.and_utc(), method }
            }
            _ => return Err(StoreError::BrokenRow(KIND)),
        };
        Ok(Self {
            device_hash: row.device_hash,
            user_code_hash: row.user_code_hash,
            client_id: parse(KIND, &row.client_id)?,
            scopes: Scopes::parse(&row.scopes).map_err(|_| StoreError::BrokenRow(KIND))?,
            state,
            interval_secs: row.interval_secs,
            created_at: row.created_at.and_utc(),
            expires_at: row.expires_at.and_utc(),
        })
    }
}

impl Store {
    /// Keeps a device that begins to wait; `false` if its user code is in use.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if the database fails.
    pub async fn insert_device_code(&self, code: &DeviceCode) -> Result<bool, StoreError> {
        let code = code.clone();
        let inserted = self.write(move |connection| {
            let row = Row {
                device_hash: code.device_hash.clone(),
                user_code_hash: code.user_code_hash.clone(),
                client_id: code.client_id.to_string(),
                scopes: code.scopes.to_string(),
                state: DeviceState::Pending.word().to_owned(),
                user_id: None,
                auth_time: None,
                method: None,
                interval_secs: code.interval_secs,
                polled_at: None,
                created_at: stored(code.created_at),
                expires_at: stored(code.expires_at),
            };
            diesel::insert_into(device_codes::table).values(&row).execute(connection)?;
            Ok(())
        });
        super::transaction::is_first(inserted.await)
    }

    /// Finds the device that waits for a decision under a user code.
    ///
    /// # Errors
    ///
    /// [`StoreError::BrokenRow`], or what the database says.
    pub async fn find_pending_device(&self, user_code_hash: &str, now: DateTime<Utc>) -> Result<Option<DeviceCode>, StoreError> {
        let (hash, now) = (user_code_hash.to_owned(), stored(now));
        let row = self.read(move |connection| {
            let pending = device_codes::table
                .filter(device_codes::user_code_hash.eq(&hash))
                .filter(device_codes::state.eq("pending"))
                .filter(device_codes::expires_at.gt(now));
            Ok(pending.select(Row::as_select()).first(connection).optional()?)
        });
        row.await?.map(DeviceCode::try_from).transpose()
    }

    /// Writes what somebody decided in a session; `false` if it was decided before, or is too
    /// late: so it is too when that session has ended meanwhile (security.md SE-02).
    ///
    /// # Errors
    ///
    /// [`StoreError`] if the database fails.
    pub async fn decide_device(
        &self,
        user_code_hash: &str,
        decision: DeviceState,
        session: SessionId,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let (hash, now) = (user_code_hash.to_owned(), stored(now));
        self.write(move |connection| {
            if let DeviceState::Approved { user, .. } = &decision
                && !touch_open(connection, *user, session, now)?
            {
                return Ok(false);
            }
            let pending = device_codes::table
                .filter(device_codes::user_code_hash.eq(&hash))
                .filter(device_codes::state.eq("pending"))
                .filter(device_codes::expires_at.gt(now));
            let (user, auth_time, method) = match &decision {
                DeviceState::Approved { user, auth_time, method } => {
                    (Some(user.to_string()), Some(stored(*auth_time)), Some(method.as_str()))
                }
                DeviceState::Pending | DeviceState::Denied => (None, None, None),
            };
            let columns = (
                device_codes::state.eq(decision.word()),
                device_codes::user_id.eq(user),
                device_codes::auth_time.eq(auth_time),
                device_codes::method.eq(method),
            );
            Ok(diesel::update(pending).set(columns).execute(connection)? == 1)
        })
        .await
    }

    /// Tells a device how it stands, and notes that it asked.
    ///
    /// # Errors
    ///
    /// [`StoreError::BrokenRow`], or what the database says.
    pub async fn poll_device(&self, device_hash: &str, client: &ClientId, now: DateTime<Utc>) -> Result<Polled, StoreError> {
        let (hash, client) = (device_hash.to_owned(), client.to_string());
        self.write(move |connection| {
            let own = device_codes::table.find(&hash).filter(device_codes::client_id.eq(&client));
            let Some(row) = own.select(Row::as_select()).first(connection).optional()? else { return Ok(Polled::Unknown) };
            let (polled_at, interval) = (row.polled_at, row.interval_secs);
            let code = DeviceCode::try_from(row)?;
            if code.expires_at <= now {
                return Ok(Polled::Expired);
            }
            let is_soon = polled_at.is_some_and(|at| stored(now) - at < TimeDelta::seconds(interval.into()));
            let interval = if is_soon { interval.saturating_add(SLOWER_BY_SECS) } else { interval };
            let columns = (device_codes::polled_at.eq(stored(now)), device_codes::interval_secs.eq(interval));
            diesel::update(device_codes::table.find(&hash)).set(columns).execute(connection)?;
            Ok(if is_soon { Polled::TooSoon } else { Polled::Found(code) })
        })
        .await
    }

    /// Takes a decided device away and writes what is issued to it, in one transaction;
    /// `false` if it was taken before, or its user may not have it.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if the database fails; nothing is issued then.
    pub async fn take_approved_device(&self, device_hash: &str, family: &Family, issue: Issue) -> Result<bool, StoreError> {
        let (hash, family) = (device_hash.to_owned(), family.clone());
        let taken = self.write(move |connection| {
            let approved = device_codes::table.find(&hash).filter(device_codes::state.eq("approved"));
            if diesel::delete(approved).execute(connection)? == 0 || !insert_family(connection, &family)? {
                return Ok(false);
            }
            insert_issue(connection, family.id, &issue)?;
            Ok(true)
        });
        match taken.await {
            Err(StoreError::NotFound) => Ok(false),
            result => result,
        }
    }
}

/// Takes back what a user has allowed devices that have not fetched it yet, after a sign-in by any method or by one.
pub(super) fn delete_approved(connection: &mut AnyConnection, user: UserId, method: Option<&str>) -> Result<(), StoreError> {
    let approved = device_codes::table.filter(device_codes::user_id.eq(user.to_string()));
    match method {
        Some(method) => diesel::delete(approved.filter(device_codes::method.eq(method))).execute(connection)?,
        None => diesel::delete(approved).execute(connection)?,
    };
    Ok(())
}
