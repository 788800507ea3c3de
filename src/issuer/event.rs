//! One log line for each thing that happened at the issuer.
//!
//! It never says a code, a token, a name or an address: identifiers of ours and words
//! from fixed lists, nothing else.

use std::borrow::Cow;

use crate::domain::client::ClientId;
use crate::domain::ids::{FamilyId, UserId};

/// Something that happened, on its way into the log.
#[must_use = "an event is logged by `log`"]
pub struct Event<'a> {
    name: &'static str,
    client: Option<&'a ClientId>,
    user: Option<UserId>,
    family: Option<FamilyId>,
    grant: Option<&'static str>,
    reason: Option<&'static str>,
    detail: Option<Cow<'a, str>>,
}

impl<'a> Event<'a> {
    /// Begins an event of a client.
    pub fn new(name: &'static str, client: &'a ClientId) -> Self {
        Self { client: Some(client), ..Self::of_nobody(name) }
    }

    /// Begins an event of a client that is not known, or not yet.
    pub fn of_nobody(name: &'static str) -> Self {
        Self { name, client: None, user: None, family: None, grant: None, reason: None, detail: None }
    }

    /// Says whom it is about.
    pub fn user(mut self, user: UserId) -> Self {
        self.user = Some(user);
        self
    }

    /// Says which family it is about.
    pub fn family(mut self, family: FamilyId) -> Self {
        self.family = Some(family);
        self
    }

    /// Says which grant it is about.
    pub fn grant(mut self, grant: &'static str) -> Self {
        self.grant = Some(grant);
        self
    }

    /// Says why.
    pub fn reason(mut self, reason: &'static str) -> Self {
        self.reason = Some(reason);
        self
    }

    /// Says what exactly was wrong, in fixed words.
    pub fn detail(mut self, detail: impl Into<Cow<'a, str>>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// Writes the line at level info.
    pub fn log(self) {
        self.log_at(log::Level::Info);
    }

    /// Writes the line at level warn: somebody holds what they should not.
    pub fn warn(self) {
        self.log_at(log::Level::Warn);
    }

    fn log_at(self, level: log::Level) {
        log::log!(
            target: "genkan::issuer",
            level,
            event = self.name,
            client = self.client.map(ClientId::as_str),
            user = self.user.map(|id| id.to_string()),
            family = self.family.map(|id| id.to_string()),
            grant = self.grant,
            reason = self.reason,
            detail = self.detail.as_deref();
            "{}", self.name.replace('_', " ")
        );
    }
}
