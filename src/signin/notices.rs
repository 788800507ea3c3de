//! Telling people by mail what happened to their account.

use super::Signin;
use super::visitor::Visitor;
use crate::domain::user::User;
use crate::mail::notice::{self, Circumstances};
use crate::mail::{Letter, Notice};
use crate::store::Store;

impl Signin {
    /// Returns a store whose next transaction carries a notice to the owner, if it comes to anything.
    pub(crate) fn store_telling(&self, user: &User, notice: &Notice, visitor: &Visitor) -> Store {
        let circumstances = Circumstances {
            language: visitor.language,
            at: self.clock.now(),
            browser: &visitor.browser,
            origin: &self.config.server.origin(),
        };
        self.store_with(notice::write(notice, user, &circumstances))
    }

    /// Returns a store whose next transaction carries letters; none without a mail server.
    pub(crate) fn store_with(&self, letters: impl IntoIterator<Item = Letter>) -> Store {
        let Some(post) = &self.post else { return self.store.clone() };
        self.store.with_letters(letters.into_iter().map(|letter| post.seal(&letter, &self.clock)).collect())
    }
}
