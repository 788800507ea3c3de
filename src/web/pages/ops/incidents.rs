//! Incidents as operators read them: what goes on, since when, and what to do.

use super::Section;
use crate::ops::alarm::{Incident, Kind};
use crate::ops::breaker::State;
use crate::signin::Signin;
use crate::web::render::with_parameter;
use crate::web::text::{TextKey, Texts};

/// An incident and whom it is about.
#[derive(Clone, Debug)]
pub struct IncidentLine {
    /// The provider's name for people; its id, if it is not configured any more.
    pub name: String,
    /// Where the provider's page is, if it is configured and not this one.
    pub path: Option<String>,
    /// The incident.
    pub incident: Incident,
}

impl IncidentLine {
    /// Finds whom an incident is about.
    pub fn new(signin: &Signin, incident: Incident) -> Self {
        let provider = signin.providers.find(&incident.provider);
        let name = provider.map_or_else(|| incident.provider.clone(), |provider| provider.name.clone());
        let path = provider.map(|provider| format!("{}/{}", Section::Providers.path(), provider.id));
        Self { name, path, incident }
    }

    /// Says what has happened.
    pub fn headline(&self, texts: &Texts) -> String {
        texts.with(headline(self.incident.kind), "name", &self.name)
    }

    /// Says what to do.
    pub fn advice(&self) -> TextKey {
        match self.incident.kind {
            Kind::IdpOutage => "ops-incident-do-outage",
            Kind::BrowserEnvironment | Kind::LostAttempts => "ops-incident-do-change",
            Kind::Other => "ops-incident-do-kind",
            Kind::FirstContact | Kind::HundredPerCent => "ops-incident-do-check",
        }
    }

    /// Returns the word that chooses the colour: a category's.
    pub fn colour(&self) -> &'static str {
        match self.incident.kind {
            Kind::IdpOutage => "idp_outage",
            Kind::BrowserEnvironment | Kind::LostAttempts => "browser_environment",
            Kind::Other | Kind::FirstContact | Kind::HundredPerCent => "other",
        }
    }

    /// Returns where its failures are; lost attempts have none.
    pub fn failures_path(&self) -> Option<String> {
        let Incident { kind, provider, subject, .. } = &self.incident;
        let path = with_parameter(Section::Failures.path(), "provider", provider);
        match kind {
            Kind::LostAttempts => None,
            Kind::FirstContact | Kind::HundredPerCent => Some(path),
            Kind::IdpOutage | Kind::BrowserEnvironment => Some(with_parameter(&path, "category", kind.as_str())),
            // Its subject begins with the cause.
            Kind::Other => Some(with_parameter(&path, "cause", subject.split(' ').next().unwrap_or_default())),
        }
    }

    /// Returns when it was raised, as people write it.
    pub fn began(&self, texts: &Texts) -> String {
        texts.time(self.incident.opened_at)
    }

    /// Returns when it was over, as people write it; `None` while it goes on.
    pub fn ended(&self, texts: &Texts) -> Option<String> {
        // It was over when it was seen last; that nothing came for a while only proved it.
        self.incident.resolved_at.map(|_| texts.time(self.incident.seen_at))
    }
}

/// Says what people are told of a provider.
pub fn breaker_key(state: State) -> TextKey {
    match state {
        State::Closed => "ops-breaker-closed",
        State::Open => "ops-breaker-open",
        State::Probing => "ops-breaker-probing",
    }
}

fn headline(kind: Kind) -> TextKey {
    match kind {
        Kind::IdpOutage => "ops-incident-idp-outage",
        Kind::BrowserEnvironment => "ops-incident-browser-environment",
        Kind::LostAttempts => "ops-incident-lost-attempts",
        Kind::Other => "ops-incident-other",
        Kind::FirstContact => "ops-incident-first-contact",
        Kind::HundredPerCent => "ops-incident-hundred-per-cent",
    }
}
