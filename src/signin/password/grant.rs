//! Passwords that a client sends, checked as the form's are (security.md TK-11).
//!
//! Same lane, same counters, same work for unknown accounts; and one counter more, since
//! this door is for programs. It opens no session: what comes of it is the issuer's.

use futures_util::FutureExt as _;
use futures_util::future::LocalBoxFuture;
use secrecy::ExposeSecret as _;

use super::PasswordRefused;
use crate::domain::identifier::Identifier;
use crate::domain::password::is_too_long;
use crate::domain::user::Method;
use crate::issuer::grants::password::{CheckPassword, PasswordFault, PasswordTry, Proven};
use crate::signin::event::Event;
use crate::signin::hash::Verdict;
use crate::signin::throttle::account_of;
use crate::signin::visitor::Visitor;
use crate::signin::{Signin, gate};

use super::{Held, Refused};

impl CheckPassword for Signin {
    fn check(&self, tried: PasswordTry) -> LocalBoxFuture<'_, Result<Proven, PasswordFault>> {
        async move {
            let visitor = Visitor { address: tried.address, request_id: tried.request_id.clone(), ..Visitor::default() };
            self.check_grant(&tried, &visitor).await.map_err(|refused| {
                let event = Event::signin("password_refused", &visitor).method(Method::Password.as_str()).reason(refused.reason);
                if let Some(user) = refused.user { event.user(user) } else { event }.log();
                match refused.answer {
                    PasswordRefused::Wrong => PasswordFault::Wrong,
                    PasswordRefused::Throttled { retry_after } => PasswordFault::Throttled(retry_after),
                    PasswordRefused::Busy { retry_after } => PasswordFault::Busy(retry_after),
                    PasswordRefused::Store(error) => PasswordFault::Store(error),
                }
            })
        }
        .boxed_local()
    }
}

impl Signin {
    async fn check_grant(&self, tried: &PasswordTry, visitor: &Visitor) -> Result<Proven, Refused> {
        if is_too_long(tried.password.expose_secret()) {
            return Err(Refused::wrong(None));
        }
        let ticket = self.lane.enter().await.map_err(Held::from)?;
        let identifier = Identifier::parse(&tried.identifier);
        let account = account_of(&identifier, &tried.identifier);
        let mut counters = self.password_counters(&account, visitor);
        counters.push(self.password_grant_counter(&account));
        self.count(counters.clone()).await?;
        let login = self.store.find_login(&identifier).await.map_err(Held::from)?;
        let is_let_in = login.as_ref().is_some_and(|login| gate::check(&login.user).is_ok());
        let (verdict, _) = self.check_on_lane(&ticket, tried.password.clone(), login.as_ref(), false).await.map_err(Held::from)?;
        let user = login.as_ref().map(|login| login.user.id);
        let right = login.filter(|_| verdict != Verdict::Wrong && is_let_in);
        let login = right.ok_or(Refused::wrong(user))?;
        self.store.take_back_try(counters).await.map_err(Held::from)?;
        Ok(Proven { user: login.user.id, password_hash: login.password_hash })
    }
}
