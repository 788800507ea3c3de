//! The counters of the contract, on a listener of their own.

use crate::domain::identity::ProviderId;
use crate::signin::failure::SigninFailure;

/// Counts an attempt that has begun.
pub fn count_attempt(_provider: &ProviderId) {}

/// Counts a sign-in that succeeded.
pub fn count_success(_provider: Option<&ProviderId>, _method: &str) {}

/// Counts a failed sign-in.
pub fn count_failure(_failure: &SigninFailure) {}
