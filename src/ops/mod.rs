//! What operators see and decide: log lines, metrics, the failure record and their rules for it.

pub mod desk;
pub mod export;
pub mod guard;
pub mod log;
pub mod metrics;
pub mod overview;
pub mod recent;
pub mod record;
pub mod rules;
pub mod traffic;
pub mod watch;
