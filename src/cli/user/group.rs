//! `genkan user group`

use clap::Subcommand;

use crate::cli::lookup::{find_user, name_of};
use crate::cli::output::CommandError;
use crate::domain::group::Group;
use crate::signin::Signin;

/// Puts users into groups, for `/api/verify` and the claim `groups`.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Puts a user into a group
    Add(Membership),
    /// Takes a user out of a group
    Remove(Membership),
    /// Lists the groups that a user is in, one in a line
    List {
        /// User name, e-mail address or id
        user: String,
    },
}

#[derive(Debug, clap::Args)]
struct Membership {
    /// User name, e-mail address or id
    user: String,
    /// The group: small letters, digits, `.`, `_`, `-`
    group: String,
}

/// Runs one of the subcommands.
pub(super) async fn run(args: Args, signin: &Signin) -> Result<String, CommandError> {
    let (store, now) = (&signin.store, signin.clock.now());
    let parse = |text: &str| Group::parse(text).map_err(|error| CommandError::Usage(format!("{text}: {error}")));
    match args.command {
        Command::Add(Membership { user, group }) => {
            let (group, user) = (parse(&group)?, find_user(store, &user).await?);
            let is_new = store.insert_group_member(user.id, &group, now).await?;
            Ok(format!("{} is {}in {group}.", name_of(&user), if is_new { "" } else { "already " }))
        }
        Command::Remove(Membership { user, group }) => {
            let (group, user) = (parse(&group)?, find_user(store, &user).await?);
            let was_in = store.delete_group_member(user.id, &group).await?;
            Ok(format!("{} {} in {group}.", name_of(&user), if was_in { "is no longer" } else { "was not" }))
        }
        Command::List { user } => Ok(store.list_groups(find_user(store, &user).await?.id).await?.join("\n")),
    }
}
