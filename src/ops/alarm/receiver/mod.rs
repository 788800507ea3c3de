//! What each receiver is sent, and how its answer is read.
//!
//! An address is a secret: it stands in no error and in no line. Redirects are not
//! followed, answers are not read beyond their status.

mod letter;
mod sentry;
mod slack;
mod webhook;

use std::time::Duration;

use chrono::{DateTime, Utc};
use reqwest::header::{HeaderMap, RETRY_AFTER};
use reqwest::{Client, RequestBuilder, Response, StatusCode};

pub use self::letter::Mail;
pub use self::sentry::Report;
pub use webhook::{SIGNATURE, TIMESTAMP, sign};

use super::Alert;
use crate::config::AlertsConfig;

/// The longest wait that a receiver may ask for.
const MAX_RETRY_AFTER: Duration = Duration::from_secs(60);

/// What is sent.
#[derive(Clone, Debug)]
pub enum Message {
    /// An alert, for every receiver.
    Alert(Alert),
    /// A failure, for those that collect failures.
    Failure(Box<Report>),
}

impl Message {
    /// Returns the word for the log.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Alert(alert) => alert.turn.as_str(),
            Self::Failure(_) => "failure",
        }
    }
}

/// Why a delivery did not succeed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotDelivered {
    /// In a word, for the log.
    pub reason: &'static str,
    /// The status of the answer, if there was one.
    pub status: Option<u16>,
    /// How long the receiver wants to be left alone.
    pub retry_after: Option<Duration>,
    /// Whether the same once more can succeed.
    pub is_final: bool,
}

impl NotDelivered {
    /// The receiver did not answer in time.
    pub const TIMED_OUT: Self = Self { reason: "timeout", status: None, retry_after: None, is_final: false };
}

/// Whom operators have named.
#[derive(Debug)]
pub enum Receiver {
    /// Signed JSON.
    Webhook(webhook::Webhook),
    /// Text, as Slack takes it.
    Slack(slack::Slack),
    /// Events of Sentry.
    Sentry(sentry::Sentry),
    /// Letters to an operator.
    Mail(letter::Mailbox),
}

impl Receiver {
    /// Lists the receivers that are configured; `site` is our own origin, `mail` the way of letters, if there is one.
    pub fn list(config: &AlertsConfig, site: &str, mail: Option<&Mail>) -> Vec<Self> {
        let webhook = webhook::Webhook::find(config, site).map(Self::Webhook);
        let slack = slack::Slack::find(config).map(Self::Slack);
        let sentry = sentry::Sentry::find(config, site).map(Self::Sentry);
        let letters = mail.map(|mail| letter::Mailbox::list(config, mail)).unwrap_or_default().into_iter().map(Self::Mail);
        webhook.into_iter().chain(slack).chain(sentry).chain(letters).collect()
    }

    /// Returns the word for logs and metrics.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Webhook(_) => "webhook",
            Self::Slack(_) => "slack",
            Self::Sentry(_) => "sentry",
            Self::Mail(_) => "mail",
        }
    }

    /// Tells whether it collects single failures.
    pub fn takes_failures(&self) -> bool {
        matches!(self, Self::Sentry(_))
    }

    /// Sends a message once and reads the status of the answer.
    ///
    /// # Errors
    ///
    /// [`NotDelivered`]; the deadline is the caller's.
    pub async fn deliver(&self, http: &Client, message: &Message, now: DateTime<Utc>) -> Result<u16, NotDelivered> {
        let request = match (self, message) {
            (Self::Webhook(webhook), Message::Alert(alert)) => webhook.request(http, alert, now),
            (Self::Slack(slack), Message::Alert(alert)) => slack.request(http, alert),
            (Self::Sentry(sentry), message) => sentry.request(http, message, now),
            (Self::Mail(mailbox), Message::Alert(alert)) => return mailbox.deliver(alert).await,
            (Self::Webhook(_) | Self::Slack(_) | Self::Mail(_), Message::Failure(_)) => return Ok(StatusCode::NO_CONTENT.as_u16()),
        };
        send(request).await
    }
}

async fn send(request: RequestBuilder) -> Result<u16, NotDelivered> {
    let answer = request.send().await.map_err(|error| {
        let reason = if error.is_builder() { "unusable address" } else { "unreachable" };
        NotDelivered { reason, status: None, retry_after: None, is_final: error.is_builder() }
    })?;
    judge(&answer)
}

fn judge(answer: &Response) -> Result<u16, NotDelivered> {
    let status = answer.status();
    if status.is_success() {
        return Ok(status.as_u16());
    }
    let may_pass = status.is_server_error() || matches!(status, StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_MANY_REQUESTS);
    Err(NotDelivered {
        reason: "refused",
        status: Some(status.as_u16()),
        retry_after: retry_after(answer.headers()).filter(|_| may_pass),
        is_final: !may_pass,
    })
}

/// Reads how long to wait, in seconds (RFC 9110 §10.2.3); a date is not worth reading here.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let secs: u64 = headers.get(RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()?;
    Some(Duration::from_secs(secs).min(MAX_RETRY_AFTER))
}
