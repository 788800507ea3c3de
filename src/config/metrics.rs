//! `[metrics]`

use std::net::SocketAddr;

use serde::Deserialize;

/// The metrics listener.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MetricsConfig {
    /// The address to listen on, apart from the pages.
    pub listen: SocketAddr,
}
