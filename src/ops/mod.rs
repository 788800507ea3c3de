//! What operators see and decide: log lines, metrics, the failure record and their rules for it, alarms.

pub mod alarm;
pub mod breaker;
pub mod client;
pub mod desk;
pub mod export;
pub mod guard;
pub mod health;
pub mod log;
pub mod metrics;
pub mod overview;
pub mod patrol;
pub mod recent;
pub mod record;
pub mod rules;
pub mod status;
pub mod traffic;
pub mod watch;
