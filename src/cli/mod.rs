//! The commands, one file each.
//!
//! A command returns what it prints; [`main`] alone writes to the terminal and
//! decides the exit code: 0, 1 (failed), 2 (usage or configuration). No command
//! makes an account with a password of ours (security.md SI-09).

mod alerts;
mod check;
mod client;
mod demo;
mod explain;
mod failures;
mod keys;
mod lookup;
mod metrics_listener;
mod migrate;
mod output;
mod rules;
mod serve;
mod user;
mod when;

use std::path::PathBuf;
use std::process::ExitCode;

use actix_web::rt::System;
use clap::{Parser, Subcommand};

use crate::config::{self, Config, LogConfig, Source};
use crate::ops;
use output::{CommandError, Output};

/// The sign-in front door for web applications: password and social sign-in, where no failure goes unexplained.
#[derive(Debug, Parser)]
#[command(version, about, after_help = "Exit codes: 0, 1 (failed), 2 (usage or configuration).")]
struct Cli {
    /// The configuration file [default: genkan.toml, if it is there]
    #[arg(long, value_name = "FILE", global = true)]
    config: Option<PathBuf>,
    /// What to do; `serve` if nothing is given.
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serves pages and JSON until SIGTERM or SIGINT (the default)
    Serve,
    /// Serves with a lab provider beside it, for looking around: nothing else is needed
    ///
    /// The lab provider fails in every way that providers do, on request. The demo reads
    /// neither genkan.toml nor --config nor `GENKAN_`… variables, so that it is the same everywhere.
    Demo(demo::Args),
    /// Brings the database to this version's schema
    Migrate,
    /// Checks configuration, database, keys and every provider, step by step
    Check(check::Args),
    /// Makes, lists, disables and invites users
    User(user::Args),
    /// Lists or counts the failed sign-ins of the record
    Failures(failures::Args),
    /// Lists, tries, makes and ends the rules for categories and levels
    Rules(rules::Args),
    /// Tries the receivers of alerts
    Alerts(alerts::Args),
    /// Registers, lists, verifies and disables applications
    Client(client::Args),
    /// Lists, renews and removes the keys that sign tokens
    Keys(keys::Args),
    /// Says what a cause in the log means, or tells the story of a reference
    Explain(explain::Args),
}

/// Runs the command line of this process.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let ended = run(cli);
    ops::log::flush();
    match ended {
        Ok(output) => output.print(),
        Err(error) => error.print(),
    }
}

fn run(cli: Cli) -> Result<Output, CommandError> {
    let source = Source { file: cli.config };
    match cli.command.unwrap_or(Command::Serve) {
        Command::Serve => {
            let config = config::load(&source)?;
            ops::log::init(&config.log);
            block_on(serve::run(config))
        }
        Command::Demo(args) => block_on(demo::run(args)),
        Command::Migrate => block_on(migrate::run(&load_quietly(&source)?)),
        Command::Check(args) => block_on(check::run(args, &source)),
        Command::User(args) => block_on(user::run(args, load_quietly(&source)?)),
        Command::Failures(args) => block_on(failures::run(args, &load_quietly(&source)?)),
        Command::Rules(args) => block_on(rules::run(args, &load_quietly(&source)?)),
        Command::Alerts(args) => block_on(async { alerts::run(args, &load_quietly(&source)?).await }),
        Command::Client(args) => block_on(client::run(args, load_quietly(&source)?)),
        Command::Keys(args) => block_on(keys::run(args, load_quietly(&source)?)),
        Command::Explain(args) => match explain::reference_of(&args) {
            Some(reference) => block_on(explain::run_reference(&args, reference, &load_quietly(&source)?)),
            None => explain::run(&args),
        },
    }
}

/// Loads the settings for a command that answers on the terminal: there only what is odd is logged.
fn load_quietly(source: &Source) -> Result<Config, CommandError> {
    let config = config::load(source)?;
    ops::log::init(&LogConfig { filter: "warn".to_owned(), ..config.log.clone() });
    Ok(config)
}

fn block_on(command: impl Future<Output = Result<Output, CommandError>>) -> Result<Output, CommandError> {
    System::new().block_on(command)
}
