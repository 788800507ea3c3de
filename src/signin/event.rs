//! One log line for each thing that happened to an account.
//!
//! Every line has the same shape; what is absent is left out. It never says what was
//! typed. Failures of a sign-in with a provider have [`super::Signin::report`].

use std::time::Duration;

use super::attempt::Attempt;
use super::visitor::Visitor;
use crate::domain::identity::ProviderId;
use crate::domain::ids::{SessionId, UserId};

/// Something that happened, on its way into the log.
#[must_use = "an event is logged by `log`"]
pub struct Event<'a> {
    target: &'static str,
    name: &'static str,
    visitor: Option<&'a Visitor>,
    user: Option<UserId>,
    session: Option<SessionId>,
    method: Option<&'a str>,
    provider: Option<&'a ProviderId>,
    attempt: Option<&'a Attempt>,
    new_user: Option<bool>,
    new_link: Option<bool>,
    reason: Option<&'static str>,
    duration: Option<Duration>,
}

impl<'a> Event<'a> {
    /// Begins an event on a road into a session.
    pub fn signin(name: &'static str, visitor: &'a Visitor) -> Self {
        Self::new("genkan::signin", name, Some(visitor))
    }

    /// Begins an event of an account.
    pub fn account(name: &'static str, visitor: Option<&'a Visitor>) -> Self {
        Self::new("genkan::account", name, visitor)
    }

    fn new(target: &'static str, name: &'static str, visitor: Option<&'a Visitor>) -> Self {
        Self {
            target,
            name,
            visitor,
            user: None,
            session: None,
            method: None,
            provider: None,
            attempt: None,
            new_user: None,
            new_link: None,
            reason: None,
            duration: None,
        }
    }

    /// Says whose account it is.
    pub fn user(mut self, user: UserId) -> Self {
        self.user = Some(user);
        self
    }

    /// Says which session it is about.
    pub fn session(mut self, session: SessionId) -> Self {
        self.session = Some(session);
        self
    }

    /// Says how they came: `password`, or the provider's name.
    pub fn method(mut self, method: &'a str) -> Self {
        self.method = Some(method);
        self
    }

    /// Says which provider it is about.
    pub fn provider(mut self, provider: &'a ProviderId) -> Self {
        self.provider = Some(provider);
        self
    }

    /// Says which attempt has ended, and what it was for.
    pub fn attempt(mut self, attempt: &'a Attempt) -> Self {
        self.attempt = Some(attempt);
        self
    }

    /// Says whether the account was made just now.
    pub fn new_user(mut self, is_new: bool) -> Self {
        self.new_user = Some(is_new);
        self
    }

    /// Says whether the link was not there before.
    pub fn new_link(mut self, is_new: bool) -> Self {
        self.new_link = Some(is_new);
        self
    }

    /// Says why it was refused.
    pub fn reason(mut self, reason: &'static str) -> Self {
        self.reason = Some(reason);
        self
    }

    /// Says how long it took.
    pub fn took(mut self, duration: Duration) -> Self {
        self.duration = Some(duration);
        self
    }

    /// Writes the line, at level info.
    pub fn log(self) {
        log::info!(
            target: self.target,
            event = self.name,
            method = self.method,
            provider = self.provider.map(ProviderId::as_str),
            purpose = self.attempt.map(|attempt| attempt.purpose.as_str()),
            attempt = self.attempt.map(|attempt| attempt.id.to_string()),
            reason = self.reason,
            user = self.user.map(|id| id.to_string()),
            session = self.session.map(|id| id.to_string()),
            new_user = self.new_user,
            new_link = self.new_link,
            duration_ms = self.duration.map(|duration| u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)),
            request = self.visitor.map(|visitor| visitor.request_id.as_str()),
            address = self.visitor.map(|visitor| visitor.address.to_string());
            "{}", self.name.replace('_', " ")
        );
    }
}
