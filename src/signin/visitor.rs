//! Who asks, as far as a request tells.

use std::net::{IpAddr, Ipv4Addr};

use super::device::Device;
use crate::domain::language::Language;

/// The browser behind a request: for throttles, logs and the list of sessions.
#[derive(Clone, Debug)]
pub struct Visitor {
    /// The client's address, from the socket or a trusted proxy.
    pub address: IpAddr,
    /// The request's identifier in logs and answers.
    pub request_id: String,
    /// The browser in a few words of ours, as in `Firefox on Linux`.
    pub browser: String,
    /// The person's language.
    pub language: Language,
    /// The browser's own cookie, if it was used before.
    pub device: Option<Device>,
}

impl Default for Visitor {
    fn default() -> Self {
        Self {
            address: IpAddr::V4(Ipv4Addr::UNSPECIFIED),
            request_id: String::new(),
            browser: String::new(),
            language: Language::default(),
            device: None,
        }
    }
}
