//! Alarms that mean something: one alert per incident, and one when it is over.
//!
//! | module | owns |
//! |---|---|
//! | [`tally`] | what this process has counted, weighed by client |
//! | [`rise`] | whether a share has risen against its own base line |
//! | [`strange`] | which failures of category `other` are the first of their kind |
//! | [`desk`] | raising and resolving, once over all replicas |
//! | [`dispatch`] | queues, deadlines and tries, one task per receiver |
//! | [`receiver`] | what each receiver is sent |
//!
//! What was raised stands in the table `incidents`; [`super::patrol`] looks after it.

pub mod desk;
pub mod dispatch;
pub mod receiver;
pub mod rise;
pub mod strange;
pub mod tally;

use chrono::{DateTime, TimeDelta, Utc};

use crate::domain::ids::RowId;
use crate::store::incidents::IncidentRow;

/// What kind of incident it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A provider is down, slow or answers nonsense.
    IdpOutage,
    /// Browsers lose something far more often than they did.
    BrowserEnvironment,
    /// Attempts begin and never end, far more often than they did.
    LostAttempts,
    /// A failure of category `other` of a kind that was not seen before.
    Other,
    /// A provider has failed since this version or configuration began.
    FirstContact,
    /// A provider fails every time in the same way.
    HundredPerCent,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 6] =
        [Self::IdpOutage, Self::BrowserEnvironment, Self::LostAttempts, Self::Other, Self::FirstContact, Self::HundredPerCent];

    /// Returns the word for logs, metrics, receivers and the table.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::IdpOutage => "idp_outage",
            Self::BrowserEnvironment => "browser_environment",
            Self::LostAttempts => "lost_attempts",
            Self::Other => "other",
            Self::FirstContact => "first_contact",
            Self::HundredPerCent => "hundred_per_cent",
        }
    }

    /// Finds a kind by its word.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }

    /// Returns how long nothing must be seen of an incident before it is over.
    pub fn quiet(self) -> TimeDelta {
        match self {
            Self::IdpOutage => TimeDelta::minutes(5),
            Self::BrowserEnvironment | Self::LostAttempts => TimeDelta::minutes(15),
            Self::Other => TimeDelta::hours(1),
            // Over with the next success, however long that takes.
            Self::FirstContact | Self::HundredPerCent => TimeDelta::zero(),
        }
    }

    /// Says in a few words what has happened.
    pub fn headline(self) -> &'static str {
        match self {
            Self::IdpOutage => "the provider is in trouble",
            Self::BrowserEnvironment => "browsers lose sign-ins far more often than they did",
            Self::LostAttempts => "attempts begin and never end far more often than they did",
            Self::Other => "a failure of a kind that was not seen before",
            Self::FirstContact => "the provider has not worked since this process began",
            Self::HundredPerCent => "the provider fails every time in the same way",
        }
    }

    /// Says what to do.
    pub fn advice(self) -> &'static str {
        match self {
            Self::IdpOutage => "look at the provider's status page; if it never worked, run `genkan check`",
            Self::BrowserEnvironment | Self::LostAttempts => {
                "look at what changed last: public_url, cookies, host name, the proxy before genkan"
            }
            Self::Other => "run `genkan explain CAUSE`, and read the line in the log",
            Self::FirstContact | Self::HundredPerCent => "run `genkan check`: it is probably our configuration",
        }
    }
}

/// An incident, as long as it is remembered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Incident {
    /// Its name.
    pub id: RowId,
    /// Its kind.
    pub kind: Kind,
    /// The provider's name.
    pub provider: String,
    /// What about it, in words of the catalogue: cause and stage, or nothing.
    pub subject: String,
    /// How many failures it was raised for.
    pub failures: u32,
    /// When it was raised.
    pub opened_at: DateTime<Utc>,
    /// When it was last seen.
    pub seen_at: DateTime<Utc>,
    /// When it was found to be over.
    pub resolved_at: Option<DateTime<Utc>>,
}

impl Incident {
    /// Reads a row; one of a kind that this version does not know is none.
    pub fn read(row: IncidentRow) -> Option<Self> {
        let kind = Kind::from_name(&row.kind)?;
        let IncidentRow { id, provider, subject, failures, opened_at, seen_at, resolved_at, .. } = row;
        Some(Self { id, kind, provider, subject, failures, opened_at, seen_at, resolved_at })
    }

    /// Returns the key that only one incident of its kind can have at a time.
    pub fn key(&self) -> String {
        key(self.kind, &self.provider, &self.subject)
    }
}

/// Returns the key that only one incident of its kind can have at a time.
fn key(kind: Kind, provider: &str, subject: &str) -> String {
    format!("{}/{provider}/{subject}", kind.as_str())
}

/// Which way an incident turned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// It began.
    Raised,
    /// It is over.
    Resolved,
    /// It never was: an operator tries the receivers.
    Test,
}

impl Turn {
    /// Returns the word for receivers.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Raised => "alert_raised",
            Self::Resolved => "alert_resolved",
            Self::Test => "alert_test",
        }
    }
}

/// What receivers are told of an incident.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alert {
    /// Which way it turned.
    pub turn: Turn,
    /// The incident.
    pub incident: Incident,
}

impl Alert {
    /// Says everything in one line, for receivers that show text.
    pub fn summary(&self) -> String {
        let Incident { kind, provider, subject, failures, .. } = &self.incident;
        let subject = if subject.is_empty() { String::new() } else { format!(" ({subject})") };
        match self.turn {
            Turn::Raised => {
                format!("genkan: {provider}: {}{subject}, {failures} failures. To do: {}.", kind.headline(), kind.advice())
            }
            Turn::Resolved => format!("genkan: {provider}: over: {}{subject}.", kind.headline()),
            Turn::Test => "genkan: this is a test of the alerts; nothing has happened.".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_found_by_its_word() {
        for kind in Kind::ALL {
            assert_eq!(Kind::from_name(kind.as_str()), Some(kind));
        }
        assert_eq!(Kind::from_name("weather"), None);
    }
}
