//! `genkan client`
//!
//! What is allowed here alone: grants that speak for people without asking them,
//! verifying who is behind an application, and trusting somebody else's issuer.

mod create;
mod list;
mod refusals;
mod trust;

use clap::Subcommand;
use secrecy::ExposeSecret;
use serde_json::{Value, json};

use super::output::{CommandError, Output};
use crate::app;
use crate::clock::Clock;
use crate::config::Config;
use crate::domain::client::{Client, ClientId};
use crate::issuer::Issuer;
use crate::issuer::registration::flow::{Refused, Registered};
use crate::store::StoreError;
use crate::store::clients::ClientSwitch;

/// Registers, lists, verifies and disables applications.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Registers an application and prints its secret, once
    Create(Box<create::Args>),
    /// Lists every application
    List(list::Args),
    /// Shows one application
    Show(Named),
    /// Lists what an application asked for in vain, and why
    Refusals(Named),
    /// Prints a new secret, once; the one before works on for `issuer.secret_overlap_secs`
    RotateSecret(Rotate),
    /// Lets an application do nothing any more; its tokens turn inactive at once
    Disable(Named),
    /// Lets a disabled application work again
    Enable(Named),
    /// Notes that it is known who is behind an application; people are not warned any more
    Verify(Verify),
    /// Deletes an application with all tokens and consents
    Delete(Named),
    /// Trusts the signed word of somebody else's issuer for people (RFC 7523)
    TrustIssuer(trust::Trust),
    /// Says whom a trusted issuer means by a subject
    LinkSubject(trust::Link),
    /// Takes that back
    UnlinkSubject(trust::Unlink),
    /// Lists the trusted issuers with their subjects
    TrustedIssuers(list::Args),
    /// Believes an issuer no more; `--delete` forgets its subjects as well
    DistrustIssuer(trust::Distrust),
}

#[derive(Debug, clap::Args)]
struct Named {
    /// The client's identifier, as in app-…
    id: String,
    /// Prints JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Args)]
struct Rotate {
    #[command(flatten)]
    named: Named,
    /// Ends the old secret now
    #[arg(long)]
    end_old: bool,
}

#[derive(Debug, clap::Args)]
struct Verify {
    #[command(flatten)]
    named: Named,
    /// Takes the mark away
    #[arg(long)]
    undo: bool,
    /// People are not asked for consent either: the site's own application
    #[arg(long, conflicts_with = "undo")]
    skip_consent: bool,
}

/// Runs one of the subcommands.
pub(super) async fn run(args: Args, config: Config) -> Result<Output, CommandError> {
    let issuer = app::build_issuer(&app::build_signin(&config, Clock::system()).await?)?;
    let text = match args.command {
        Command::Create(args) => create::run(&args, &issuer).await?,
        Command::List(args) => list::run(&args, &issuer).await?,
        Command::Show(named) => show(&named, &issuer).await?,
        Command::Refusals(named) => refusals::run(&named, &issuer).await?,
        Command::RotateSecret(args) => rotate(&args, &issuer).await?,
        Command::Disable(named) => switch(&named, ClientSwitch::Disabled(true), "disabled", &issuer).await?,
        Command::Enable(named) => switch(&named, ClientSwitch::Disabled(false), "enabled", &issuer).await?,
        Command::Verify(args) => verify(&args, &issuer).await?,
        Command::Delete(named) => delete(&named, &issuer).await?,
        Command::TrustIssuer(args) => trust::trust(&args, &issuer).await?,
        Command::LinkSubject(args) => trust::link(&args, &issuer).await?,
        Command::UnlinkSubject(args) => trust::unlink(&args, &issuer).await?,
        Command::TrustedIssuers(args) => trust::list(args.json, &issuer).await?,
        Command::DistrustIssuer(args) => trust::distrust(&args, &issuer).await?,
    };
    Ok(Output::lines(text))
}

async fn show(named: &Named, issuer: &Issuer) -> Result<String, CommandError> {
    let client = find(named, issuer).await?;
    Ok(if named.json { format!("{:#}", json_of(&client)) } else { list::table_of(&[client]) })
}

async fn rotate(args: &Rotate, issuer: &Issuer) -> Result<String, CommandError> {
    let client = find(&args.named, issuer).await?;
    if !client.metadata.authentication.needs_secret() {
        return Err(CommandError::Failed("this application has no secret: it proves itself in another way, or not at all".to_owned()));
    }
    let rotated = issuer.rotate_client_secret(&client.id, None).await.map_err(refuse)?;
    if args.end_old {
        issuer.end_old_client_secrets(&client.id, None).await.map_err(refuse)?;
    }
    Ok(tell(&rotated, args.named.json))
}

async fn switch(named: &Named, switch: ClientSwitch, done: &str, issuer: &Issuer) -> Result<String, CommandError> {
    let id = find(named, issuer).await?.id;
    issuer.switch_client(&id, switch).await.map_err(refuse)?;
    say(named, issuer, &format!("{id} is {done}.")).await
}

async fn verify(args: &Verify, issuer: &Issuer) -> Result<String, CommandError> {
    let client = find(&args.named, issuer).await?;
    if args.skip_consent && client.is_public() {
        return Err(CommandError::Failed("--skip-consent: people are always asked for an application without a secret".to_owned()));
    }
    for switch in [ClientSwitch::Verified(!args.undo), ClientSwitch::SkipsConsent(args.skip_consent)] {
        issuer.switch_client(&client.id, switch).await.map_err(refuse)?;
    }
    let is = if args.undo { "not verified any more" } else { "verified" };
    say(&args.named, issuer, &format!("{} is {is}.", client.id)).await
}

async fn delete(named: &Named, issuer: &Issuer) -> Result<String, CommandError> {
    let client = find(named, issuer).await?;
    issuer.delete_client(&client.id, None).await.map_err(refuse)?;
    let id = client.id.as_str();
    Ok(if named.json { format!("{:#}", json!({ "deleted": id })) } else { format!("{id} is deleted.") })
}

/// Tells what was done, or shows how the client is now.
async fn say(named: &Named, issuer: &Issuer, done: &str) -> Result<String, CommandError> {
    if named.json { Ok(format!("{:#}", json_of(&find(named, issuer).await?))) } else { Ok(done.to_owned()) }
}

async fn find(named: &Named, issuer: &Issuer) -> Result<Client, CommandError> {
    let id = ClientId::parse(&named.id);
    let found = match &id {
        Some(id) => issuer.store.find_client(id).await?,
        None => None,
    };
    found.ok_or_else(|| CommandError::Failed("there is no such application (`genkan client list` shows all)".to_owned()))
}

/// Tells of a client with its new secret, which stands in the last line or in `client_secret`.
fn tell(registered: &Registered, is_json: bool) -> String {
    let (client, secret) = (&registered.client, registered.secret.as_ref().map(ExposeSecret::expose_secret));
    if is_json {
        let mut json = json_of(client);
        json["client_secret"] = secret.into();
        return format!("{json:#}");
    }
    match secret {
        Some(secret) => format!("{}\nThe secret is shown only now:\n{secret}", client.id),
        None => client.id.to_string(),
    }
}

fn json_of(client: &Client) -> Value {
    let mut json = serde_json::to_value(&client.metadata).unwrap_or_default();
    json["client_id"] = client.id.as_str().into();
    json["owner"] = client.owner.map(|owner| owner.to_string()).into();
    json["is_verified"] = client.is_verified.into();
    json["skips_consent"] = client.skips_consent.into();
    json["is_disabled"] = client.is_disabled().into();
    json["created_at"] = client.created_at.to_rfc3339().into();
    json
}

fn refuse(refused: Refused) -> CommandError {
    match refused {
        Refused::Faults(faults) => {
            CommandError::Usage(faults.iter().map(|fault| format!("--{fault}").replace('_', "-")).collect::<Vec<_>>().join("\n"))
        }
        Refused::Quota => CommandError::Failed("this person has as many applications as issuer.clients_per_owner allows".to_owned()),
        Refused::NotFound => StoreError::NotFound.into(),
        Refused::Store(error) => error.into(),
    }
}
