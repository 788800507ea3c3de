//! What operators see: log lines and metrics.

pub mod log;
pub mod metrics;
pub mod recent;
