//! Finds the user that somebody names on the command line.

use super::output::CommandError;
use crate::domain::identifier::Identifier;
use crate::domain::user::User;
use crate::store::Store;

/// Finds a user by id, user name or proven e-mail address.
pub(super) async fn find_user(store: &Store, named: &str) -> Result<User, CommandError> {
    let found = match named.parse() {
        Ok(id) => store.find_user(id).await?,
        Err(_) => store.find_user_by_identifier(&Identifier::parse(named)).await?,
    };
    found.ok_or_else(|| {
        CommandError::Failed("there is no such user; name one by user name, e-mail address or id (`genkan user list` shows all)".to_owned())
    })
}

/// Returns what to call a user in an answer: the user name, else the id.
pub(super) fn name_of(user: &User) -> String {
    user.username.clone().unwrap_or_else(|| user.id.to_string())
}
