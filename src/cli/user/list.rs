//! `genkan user list`

use std::fmt::Write as _;

use chrono::SecondsFormat;
use serde_json::{Value, json};

use crate::cli::output::CommandError;
use crate::domain::user::User;
use crate::store::Store;

/// How many users are read at a time.
const PAGE: i64 = 500;

/// Lists users.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Args {
    /// Prints a JSON array
    #[arg(long)]
    json: bool,
}

/// Lists every user as a table or as JSON.
pub(super) async fn run(args: &Args, store: &Store) -> Result<String, CommandError> {
    let mut users = Vec::new();
    loop {
        let page = store.list_users(users.last().map(|user: &User| user.id), PAGE).await?;
        let is_last = i64::try_from(page.len()).is_ok_and(|count| count < PAGE);
        users.extend(page);
        if is_last {
            return Ok(if args.json { json_of(&users) } else { table_of(&users) });
        }
    }
}

fn json_of(users: &[User]) -> String {
    let of = |user: &User| {
        json!({
            "id": user.id,
            "username": user.username,
            "name": user.name,
            "email": user.email,
            "is_email_proven": user.is_email_proven,
            "is_operator": user.is_operator,
            "is_disabled": user.is_disabled,
            "created_at": user.created_at.to_rfc3339_opts(SecondsFormat::Secs, true),
        })
    };
    format!("{:#}", users.iter().map(of).collect::<Value>())
}

/// Lays out columns; the name, which can be of any script and width, stands last.
fn table_of(users: &[User]) -> String {
    if users.is_empty() {
        return "There are no users.".to_owned();
    }
    let mut text = format!("{:<36}  {:<20}  {:<20}  {:<32}  NAME", "ID", "MADE AT", "USER NAME", "E-MAIL");
    for user in users {
        let or_dash = |value: &Option<String>| value.clone().unwrap_or_else(|| "-".to_owned());
        let made_at = user.created_at.to_rfc3339_opts(SecondsFormat::Secs, true);
        let _ = write!(text, "\n{}  {made_at}  {:<20}  {:<32}  {}", user.id, or_dash(&user.username), or_dash(&user.email), user.name);
        text.push_str(if user.is_operator { "  (operator)" } else { "" });
        text.push_str(if user.is_disabled { "  (disabled)" } else { "" });
    }
    text
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;
    use crate::clock::Clock;
    use crate::domain::ids::UserId;

    fn user() -> User {
        User {
            id: UserId::new(&Clock::fixed(DateTime::UNIX_EPOCH)),
            name: "山田 花子".to_owned(),
            username: Some("hanako".to_owned()),
            email: None,
            is_email_proven: false,
            is_operator: true,
            is_disabled: true,
            created_at: DateTime::UNIX_EPOCH,
        }
    }

    #[test]
    fn a_table_has_a_line_for_each_user() {
        let table = table_of(&[user(), user()]);

        assert_eq!(table.lines().count(), 3, "{table}");
        assert!(table.ends_with("山田 花子  (operator)  (disabled)"), "{table}");
    }

    #[test]
    fn json_is_an_array_with_an_object_for_each_user() {
        let users: Value = serde_json::from_str(&json_of(&[user()])).expect("JSON");

        assert_eq!((users[0]["username"].as_str(), users[0]["email"].is_null()), (Some("hanako"), true));
        assert_eq!(json_of(&[]), "[]");
    }
}
