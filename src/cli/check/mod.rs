//! `genkan check`
//!
//! Looks at everything and changes nothing: what the first start would make is
//! said to be missing, and no more. Only `--tokens` does, for trying a token means
//! refreshing it.

mod report;
mod tokens;

use self::report::Report;
use super::output::{CommandError, Output};
use crate::clock::Clock;
use crate::config::{self, Config, LogConfig, Source};
use crate::ops;
use crate::provider::Providers;
use crate::signin::check::{Status, check_provider};
use crate::signin::keyring::Keyring;
use crate::store::Store;
use crate::store::outbox::MailCounts;

/// What is said of something that is not there before the first start.
const FIRST_START: &str = "not there yet; the first start makes it";

/// Checks the whole installation.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Prints one JSON object
    #[arg(long)]
    json: bool,
    /// Tries every kept token at its provider too, which refreshes it; one that is refused is deleted
    #[arg(long)]
    tokens: bool,
}

/// Goes through every step; exit code 2 for the configuration, 1 if another step failed.
pub(super) async fn run(args: Args, source: &Source) -> Result<Output, CommandError> {
    let mut report = Report::default();
    let code = match config::load(source) {
        Ok(config) => {
            ops::log::init(&LogConfig { filter: "off".to_owned(), ..config.log.clone() });
            let code = check(&config, source, &mut report).await;
            if args.tokens && code == 0 { tokens::check(&config, &mut report).await } else { code }
        }
        Err(error) => {
            report.add("configuration", Status::Failed, error.to_string());
            2
        }
    };
    Ok(Output::with_code(if args.json { report.to_json() } else { report.to_text() }, code))
}

/// Goes through what needs a readable configuration and returns the exit code; what a preset refuses is configuration too.
async fn check(config: &Config, source: &Source, report: &mut Report) -> u8 {
    let file = source.path().map_or_else(|| "defaults and environment".to_owned(), |path| format!("{} and environment", path.display()));
    report.add("configuration", Status::Ok, file);
    for warning in config::warnings(config) {
        report.add("configuration", Status::Warning, warning);
    }
    if let Some(store) = check_database(config, report).await {
        check_keys(config, &store, report).await;
        check_mail(config, &store, report).await;
    }
    match Providers::new(&config.providers, &config.http, Clock::system()) {
        Ok(providers) => {
            for provider in providers.iter() {
                report.add_provider(&provider.id, check_provider(provider, config).await);
            }
            u8::from(!report.is_ok())
        }
        Err(error) => {
            report.add("providers", Status::Failed, error.to_string());
            2
        }
    }
}

/// Connects and compares the schema; an SQLite file that is not there is not made.
async fn check_database(config: &Config, report: &mut Report) -> Option<Store> {
    if config.database.sqlite_path().is_some_and(|path| !path.exists()) {
        report.add("database", Status::Skipped, FIRST_START);
        report.add("keys", Status::Skipped, "needs the database");
        return None;
    }
    let store = match Store::connect(&config.database).await {
        Ok(store) => store,
        Err(error) => {
            report.add("database", Status::Failed, error.to_string());
            return None;
        }
    };
    report.add("database", Status::Ok, "it answers");
    if let Err(error) = store.check_ready().await {
        report.add("migrations", Status::Failed, format!("{error}; run `genkan migrate`"));
        return None;
    }
    report.add("migrations", Status::Ok, "all applied");
    Some(store)
}

/// Tells letters that were given up; the mail server itself is not asked.
async fn check_mail(config: &Config, store: &Store, report: &mut Report) {
    if config.mail.is_none() {
        return report.add("mail", Status::Skipped, "no [mail] in the configuration");
    }
    match store.count_mail().await {
        Ok(MailCounts { waiting, dead: 0 }) => report.add("mail", Status::Ok, format!("{waiting} letters wait, none is dead")),
        Ok(MailCounts { dead, .. }) => {
            report.add("mail", Status::Warning, format!("{dead} letters were given up within two days: look for mail_dead in the log"));
        }
        Err(error) => report.add("mail", Status::Failed, error.to_string()),
    }
}

async fn check_keys(config: &Config, store: &Store, report: &mut Report) {
    let (status, detail) = match config::find_master_key(config) {
        Err(error) => (Status::Failed, error.to_string()),
        Ok(master_key) => match (store.list_keys().await, master_key) {
            (Err(error), _) => (Status::Failed, error.to_string()),
            (Ok(keys), _) if keys.is_empty() => (Status::Skipped, FIRST_START.to_owned()),
            (Ok(_), None) => (Status::Failed, "the file with the master key is gone; restore it from a backup".to_owned()),
            (Ok(keys), Some(master_key)) => match Keyring::open(store, &master_key, &Clock::system(), config.session.ttl()).await {
                Ok(_) => (Status::Ok, format!("the master key opens all {}", keys.len())),
                Err(error) => (Status::Failed, error.to_string()),
            },
        },
    };
    report.add("keys", status, detail);
}
