//! What operators see: log lines and metrics.

pub mod alarm;
pub mod breaker;
pub mod client;
pub mod guard;
pub mod health;
pub mod log;
pub mod metrics;
pub mod patrol;
pub mod recent;
pub mod status;
pub mod watch;
