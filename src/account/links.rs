//! One-time links that operators hand over: password reset and invitation.

use url::Url;

use crate::domain::user::User;
use crate::signin::Signin;
use crate::store::StoreError;

impl Signin {
    /// Makes a link with which `user` sets a new password, within 24 hours.
    pub async fn make_reset_link(&self, _user: &User) -> Result<Url, StoreError> {
        todo!("part password")
    }

    /// Makes a link with which somebody may register, within 7 days.
    pub async fn make_invitation(&self) -> Result<Url, StoreError> {
        todo!("part password")
    }
}
