//! What a rule would have done, shown before it does anything.

use chrono::{DateTime, Utc};

use super::rule::{self, Gives, Matcher, RuleError};
use crate::domain::identity::ProviderId;
use crate::signin::failure::Category;
use crate::store::Store;
use crate::store::failures::{Failure, FailureFilter};

/// How many stored failures are looked at, the newest first.
const MAX_SAMPLES: i64 = 10_000;

/// What a rule would have moved.
#[derive(Clone, Debug, Default)]
pub struct Trial {
    /// How many stored failures were looked at.
    pub looked_at: usize,
    /// Those that it would have moved, the newest first.
    pub moved: Vec<Failure>,
}

/// Tries a rule on the failures since `since`; changes nothing.
///
/// # Errors
///
/// [`RuleError`] if the rule is refused, or if the database fails.
pub async fn try_rule(store: &Store, matcher: &Matcher, category: Category, since: DateTime<Utc>) -> Result<Trial, RuleError> {
    rule::check(matcher, Gives::Category(category))?;
    let filter = FailureFilter {
        since: Some(since),
        provider: matcher.provider.as_ref().map(ProviderId::to_string),
        stage: matcher.stage.map(|stage| stage.as_str().to_owned()),
        cause: matcher.cause.map(|cause| cause.as_str().to_owned()),
        ..FailureFilter::default()
    };
    let mut moved = store.list_failures(filter, MAX_SAMPLES).await?;
    let looked_at = moved.len();
    moved.retain(|failure| matcher.moves(failure, category));
    Ok(Trial { looked_at, moved })
}
