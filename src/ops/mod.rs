//! What operators see: log lines and metrics.

pub mod check;
pub mod desk;
pub mod guard;
pub mod log;
pub mod metrics;
pub mod recent;
pub mod traffic;
pub mod watch;
