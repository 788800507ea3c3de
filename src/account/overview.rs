//! What the account page lists.

use super::ways::Way;
use crate::domain::user::Session;
use crate::signin::Signin;
use crate::signin::session::SignedIn;
use crate::store::StoreError;

/// Where somebody is signed in, and the providers they can sign in with.
#[derive(Clone, Debug)]
pub struct Overview {
    /// The open sessions: the one that asks first, then the newest.
    pub sessions: Vec<Session>,
    /// The linked identities.
    pub ways: Vec<Way>,
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
        let ways = self.list_ways(signed_in).await?;
        Ok(Overview { sessions, ways })
    }
}
