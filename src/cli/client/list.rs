//! `genkan client list`

use std::fmt::Write as _;

use serde_json::Value;

use crate::cli::output::CommandError;
use crate::domain::client::{Client, Grant};
use crate::issuer::Issuer;

/// How many clients are read at a time.
const PAGE: i64 = 500;

/// Lists applications.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Args {
    /// Prints a JSON array
    #[arg(long)]
    pub json: bool,
}

/// Lists every client as a table or as JSON.
pub(super) async fn run(args: &Args, issuer: &Issuer) -> Result<String, CommandError> {
    let mut clients: Vec<Client> = Vec::new();
    loop {
        let page = issuer.store.list_clients(clients.last().map(|client| &client.id), PAGE).await?;
        let is_last = page.is_empty();
        clients.extend(page);
        if is_last {
            let json = || format!("{:#}", clients.iter().map(super::json_of).collect::<Value>());
            return Ok(if args.json { json() } else { table_of(&clients) });
        }
    }
}

/// Lays out columns; the name, which can be of any script and width, stands last.
pub(super) fn table_of(clients: &[Client]) -> String {
    if clients.is_empty() {
        return "There are no applications.".to_owned();
    }
    let mut text = format!("{:<24}  {:<6}  {:<19}  {:<44}  NAME", "ID", "KIND", "AUTHENTICATION", "GRANTS");
    for client in clients {
        let metadata = &client.metadata;
        let grants = metadata.grants.iter().map(|grant: &Grant| grant.short()).collect::<Vec<_>>().join(" ");
        let marks = [(client.is_verified, " (verified)"), (client.skips_consent, " (no consent)"), (client.is_disabled(), " (disabled)")];
        let marks: String = marks.iter().filter(|(is, _)| *is).map(|(_, mark)| *mark).collect();
        // Writing to a string cannot fail.
        let _ = write!(
            text,
            "\n{:<24}  {:<6}  {:<19}  {grants:<44}  {}{marks}",
            client.id.as_str(),
            metadata.kind.as_str(),
            metadata.authentication.as_str(),
            metadata.name
        );
    }
    text
}
