//! What somebody has to be, beyond known, to come to what stands behind a reverse proxy.

use std::time::Duration;

use chrono::TimeDelta;

use super::group::Group;
use super::user::User;

/// What is wanted of a person.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Has proven the e-mail address.
    pub verified_email: bool,
    /// Is in this group.
    pub group: Option<Group>,
    /// Signed in no longer ago than this.
    pub max_age: Option<Duration>,
}

/// Why somebody who is known does not pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unfit {
    /// They signed in too long ago.
    TooOld,
    /// Their e-mail address is not proven.
    EmailUnverified,
    /// They are not in the group.
    NotInGroup,
}

impl Unfit {
    /// Every reason.
    pub const ALL: [Self; 3] = [Self::TooOld, Self::EmailUnverified, Self::NotInGroup];

    /// Returns the word that proxies and applications are told.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::TooOld => "too_old",
            Self::EmailUnverified => "email_unverified",
            Self::NotInGroup => "not_in_group",
        }
    }
}

impl Wanted {
    /// Tells whether anything is wanted that only a person can be.
    pub fn is_about_person(&self) -> bool {
        *self != Self::default()
    }

    /// Holds a user against it, and how long ago they signed in, if that is known. Whether they
    /// are in the group is not looked at: that stands in the store.
    pub fn judge(&self, user: &User, age: Option<TimeDelta>) -> Option<Unfit> {
        let is_recent = |most| age.is_some_and(|age| TimeDelta::from_std(most).map_or(true, |most| age <= most));
        if !self.max_age.is_none_or(is_recent) {
            Some(Unfit::TooOld)
        } else if self.verified_email && !user.is_email_proven {
            Some(Unfit::EmailUnverified)
        } else {
            None
        }
    }
}
