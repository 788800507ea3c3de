//! Sentry: failures with level and fingerprint, and alerts.
//!
//! The `sentry` crate makes the envelope; our own client sends it. So there is no second
//! TLS library, no panic hook, no global state, and nothing is added that we do not
//! put in: no address, no person, no host name, no source lines.

use std::borrow::Cow;
use std::fmt;
use std::time::SystemTime;

use chrono::{DateTime, Utc};
use reqwest::header::CONTENT_TYPE;
use reqwest::{Client, RequestBuilder};
use secrecy::ExposeSecret as _;
use sentry::protocol::{Envelope, Event};
use sentry::types::Dsn;
use sentry::{Level, types::protocol::v7::Map};

use super::Message;
use crate::config::AlertsConfig;
use crate::ops::alarm::{Alert, Turn};
use crate::signin::failure::{Category, ProviderErrorCode, SigninFailure};

/// What we call ourselves there.
const AGENT: &str = concat!("genkan/", env!("CARGO_PKG_VERSION"));

/// A project.
pub struct Sentry {
    dsn: Dsn,
    site: String,
}

/// A failure as it is sent: what stands in the log, without address and request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    level: Level,
    provider: String,
    category: &'static str,
    cause: &'static str,
    stage: &'static str,
    code: Option<String>,
    http_status: Option<u16>,
    reference: String,
    at: DateTime<Utc>,
}

impl Report {
    /// Takes what is sent of a failure of this category; a cancel never is, and neither is what may be forged.
    pub fn of(failure: &SigninFailure, category: Category, reference: &str, at: DateTime<Utc>) -> Option<Self> {
        let (provider, _) = failure.provider.as_ref().zip(failure.attempt)?;
        let level = match category {
            Category::UserCancelled => return None,
            Category::BrowserEnvironment => Level::Info,
            Category::IdpOutage => Level::Warning,
            Category::Other => Level::Error,
        };
        Some(Self {
            level,
            provider: provider.to_string(),
            category: category.as_str(),
            cause: failure.cause.as_str(),
            stage: failure.stage.as_str(),
            code: failure.provider_error.as_ref().map(|code: &ProviderErrorCode| code.to_string()),
            http_status: failure.http_status,
            reference: reference.to_owned(),
            at,
        })
    }

    fn event(&self) -> Event<'static> {
        let fingerprint = [self.provider.clone(), self.stage.to_owned(), self.cause.to_owned()].map(Cow::from);
        let mut tags = tags(&[("provider", &self.provider), ("category", self.category), ("cause", self.cause), ("stage", self.stage)]);
        tags.insert("reference".to_owned(), self.reference.clone());
        tags.extend(self.code.clone().map(|code| ("provider_error".to_owned(), code)));
        tags.extend(self.http_status.map(|status| ("http_status".to_owned(), status.to_string())));
        Event {
            level: self.level,
            fingerprint: fingerprint.to_vec().into(),
            message: Some(format!("sign-in failed: {} at {} ({})", self.cause, self.stage, self.provider)),
            tags,
            timestamp: self.at.into(),
            ..bare()
        }
    }
}

impl Sentry {
    /// Takes what the configuration names.
    pub fn find(config: &AlertsConfig, site: &str) -> Option<Self> {
        let dsn = config.sentry_dsn.as_ref()?.expose_secret().parse().ok()?;
        Some(Self { dsn, site: site.to_owned() })
    }

    /// Makes the request of a message.
    pub fn request(&self, http: &Client, message: &Message, now: DateTime<Utc>) -> RequestBuilder {
        let mut event = match message {
            Message::Alert(alert) => event_of(alert, now),
            Message::Failure(report) => report.event(),
        };
        event.tags.insert("site".to_owned(), self.site.clone());
        let mut body = Vec::new();
        // Writing into memory does not fail.
        let _ = Envelope::from(event).to_writer(&mut body);
        http.post(self.dsn.envelope_api_url())
            .header("X-Sentry-Auth", self.dsn.to_auth(Some(AGENT)).to_string())
            .header(CONTENT_TYPE, "application/x-sentry-envelope")
            .body(body)
    }
}

impl fmt::Debug for Sentry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sentry")
    }
}

fn event_of(alert: &Alert, now: DateTime<Utc>) -> Event<'static> {
    let incident = &alert.incident;
    let level = match alert.turn {
        Turn::Raised => Level::Error,
        Turn::Resolved | Turn::Test => Level::Info,
    };
    let fingerprint = [alert.turn.as_str().to_owned(), incident.key()].map(Cow::from);
    Event {
        level,
        fingerprint: fingerprint.to_vec().into(),
        message: Some(alert.summary()),
        tags: tags(&[("event", alert.turn.as_str()), ("kind", incident.kind.as_str()), ("provider", &incident.provider)]),
        timestamp: now.into(),
        ..bare()
    }
}

/// Makes an event that says nothing but what we are.
fn bare() -> Event<'static> {
    Event {
        logger: Some("genkan".to_owned()),
        release: Some(Cow::from(concat!("genkan@", env!("CARGO_PKG_VERSION")))),
        platform: Cow::from("other"),
        timestamp: SystemTime::UNIX_EPOCH,
        ..Event::default()
    }
}

fn tags(pairs: &[(&str, &str)]) -> Map<String, String> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Clock;
    use crate::domain::identity::ProviderId;
    use crate::domain::ids::AttemptId;
    use crate::signin::failure::{Cause, Stage};

    fn report(cause: Cause, has_attempt: bool) -> Option<Report> {
        let clock = Clock::system();
        let attempt = has_attempt.then(|| AttemptId::new(&clock));
        let failure = SigninFailure { provider: ProviderId::parse("lab"), attempt, ..SigninFailure::new(cause, Stage::Token) };
        Report::of(&failure, failure.cause.category(), "K7Q2-9F3M", clock.now())
    }

    #[test]
    fn cancels_are_never_sent_and_neither_is_what_may_be_forged() {
        assert_eq!(report(Cause::ConsentDenied, true), None);
        assert_eq!(report(Cause::TokenTimeout, false), None);
        for (cause, level) in
            [(Cause::CodeUnusable, Level::Info), (Cause::TokenTimeout, Level::Warning), (Cause::NonceMismatch, Level::Error)]
        {
            assert_eq!(report(cause, true).map(|report| report.level), Some(level), "{cause:?}");
        }
    }

    #[test]
    fn failures_of_one_kind_are_one_issue_there() {
        let events = [report(Cause::TokenTimeout, true), report(Cause::TokenTimeout, true)].map(|report| report.expect("a report").event());

        assert_eq!(events[0].fingerprint, events[1].fingerprint);
        assert_eq!(events[0].fingerprint.as_ref(), ["lab", "token", "token_timeout"]);
        assert!(events[0].user.is_none() && events[0].server_name.is_none() && events[0].request.is_none(), "{events:?}");
    }
}
