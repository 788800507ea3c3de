//! `refresh_tokens`: each is used once and replaced (security.md TK-03; RFC 9700 §4.14).
//!
//! A used one stays in the table as long as it could have lived, so that its reuse
//! is known for what it is: then either the client or a thief has an old one, and
//! the whole family ends.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;

use super::access_tokens::{OpaqueToken, insert_opaque_token};
use super::authentications::touch_password;
use super::codes::Used;
use super::connection::AnyConnection;
use super::consents::{Consent, keep_consent};
use super::families::{Family, FamilyRow, delete_family, extend_family, insert_family, touch_enabled_user};
use super::rows::stored;
use super::schema::{refresh_tokens, token_families};
use super::transaction::Ending;
use super::users::load_user;
use super::{Store, StoreError};
use crate::domain::ids::FamilyId;
use crate::domain::thumbprint::Thumbprint;
use crate::domain::user::User;

/// What is written when tokens are issued.
#[derive(Clone, Debug)]
pub struct Issue {
    /// The access token, if it is an opaque one.
    pub access: Option<OpaqueToken>,
    /// The refresh token, if there is one.
    pub refresh: Option<NewRefreshToken>,
    /// What to remember of a consent that was given on the way.
    pub consent: Option<Consent>,
    /// The time.
    pub now: DateTime<Utc>,
    /// Until when the family holds.
    pub family_until: DateTime<Utc>,
    /// The key that the family is bound to from now on.
    pub key: Option<Thumbprint>,
}

/// A refresh token to be issued. The token itself is never stored.
#[derive(Clone, Debug)]
pub struct NewRefreshToken {
    /// SHA-256 of the token.
    pub token_hash: String,
    /// When it stops working unless it is used.
    pub expires_at: DateTime<Utc>,
}

/// A refresh token that was found.
#[derive(Clone, Debug)]
pub struct FoundRefreshToken {
    /// What it renews.
    pub family: Family,
    /// Who gave it.
    pub user: User,
    /// When it was issued.
    pub issued_at: DateTime<Utc>,
    /// When it stops working unless it is used.
    pub expires_at: DateTime<Utc>,
    /// Whether it was used.
    pub is_used: bool,
}

impl Store {
    /// Finds a refresh token, used or too old or not, whose family holds, with who gave it.
    ///
    /// # Errors
    ///
    /// [`StoreError::BrokenRow`], or what the database says.
    pub async fn find_refresh_token(&self, token_hash: &str, now: DateTime<Utc>) -> Result<Option<FoundRefreshToken>, StoreError> {
        type Row = (FamilyRow, NaiveDateTime, NaiveDateTime, Option<NaiveDateTime>);
        let (token_hash, now) = (token_hash.to_owned(), stored(now));
        self.read(move |connection| {
            let row = refresh_tokens::table
                .inner_join(token_families::table)
                .filter(refresh_tokens::token_hash.eq(&token_hash))
                .filter(token_families::expires_at.gt(now));
            let columns = (FamilyRow::as_select(), refresh_tokens::issued_at, refresh_tokens::expires_at, refresh_tokens::used_at);
            let Some(row) = row.select(columns).first::<Row>(connection).optional()? else { return Ok(None) };
            let (family, issued_at, expires_at, used_at) = (Family::try_from(row.0)?, row.1.and_utc(), row.2.and_utc(), row.3);
            let user = load_user(connection, family.user_id)?;
            Ok(user.map(|user| FoundRefreshToken { family, user, issued_at, expires_at, is_used: used_at.is_some() }))
        })
        .await
    }

    /// Uses a refresh token up and writes what is issued for it, in one transaction.
    /// A second use ends the family (security.md TK-03).
    ///
    /// # Errors
    ///
    /// [`StoreError`] if the database fails; the token is as it was then.
    pub async fn rotate_refresh_token(&self, token_hash: &str, family: &Family, issue: Issue) -> Result<Used, StoreError> {
        let (token_hash, family) = (token_hash.to_owned(), family.clone());
        let rotated = self.write(move |connection| {
            // First of all, so that two uses wait for each other here and not, crosswise, on token and family.
            if !touch_enabled_user(connection, family.user_id)? {
                return Ok(Used::Gone);
            }
            if !mark_used(connection, &token_hash, stored(issue.now))? {
                return end_if_used(connection, &token_hash, family.id);
            }
            // The first proof that a client shows binds all that comes after it.
            if issue.key != family.key && !extend_family(connection, family.id, issue.family_until, issue.key.as_ref())? {
                return Ok(Used::Gone);
            }
            insert_issue(connection, family.id, &issue)?;
            Ok(Used::First)
        });
        match rotated.await {
            // Somebody ended the family meanwhile.
            Err(StoreError::NotFound) => Ok(Used::Gone),
            result => result,
        }
    }

    /// Begins a family that needs no code, with what is issued in it; `false` if its user may not have it.
    ///
    /// `password_hash`: of the password that proved who the user is; it has to hold still, for checking one
    /// takes time in which it can change, and that ends what it opened (security.md SE-02).
    ///
    /// # Errors
    ///
    /// [`StoreError`] if the database fails; nothing is issued then.
    pub async fn insert_family(&self, family: &Family, password_hash: Option<String>, issue: Issue) -> Result<bool, StoreError> {
        let family = family.clone();
        let inserted = self.write_or_undo(move |connection| {
            let holds = |connection: &mut AnyConnection| match &password_hash {
                Some(hash) => touch_password(connection, family.user_id, hash),
                None => Ok(true),
            };
            if !insert_family(connection, &family)? || !holds(connection)? {
                return Ok(Ending::RollBack(false));
            }
            insert_issue(connection, family.id, &issue)?;
            Ok(Ending::Commit(true))
        });
        match inserted.await {
            Err(StoreError::NotFound) => Ok(false),
            result => result,
        }
    }
}

/// Writes what is issued in a family that is there.
pub(super) fn insert_issue(connection: &mut AnyConnection, family: FamilyId, issue: &Issue) -> Result<(), StoreError> {
    if let Some(consent) = &issue.consent {
        keep_consent(connection, consent)?;
    }
    if let Some(access) = &issue.access {
        insert_opaque_token(connection, access)?;
    }
    if let Some(refresh) = &issue.refresh {
        let row = (
            refresh_tokens::token_hash.eq(&refresh.token_hash),
            refresh_tokens::family_id.eq(family.to_string()),
            refresh_tokens::issued_at.eq(stored(issue.now)),
            refresh_tokens::expires_at.eq(stored(refresh.expires_at)),
        );
        diesel::insert_into(refresh_tokens::table).values(row).execute(connection)?;
    }
    Ok(())
}

/// The one guarded statement: whoever changes the row was first.
fn mark_used(connection: &mut AnyConnection, token_hash: &str, now: NaiveDateTime) -> Result<bool, StoreError> {
    let fresh = refresh_tokens::table.find(token_hash).filter(refresh_tokens::used_at.is_null()).filter(refresh_tokens::expires_at.gt(now));
    Ok(diesel::update(fresh).set(refresh_tokens::used_at.eq(now)).execute(connection)? == 1)
}

fn end_if_used(connection: &mut AnyConnection, token_hash: &str, family: FamilyId) -> Result<Used, StoreError> {
    let row = refresh_tokens::table.find(token_hash).filter(refresh_tokens::used_at.is_not_null());
    if row.count().get_result::<i64>(connection)? == 0 {
        return Ok(Used::Gone);
    }
    delete_family(connection, family)?;
    Ok(Used::Again)
}
