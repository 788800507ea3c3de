//! The whole road against a scripted provider.

pub(super) mod server;
pub(super) mod world;

mod answers;
mod flow;
mod hostile;
mod metadata;
mod odd_presets;
mod signatures;
mod tls;
mod transport;
