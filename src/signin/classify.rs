//! What a provider's fault means: from [`ProviderError`] to cause and stage.

use super::failure::{Cause, Stage};
use crate::provider::ProviderError;

/// Names cause and stage of a fault.
pub fn classify(_error: &ProviderError) -> (Cause, Stage) {
    todo!("part social")
}
