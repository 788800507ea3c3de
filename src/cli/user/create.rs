//! `genkan user create`

use std::fmt::Display;

use crate::cli::output::CommandError;
use crate::domain::email::Email;
use crate::domain::ids::UserId;
use crate::domain::name::{DisplayName, Username};
use crate::signin::Signin;
use crate::store::users::{NO_PASSWORD, NewLogin, NewUser};
use crate::store::{Conflict, StoreError};

/// Makes a user.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Args {
    /// What to call them, as in "Hanako Yamada"
    #[arg(long)]
    name: String,
    /// The user name to sign in with: letters, digits, `.`, `_`, `-`
    #[arg(long)]
    username: String,
    /// The e-mail address; it counts as theirs, because you say so
    #[arg(long)]
    email: Option<String>,
    /// Lets them open the operators' pages
    #[arg(long)]
    operator: bool,
}

/// Makes the user; returns what to tell, with the link in a line of its own.
pub(super) async fn run(args: &Args, signin: &Signin) -> Result<String, CommandError> {
    let user = signin.store.insert_user(parse(args, signin)?).await.map_err(refuse)?;
    if args.operator {
        signin.store.set_user_operator(user.id, true, signin.clock.now()).await?;
    }
    let link = signin.make_reset_link(&user).await?;
    let role = if args.operator { "operator" } else { "user" };
    Ok(format!("Made the {role} {}. This link sets the password; it works once, within 24 hours:\n{link}", args.username.trim()))
}

fn parse(args: &Args, signin: &Signin) -> Result<NewUser, CommandError> {
    let email = args.email.as_deref().map(Email::parse).transpose().map_err(|error| usage("--email", error))?;
    let username = Username::parse(&args.username).map_err(|error| usage("--username", error))?;
    Ok(NewUser {
        id: UserId::new(&signin.clock),
        name: DisplayName::parse(&args.name).map_err(|error| usage("--name", error))?,
        is_email_proven: email.is_some(),
        email,
        password: Some(NewLogin { username, password_hash: NO_PASSWORD.to_owned() }),
        identity: None,
        now: signin.clock.now(),
    })
}

fn usage(option: &str, error: impl Display) -> CommandError {
    CommandError::Usage(format!("{option}: {error}"))
}

fn refuse(error: StoreError) -> CommandError {
    match error {
        StoreError::Conflict(Conflict::Username) => CommandError::Failed("--username: somebody has this user name".to_owned()),
        StoreError::Conflict(Conflict::Email) => CommandError::Failed("--email: this address belongs to an account".to_owned()),
        error => error.into(),
    }
}
