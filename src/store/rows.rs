//! Rows as they are stored, and what they mean.
//!
//! A row that cannot be read is an error of its own user and nobody else's
//! (security.md DB-14).

use std::str::FromStr;

use chrono::{DateTime, NaiveDateTime, SubsecRound, Utc};
use diesel::prelude::*;

use super::StoreError;
use super::schema::{sessions, user_authentications, users};
use crate::domain::user::{Session, User};

/// A user with their user name; selected from `users` left-joined with `user_authentications`.
#[derive(Queryable, Selectable)]
#[diesel(table_name = users)]
pub struct UserRow {
    id: String,
    name: String,
    #[diesel(select_expression = user_authentications::username.nullable())]
    username: Option<String>,
    email: Option<String>,
    is_email_proven: bool,
    is_operator: bool,
    disabled_at: Option<NaiveDateTime>,
    created_at: NaiveDateTime,
}

impl TryFrom<UserRow> for User {
    type Error = StoreError;

    fn try_from(row: UserRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: parse("user", &row.id)?,
            name: row.name,
            username: row.username,
            email: row.email,
            is_email_proven: row.is_email_proven,
            is_operator: row.is_operator,
            is_disabled: row.disabled_at.is_some(),
            created_at: row.created_at.and_utc(),
        })
    }
}

/// A session.
#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = sessions)]
pub struct SessionRow {
    id: String,
    user_id: String,
    method: String,
    browser: String,
    created_at: NaiveDateTime,
    seen_at: NaiveDateTime,
    expires_at: NaiveDateTime,
}

impl TryFrom<SessionRow> for Session {
    type Error = StoreError;

    fn try_from(row: SessionRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: parse("session", &row.id)?,
            user_id: parse("session", &row.user_id)?,
            method: row.method,
            browser: row.browser,
            created_at: row.created_at.and_utc(),
            seen_at: row.seen_at.and_utc(),
            expires_at: row.expires_at.and_utc(),
        })
    }
}

impl From<Session> for SessionRow {
    fn from(session: Session) -> Self {
        Self {
            id: session.id.to_string(),
            user_id: session.user_id.to_string(),
            method: session.method,
            browser: session.browser,
            created_at: stored(session.created_at),
            seen_at: stored(session.seen_at),
            expires_at: stored(session.expires_at),
        }
    }
}

/// Reads a stored identifier of a `kind` of row.
pub fn parse<T: FromStr>(kind: &'static str, text: &str) -> Result<T, StoreError> {
    text.parse().map_err(|_| StoreError::BrokenRow(kind))
}

/// Returns a time as it is stored: UTC, whole seconds.
pub fn stored(at: DateTime<Utc>) -> NaiveDateTime {
    at.naive_utc().trunc_subsecs(0)
}
