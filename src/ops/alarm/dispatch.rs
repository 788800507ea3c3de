//! Queues to the receivers: one task each, so that one that hangs harms nobody.
//!
//! A message waits in a bounded queue; each try has a deadline, and the pauses between
//! tries grow. What could not be delivered is an event and a count, and nothing else.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc::{self, error::TrySendError};
use tokio::time::{sleep, timeout};

use super::receiver::{Message, NotDelivered, Receiver, Report};
use super::{Alert, Turn};
use crate::clock::Clock;
use crate::config::AlertsConfig;
use crate::ops::metrics;
use crate::random;

/// How many messages wait for one receiver at most.
const QUEUE: usize = 256;
/// The pause after the first try; each one after it is twice as long.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
/// The longest pause between two tries.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// How patient a delivery is.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// How long one try may take.
    pub timeout: Duration,
    /// How often it is tried.
    pub tries: u32,
    /// The pause after the first try.
    pub first_pause: Duration,
}

impl From<&AlertsConfig> for Patience {
    fn from(config: &AlertsConfig) -> Self {
        Self { timeout: Duration::from_secs(config.timeout_secs), tries: config.tries, first_pause: FIRST_PAUSE }
    }
}

/// Hands alerts and failures on; cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Dispatcher {
    outlets: Arc<[Outlet]>,
    is_logging: bool,
}

#[derive(Debug)]
struct Outlet {
    name: &'static str,
    takes_failures: bool,
    queue: mpsc::Sender<Message>,
}

impl Dispatcher {
    /// Starts one task for each receiver; they end when the last clone is dropped.
    pub fn start(receivers: Vec<Receiver>, is_logging: bool, courier: &Courier) -> Self {
        let outlets = receivers.into_iter().map(|receiver| {
            let (queue, messages) = mpsc::channel(QUEUE);
            let outlet = Outlet { name: receiver.name(), takes_failures: receiver.takes_failures(), queue };
            tokio::spawn(work(receiver, messages, courier.clone()));
            outlet
        });
        Self { outlets: outlets.collect(), is_logging }
    }

    /// Names the receivers.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.outlets.iter().map(|outlet| outlet.name)
    }

    /// Tells every receiver of an alert, and the log.
    pub fn send(&self, alert: &Alert) {
        if self.is_logging {
            write_line(alert);
        }
        for outlet in self.outlets.iter() {
            outlet.put(Message::Alert(alert.clone()));
        }
    }

    /// Tells those that collect failures of one.
    pub fn report(&self, report: impl FnOnce() -> Option<Report>) {
        if self.outlets.iter().any(|outlet| outlet.takes_failures)
            && let Some(report) = report()
        {
            for outlet in self.outlets.iter().filter(|outlet| outlet.takes_failures) {
                outlet.put(Message::Failure(Box::new(report.clone())));
            }
        }
    }
}

impl Outlet {
    fn put(&self, message: Message) {
        if let Err(TrySendError::Full(message) | TrySendError::Closed(message)) = self.queue.try_send(message) {
            // A receiver that hangs during a storm of failures drops thousands: those are counted, and alerts are told.
            metrics::count_delivery(self.name, "dropped");
            if matches!(message, Message::Alert(_)) {
                let full = NotDelivered { reason: "queue full", status: None, retry_after: None, is_final: true };
                write_failure(self.name, &message, full, 0);
            }
        }
    }
}

/// What carries messages: the client, the time and the patience.
#[derive(Clone, Debug)]
pub struct Courier {
    /// The HTTP client.
    pub http: reqwest::Client,
    /// The time.
    pub clock: Clock,
    /// How patient it is.
    pub patience: Patience,
}

impl Courier {
    /// Tries a delivery once.
    ///
    /// # Errors
    ///
    /// [`NotDelivered`], for a receiver that hangs as well.
    pub async fn try_once(&self, receiver: &Receiver, message: &Message) -> Result<u16, NotDelivered> {
        let delivery = receiver.deliver(&self.http, message, self.clock.now());
        timeout(self.patience.timeout, delivery).await.unwrap_or(Err(NotDelivered::TIMED_OUT))
    }

    async fn carry(&self, receiver: &Receiver, message: &Message) -> Result<u16, (NotDelivered, u32)> {
        let mut tried = 1;
        loop {
            match self.try_once(receiver, message).await {
                Ok(status) => return Ok(status),
                Err(error) if error.is_final || tried >= self.patience.tries => return Err((error, tried)),
                Err(error) => sleep(self.pause(tried, error.retry_after)).await,
            }
            tried += 1;
        }
    }

    /// Returns the pause after a try: doubled each time, spread by a quarter, and no shorter than was asked for.
    fn pause(&self, tried: u32, asked: Option<Duration>) -> Duration {
        let plain = self.patience.first_pause.saturating_mul(1 << (tried - 1).min(10)).min(LONGEST_PAUSE);
        let [chance] = random::bytes::<1>();
        (plain + plain / 4 * u32::from(chance) / 255).max(asked.unwrap_or_default())
    }
}

async fn work(receiver: Receiver, mut messages: mpsc::Receiver<Message>, courier: Courier) {
    while let Some(message) = messages.recv().await {
        match courier.carry(&receiver, &message).await {
            Ok(_) => metrics::count_delivery(receiver.name(), "delivered"),
            Err((error, tried)) => {
                metrics::count_delivery(receiver.name(), "failed");
                write_failure(receiver.name(), &message, error, tried);
            }
        }
    }
}

fn write_failure(receiver: &'static str, message: &Message, error: NotDelivered, tries: u32) {
    let incident = match message {
        Message::Alert(alert) => Some(alert.incident.id.to_string()),
        Message::Failure(_) => None,
    };
    log::warn!(
        target: "genkan::ops",
        event = "alert_not_delivered",
        receiver = receiver,
        what = message.as_str(),
        incident = incident,
        reason = error.reason,
        http_status = error.status,
        tries = tries;
        "a receiver did not take a message"
    );
}

fn write_line(alert: &Alert) {
    let incident = &alert.incident;
    let (id, kind, provider) = (incident.id.to_string(), incident.kind.as_str(), incident.provider.as_str());
    let subject = Some(incident.subject.as_str()).filter(|subject| !subject.is_empty());
    match alert.turn {
        Turn::Raised => log::error!(
            target: "genkan::ops", event = "alert_raised", kind = kind, provider = provider, subject = subject,
            failures = incident.failures, incident = id; "{}: {}", incident.kind.headline(), incident.kind.advice()
        ),
        Turn::Resolved => log::info!(
            target: "genkan::ops", event = "alert_resolved", kind = kind, provider = provider, subject = subject,
            incident = id; "over: {}", incident.kind.headline()
        ),
        Turn::Test => log::info!(target: "genkan::ops", event = "alert_test", incident = id; "a test of the alerts"),
    }
}
