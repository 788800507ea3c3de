//! Who may pass to what stands behind a reverse proxy, which asks us for each request.

use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;

use super::Signin;
use super::session::{SignedIn, SignedOut};
use crate::domain::group::Group;
use crate::store::StoreError;

/// What somebody has to be beyond signed in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Has proven the e-mail address.
    pub verified_email: bool,
    /// Is in this group.
    pub group: Option<Group>,
    /// Signed in no longer ago than this.
    pub max_age: Option<Duration>,
}

/// Why somebody does not pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotAdmitted {
    /// They brought no token.
    Missing,
    /// What they brought signs nobody in.
    SignedOut(SignedOut),
    /// They signed in too long ago.
    TooOld,
    /// Their e-mail address is not proven.
    EmailUnverified,
    /// They are not in the group.
    NotInGroup,
}

impl NotAdmitted {
    /// Returns the word that proxies and applications are told.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::SignedOut(SignedOut::Foreign) => "invalid",
            Self::SignedOut(SignedOut::Expired) => "expired",
            Self::SignedOut(SignedOut::Ended) => "ended",
            Self::SignedOut(SignedOut::Idle) => "idle",
            Self::SignedOut(SignedOut::Disabled) => "disabled",
            Self::TooOld => "too_old",
            Self::EmailUnverified => "email_unverified",
            Self::NotInGroup => "not_in_group",
        }
    }

    /// Tells whether signing in, or signing in again, can help.
    pub const fn is_about_signin(self) -> bool {
        match self {
            Self::Missing | Self::SignedOut(_) | Self::TooOld => true,
            Self::EmailUnverified | Self::NotInGroup => false,
        }
    }
}

impl Signin {
    /// Tells who passes, or why nobody does.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if that cannot be looked up; nobody passes then.
    pub async fn let_pass(&self, token: Option<&str>, wanted: &Wanted) -> Result<Result<Arc<SignedIn>, NotAdmitted>, StoreError> {
        let Some(token) = token else { return Ok(Err(NotAdmitted::Missing)) };
        let who = match self.find_signed_in(token).await? {
            Ok(who) => who,
            Err(reason) => return Ok(Err(NotAdmitted::SignedOut(reason))),
        };
        let age = self.clock.now() - who.session.created_at;
        if wanted.max_age.is_some_and(|most| TimeDelta::from_std(most).is_ok_and(|most| age > most)) {
            return Ok(Err(NotAdmitted::TooOld));
        }
        if wanted.verified_email && !who.user.is_email_proven {
            return Ok(Err(NotAdmitted::EmailUnverified));
        }
        if let Some(group) = &wanted.group
            && !self.store.list_groups(who.user.id).await?.iter().any(|name| name == group.as_str())
        {
            return Ok(Err(NotAdmitted::NotInGroup));
        }
        Ok(Ok(who))
    }
}
