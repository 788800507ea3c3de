//! The operator of `genkan demo`.

use crate::cli::output::CommandError;
use crate::domain::identifier::Identifier;
use crate::domain::ids::UserId;
use crate::domain::name::{DisplayName, Username};
use crate::domain::user::User;
use crate::signin::Signin;
use crate::store::users::{NO_PASSWORD, NewLogin, NewUser};
use url::Url;

/// The operator's user name.
pub(super) const OPERATOR: &str = "operator";

/// Makes the operator, unless an earlier demo did, and a new link to set their password:
/// there is no password that everybody knows (security.md SI-09).
pub(super) async fn make_link(signin: &Signin) -> Result<(UserId, Url), CommandError> {
    let found = signin.store.find_user_by_identifier(&Identifier::parse(OPERATOR)).await?;
    let user = match found {
        Some(user) => user,
        None => make(signin).await?,
    };
    signin.store.set_user_operator(user.id, true, signin.clock.now()).await?;
    Ok((user.id, signin.make_reset_link(&user).await?))
}

async fn make(signin: &Signin) -> Result<User, CommandError> {
    let broken = |_| CommandError::Failed("the operator's name is refused".to_owned());
    let username = Username::parse(OPERATOR).map_err(broken)?;
    let user = NewUser {
        id: UserId::new(&signin.clock),
        name: DisplayName::parse("Operator").map_err(broken)?,
        email: None,
        is_email_proven: false,
        password: Some(NewLogin { username, password_hash: NO_PASSWORD.to_owned() }),
        identity: None,
        claim: None,
        now: signin.clock.now(),
    };
    Ok(signin.store.insert_user(user).await?)
}
