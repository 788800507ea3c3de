//! What several tests need.

pub mod app;
pub mod browser;
pub mod database;
pub mod idp;
pub mod logs;
pub mod metrics;
pub mod signer;
pub mod smtp;
pub mod tls;
pub mod trip;
pub mod upstream;
