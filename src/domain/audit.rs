//! What an operator did, as it is kept and shown.

use std::fmt;

use chrono::{DateTime, Utc};

use super::ids::{RowId, UserId};

/// Something an operator can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// Shut a user out.
    UserDisabled,
    /// Let a user in again.
    UserEnabled,
    /// Ended every session of a user.
    UserSignedOut,
    /// Ended one session.
    SessionEnded,
    /// Ended every session of everybody else.
    EverybodySignedOut,
    /// Made a link with which a user sets a new password.
    ResetLinkMade,
    /// Asked a provider how it is.
    ProviderChecked,
    /// Took failures out as a file.
    FailuresExported,
    /// Made a rule.
    RuleMade,
    /// Ended a rule.
    RuleEnded,
}

impl Act {
    /// Everything there is.
    pub const ALL: [Self; 10] = [
        Self::UserDisabled,
        Self::UserEnabled,
        Self::UserSignedOut,
        Self::SessionEnded,
        Self::EverybodySignedOut,
        Self::ResetLinkMade,
        Self::ProviderChecked,
        Self::FailuresExported,
        Self::RuleMade,
        Self::RuleEnded,
    ];

    /// Returns the word for the table and the log.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::UserDisabled => "user_disabled",
            Self::UserEnabled => "user_enabled",
            Self::UserSignedOut => "user_signed_out",
            Self::SessionEnded => "session_ended",
            Self::EverybodySignedOut => "everybody_signed_out",
            Self::ResetLinkMade => "reset_link_made",
            Self::ProviderChecked => "provider_checked",
            Self::FailuresExported => "failures_exported",
            Self::RuleMade => "rule_made",
            Self::RuleEnded => "rule_ended",
        }
    }

    /// Finds what a word of the table means; `None` for one of another version.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|act| act.as_str() == word)
    }
}

impl fmt::Display for Act {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One thing that one operator did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditEntry {
    /// The row; rows sort by the time they were made.
    pub id: RowId,
    /// Who did it.
    pub operator: UserId,
    /// The word of what was done, as in [`Act::as_str`].
    pub act: String,
    /// What it was done to: an identifier of ours, or a provider's name.
    pub subject: Option<String>,
    /// When, in whole seconds.
    pub at: DateTime<Utc>,
}
