//! `consumed_attempts`: what makes an attempt single-use, and how it ended.
//!
//! A row is inserted before the code is exchanged; its unique key decides who is
//! first. The outcome is written to it for whoever delivers the same answer again.

use chrono::{DateTime, Utc};

use super::{Store, StoreError};
use crate::domain::ids::{AttemptId, SessionId, UserId};

/// How a consumed attempt ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// A session was opened.
    SignedIn {
        /// Whose.
        user_id: UserId,
        /// Which.
        session_id: SessionId,
    },
    /// An identity was linked to the user.
    Linked {
        /// Whose.
        user_id: UserId,
    },
    /// It failed; the person gets the same words and reference again.
    Failed {
        /// The cause's name.
        cause: String,
        /// The reference in the log.
        reference: String,
    },
}

impl Store {
    /// Consumes an attempt; tells whether this call was the first to do so
    /// (security.md DB-01, SO-02). The row may be deleted after `expires_at`.
    pub async fn consume_attempt(&self, _id: AttemptId, _expires_at: DateTime<Utc>) -> Result<bool, StoreError> {
        todo!("part store")
    }

    /// Writes how a consumed attempt ended.
    pub async fn record_outcome(&self, _id: AttemptId, _outcome: Outcome) -> Result<(), StoreError> {
        todo!("part store")
    }

    /// Finds how a consumed attempt ended; `None` while it is under way.
    pub async fn find_outcome(&self, _id: AttemptId) -> Result<Option<Outcome>, StoreError> {
        todo!("part store")
    }

    /// Uses up a one-time value of ours, such as a flash that travels in a URL;
    /// tells whether this call was the first to do so.
    pub async fn spend(&self, _value_hash: &str, _expires_at: DateTime<Utc>) -> Result<bool, StoreError> {
        todo!("part store")
    }
}
