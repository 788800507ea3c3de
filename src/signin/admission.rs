//! Who may pass to what stands behind a reverse proxy, which asks us for each request.

use std::sync::Arc;

use super::Signin;
use super::session::{SignedIn, SignedOut};
use crate::domain::admission::{Unfit, Wanted};
use crate::store::StoreError;

/// Why somebody does not pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotAdmitted {
    /// They brought no token.
    Missing,
    /// What they brought signs nobody in.
    SignedOut(SignedOut),
    /// They are not what is wanted.
    Unfit(Unfit),
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
            Self::Unfit(unfit) => unfit.as_str(),
        }
    }

    /// Tells whether signing in, or signing in again, can help.
    pub const fn is_about_signin(self) -> bool {
        match self {
            Self::Missing | Self::SignedOut(_) | Self::Unfit(Unfit::TooOld) => true,
            Self::Unfit(Unfit::EmailUnverified | Unfit::NotInGroup) => false,
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
        if let Some(unfit) = wanted.judge(&who.user, Some(self.clock.now() - who.session.created_at)) {
            return Ok(Err(NotAdmitted::Unfit(unfit)));
        }
        if let Some(group) = &wanted.group
            && !self.store.is_in_group(who.user.id, group).await?
        {
            return Ok(Err(NotAdmitted::Unfit(Unfit::NotInGroup)));
        }
        Ok(Ok(who))
    }
}
