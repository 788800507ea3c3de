//! `[throttle]`

use serde::Deserialize;

/// How many failed password tries a window lets through; successes are taken back.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ThrottleConfig {
    /// The window, in seconds.
    pub window_secs: u64,
    /// Tries per account.
    pub per_account: u32,
    /// Tries per address range: one `IPv4` address, or 64 bits of an `IPv6` one.
    pub per_address: u32,
    /// Tries in all.
    pub global: u32,
    /// Registrations per address range.
    pub signups_per_address: u32,
    /// Requests of applications that wait for somebody, per address range they came from.
    pub requests_per_address: u32,
    /// Mails that people ask for, per mailbox they go to.
    pub mails_per_recipient: u32,
    /// Mails that people ask for, per address range of those who ask.
    pub mails_per_address: u32,
    /// Mails that people ask for, in all.
    pub mails_global: u32,
}

impl Default for ThrottleConfig {
    fn default() -> Self {
        Self {
            window_secs: 900,
            per_account: 10,
            per_address: 200,
            global: 10_000,
            signups_per_address: 200,
            requests_per_address: 5_000,
            mails_per_recipient: 5,
            mails_per_address: 100,
            mails_global: 5_000,
        }
    }
}
