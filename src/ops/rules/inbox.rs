//! The inbox: kinds of failure that nobody has understood yet.

use chrono::{DateTime, Utc};

use crate::signin::failure::Category;
use crate::store::failures::{Failure, FailureFilter, FailureKind};
use crate::store::{Store, StoreError};

/// How many samples of a kind are shown.
const SAMPLES: i64 = 3;

/// One kind of failure of category `other`, with its newest samples.
#[derive(Clone, Debug)]
pub struct Inbox {
    /// The kind.
    pub kind: FailureKind,
    /// Its newest failures.
    pub samples: Vec<Failure>,
}

/// Lists the kinds of `other` since `since`, the most frequent first; at most `limit`.
///
/// # Errors
///
/// [`StoreError`] if the database fails.
pub async fn inbox(store: &Store, since: DateTime<Utc>, limit: i64) -> Result<Vec<Inbox>, StoreError> {
    let filter = FailureFilter { since: Some(since), category: Some(Category::Other.as_str().to_owned()), ..FailureFilter::default() };
    let mut entries = Vec::new();
    for kind in store.list_failure_kinds(filter.clone(), limit).await? {
        let of_kind = FailureFilter { fingerprint: Some(kind.fingerprint.clone()), ..filter.clone() };
        entries.push(Inbox { samples: store.list_failures(of_kind, SAMPLES).await?, kind });
    }
    Ok(entries)
}
