//! `genkan failures`

mod inbox;
mod table;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use clap::builder::PossibleValuesParser;
use clap::{Subcommand, ValueEnum};
use serde_json::{Value, json};

use super::output::{CommandError, Output};
use super::when;
use crate::clock::Clock;
use crate::config::Config;
use crate::ops::export::{to_csv, to_json};
use crate::random;
use crate::signin::failure::{Category, Cause};
use crate::store::Store;
use crate::store::failures::{FailureFilter, FailureKind};

/// How many kinds of failure a summary looks at.
const MAX_KINDS: i64 = 100_000;
/// What is listed if nobody says since when.
const DEFAULT_SINCE: &str = "24h";

/// Lists failed sign-ins, the newest first.
#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(super) struct Args {
    #[command(subcommand)]
    command: Option<Command>,
    /// From when on: a span such as 30m, 1h or 7d, or a time [default: 24h]
    #[arg(long, value_name = "TIME")]
    since: Option<String>,
    /// Until when
    #[arg(long, value_name = "TIME")]
    until: Option<String>,
    /// Of one provider
    #[arg(long)]
    provider: Option<String>,
    /// Of one category
    #[arg(long, value_parser = PossibleValuesParser::new(Category::ALL.map(Category::as_str)))]
    category: Option<String>,
    /// Of one cause
    #[arg(long)]
    cause: Option<String>,
    /// At one stage: start, authorization, callback, token, profile or account
    #[arg(long)]
    stage: Option<String>,
    /// With this reference, whenever it was
    #[arg(long)]
    reference: Option<String>,
    /// How many at most
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(i64).range(1..=1_000_000))]
    limit: i64,
    /// Prints a JSON array
    #[arg(long)]
    json: bool,
    /// Prints CSV
    #[arg(long, conflicts_with = "json")]
    csv: bool,
    /// Counts instead of listing
    #[arg(long, value_name = "COLUMN", conflicts_with_all = ["csv", "limit"])]
    count_by: Option<Column>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Lists the kinds of failure of category `other`: what nobody has understood yet
    Inbox(inbox::Args),
}

/// What failures are counted by.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Column {
    Category,
    Cause,
    Stage,
    Provider,
    /// Provider, stage, cause and error code
    Kind,
}

/// Lists or counts what the record holds.
pub(super) async fn run(args: Args, config: &Config) -> Result<Output, CommandError> {
    let filter = filter_of(&args, Clock::system().now())?;
    let store = Store::connect(&config.database).await?;
    store.check_ready().await?;
    if let Some(Command::Inbox(args)) = &args.command {
        return inbox::run(args, &store).await;
    }
    if let Some(column) = args.count_by {
        let counts = count(&store.list_failure_kinds(filter, MAX_KINDS).await?, column);
        return Ok(Output::lines(if args.json { format!("{:#}", counts_json(&counts)) } else { table::of_counts(&counts) }));
    }
    let failures = store.list_failures(filter, args.limit).await?;
    Ok(Output::lines(if args.csv {
        to_csv(&failures)
    } else if args.json {
        format!("{:#}", failures.iter().map(to_json).collect::<Value>())
    } else {
        table::of_failures(&failures)
    }))
}

fn filter_of(args: &Args, now: DateTime<Utc>) -> Result<FailureFilter, CommandError> {
    let cause = args.cause.clone();
    if let Some(unknown) = cause.as_deref().filter(|name| Cause::from_name(name).is_none()) {
        return Err(CommandError::Usage(format!("--cause: there is no cause {unknown}; `genkan explain` lists all")));
    }
    let reference = args.reference.as_deref().map(|typed| {
        random::parse_reference(typed).ok_or_else(|| CommandError::Usage("--reference: a reference looks like K7Q2-9F3M".to_owned()))
    });
    let since = args.since.as_deref().or(args.reference.is_none().then_some(DEFAULT_SINCE));
    Ok(FailureFilter {
        since: since.map(|since| when::read("since", since, now)).transpose()?,
        until: args.until.as_deref().map(|until| when::read("until", until, now)).transpose()?,
        provider: args.provider.clone(),
        category: args.category.clone(),
        cause,
        stage: args.stage.clone(),
        reference: reference.transpose()?,
        ..FailureFilter::default()
    })
}

/// Adds kinds up by a column, the most frequent first.
fn count(kinds: &[FailureKind], column: Column) -> Vec<(String, i64)> {
    let mut counts = BTreeMap::<&str, i64>::new();
    for kind in kinds {
        let value = match column {
            Column::Category => &kind.category,
            Column::Cause => &kind.cause,
            Column::Stage => &kind.stage,
            Column::Provider => kind.provider.as_deref().unwrap_or("-"),
            Column::Kind => &kind.fingerprint,
        };
        *counts.entry(value).or_default() += kind.count;
    }
    let mut counts: Vec<_> = counts.into_iter().map(|(value, count)| (value.to_owned(), count)).collect();
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    counts
}

fn counts_json(counts: &[(String, i64)]) -> Value {
    counts.iter().map(|(value, count)| json!({"value": value, "count": count})).collect()
}
