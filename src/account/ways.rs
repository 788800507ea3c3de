//! The providers that somebody can sign in with: which there are, and removing one.
//!
//! Adding one is a trip to a provider: [`crate::signin::social`].

use crate::domain::identity::ProviderId;
use crate::domain::ids::RowId;
use crate::domain::user::LinkedIdentity;
use crate::mail::Notice;
use crate::signin::Signin;
use crate::signin::attempt::Purpose;
use crate::signin::event::Event;
use crate::signin::failure::{Cause, Reported, SigninFailure, Stage};
use crate::signin::session::SignedIn;
use crate::signin::visitor::Visitor;
use crate::store::StoreError;
use crate::store::identities::Unlinking;

/// A linked identity, and whether it may go.
#[derive(Clone, Debug)]
pub struct Way {
    /// The identity.
    pub identity: LinkedIdentity,
    /// Whether the account has a usable way in without it.
    pub is_removable: bool,
}

/// Why an identity was not removed.
#[derive(Debug)]
pub enum UnlinkRefused {
    /// It needs a sign-in of just now (security.md SE-06).
    NotFresh,
    /// It is none of theirs, or has been removed before.
    NotFound,
    /// It is their last way in (security.md LK-06); stands in the log.
    LastWayIn(Reported),
    /// The store failed.
    Store(StoreError),
}

impl Signin {
    /// Lists the linked identities of the signed-in user, the oldest first.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn list_ways(&self, signed_in: &SignedIn) -> Result<Vec<Way>, StoreError> {
        let identities = self.store.list_identities(signed_in.user.id).await?;
        let is_usable = |identity: &LinkedIdentity| self.providers.find(identity.provider.as_str()).is_some();
        let has_way_without =
            |id: RowId| signed_in.user.username.is_some() || identities.iter().any(|other| other.id != id && is_usable(other));
        Ok(identities.iter().map(|identity| Way { is_removable: has_way_without(identity.id), identity: identity.clone() }).collect())
    }

    /// Removes a linked identity. Sessions that were opened with its provider end, but
    /// the one that asks: it has just been proven. Logs `link_removed`.
    ///
    /// # Errors
    ///
    /// [`UnlinkRefused`].
    pub async fn unlink(&self, signed_in: &SignedIn, identity: RowId, visitor: &Visitor) -> Result<(), UnlinkRefused> {
        if !self.is_fresh(signed_in) {
            return Err(UnlinkRefused::NotFresh);
        }
        let usable: Vec<ProviderId> = self.providers.iter().map(|provider| provider.id.clone()).collect();
        let unlinking = Unlinking { identity, usable, keep: signed_in.session.id, now: self.clock.now() };
        let notice = Notice::LinkRemoved(self.name_of(signed_in, identity).await?);
        let store = self.store_telling(&signed_in.user, &notice, visitor);
        let unlinked = store.unlink_identity(signed_in.user.id, unlinking).await.map_err(|error| match error {
            StoreError::LastWayIn => {
                let failure = SigninFailure { purpose: Purpose::Link, ..SigninFailure::new(Cause::LastWayIn, Stage::Account) };
                UnlinkRefused::LastWayIn(self.report(failure, visitor))
            }
            StoreError::NotFound => UnlinkRefused::NotFound,
            error => UnlinkRefused::Store(error),
        })?;
        let event = Event::account("link_removed", Some(visitor)).provider(&unlinked.provider);
        event.user(signed_in.user.id).session(signed_in.session.id).log();
        self.note_ended(signed_in.user.id, &unlinked.ended, visitor);
        Ok(())
    }

    /// Names the provider of a linked identity as its button does.
    async fn name_of(&self, signed_in: &SignedIn, identity: RowId) -> Result<String, UnlinkRefused> {
        let identities = self.store.list_identities(signed_in.user.id).await.map_err(UnlinkRefused::Store)?;
        let linked = identities.into_iter().find(|linked| linked.id == identity).ok_or(UnlinkRefused::NotFound)?;
        let provider = self.providers.find(linked.provider.as_str());
        Ok(provider.map_or_else(|| linked.provider.to_string(), |provider| provider.name.clone()))
    }
}
