//! `genkan check --tokens`: every token that is kept, at its provider.

use super::FIRST_START;
use super::report::Report;
use crate::app;
use crate::clock::Clock;
use crate::config::Config;
use crate::domain::identity::ProviderId;
use crate::signin::Signin;
use crate::signin::check::Status;
use crate::signin::tokens::TokenError;
use crate::store::StoreError;

/// How many rows are read at once.
const PAGE: i64 = 100;

/// What came of the tokens of one provider.
#[derive(Default)]
struct Count {
    good: u32,
    revoked: u32,
    expired: u32,
    untried: u32,
}

/// Tries the tokens of every provider that keeps them; returns the exit code.
pub(super) async fn check(config: &Config, report: &mut Report) -> u8 {
    if config.database.sqlite_path().is_some_and(|path| !path.exists()) {
        report.add("tokens", Status::Skipped, FIRST_START);
        return 0;
    }
    let signin = match app::build_signin(config, Clock::system()).await {
        Ok(signin) => signin,
        Err(error) => {
            report.add("tokens", Status::Failed, error.to_string());
            return 1;
        }
    };
    let mut keeping = signin.providers.iter().filter(|provider| provider.keeps_tokens).map(|provider| &provider.id).peekable();
    if keeping.peek().is_none() {
        report.add("tokens", Status::Skipped, "no provider has keep_tokens = true");
    }
    for provider in keeping {
        let (status, detail) = match try_all(&signin, provider).await {
            Ok(count) => (judge(&count), describe(&count)),
            Err(error) => (Status::Failed, error.to_string()),
        };
        report.add(format!("provider {provider}: tokens"), status, detail);
    }
    u8::from(!report.is_ok())
}

async fn try_all(signin: &Signin, provider: &ProviderId) -> Result<Count, StoreError> {
    let (mut count, mut after) = (Count::default(), None);
    loop {
        let page = signin.store.list_tokens(provider, after, PAGE).await?;
        let Some(last) = page.last() else { return Ok(count) };
        after = Some(last.identity);
        for stored in &page {
            match signin.try_tokens(stored).await {
                Ok(()) => count.good += 1,
                Err(TokenError::Revoked) => count.revoked += 1,
                Err(TokenError::Expired) => count.expired += 1,
                Err(TokenError::Missing | TokenError::Provider(_)) => count.untried += 1,
                Err(TokenError::Store(error)) => return Err(error),
            }
        }
    }
}

fn judge(count: &Count) -> Status {
    if count.untried > 0 { Status::Warning } else { Status::Ok }
}

fn describe(count: &Count) -> String {
    let Count { good, revoked, expired, untried } = count;
    format!("{good} good, {revoked} revoked and deleted, {expired} expired without a refresh token, {untried} could not be tried")
}
