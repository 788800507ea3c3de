//! What operators see: log lines and metrics.

pub mod guard;
pub mod log;
pub mod metrics;
pub mod recent;
pub mod watch;
