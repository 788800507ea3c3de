//! What can go wrong below the store, and nothing about what it means.

use std::fmt;

/// A rule of the schema that an insert or update ran into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Conflict {
    /// The user name is taken.
    Username,
    /// The proven address is taken.
    Email,
    /// The identity belongs to a user already.
    Identity,
    /// A key of that name exists already: another replica was faster.
    Key,
    /// The issuer is trusted already.
    TrustedIssuer,
}

impl fmt::Display for Conflict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Username => "the user name is taken",
            Self::Email => "the address is taken",
            Self::Identity => "the identity is taken",
            Self::Key => "the key exists",
            Self::TrustedIssuer => "the issuer is trusted already",
        })
    }
}

/// Why the store could not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A unique constraint said no.
    #[error("{0}")]
    Conflict(Conflict),
    /// Nothing happened because there is no such row (any more).
    #[error("there is no such row")]
    NotFound,
    /// The last way to sign in of a user cannot be removed.
    #[error("this is the last way to sign in")]
    LastWayIn,
    /// The URL's scheme is none that we know.
    #[error("the database URL begins with `{0}`; known are sqlite:, postgres:// and mysql://")]
    UnknownScheme(String),
    /// The URL's scheme is known, but this build lacks the backend.
    #[error("this build has no support for {0}; build with --features {0}")]
    NotBuiltIn(&'static str),
    /// All connections were busy for longer than the pool waits.
    #[error("no database connection became free in time")]
    PoolExhausted,
    /// The server does not answer, or refuses us.
    #[error("the database is unreachable: {0}")]
    Unreachable(String),
    /// The schema is not the one this version works with.
    #[error("the database schema does not fit this version: {0}")]
    SchemaMismatch(String),
    /// A migration failed.
    #[error("a migration failed: {0}")]
    Migration(String),
    /// A stored row cannot be read (security.md DB-14).
    #[error("a stored {0} is broken")]
    BrokenRow(&'static str),
    /// Anything else the database said.
    #[error("the database refused: {0}")]
    Query(#[source] diesel::result::Error),
}

impl StoreError {
    /// Tells a database that is away, slow, full or read-only from a bug of ours (security.md DB-07, DB-08).
    pub fn is_outage(&self) -> bool {
        match self {
            Self::PoolExhausted | Self::Unreachable(_) | Self::Query(_) => true,
            Self::Conflict(_)
            | Self::NotFound
            | Self::LastWayIn
            | Self::UnknownScheme(_)
            | Self::NotBuiltIn(_)
            | Self::SchemaMismatch(_)
            | Self::Migration(_)
            | Self::BrokenRow(_) => false,
        }
    }
}

impl From<diesel::result::Error> for StoreError {
    fn from(error: diesel::result::Error) -> Self {
        match error {
            diesel::result::Error::DeserializationError(_) => Self::BrokenRow("row"),
            error => Self::Query(error),
        }
    }
}
