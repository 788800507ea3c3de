//! `password`: a written deviation, off by default (RFC 6749 §4.3; RFC 9700 §2.4; security.md TK-11).
//!
//! It needs the site's switch and an operator's word for the client. It is never for
//! accounts with a second factor, counts against the same throttles as the form and
//! against one of its own, and tells no more than the form does. The form's names are
//! `username` and `password`, as the tutorial of `FastAPI` has them.

use std::net::IpAddr;
use std::time::Duration;

use futures_util::future::LocalBoxFuture;
use secrecy::SecretString;

use super::tokens::{Order, bound_to};
use super::{TokenAnswer, TokenRequest, required, scopes_within};
use crate::domain::client::{Client, Grant};
use crate::domain::ids::UserId;
use crate::domain::scope::Scope;
use crate::domain::thumbprint::Thumbprint;
use crate::issuer::Issuer;
use crate::issuer::error::TokenError;
use crate::issuer::event::Event;
use crate::issuer::parameters::Parameters;
use crate::store::StoreError;
use crate::store::families::Family;

/// What is said of a wrong password, an unknown, closed or better guarded account: one text for all.
const NO_GOOD: TokenError = TokenError::InvalidGrant("user name and password do not belong together, or may not be used here");

/// A password on its way to be checked.
#[derive(Debug)]
pub struct PasswordTry {
    /// What was sent as user name: a name or an address.
    pub identifier: String,
    /// The password.
    pub password: SecretString,
    /// The address that it came from.
    pub address: IpAddr,
    /// The request's identifier in logs.
    pub request_id: String,
}

/// A password that was right when it was checked.
#[derive(Clone, Debug)]
pub struct Proven {
    /// Whose it is.
    pub user: UserId,
    /// What was stored of it then; it has to be so still when something is given for it.
    pub password_hash: String,
}

/// Why a password did not count.
#[derive(Debug)]
pub enum PasswordFault {
    /// Wrong, unknown, closed, or there is a second factor: not told apart.
    Wrong,
    /// Too many tries.
    Throttled(Duration),
    /// Every hashing thread is busy.
    Busy(Duration),
    /// The store failed.
    Store(StoreError),
}

/// Checks passwords as the sign-in form does, without opening a session.
pub trait CheckPassword: Send + Sync {
    /// Returns whose password it is.
    fn check(&self, tried: PasswordTry) -> LocalBoxFuture<'_, Result<Proven, PasswordFault>>;
}

impl std::fmt::Debug for dyn CheckPassword {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CheckPassword(…)")
    }
}

impl Issuer {
    /// Gives tokens for a user name and a password.
    pub(super) async fn grant_by_password(
        &self,
        client: &Client,
        form: &Parameters,
        request: TokenRequest<'_>,
        key: Option<&Thumbprint>,
    ) -> Result<TokenAnswer, TokenError> {
        if !self.config.issuer.password_grant {
            return Err(TokenError::UnauthorizedClient("this site takes no passwords from clients"));
        }
        let identifier = required(form, "username", "username is missing")?.to_owned();
        let password = required(form, "password", "password is missing")?.to_owned().into();
        let most = client.metadata.scopes.clone();
        let scopes = scopes_within(form, &most)?.unwrap_or_else(|| most.without(Scope::OPENID));
        let tried = PasswordTry { identifier, password, address: request.address, request_id: request.request_id.to_owned() };
        let Proven { user, password_hash } = self.passwords.check(tried).await.map_err(|fault| match fault {
            PasswordFault::Wrong => NO_GOOD,
            PasswordFault::Throttled(wait) => TokenError::Throttled(wait),
            PasswordFault::Busy(wait) => TokenError::Busy(wait),
            PasswordFault::Store(error) => TokenError::Store(error),
        })?;
        let mut family = self.new_family(client, user, Grant::Password, scopes);
        family.auth_time = Some(family.created_at);
        family.method = Some("password".to_owned());
        family.key = bound_to(client, key).cloned();
        let answer = self.begin_family(client, &family, key, Some(password_hash)).await?.ok_or(NO_GOOD)?;
        Event::new("tokens_issued", &client.id).grant(Grant::Password.short()).user(user).family(family.id).log();
        Ok(answer)
    }

    /// Makes tokens and the family that they hang on; `None` if its user may not have it, or has
    /// another password than the one that was checked.
    pub(super) async fn begin_family(
        &self,
        client: &Client,
        family: &Family,
        key: Option<&Thumbprint>,
        password_hash: Option<String>,
    ) -> Result<Option<TokenAnswer>, TokenError> {
        let is_renewable = client.allows_grant(Grant::RefreshToken) && family.grant_type != Grant::JwtBearer;
        let scopes = family.scopes.clone();
        let order = Order { client, family, scopes, nonce: None, key, is_renewable, family_until: family.expires_at };
        let (answer, mut issue) = self.make_tokens(order).await?;
        // An operator has linked whom an assertion is about; everybody else has said yes, and can take it back.
        if family.grant_type != Grant::JwtBearer {
            issue.consent = Some(self.consent_to(family, &family.scopes));
        }
        Ok(self.store.insert_family(family, password_hash, issue).await?.then_some(answer))
    }
}
