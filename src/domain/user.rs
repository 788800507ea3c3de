//! Our account record, and one sign-in of it.

use chrono::{DateTime, Utc};

use super::identity::ProviderId;
use super::ids::{RowId, SessionId, UserId};

/// A person with an account here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// The identifier that never changes.
    pub id: UserId,
    /// What to call them.
    pub name: String,
    /// The user name, for those who have a password.
    pub username: Option<String>,
    /// The address they gave, proven or not.
    pub email: Option<String>,
    /// Whether the address counts as proven to be theirs.
    pub is_email_proven: bool,
    /// Whether they may open the operators' pages.
    pub is_operator: bool,
    /// Whether an operator has shut the account.
    pub is_disabled: bool,
    /// When the account was made.
    pub created_at: DateTime<Utc>,
}

/// How somebody signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Method {
    /// With a password.
    Password,
    /// With a provider.
    Provider(ProviderId),
}

impl Method {
    /// Returns the word for logs, metrics and the `sessions` table.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Password => "password",
            Self::Provider(provider) => provider.as_str(),
        }
    }
}

/// One sign-in of a user on one browser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// The `sid` of its token.
    pub id: SessionId,
    /// Whose it is.
    pub user_id: UserId,
    /// `password`, or the provider's name.
    pub method: String,
    /// The browser in a few words, as in `Firefox on Linux`; for the person's own list.
    pub browser: String,
    /// When it began; also the time of the last full sign-in.
    pub created_at: DateTime<Utc>,
    /// When it was last used, to the nearest few minutes.
    pub seen_at: DateTime<Utc>,
    /// When it ends, whatever happens before.
    pub expires_at: DateTime<Utc>,
}

/// An identity that belongs to a user, as listed on the account page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkedIdentity {
    /// The row.
    pub id: RowId,
    /// Which provider it is of.
    pub provider: ProviderId,
    /// When it was linked.
    pub created_at: DateTime<Utc>,
}
