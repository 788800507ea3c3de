//! `genkan alerts`

use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Instant;

use super::output::{CommandError, Output};
use crate::clock::Clock;
use crate::config::Config;
use crate::domain::ids::RowId;
use crate::mail::Post;
use crate::ops::alarm::dispatch::{Courier, Patience};
use crate::ops::alarm::receiver::{Mail, Message, NotDelivered, Receiver};
use crate::ops::alarm::{Alert, Incident, Kind, Turn};
use crate::provider::build_client;
use crate::random;
use crate::secret::SealingKey;

/// What to do with the receivers of alerts.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Sends a test to every receiver of [alerts], once, and says how each answered
    Test,
}

/// Sends a test; exit code 1 if a receiver did not take it.
pub(super) async fn run(args: Args, config: &Config) -> Result<Output, CommandError> {
    let Command::Test = args.command;
    let clock = Clock::system();
    let mail = straight_mail(config, &clock)?;
    let receivers = Receiver::list(&config.alerts, &config.server.origin(), mail.as_ref());
    if receivers.is_empty() {
        return Ok(Output::lines("No receiver is configured: alerts stand in the log alone. See [alerts] in docs/configuration.md."));
    }
    let message = Message::Alert(Alert { turn: Turn::Test, incident: example(&clock) });
    let courier = Courier { http: build_client(&config.http)?, clock, patience: Patience::from(&config.alerts) };
    let (mut text, mut is_ok) = (String::new(), true);
    for receiver in &receivers {
        let started = Instant::now();
        let outcome = courier.try_once(receiver, &message).await;
        is_ok &= outcome.is_ok();
        let _ = writeln!(text, "{:<8} {} after {} ms", receiver.name(), describe(outcome), started.elapsed().as_millis());
    }
    Ok(Output::with_code(text, u8::from(!is_ok)))
}

/// Prepares letters that go to the server at once: what waits in the outbox would prove nothing.
fn straight_mail(config: &Config, clock: &Clock) -> Result<Option<Mail>, CommandError> {
    // Nothing is sealed, so any key will do.
    let key = || SealingKey::new(&random::bytes());
    let post = config.mail.as_ref().map(|mail| Post::new(mail, config, key())).transpose()?;
    Ok(post.map(|post| Mail { post: Arc::new(post), outbox: None, clock: clock.clone() }))
}

fn describe(outcome: Result<u16, NotDelivered>) -> String {
    match outcome {
        Ok(status) => format!("took it: status {status}"),
        Err(NotDelivered { reason, status: Some(status), .. }) => format!("did NOT take it: {reason}, status {status}"),
        Err(NotDelivered { reason, .. }) => format!("did NOT take it: {reason}"),
    }
}

/// Makes an incident that never was.
fn example(clock: &Clock) -> Incident {
    let now = clock.now();
    Incident {
        id: RowId::new(clock),
        kind: Kind::IdpOutage,
        provider: "test".to_owned(),
        subject: String::new(),
        failures: 0,
        opened_at: now,
        seen_at: now,
        resolved_at: None,
    }
}
