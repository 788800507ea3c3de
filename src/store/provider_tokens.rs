//! `provider_tokens`: what providers let us do for people later, sealed by the caller before it is stored.
//!
//! A row belongs to an identity and goes with it. It is replaced at each sign-in, and
//! changed by whoever refreshes it. Refresh tokens may be good once only, so that one
//! process at a time may use a row's: it claims the row for some seconds first, and every
//! later change names what it has read, so that nobody overwrites what is newer.

use std::fmt;
use std::sync::Arc;

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;

use super::connection::AnyConnection;
use super::rows::{parse, stored};
use super::schema::{provider_tokens, user_oauths};
use super::transaction::{is_unique_violation, start_over};
use super::{Store, StoreError};
use crate::domain::identity::{Identity, ProviderId};
use crate::domain::ids::{RowId, UserId};

/// Seals tokens for the row of their identity, which only the transaction knows.
#[derive(Clone)]
pub struct Sealer(Arc<dyn Fn(RowId) -> String + Send + Sync>);

impl Sealer {
    /// Takes the function that seals for the identity with that row.
    pub fn new(seal: impl Fn(RowId) -> String + Send + Sync + 'static) -> Self {
        Self(Arc::new(seal))
    }
}

impl fmt::Debug for Sealer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sealer(…)")
    }
}

/// A row as it was read; a change of it counts only while it is still so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredTokens {
    /// The row of the identity.
    pub identity: RowId,
    /// Whose identity it is.
    pub user: UserId,
    /// The provider.
    pub provider: ProviderId,
    /// The sealed tokens.
    pub sealed: String,
}

/// The columns of [`StoredTokens`], in its order.
type Columns = (String, String, String, String);

impl Store {
    /// Finds the tokens that are kept beside an identity.
    ///
    /// # Errors
    ///
    /// [`StoreError::BrokenRow`], or what the database says.
    pub async fn find_tokens(&self, identity: &Identity) -> Result<Option<StoredTokens>, StoreError> {
        let identity = identity.clone();
        let found = self.read(move |connection| {
            let row = provider_tokens::table
                .inner_join(user_oauths::table)
                .filter(user_oauths::provider.eq(identity.provider.as_str()))
                .filter(user_oauths::issuer.eq(&identity.issuer))
                .filter(user_oauths::identity.eq(identity.subject.as_str()));
            Ok(row.select(COLUMNS).first::<Columns>(connection).optional()?)
        });
        found.await?.map(read_row).transpose()
    }

    /// Finds a user's tokens of a provider; of several identities those that were renewed last.
    ///
    /// # Errors
    ///
    /// [`StoreError::BrokenRow`], or what the database says.
    pub async fn find_tokens_of(&self, user: UserId, provider: &ProviderId) -> Result<Option<StoredTokens>, StoreError> {
        let provider = provider.to_string();
        let found = self.read(move |connection| {
            let rows = provider_tokens::table
                .inner_join(user_oauths::table)
                .filter(user_oauths::user_id.eq(user.to_string()))
                .filter(user_oauths::provider.eq(&provider))
                .order((provider_tokens::updated_at.desc(), provider_tokens::identity_id.desc()));
            Ok(rows.select(COLUMNS).first::<Columns>(connection).optional()?)
        });
        found.await?.map(read_row).transpose()
    }

    /// Lists the kept tokens of a provider by the identities' rows, `limit` at most, after the given one.
    ///
    /// # Errors
    ///
    /// [`StoreError::BrokenRow`], or what the database says.
    pub async fn list_tokens(&self, provider: &ProviderId, after: Option<RowId>, limit: i64) -> Result<Vec<StoredTokens>, StoreError> {
        let (provider, after) = (provider.to_string(), after.map_or_else(String::new, |id| id.to_string()));
        let rows = self.read(move |connection| {
            let rows = provider_tokens::table
                .inner_join(user_oauths::table)
                .filter(user_oauths::provider.eq(&provider))
                .filter(provider_tokens::identity_id.gt(&after))
                .order(provider_tokens::identity_id)
                .limit(limit);
            Ok(rows.select(COLUMNS).load::<Columns>(connection)?)
        });
        rows.await?.into_iter().map(read_row).collect()
    }

    /// Claims tokens for refreshing them until `until`; tells whether nobody else is at it and they are still as read.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if the database fails.
    pub async fn claim_tokens(&self, tokens: &StoredTokens, now: DateTime<Utc>, until: DateTime<Utc>) -> Result<bool, StoreError> {
        let (tokens, now, until) = (tokens.clone(), stored(now), stored(until));
        self.write(move |connection| {
            let is_free = provider_tokens::refreshing_until.is_null().or(provider_tokens::refreshing_until.le(now));
            let free = provider_tokens::table.find(tokens.identity.to_string()).filter(provider_tokens::sealed.eq(&tokens.sealed));
            let claimed = diesel::update(free.filter(is_free)).set(provider_tokens::refreshing_until.eq(until)).execute(connection)?;
            Ok(claimed == 1)
        })
        .await
    }

    /// Gives up a claim; the tokens stay as they are.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if the database fails; the claim then ends by itself.
    pub async fn release_tokens(&self, tokens: &StoredTokens) -> Result<(), StoreError> {
        let tokens = tokens.clone();
        self.write(move |connection| {
            let row = provider_tokens::table.find(tokens.identity.to_string()).filter(provider_tokens::sealed.eq(&tokens.sealed));
            diesel::update(row).set(provider_tokens::refreshing_until.eq(None::<NaiveDateTime>)).execute(connection)?;
            Ok(())
        })
        .await
    }

    /// Puts newer tokens in the place of those that were read, and ends the claim; tells whether they were still there.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if the database fails.
    pub async fn replace_tokens(&self, tokens: &StoredTokens, sealed: String, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let (tokens, now) = (tokens.clone(), stored(now));
        self.write(move |connection| {
            let row = provider_tokens::table.find(tokens.identity.to_string()).filter(provider_tokens::sealed.eq(&tokens.sealed));
            Ok(diesel::update(row).set(renewed(&sealed, now)).execute(connection)? == 1)
        })
        .await
    }

    /// Deletes tokens that the provider has refused, unless there are newer ones by now; tells whether they went.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if the database fails.
    pub async fn delete_tokens(&self, tokens: &StoredTokens) -> Result<bool, StoreError> {
        let tokens = tokens.clone();
        self.write(move |connection| {
            let row = provider_tokens::table.find(tokens.identity.to_string()).filter(provider_tokens::sealed.eq(&tokens.sealed));
            Ok(diesel::delete(row).execute(connection)? == 1)
        })
        .await
    }

    /// Deletes the tokens of every provider that is not among `keeping`, in small batches (security.md SO-15, DB-12).
    ///
    /// # Errors
    ///
    /// [`StoreError`] if the database fails; what was deleted before stays so.
    pub async fn delete_tokens_but(&self, keeping: Vec<ProviderId>) -> Result<(), StoreError> {
        loop {
            let keeping = keeping.clone();
            if self.write(move |connection| delete_batch_but(connection, &keeping)).await? < BATCH {
                return Ok(());
            }
        }
    }
}

/// How many rows one transaction deletes at most: few enough to keep nobody waiting.
const BATCH: usize = 200;

/// What is selected for [`StoredTokens`].
const COLUMNS: (provider_tokens::identity_id, user_oauths::user_id, user_oauths::provider, provider_tokens::sealed) =
    (provider_tokens::identity_id, user_oauths::user_id, user_oauths::provider, provider_tokens::sealed);

/// Deletes some; returns how many there were to delete.
fn delete_batch_but(connection: &mut AnyConnection, keeping: &[ProviderId]) -> Result<usize, StoreError> {
    // MySQL does not delete from a table that the same statement joins, so the rows are named first.
    let names: Vec<&str> = keeping.iter().map(ProviderId::as_str).collect();
    let others = provider_tokens::table.inner_join(user_oauths::table).filter(user_oauths::provider.ne_all(names));
    let batch = others.order(provider_tokens::identity_id).limit(i64::try_from(BATCH).unwrap_or(i64::MAX));
    let rows: Vec<String> = batch.select(provider_tokens::identity_id).load(connection)?;
    diesel::delete(provider_tokens::table.filter(provider_tokens::identity_id.eq_any(&rows))).execute(connection)?;
    Ok(rows.len())
}

/// Stores tokens beside their identity, in the place of those before.
pub(super) fn put_tokens(
    connection: &mut AnyConnection,
    identity: &Identity,
    tokens: &Sealer,
    now: NaiveDateTime,
) -> Result<(), StoreError> {
    let row: String = user_oauths::table
        .filter(user_oauths::provider.eq(identity.provider.as_str()))
        .filter(user_oauths::issuer.eq(&identity.issuer))
        .filter(user_oauths::identity.eq(identity.subject.as_str()))
        .select(user_oauths::id)
        .first(connection)?;
    let sealed = tokens.0(parse("identity", &row)?);
    if diesel::update(provider_tokens::table.find(&row)).set(renewed(&sealed, now)).execute(connection)? == 1 {
        return Ok(());
    }
    let new = (provider_tokens::identity_id.eq(&row), provider_tokens::sealed.eq(&sealed), provider_tokens::updated_at.eq(now));
    match diesel::insert_into(provider_tokens::table).values(new).execute(connection).map_err(StoreError::from) {
        // Another sign-in with the same identity was faster; its row is now there to be updated.
        Err(error) if is_unique_violation(&error) => Err(start_over()),
        inserted => inserted.map(|_| ()),
    }
}

/// What changes when tokens are replaced; a claim ends with it.
#[derive(AsChangeset)]
#[diesel(table_name = provider_tokens, treat_none_as_null = true)]
struct Renewed<'a> {
    sealed: &'a str,
    refreshing_until: Option<NaiveDateTime>,
    updated_at: NaiveDateTime,
}

fn renewed(sealed: &str, now: NaiveDateTime) -> Renewed<'_> {
    Renewed { sealed, refreshing_until: None, updated_at: now }
}

fn read_row((identity, user, provider, sealed): Columns) -> Result<StoredTokens, StoreError> {
    const KIND: &str = "provider token";
    let provider = ProviderId::parse(&provider).ok_or(StoreError::BrokenRow(KIND))?;
    Ok(StoredTokens { identity: parse(KIND, &identity)?, user: parse(KIND, &user)?, provider, sealed })
}
