//! `sessions`: the rows that decide whether a token still counts.

use chrono::{DateTime, Utc};

use super::{Store, StoreError};
use crate::domain::ids::{SessionId, UserId};
use crate::domain::user::{Session, User};

impl Store {
    /// Opens a session.
    pub async fn insert_session(&self, _session: Session) -> Result<(), StoreError> {
        todo!("part store")
    }

    /// Finds a session that has neither ended nor expired, with its user.
    pub async fn find_session(&self, _id: SessionId, _now: DateTime<Utc>) -> Result<Option<(Session, User)>, StoreError> {
        todo!("part store")
    }

    /// Lists a user's open sessions, the newest first.
    pub async fn list_sessions(&self, _user: UserId, _now: DateTime<Utc>) -> Result<Vec<Session>, StoreError> {
        todo!("part store")
    }

    /// Notes that a session was used.
    pub async fn touch_session(&self, _id: SessionId, _now: DateTime<Utc>) -> Result<(), StoreError> {
        todo!("part store")
    }

    /// Ends one session of a user; tells whether it was open.
    pub async fn end_session(&self, _user: UserId, _id: SessionId) -> Result<bool, StoreError> {
        todo!("part store")
    }

    /// Ends all sessions of a user but `keep`; returns the ended ones.
    pub async fn end_sessions(&self, _user: UserId, _keep: Option<SessionId>) -> Result<Vec<SessionId>, StoreError> {
        todo!("part store")
    }

    /// Ends all sessions of everybody; returns how many.
    pub async fn end_all_sessions(&self) -> Result<usize, StoreError> {
        todo!("part store")
    }
}
