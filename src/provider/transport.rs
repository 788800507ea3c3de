//! Why a call failed below HTTP: what was sent by then, and whose fault it is.

use super::error::Fault;
use crate::tls;

/// Names the fault of a call that ended without a whole answer.
pub(super) fn classify(error: &reqwest::Error) -> Fault {
    if error.is_builder() {
        return Fault::Unexpected;
    }
    if error.is_connect() {
        return if tls::is_untrusted(error) { Fault::Untrusted } else { Fault::Unreachable };
    }
    if error.is_timeout() { Fault::TimedOut } else { Fault::ConnectionLost }
}
