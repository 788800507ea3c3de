//! `trusted_issuers` and `trusted_subjects`: whose signed word gets tokens for whom
//! (RFC 7523 §2.1, security.md TK-10). Only operators write here.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;

use super::rows::{parse, stored};
use super::schema::{trusted_issuers, trusted_subjects};
use super::transaction::is_unique_violation;
use super::{Conflict, Store, StoreError};
use crate::clock::Clock;
use crate::domain::client::{AssertionAlgorithm, TrustedIssuer, TrustedSubject};
use crate::domain::ids::{RowId, UserId};
use crate::domain::scope::Scopes;

/// What error a broken row is told with.
const KIND: &str = "trusted issuer";

/// An issuer as it is stored.
#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = trusted_issuers)]
struct IssuerRow {
    id: String,
    issuer: String,
    jwks: String,
    algorithm: String,
    scopes: String,
    is_disabled: bool,
    created_at: NaiveDateTime,
}

impl TryFrom<IssuerRow> for TrustedIssuer {
    type Error = StoreError;

    fn try_from(row: IssuerRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: parse(KIND, &row.id)?,
            issuer: row.issuer,
            jwks: serde_json::from_str(&row.jwks).map_err(|_| StoreError::BrokenRow(KIND))?,
            algorithm: AssertionAlgorithm::parse(&row.algorithm).ok_or(StoreError::BrokenRow(KIND))?,
            scopes: Scopes::parse(&row.scopes).map_err(|_| StoreError::BrokenRow(KIND))?,
            is_disabled: row.is_disabled,
            created_at: row.created_at.and_utc(),
        })
    }
}

impl From<&TrustedIssuer> for IssuerRow {
    fn from(issuer: &TrustedIssuer) -> Self {
        Self {
            id: issuer.id.to_string(),
            issuer: issuer.issuer.clone(),
            jwks: issuer.jwks.to_string(),
            algorithm: issuer.algorithm.to_string(),
            scopes: issuer.scopes.to_string(),
            is_disabled: issuer.is_disabled,
            created_at: stored(issuer.created_at),
        }
    }
}

impl Store {
    /// Inserts a trusted issuer.
    ///
    /// # Errors
    ///
    /// [`StoreError::Conflict`] (trusted issuer) if it is trusted already.
    pub async fn insert_trusted_issuer(&self, issuer: TrustedIssuer) -> Result<(), StoreError> {
        let inserted = self.write(move |connection| {
            diesel::insert_into(trusted_issuers::table).values(IssuerRow::from(&issuer)).execute(connection)?;
            Ok(())
        });
        inserted.await.map_err(|error| if is_unique_violation(&error) { StoreError::Conflict(Conflict::TrustedIssuer) } else { error })
    }

    /// Finds a trusted issuer by the exact `iss` of its assertions, disabled or not.
    ///
    /// # Errors
    ///
    /// [`StoreError::BrokenRow`], or what the database says.
    pub async fn find_trusted_issuer(&self, issuer: &str) -> Result<Option<TrustedIssuer>, StoreError> {
        let issuer = issuer.to_owned();
        self.read(move |connection| {
            let row = trusted_issuers::table.filter(trusted_issuers::issuer.eq(&issuer)).select(IssuerRow::as_select());
            let found = row.first(connection).optional()?.map(TrustedIssuer::try_from).transpose()?;
            // Some collations ignore spaces at the end; byte for byte is what counts.
            Ok(found.filter(|found| found.issuer == issuer))
        })
        .await
    }

    /// Lists the trusted issuers by name.
    ///
    /// # Errors
    ///
    /// [`StoreError::BrokenRow`], or what the database says.
    pub async fn list_trusted_issuers(&self) -> Result<Vec<TrustedIssuer>, StoreError> {
        self.read(|connection| {
            let all = trusted_issuers::table.order(trusted_issuers::issuer).select(IssuerRow::as_select());
            all.load(connection)?.into_iter().map(TrustedIssuer::try_from).collect()
        })
        .await
    }

    /// Turns a trusted issuer off or on.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotFound`].
    pub async fn set_trusted_issuer_disabled(&self, id: RowId, is_disabled: bool) -> Result<(), StoreError> {
        self.write(move |connection| {
            let row = trusted_issuers::table.find(id.to_string());
            let found: Option<String> = row.clone().select(trusted_issuers::id).first(connection).optional()?;
            found.ok_or(StoreError::NotFound)?;
            diesel::update(row).set(trusted_issuers::is_disabled.eq(is_disabled)).execute(connection)?;
            Ok(())
        })
        .await
    }

    /// Deletes a trusted issuer with its subjects; tells whether there was one.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if the database fails.
    pub async fn delete_trusted_issuer(&self, id: RowId) -> Result<bool, StoreError> {
        self.write(move |connection| Ok(diesel::delete(trusted_issuers::table.find(id.to_string())).execute(connection)? == 1)).await
    }

    /// Says whom an issuer means by a subject; replaces what was said before.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotFound`] if there is no such issuer or user.
    pub async fn link_trusted_subject(&self, issuer: RowId, subject: &str, user: UserId, now: DateTime<Utc>) -> Result<(), StoreError> {
        let subject = subject.to_owned();
        self.write(move |connection| {
            let old = trusted_subjects::table
                .filter(trusted_subjects::trusted_issuer_id.eq(issuer.to_string()))
                .filter(trusted_subjects::subject.eq(&subject));
            diesel::delete(old).execute(connection)?;
            let row = (
                trusted_subjects::id.eq(RowId::new(&Clock::fixed(now)).to_string()),
                trusted_subjects::trusted_issuer_id.eq(issuer.to_string()),
                trusted_subjects::subject.eq(&subject),
                trusted_subjects::user_id.eq(user.to_string()),
                trusted_subjects::created_at.eq(stored(now)),
            );
            diesel::insert_into(trusted_subjects::table).values(row).execute(connection)?;
            Ok(())
        })
        .await
    }

    /// Takes a subject's link away; tells whether there was one.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if the database fails.
    pub async fn unlink_trusted_subject(&self, issuer: RowId, subject: &str) -> Result<bool, StoreError> {
        let subject = subject.to_owned();
        self.write(move |connection| {
            let row = trusted_subjects::table
                .filter(trusted_subjects::trusted_issuer_id.eq(issuer.to_string()))
                .filter(trusted_subjects::subject.eq(&subject));
            Ok(diesel::delete(row).execute(connection)? == 1)
        })
        .await
    }

    /// Finds whom an issuer means by a subject.
    ///
    /// # Errors
    ///
    /// [`StoreError::BrokenRow`], or what the database says.
    pub async fn find_trusted_subject(&self, issuer: RowId, subject: &str) -> Result<Option<UserId>, StoreError> {
        let found = self.list_trusted_subjects(issuer, Some(subject)).await?;
        Ok(found.into_iter().find(|found| found.subject == subject).map(|found| found.user))
    }

    /// Lists the subjects of an issuer, or one of them.
    ///
    /// # Errors
    ///
    /// [`StoreError::BrokenRow`], or what the database says.
    pub async fn list_trusted_subjects(&self, issuer: RowId, subject: Option<&str>) -> Result<Vec<TrustedSubject>, StoreError> {
        let subject = subject.map(ToOwned::to_owned);
        self.read(move |connection| {
            let mut rows = trusted_subjects::table
                .filter(trusted_subjects::trusted_issuer_id.eq(issuer.to_string()))
                .order(trusted_subjects::subject)
                .select((trusted_subjects::subject, trusted_subjects::user_id, trusted_subjects::created_at))
                .into_boxed();
            if let Some(subject) = &subject {
                rows = rows.filter(trusted_subjects::subject.eq(subject.clone()));
            }
            let rows = rows.load::<(String, String, NaiveDateTime)>(connection)?;
            let subject = |(subject, user, created_at): (String, String, NaiveDateTime)| {
                Ok(TrustedSubject { subject, user: parse(KIND, &user)?, created_at: created_at.and_utc() })
            };
            rows.into_iter().map(subject).collect()
        })
        .await
    }
}
