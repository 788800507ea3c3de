//! `genkan keys`
//!
//! For the keys that sign tokens: the issuer's and those of sessions. A running
//! genkan notices within seconds; none has to be started again.

mod list;

use clap::{Subcommand, ValueEnum};
use serde_json::json;

use super::output::{CommandError, Output};
use crate::app;
use crate::clock::Clock;
use crate::config::Config;
use crate::keys::rotation::RotationError;
use crate::keys::{Keychain, Purpose};

/// Lists, renews and removes the keys that sign tokens.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Lists every key with its state: published, signing, retiring
    List {
        /// Prints a JSON array
        #[arg(long)]
        json: bool,
    },
    /// Makes the next key: it is published now and signs later, when everybody can know it
    Rotate {
        /// Which keys
        #[arg(value_enum, default_value_t = Which::All)]
        which: Which,
        /// Prints a JSON array of the new keys
        #[arg(long)]
        json: bool,
    },
    /// Removes a key in an emergency: everything that it signed is refused within seconds
    ///
    /// If it is the one that signs, another takes its place at once. Whoever is signed in
    /// by a removed session key has to sign in again.
    Revoke {
        /// The key's name, as `genkan keys list` shows it
        kid: String,
        /// Prints one JSON object
        #[arg(long)]
        json: bool,
    },
}

/// Which keys a command is about.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Which {
    /// The issuer's keys and those of sessions
    All,
    /// The issuer's keys, which sign ID Tokens and access tokens
    Issuer,
    /// The key of sessions, which signs the `jwt` cookie
    Session,
}

impl Which {
    fn purposes(self) -> Vec<Purpose> {
        Purpose::ALL.into_iter().filter(|purpose| self.covers(*purpose)).collect()
    }

    fn covers(self, purpose: Purpose) -> bool {
        match self {
            Self::All => true,
            Self::Issuer => purpose.is_issuers(),
            Self::Session => !purpose.is_issuers(),
        }
    }
}

/// Runs one of the subcommands.
pub(super) async fn run(args: Args, config: Config) -> Result<Output, CommandError> {
    let signin = app::build_signin(&config, Clock::system()).await?;
    let chain = &signin.keyring.chain;
    let text = match args.command {
        Command::List { json } => list::print(&chain.list(), json),
        Command::Rotate { which, json } => rotate(chain, which, json).await?,
        Command::Revoke { kid, json } => revoke(chain, &kid, json).await?,
    };
    Ok(Output::lines(text))
}

async fn rotate(chain: &Keychain, which: Which, json: bool) -> Result<String, CommandError> {
    let (mut made, mut refused) = (Vec::new(), None);
    for purpose in which.purposes() {
        match chain.rotate(purpose).await {
            Ok(key) => made.push(key),
            // A key that waits keeps the other purposes from nothing.
            Err(error @ RotationError::UnderWay { .. }) => refused = Some(error),
            Err(error) => return Err(error.into()),
        }
    }
    match refused {
        Some(error) if made.is_empty() => Err(error.into()),
        _ => Ok(list::print(&made, json)),
    }
}

async fn revoke(chain: &Keychain, kid: &str, json: bool) -> Result<String, CommandError> {
    let unknown = || CommandError::Failed(format!("there is no key {kid}; `genkan keys list` shows all"));
    let successor = chain.revoke(kid).await?.ok_or_else(unknown)?;
    let successor = successor.map(|key| key.kid);
    if json {
        return Ok(format!("{:#}", json!({ "removed": kid, "successor": successor })));
    }
    let now = successor.map_or_else(String::new, |kid| format!(" {kid} signs now."));
    Ok(format!("{kid} is removed; what it signed is refused within seconds.{now}"))
}

impl From<RotationError> for CommandError {
    fn from(error: RotationError) -> Self {
        match error {
            RotationError::UnderWay { .. } => Self::Failed(error.to_string()),
            RotationError::Store(error) => error.into(),
        }
    }
}
