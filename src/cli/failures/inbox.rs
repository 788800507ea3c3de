//! `genkan failures inbox`

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::cli::output::{CommandError, Output};
use crate::cli::when;
use crate::clock::Clock;
use crate::ops::export::{time, to_json};
use crate::ops::rules::{Inbox, inbox};
use crate::store::Store;

/// Lists the kinds of failure that nobody has understood yet, the most frequent first.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// From when on
    #[arg(long, value_name = "TIME", default_value = "30d")]
    since: String,
    /// How many kinds at most
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(i64).range(1..=1000))]
    limit: i64,
    /// Prints a JSON array
    #[arg(long)]
    json: bool,
}

/// Lists the kinds of `other`.
pub(super) async fn run(args: &Args, store: &Store) -> Result<Output, CommandError> {
    let since = when::read("since", &args.since, Clock::system().now())?;
    let entries = inbox(store, since, args.limit).await?;
    Ok(Output::lines(match (args.json, entries.is_empty()) {
        (true, _) => format!("{:#}", entries.iter().map(json_of).collect::<Value>()),
        (false, true) => "The inbox is empty.".to_owned(),
        (false, false) => entries.iter().map(tell).collect::<Vec<_>>().join("\n"),
    }))
}

fn json_of(entry: &Inbox) -> Value {
    let kind = &entry.kind;
    json!({
        "fingerprint": kind.fingerprint,
        "provider": kind.provider,
        "stage": kind.stage,
        "cause": kind.cause,
        "provider_error": kind.provider_error,
        "count": kind.count,
        "first_at": time(kind.first_at()),
        "last_at": time(kind.last_at()),
        "samples": entry.samples.iter().map(to_json).collect::<Vec<_>>(),
    })
}

fn tell(entry: &Inbox) -> String {
    let kind = &entry.kind;
    let mut text =
        format!("{:>6}  {}\n        first {}, last {}", kind.count, kind.fingerprint, time(kind.first_at()), time(kind.last_at()));
    let samples: Vec<_> = entry.samples.iter().map(|failure| failure.reference.as_str()).collect();
    let _ = write!(text, ", such as {}", samples.join(" "));
    text
}
