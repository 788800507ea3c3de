//! `email_links`: addresses that somebody claims and has yet to prove (security.md EM-06 to EM-11).
//!
//! The address that becomes proven is the row's, whatever else happened since. A user has one such
//! row at most: a newer claim voids the older one.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;

use super::connection::AnyConnection;
use super::families::delete_lasting_families;
use super::rows::stored;
use super::schema::{email_links, one_time_links, users};
use super::sessions::delete_sessions;
use super::transaction::Ending;
use super::{Store, StoreError};
use crate::domain::email::Email;
use crate::domain::ids::{SessionId, UserId};

/// An address to be proven; the letter with the link goes there, or tells its owner.
#[derive(Clone, Debug)]
pub struct Claim {
    /// SHA-256 of the link's token ([`crate::secret::hash_token`]).
    pub token_hash: String,
    /// The address.
    pub email: Email,
    /// When the link stops working.
    pub expires_at: DateTime<Utc>,
}

/// Somebody with the link to an address, signed in to the account that claims it.
#[derive(Clone, Debug)]
pub struct Proving {
    /// SHA-256 of the link's token.
    pub token_hash: String,
    /// Who is signed in.
    pub user: UserId,
    /// The session that goes on: the one that asks.
    pub keep: SessionId,
    /// The time.
    pub now: DateTime<Utc>,
}

impl Store {
    /// Notes an address that a user wants to prove; older claims and links of theirs end.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotFound`] if there is no such user.
    pub async fn claim_address(&self, user: UserId, claim: Claim, now: DateTime<Utc>) -> Result<(), StoreError> {
        self.write(move |connection| insert_claim(connection, user, &claim, stored(now))).await
    }

    /// Finds the address that a user has claimed and not proven yet.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if the database fails.
    pub async fn find_claim_of(&self, user: UserId, now: DateTime<Utc>) -> Result<Option<String>, StoreError> {
        let (user, now) = (user.to_string(), stored(now));
        self.read(move |connection| {
            let open = email_links::table.filter(email_links::user_id.eq(&user)).filter(email_links::expires_at.gt(now));
            Ok(open.select(email_links::email).first(connection).optional()?)
        })
        .await
    }

    /// Finds the address behind a link of this user's, without using it up.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if the database fails.
    pub async fn find_claim(&self, token_hash: &str, user: UserId, now: DateTime<Utc>) -> Result<Option<String>, StoreError> {
        let (token_hash, now) = (token_hash.to_owned(), stored(now));
        self.read(move |connection| open_claim(connection, &token_hash, user, now)).await
    }

    /// Uses a link up and makes its address the user's own, in one transaction. Every other session,
    /// every other link and every lasting grant of theirs ends (security.md EM-09, EM-10). Returns the ended sessions; `None` if the
    /// link does not work (any more), or is another user's.
    ///
    /// # Errors
    ///
    /// [`StoreError::Conflict`] (address) if somebody else has proven it; the link works on then.
    pub async fn prove_address(&self, proving: Proving) -> Result<Option<Vec<SessionId>>, StoreError> {
        self.write_or_undo(move |connection| {
            let now = stored(proving.now);
            let Some(address) = open_claim(connection, &proving.token_hash, proving.user, now)? else { return Ok(Ending::RollBack(None)) };
            if diesel::delete(email_links::table.find(&proving.token_hash)).execute(connection)? == 0 {
                return Ok(Ending::RollBack(None));
            }
            let email = Email::parse(&address).map_err(|_| StoreError::BrokenRow("claim"))?;
            let columns = (
                users::email.eq(email.as_str()),
                users::email_normal.eq(email.normal()),
                users::is_email_proven.eq(true),
                users::updated_at.eq(now),
            );
            diesel::update(users::table.find(proving.user.to_string())).set(columns).execute(connection)?;
            delete_all_links(connection, proving.user)?;
            let ended = delete_sessions(connection, proving.user, Some(proving.keep))?;
            delete_lasting_families(connection, proving.user)?;
            Ok(Ending::Commit(Some(ended)))
        })
        .await
    }
}

/// Writes a claim in the transaction of its cause. The user's row is written first, so that two wait
/// for each other and one remains.
pub(super) fn insert_claim(connection: &mut AnyConnection, user: UserId, claim: &Claim, now: NaiveDateTime) -> Result<(), StoreError> {
    let touched = diesel::update(users::table.find(user.to_string())).set(users::updated_at.eq(now)).execute(connection)?;
    if touched == 0 {
        return Err(StoreError::NotFound);
    }
    delete_all_links(connection, user)?;
    let row = (
        email_links::token_hash.eq(&claim.token_hash),
        email_links::user_id.eq(user.to_string()),
        email_links::email.eq(claim.email.as_str()),
        email_links::created_at.eq(now),
        email_links::expires_at.eq(stored(claim.expires_at)),
    );
    diesel::insert_into(email_links::table).values(row).execute(connection)?;
    Ok(())
}

/// Ends the claims of a user.
pub(super) fn delete_claims(connection: &mut AnyConnection, user: UserId) -> Result<(), StoreError> {
    diesel::delete(email_links::table.filter(email_links::user_id.eq(user.to_string()))).execute(connection)?;
    Ok(())
}

/// Ends every link of a user, whatever it is for (security.md EM-10).
pub(super) fn delete_all_links(connection: &mut AnyConnection, user: UserId) -> Result<(), StoreError> {
    delete_claims(connection, user)?;
    diesel::delete(one_time_links::table.filter(one_time_links::user_id.eq(user.to_string()))).execute(connection)?;
    Ok(())
}

fn open_claim(connection: &mut AnyConnection, token_hash: &str, user: UserId, now: NaiveDateTime) -> Result<Option<String>, StoreError> {
    let open =
        email_links::table.find(token_hash).filter(email_links::user_id.eq(user.to_string())).filter(email_links::expires_at.gt(now));
    Ok(open.select(email_links::email).first(connection).optional()?)
}
