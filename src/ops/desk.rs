//! What operators change, each act kept in the audit before it is done.
//!
//! An act that cannot be kept is not done. So the audit may hold one that failed
//! afterwards, and never lacks one that happened (security.md LG-09).

use chrono::SubsecRound as _;
use url::Url;

use super::rules::{self, Gives, Matcher, Rule, RuleError};
use crate::domain::audit::{Act, AuditEntry};
use crate::domain::ids::{RowId, SessionId, UserId};
use crate::domain::user::User;
use crate::signin::Signin;
use crate::signin::session::SignedIn;
use crate::signin::visitor::Visitor;
use crate::store::StoreError;

/// An operator at work.
#[derive(Clone, Copy)]
pub struct Desk<'a> {
    signin: &'a Signin,
    operator: &'a SignedIn,
    visitor: &'a Visitor,
}

/// Why an operator's act was not done.
#[derive(Debug, thiserror::Error)]
pub enum ActRefused {
    /// There is no such user or session.
    #[error("there is no such user or session")]
    NotFound,
    /// Operators must not shut themselves out: nobody might be left to let them in.
    #[error("an operator cannot shut themselves out")]
    OneSelf,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl<'a> Desk<'a> {
    /// Seats an operator.
    pub fn of(signin: &'a Signin, operator: &'a SignedIn, visitor: &'a Visitor) -> Self {
        Self { signin, operator, visitor }
    }

    /// Keeps and logs what the operator is about to do.
    ///
    /// # Errors
    ///
    /// [`StoreError`]; then it must not be done.
    pub async fn keep(&self, act: Act, subject: Option<String>) -> Result<(), StoreError> {
        let (operator, now) = (self.operator.user.id, self.signin.clock.now().trunc_subsecs(0));
        let entry = AuditEntry { id: RowId::new(&self.signin.clock), operator, act: act.as_str().to_owned(), subject, at: now };
        log::info!(
            target: "genkan::ops",
            event = "operator_acted",
            act = act.as_str(),
            subject = entry.subject.as_deref(),
            operator = operator.to_string(),
            request = self.visitor.request_id.as_str(),
            address = self.visitor.address.to_string();
            "operator acted"
        );
        self.signin.store.insert_audit(entry).await
    }

    /// Shuts a user out, which ends every session of theirs, or lets them in again.
    ///
    /// # Errors
    ///
    /// [`ActRefused`].
    pub async fn set_disabled(&self, user: UserId, is_disabled: bool) -> Result<(), ActRefused> {
        if is_disabled && user == self.operator.user.id {
            return Err(ActRefused::OneSelf);
        }
        self.find(user).await?;
        self.keep(if is_disabled { Act::UserDisabled } else { Act::UserEnabled }, Some(user.to_string())).await?;
        let ended = self.signin.store.set_user_disabled(user, is_disabled, self.signin.clock.now()).await?;
        self.signin.note_ended(user, &ended, self.visitor);
        self.signin.sessions.forget_user(user);
        Ok(())
    }

    /// Ends every session of a user, the operator's own one excepted.
    ///
    /// # Errors
    ///
    /// [`ActRefused`].
    pub async fn sign_out(&self, user: UserId) -> Result<(), ActRefused> {
        self.find(user).await?;
        self.keep(Act::UserSignedOut, Some(user.to_string())).await?;
        let ended = self.signin.store.end_sessions(user, Some(self.operator.session.id)).await?;
        self.signin.note_ended(user, &ended, self.visitor);
        Ok(())
    }

    /// Ends one session of a user (security.md SE-05).
    ///
    /// # Errors
    ///
    /// [`ActRefused::NotFound`] if it was not open.
    pub async fn end_session(&self, user: UserId, session: SessionId) -> Result<(), ActRefused> {
        self.keep(Act::SessionEnded, Some(session.to_string())).await?;
        if !self.signin.store.end_session(user, session).await? {
            return Err(ActRefused::NotFound);
        }
        self.signin.note_ended(user, &[session], self.visitor);
        Ok(())
    }

    /// Ends every session but the operator's own one.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn sign_everybody_out(&self) -> Result<usize, StoreError> {
        let own = self.operator.session.id;
        self.keep(Act::EverybodySignedOut, None).await?;
        let count = self.signin.store.end_all_sessions_but(own).await?;
        self.signin.sessions.forget_all_but(own);
        Ok(count)
    }

    /// Makes a link with which a user sets a new password: theirs to choose, and seen by
    /// nobody else (security.md RS-05).
    ///
    /// # Errors
    ///
    /// [`ActRefused`].
    pub async fn make_reset_link(&self, user: UserId) -> Result<Url, ActRefused> {
        let user = self.find(user).await?;
        self.keep(Act::ResetLinkMade, Some(user.id.to_string())).await?;
        Ok(self.signin.make_reset_link(&user).await?)
    }

    /// Puts a rule into force, here at once and on other replicas within seconds.
    ///
    /// # Errors
    ///
    /// [`RuleError`]; nothing has changed then.
    pub async fn make_rule(&self, rule: (Matcher, Gives), note: &str) -> Result<Rule, RuleError> {
        let Signin { store, clock, watch, .. } = self.signin;
        self.keep(Act::RuleMade, None).await?;
        let rule = rules::add_rule(store, clock, rule, note, &self.name()).await?;
        watch.rules.refresh(store).await?;
        Ok(rule)
    }

    /// Ends a rule, here at once and on other replicas within seconds.
    ///
    /// # Errors
    ///
    /// [`ActRefused::NotFound`] if none of that name holds.
    pub async fn end_rule(&self, rule: RowId) -> Result<(), ActRefused> {
        let Signin { store, clock, watch, .. } = self.signin;
        self.keep(Act::RuleEnded, Some(rule.to_string())).await?;
        match rules::end_rule(store, clock, rule, &self.name()).await {
            Err(StoreError::NotFound) => Err(ActRefused::NotFound),
            ended => Ok(ended.and(watch.rules.refresh(store).await)?),
        }
    }

    /// Returns what to call the operator beside a rule.
    fn name(&self) -> String {
        let user = &self.operator.user;
        user.username.clone().unwrap_or_else(|| user.id.to_string())
    }

    async fn find(&self, user: UserId) -> Result<User, ActRefused> {
        self.signin.store.find_user(user).await?.ok_or(ActRefused::NotFound)
    }
}
