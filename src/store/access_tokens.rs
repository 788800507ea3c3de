//! `access_tokens` and `revoked_tokens`: opaque tokens, and single ones that were taken back.
//!
//! An opaque token is a row, and taking it back deletes the row. A signed one leaves us, so
//! taking it back is a row that lasts as long as it could have been good for.

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use super::connection::AnyConnection;
use super::rows::stored;
use super::schema::{access_tokens, clients, revoked_tokens, token_families};
use super::transaction::is_first;
use super::users::load_user;
use super::{Store, StoreError};
use crate::domain::client::ClientId;
use crate::domain::ids::{FamilyId, UserId};
use crate::domain::user::User;

/// What a token is known by here: never the token itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TokenName {
    /// SHA-256 of the `jti` of a signed one.
    Signed(String),
    /// SHA-256 of an opaque one.
    Opaque(String),
}

/// An opaque token to be stored; the token itself never is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpaqueToken {
    /// SHA-256 of the token.
    pub token_hash: String,
    /// What it says, as JSON.
    pub claims: String,
    /// When it ends.
    pub expires_at: DateTime<Utc>,
}

/// What a token that counts hangs on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Who gave it; nobody if its client acts on its own.
    pub user: Option<User>,
}

impl Store {
    /// Stores an opaque token that nothing else is written for.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if the database fails.
    pub async fn insert_access_token(&self, token: OpaqueToken) -> Result<(), StoreError> {
        self.write(move |connection| insert_opaque_token(connection, &token)).await
    }

    /// Finds the claims of an opaque token, expired or not.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if the database fails.
    pub async fn find_access_token(&self, token_hash: &str) -> Result<Option<String>, StoreError> {
        let token_hash = token_hash.to_owned();
        self.read(move |connection| {
            Ok(access_tokens::table.find(&token_hash).select(access_tokens::claims).first(connection).optional()?)
        })
        .await
    }

    /// Takes one token back; tells whether that was news.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if the database fails: the token counts on then (security.md TK-13).
    pub async fn revoke_access_token(&self, name: TokenName, expires_at: DateTime<Utc>) -> Result<bool, StoreError> {
        let expires_at = stored(expires_at);
        let revoked = self.write(move |connection| match &name {
            TokenName::Opaque(hash) => Ok(diesel::delete(access_tokens::table.find(hash)).execute(connection)? == 1),
            TokenName::Signed(hash) => {
                let row = (revoked_tokens::token_hash.eq(hash), revoked_tokens::expires_at.eq(expires_at));
                diesel::insert_into(revoked_tokens::table).values(row).execute(connection)?;
                Ok(true)
            }
        });
        let mut was_there = true;
        let inserted = revoked.await.map(|deleted| was_there = deleted);
        Ok(is_first(inserted)? && was_there)
    }

    /// Looks up what a token hangs on; `None` if any of it is gone: client, user, family, or
    /// the token itself (security.md TK-14).
    ///
    /// # Errors
    ///
    /// [`StoreError::BrokenRow`], or what the database says: nobody knows then.
    pub async fn find_standing(
        &self,
        holder: (ClientId, Option<(FamilyId, UserId)>),
        name: TokenName,
        now: DateTime<Utc>,
    ) -> Result<Option<Standing>, StoreError> {
        let (client, family) = holder;
        self.read(move |connection| {
            if is_revoked(connection, &name)? || !is_enabled(connection, &client)? {
                return Ok(None);
            }
            let Some((family, user)) = family else { return Ok(Some(Standing { user: None })) };
            let holding = token_families::table
                .find(family.to_string())
                .filter(token_families::client_id.eq(client.as_str()))
                .filter(token_families::user_id.eq(user.to_string()))
                .filter(token_families::expires_at.gt(stored(now)));
            if holding.count().get_result::<i64>(connection)? == 0 {
                return Ok(None);
            }
            let user = load_user(connection, user)?.filter(|user| !user.is_disabled);
            Ok(user.map(|user| Standing { user: Some(user) }))
        })
        .await
    }
}

/// Writes an opaque token, as part of what is issued with it.
pub(super) fn insert_opaque_token(connection: &mut AnyConnection, token: &OpaqueToken) -> Result<(), StoreError> {
    let row = (
        access_tokens::token_hash.eq(&token.token_hash),
        access_tokens::claims.eq(&token.claims),
        access_tokens::expires_at.eq(stored(token.expires_at)),
    );
    diesel::insert_into(access_tokens::table).values(row).execute(connection)?;
    Ok(())
}

fn is_revoked(connection: &mut AnyConnection, name: &TokenName) -> Result<bool, StoreError> {
    match name {
        // That there is a row was seen when it was read.
        TokenName::Opaque(_) => Ok(false),
        TokenName::Signed(hash) => Ok(revoked_tokens::table.find(hash).count().get_result::<i64>(connection)? > 0),
    }
}

fn is_enabled(connection: &mut AnyConnection, client: &ClientId) -> Result<bool, StoreError> {
    let enabled = clients::table.find(client.as_str()).filter(clients::disabled_at.is_null());
    Ok(enabled.count().get_result::<i64>(connection)? == 1)
}
