//! `[issuer]`

use std::time::Duration;

use serde::Deserialize;

/// The authorization server for the applications behind us.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own in the file")]
pub struct IssuerConfig {
    /// Whether there is one at all.
    pub enabled: bool,
    /// How long a person may take to sign in and decide, in seconds.
    pub request_ttl_secs: u64,
    /// How long a code is good for, in seconds; at most a minute (security.md TK-01).
    pub code_ttl_secs: u64,
    /// How long an access token is good for, in seconds, unless the client has its own.
    pub access_token_ttl_secs: u64,
    /// How long an ID Token is good for, in seconds.
    pub id_token_ttl_secs: u64,
    /// How long a refresh token is good for that nobody uses, in seconds.
    pub refresh_idle_secs: u64,
    /// How long refreshing goes on at most, in seconds, unless the client has its own.
    pub refresh_ttl_secs: u64,
    /// How long a device waits for its person, in seconds.
    pub device_code_ttl_secs: u64,
    /// How long a device has to wait between two questions, in seconds.
    pub device_interval_secs: u64,
    /// Whether clients that an operator allows it may send passwords (security.md TK-11).
    pub password_grant: bool,
    /// Whether programs may register clients (RFC 7591).
    pub dynamic_registration: bool,
    /// How many clients of programs may be there that no operator has verified.
    pub dynamic_clients: u32,
    /// After how many days clients of programs are deleted that nobody uses; 0: never.
    pub dynamic_unused_days: u32,
    /// How many clients one person may register.
    pub clients_per_owner: u32,
    /// For how long a client's old secret works beside the new one, in seconds.
    pub secret_overlap_secs: u64,
    /// Whether DPoP proofs need a nonce of ours (RFC 9449 §8).
    pub dpop_nonce: bool,
    /// Whether clients on this machine are told of the end of sessions, over http too.
    pub logout_to_loopback: bool,
}

impl Default for IssuerConfig {
    fn default() -> Self {
        Self {
            enabled: true,
            request_ttl_secs: 1_800,
            code_ttl_secs: 60,
            access_token_ttl_secs: 600,
            id_token_ttl_secs: 600,
            refresh_idle_secs: 14 * 86_400,
            refresh_ttl_secs: 90 * 86_400,
            device_code_ttl_secs: 600,
            device_interval_secs: 5,
            password_grant: false,
            dynamic_registration: false,
            dynamic_clients: 1_000,
            dynamic_unused_days: 30,
            clients_per_owner: 20,
            secret_overlap_secs: 86_400,
            dpop_nonce: false,
            logout_to_loopback: false,
        }
    }
}

impl IssuerConfig {
    /// Returns how long a person may take to sign in and decide.
    pub fn request_ttl(&self) -> Duration {
        Duration::from_secs(self.request_ttl_secs)
    }

    /// Returns how long a code is good for.
    pub fn code_ttl(&self) -> Duration {
        Duration::from_secs(self.code_ttl_secs)
    }
}
