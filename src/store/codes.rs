//! `authorization_codes`: each is redeemed once, by one guarded statement (security.md TK-01).
//!
//! A code that was redeemed is kept for a while, so that a second use is known for
//! what it is and ends everything that came of the first (security.md TK-02).

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use diesel::prelude::*;

use super::connection::AnyConnection;
use super::consents::{Basis, rest_on};
use super::families::{Family, FamilyRow, delete_family, extend_family, insert_family, touch_enabled_user};
use super::logouts::{ClientSession, insert_client_session};
use super::refresh_tokens::{Issue, insert_issue};
use super::rows::stored;
use super::schema::{authorization_codes, authorization_requests, token_families};
use super::sessions::touch_open;
use super::users::load_user;
use super::{Store, StoreError};
use crate::domain::ids::FamilyId;
use crate::domain::user::User;

/// For how long a redeemed code is remembered.
const REMEMBERED: TimeDelta = TimeDelta::days(1);

/// A code to be issued. The code itself is never stored.
#[derive(Clone, Debug)]
pub struct NewCode {
    /// SHA-256 of the code.
    pub code_hash: String,
    /// Where it is sent.
    pub redirect_uri: String,
    /// The challenge that its verifier has to meet.
    pub code_challenge: Option<String>,
    /// The client's nonce.
    pub nonce: Option<String>,
    /// Until when it may be redeemed.
    pub redeemable_until: DateTime<Utc>,
}

/// All that a person's yes comes to, in one transaction.
#[derive(Clone, Debug)]
pub struct Approval {
    /// The stored request that is answered by it; none if it never had to wait.
    pub request_hash: Option<String>,
    /// What the client is given.
    pub family: Family,
    /// The code for it.
    pub code: NewCode,
    /// What the person has allowed.
    pub basis: Basis,
    /// Whom to tell when the session ends.
    pub client_session: Option<ClientSession>,
}

/// A code that was found, and what it stands for.
#[derive(Clone, Debug)]
pub struct FoundCode {
    /// What is given for it.
    pub family: Family,
    /// Who gave it.
    pub user: User,
    /// Where it was sent.
    pub redirect_uri: String,
    /// The challenge that its verifier has to meet.
    pub code_challenge: Option<String>,
    /// The client's nonce.
    pub nonce: Option<String>,
    /// Until when it may be redeemed.
    pub redeemable_until: DateTime<Utc>,
    /// Whether it was redeemed before.
    pub is_redeemed: bool,
}

/// How the use of something that counts once went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Used {
    /// It was the first use.
    First,
    /// It was another: everything that came of the first has ended.
    Again,
    /// It does not count any more, or never did.
    Gone,
}

impl Store {
    /// Issues a code; `false` if the request was answered already, or the user, the session or the
    /// consent that it rests on is gone.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if the database fails; nothing is given then.
    pub async fn approve(&self, approval: Approval) -> Result<bool, StoreError> {
        let approved = self.write_or_undo(move |connection| {
            use super::transaction::Ending::{Commit, RollBack};
            let (request, family) = (approval.request_hash.as_deref(), &approval.family);
            if !take_request(connection, request)? || !insert_family(connection, family)? || !holds_session(connection, family)? {
                return Ok(RollBack(false));
            }
            if !rest_on(connection, &approval.basis)? {
                return Ok(RollBack(false));
            }
            insert_code(connection, approval.family.id, &approval.code)?;
            if let Some(session) = &approval.client_session {
                insert_client_session(connection, session)?;
            }
            Ok(Commit(true))
        });
        match approved.await {
            // The session, the client or the user went away meanwhile.
            Err(StoreError::NotFound) => Ok(false),
            result => result,
        }
    }

    /// Finds a code, redeemed or not, too old or not, whose family holds, with who gave it.
    ///
    /// # Errors
    ///
    /// [`StoreError::BrokenRow`], or what the database says.
    pub async fn find_code(&self, code_hash: &str) -> Result<Option<FoundCode>, StoreError> {
        type Row = (FamilyRow, String, Option<String>, Option<String>, NaiveDateTime, Option<NaiveDateTime>);
        let code_hash = code_hash.to_owned();
        self.read(move |connection| {
            let columns = (
                FamilyRow::as_select(),
                authorization_codes::redirect_uri,
                authorization_codes::code_challenge,
                authorization_codes::nonce,
                authorization_codes::redeemable_until,
                authorization_codes::redeemed_at,
            );
            let row = authorization_codes::table.inner_join(token_families::table).filter(authorization_codes::code_hash.eq(&code_hash));
            let Some(row) = row.select(columns).first::<Row>(connection).optional()? else { return Ok(None) };
            let (family, redirect_uri, code_challenge, nonce, redeemable_until, redeemed_at) = row;
            let (family, redeemable_until) = (Family::try_from(family)?, redeemable_until.and_utc());
            let giver = family.user_id;
            let found = |user| FoundCode {
                family,
                user,
                redirect_uri,
                code_challenge,
                nonce,
                redeemable_until,
                is_redeemed: redeemed_at.is_some(),
            };
            Ok(load_user(connection, giver)?.map(found))
        })
        .await
    }

    /// Redeems a code and writes what is issued for it, in one transaction. A second
    /// use ends the family (security.md TK-01, TK-02).
    ///
    /// # Errors
    ///
    /// [`StoreError`] if the database fails; the code is as it was then.
    pub async fn redeem_code(&self, code_hash: &str, family: &Family, issue: Issue, now: DateTime<Utc>) -> Result<Used, StoreError> {
        let (code_hash, family) = (code_hash.to_owned(), family.clone());
        let redeemed = self.write(move |connection| {
            // First of all, so that two uses wait for each other here and not, crosswise, on code and family.
            if !touch_enabled_user(connection, family.user_id)? {
                return Ok(Used::Gone);
            }
            if !mark_redeemed(connection, &code_hash, stored(now))? {
                return end_if_redeemed(connection, &code_hash, family.id);
            }
            if !extend_family(connection, family.id, issue.family_until, issue.key.as_ref())? {
                return Ok(Used::Gone);
            }
            insert_issue(connection, family.id, &issue)?;
            Ok(Used::First)
        });
        match redeemed.await {
            Err(StoreError::NotFound) => Ok(Used::Gone),
            result => result,
        }
    }
}

/// The one guarded statement: whoever changes the row was first.
fn mark_redeemed(connection: &mut AnyConnection, code_hash: &str, now: NaiveDateTime) -> Result<bool, StoreError> {
    let fresh = authorization_codes::table
        .find(code_hash)
        .filter(authorization_codes::redeemed_at.is_null())
        .filter(authorization_codes::redeemable_until.gt(now));
    Ok(diesel::update(fresh).set(authorization_codes::redeemed_at.eq(now)).execute(connection)? == 1)
}

fn end_if_redeemed(connection: &mut AnyConnection, code_hash: &str, family: FamilyId) -> Result<Used, StoreError> {
    let row = authorization_codes::table.find(code_hash).filter(authorization_codes::redeemed_at.is_not_null());
    if row.count().get_result::<i64>(connection)? == 0 {
        return Ok(Used::Gone);
    }
    delete_family(connection, family)?;
    Ok(Used::Again)
}

fn insert_code(connection: &mut AnyConnection, family: FamilyId, code: &NewCode) -> Result<(), StoreError> {
    let row = (
        authorization_codes::code_hash.eq(&code.code_hash),
        authorization_codes::family_id.eq(family.to_string()),
        authorization_codes::redirect_uri.eq(&code.redirect_uri),
        authorization_codes::code_challenge.eq(code.code_challenge.as_ref()),
        authorization_codes::nonce.eq(code.nonce.as_ref()),
        authorization_codes::redeemable_until.eq(stored(code.redeemable_until)),
        authorization_codes::expires_at.eq(stored(code.redeemable_until + REMEMBERED)),
    );
    diesel::insert_into(authorization_codes::table).values(row).execute(connection)?;
    Ok(())
}

/// Tells whether the session is open in which something lasting is given: that ends what outlives it
/// (security.md SE-02), and must not be outrun. What goes with its session cannot be without it.
fn holds_session(connection: &mut AnyConnection, family: &Family) -> Result<bool, StoreError> {
    match (family.session, family.sid) {
        (None, Some(sid)) => touch_open(connection, family.user_id, sid, stored(family.created_at)),
        _ => Ok(true),
    }
}

/// Takes the request that is being answered; `false` if somebody else did.
fn take_request(connection: &mut AnyConnection, id_hash: Option<&str>) -> Result<bool, StoreError> {
    let Some(id_hash) = id_hash else { return Ok(true) };
    Ok(diesel::delete(authorization_requests::table.find(id_hash)).execute(connection)? == 1)
}
