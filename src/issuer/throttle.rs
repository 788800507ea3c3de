//! Counters of the issuer: wrong proofs, typed codes, and what strangers make us keep.

use std::fmt;
use std::net::IpAddr;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::Issuer;
use crate::ops::client::Client as Place;
use crate::secret::hmac_sha256;
use crate::store::StoreError;
use crate::store::throttles::{Counter, Verdict};

impl Issuer {
    /// Makes a counter of one window. Its name does not tell whom it counts, who may be a person or an address.
    pub(super) fn counter(&self, kind: &str, whom: impl fmt::Display, limit: u32) -> Counter {
        let hash = hmac_sha256(&self.throttle, format!("{kind}:{whom}").as_bytes());
        let window = Duration::from_secs(self.config.throttle.window_secs);
        Counter { key: format!("{kind}:{}", URL_SAFE_NO_PAD.encode(hash)), limit, window }
    }

    /// Counts one; says how long to wait if there were too many.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub(super) async fn count(&self, counter: Counter) -> Result<Option<Duration>, StoreError> {
        Ok(match self.store.count_try(vec![counter], self.clock.now()).await? {
            Verdict::Allowed => None,
            Verdict::Refused { retry_after } => Some(retry_after),
        })
    }

    /// Counts a request that is kept although nobody has proven anything: nobody fills the store from one place.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub(super) async fn count_kept(&self, address: IpAddr) -> Result<Option<Duration>, StoreError> {
        self.count(self.counter("kept_request", Place::of(address), self.config.throttle.requests_per_address)).await
    }
}
