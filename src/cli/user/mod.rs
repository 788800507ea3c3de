//! `genkan user`
//!
//! Nobody's password passes through a command: whoever gets an account here gets
//! a link that works once, with which they set their own (security.md SI-09).

mod create;
mod group;
mod list;

use clap::{ArgGroup, Subcommand};

use super::lookup::{find_user, name_of};
use super::output::{CommandError, Output};
use crate::app;
use crate::clock::Clock;
use crate::config::{Config, Signup};
use crate::signin::Signin;

/// Makes, lists, disables and invites users.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Makes a user and prints the link with which they set their password, within 24 hours
    Create(create::Args),
    /// Lists every user, the oldest first
    List(list::Args),
    /// Shuts a user out; every session of theirs ends
    Disable(Named),
    /// Lets a disabled user in again
    Enable(Named),
    /// Lets a user open the operators' pages
    MakeOperator(Named),
    /// Puts users into groups, takes them out, lists them
    Group(group::Args),
    /// Prints a link with which a user sets a new password, within 24 hours; older links stop working
    ResetLink(Named),
    /// Prints a link with which one person may register, within 7 days
    Invite,
    /// Ends the sessions of one user; or those of everybody, with what they have given to applications and the links mailed to them
    SignOut(SignOut),
}

#[derive(Debug, clap::Args)]
struct Named {
    /// User name, e-mail address or id
    user: String,
}

#[derive(Debug, clap::Args)]
#[command(group = ArgGroup::new("who").required(true))]
struct SignOut {
    /// User name, e-mail address or id
    #[arg(group = "who")]
    user: Option<String>,
    /// Everybody
    #[arg(long, group = "who")]
    all: bool,
}

/// Runs one of the subcommands.
pub(super) async fn run(args: Args, config: Config) -> Result<Output, CommandError> {
    let signin = app::build_signin(&config, Clock::system()).await?;
    let text = match args.command {
        Command::Create(args) => create::run(&args, &signin).await?,
        Command::List(args) => list::run(&args, &signin.store).await?,
        Command::Disable(named) => disable(&named.user, &signin).await?,
        Command::Enable(named) => enable(&named.user, &signin).await?,
        Command::MakeOperator(named) => make_operator(&named.user, &signin).await?,
        Command::Group(args) => group::run(args, &signin).await?,
        Command::ResetLink(named) => reset_link(&named.user, &signin).await?,
        Command::Invite => invite(&signin).await?,
        Command::SignOut(args) => sign_out(args.user.as_deref(), &signin).await?,
    };
    Ok(Output::lines(text))
}

async fn disable(named: &str, signin: &Signin) -> Result<String, CommandError> {
    let user = find_user(&signin.store, named).await?;
    let ended = signin.store.set_user_disabled(user.id, true, signin.clock.now()).await?;
    Ok(format!("{} is disabled; {} ended.", name_of(&user), sessions(ended.len())))
}

async fn enable(named: &str, signin: &Signin) -> Result<String, CommandError> {
    let user = find_user(&signin.store, named).await?;
    signin.store.set_user_disabled(user.id, false, signin.clock.now()).await?;
    Ok(format!("{} is enabled.", name_of(&user)))
}

async fn make_operator(named: &str, signin: &Signin) -> Result<String, CommandError> {
    let user = find_user(&signin.store, named).await?;
    signin.store.set_user_operator(user.id, true, signin.clock.now()).await?;
    Ok(format!("{} is an operator.", name_of(&user)))
}

async fn reset_link(named: &str, signin: &Signin) -> Result<String, CommandError> {
    let user = find_user(&signin.store, named).await?;
    Ok(signin.make_reset_link(&user).await?.to_string())
}

async fn invite(signin: &Signin) -> Result<String, CommandError> {
    if signin.config.signin.signup == Signup::Closed {
        let reason =
            "nobody can register, with an invitation either: signin.signup is closed; set it to invitation, or use `genkan user create`";
        return Err(CommandError::Failed(reason.to_owned()));
    }
    Ok(signin.make_invitation().await?.to_string())
}

/// Ends the sessions of the named user, or of everybody.
async fn sign_out(named: Option<&str>, signin: &Signin) -> Result<String, CommandError> {
    let ended = match named {
        Some(named) => {
            let user = find_user(&signin.store, named).await?;
            signin.store.end_sessions(user.id, None).await?.len()
        }
        None => signin.store.end_all_sessions().await?,
    };
    Ok(format!("{} ended.", sessions(ended)))
}

fn sessions(count: usize) -> String {
    if count == 1 { "1 session".to_owned() } else { format!("{count} sessions") }
}
