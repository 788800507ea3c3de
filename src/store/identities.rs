//! `user_oauths`: the identities that belong to users.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;

use super::connection::AnyConnection;
use super::families::delete_lasting_families_by;
use super::provider_tokens::{Sealer, put_tokens};
use super::rows::{UserRow, parse, stored};
use super::schema::{user_authentications, user_oauths, users};
use super::sessions::{delete_sessions_by, is_open};
use super::transaction::{Ending, is_unique_violation, start_over};
use super::{Conflict, Store, StoreError};
use crate::clock::Clock;
use crate::domain::identity::{Identity, ProviderId};
use crate::domain::ids::{RowId, SessionId, UserId};
use crate::domain::user::{LinkedIdentity, User};

/// An identity that its user wants to have.
#[derive(Clone, Debug)]
pub struct Linking {
    /// The session that asks; it has to be open still.
    pub session: SessionId,
    /// The identity.
    pub identity: Identity,
    /// The tokens that are to be kept beside it.
    pub tokens: Option<Sealer>,
    /// The time.
    pub now: DateTime<Utc>,
}

/// An identity that its user wants to be rid of.
#[derive(Clone, Debug)]
pub struct Unlinking {
    /// The row.
    pub identity: RowId,
    /// The providers that people can sign in with today: what is left must be of one of them.
    pub usable: Vec<ProviderId>,
    /// The session that goes on: the one that asks.
    pub keep: SessionId,
    /// The time.
    pub now: DateTime<Utc>,
}

/// What the removal of an identity came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unlinked {
    /// Which provider it was of.
    pub provider: ProviderId,
    /// The sessions that ended.
    pub ended: Vec<SessionId>,
}

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

    /// Links an identity to a user while this session of theirs is open, with the tokens that are to be kept
    /// beside it; tells whether it is new to them.
    ///
    /// # Errors
    ///
    /// [`StoreError::Conflict`] (identity) if it belongs to somebody else;
    /// linking it twice to the same user is no error. [`StoreError::NotFound`] if
    /// the session has ended, or is none of theirs.
    pub async fn link_identity(&self, user: UserId, linking: Linking) -> Result<bool, StoreError> {
        self.write_or_undo(move |connection| {
            let Linking { session, identity, tokens, now } = &linking;
            if !is_open(connection, user, *session, stored(*now))? {
                return Err(StoreError::NotFound);
            }
            let ending = match find_owner(connection, identity)? {
                Some(owner) if owner.id == user => Ok(Ending::CommitQuietly(false)),
                Some(_) => Err(StoreError::Conflict(Conflict::Identity)),
                None => match insert_identity(connection, user, identity, *now) {
                    // Somebody was faster; look again who.
                    Err(error) if is_unique_violation(&error) => Err(start_over()),
                    result => result.map(|()| Ending::Commit(true)),
                },
            }?;
            if let Some(sealer) = tokens {
                put_tokens(connection, identity, sealer, stored(*now))?;
            }
            Ok(ending)
        })
        .await
    }

    /// Takes an identity from its user and ends the sessions that were opened with its
    /// provider, in one transaction (security.md SE-02, LK-06).
    ///
    /// # Errors
    ///
    /// [`StoreError::LastWayIn`] if no usable way in would be left;
    /// [`StoreError::NotFound`] if it is none of theirs.
    pub async fn unlink_identity(&self, user: UserId, unlinking: Unlinking) -> Result<Unlinked, StoreError> {
        self.write(move |connection| {
            // The user's row is written first, so that two removals wait for each other.
            let touched = users::updated_at.eq(stored(unlinking.now));
            diesel::update(users::table.find(user.to_string())).set(touched).execute(connection)?;
            let own = user_oauths::table.find(unlinking.identity.to_string()).filter(user_oauths::user_id.eq(user.to_string()));
            let found: Option<String> = own.select(user_oauths::provider).first(connection).optional()?;
            let provider = found.ok_or(StoreError::NotFound)?;
            if !has_other_way(connection, user, &unlinking)? {
                return Err(StoreError::LastWayIn);
            }
            diesel::delete(user_oauths::table.find(unlinking.identity.to_string())).execute(connection)?;
            let ended = delete_sessions_by(connection, user, &provider, unlinking.keep)?;
            delete_lasting_families_by(connection, user, &provider, unlinking.keep)?;
            let provider = ProviderId::parse(&provider).ok_or(StoreError::BrokenRow("identity"))?;
            Ok(Unlinked { provider, ended })
        })
        .await
    }
}

/// Tells whether a user has a way in beside the identity that is to go.
fn has_other_way(connection: &mut AnyConnection, user: UserId, unlinking: &Unlinking) -> Result<bool, StoreError> {
    let passwords = user_authentications::table.filter(user_authentications::user_id.eq(user.to_string()));
    let others = user_oauths::table
        .filter(user_oauths::user_id.eq(user.to_string()))
        .filter(user_oauths::id.ne(unlinking.identity.to_string()))
        .filter(user_oauths::provider.eq_any(unlinking.usable.iter().map(ProviderId::as_str)));
    let count = passwords.count().get_result::<i64>(connection)? + others.count().get_result::<i64>(connection)?;
    Ok(count > 0)
}

/// Inserts the row of an identity.
pub(super) fn insert_identity(
    connection: &mut AnyConnection,
    user: UserId,
    identity: &Identity,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
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
pub(super) fn touch_identity(
    connection: &mut AnyConnection,
    user: UserId,
    identity: &Identity,
    now: NaiveDateTime,
) -> Result<bool, StoreError> {
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
