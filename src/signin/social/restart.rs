//! Another trip by itself, where a provider's answer means "try again": once for an attempt.
//!
//! It begins only within an answer to an attempt of this browser, so that no link of a
//! stranger can begin one (security.md WB-02). Nothing was consumed by then and nothing
//! is logged: the attempt keeps its name and goes on, and its end is its one line.

use super::finish::{Departure, Trip};
use super::{FinishRequest, Finished, authorization_url, of_provider};
use crate::signin::Signin;
use crate::signin::callback::Callback;
use crate::signin::failure::{Cause, SigninFailure, Stage};

/// Tells whether a refusal is one after which the provider's preset suggests another trip, and this would be the first.
pub(super) fn may_restart(request: &FinishRequest<'_>, callback: &Callback, trip: &Trip<'_>, failure: &SigninFailure) -> bool {
    let is_refusal = failure.stage == Stage::Authorization && failure.cause != Cause::ResponseContradictory;
    let is_first = !trip.attempt.is_restarted && request.language.is_some() && trip.is_who_began(request);
    is_refusal && is_first && trip.provider.suggests_restart(&callback.answer())
}

impl Signin {
    /// Begins an attempt once more, with the same purpose and return target.
    ///
    /// # Errors
    ///
    /// The failure of a provider whose address cannot be found out any more.
    pub(super) async fn restart(&self, request: &FinishRequest<'_>, trip: &Trip<'_>) -> Result<Finished, Departure> {
        let attempt = trip.attempt.restarted(&self.clock);
        let url = authorization_url(trip.provider, &attempt, (trip.origin, request.language.unwrap_or_default()), true).await;
        let url = url.map_err(|error| SigninFailure { stage: Stage::Start, ..of_provider(&error, trip.provider, trip.attempt) })?;
        self.watch.attempt_restarted(&trip.provider.id);
        Ok(Finished::Again { attempt: Box::new(attempt), url })
    }
}
