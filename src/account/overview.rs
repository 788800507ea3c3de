//! What the account page lists.

use crate::domain::user::{LinkedIdentity, Session};
use crate::signin::Signin;
use crate::signin::session::SignedIn;
use crate::store::StoreError;

/// Where somebody is signed in, and the providers they can sign in with.
#[derive(Clone, Debug)]
pub struct Overview {
    /// The open sessions: the one that asks first, then the newest.
    pub sessions: Vec<Session>,
    /// The linked identities.
    pub identities: Vec<LinkedIdentity>,
}

impl Signin {
    /// Lists sessions and linked identities of the signed-in user.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn account_overview(&self, signed_in: &SignedIn) -> Result<Overview, StoreError> {
        let mut sessions = self.store.list_sessions(signed_in.user.id, self.clock.now()).await?;
        sessions.sort_by_key(|session| session.id != signed_in.session.id);
        let identities = self.store.list_identities(signed_in.user.id).await?;
        Ok(Overview { sessions, identities })
    }
}
