//! `genkan migrate`

use super::output::{CommandError, Output};
use crate::config::Config;
use crate::store::Store;

/// Applies what is missing and says what that was.
pub(super) async fn run(config: &Config) -> Result<Output, CommandError> {
    let applied = Store::connect(&config.database).await?.migrate().await?;
    if applied.is_empty() {
        return Ok(Output::lines("The database is up to date."));
    }
    Ok(Output::lines(format!("Applied {}:\n  {}", applied.len(), applied.join("\n  "))))
}
