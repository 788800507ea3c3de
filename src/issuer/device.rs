//! Devices without a browser, and the person who decides about them (RFC 8628).
//!
//! The device shows a short code; the person types it at `/device`, where they are
//! signed in, sees which application it is and says yes or no. The code is short
//! because it is typed, so guessing is throttled and every code lives for minutes.

use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::SubsecRound as _;
use secrecy::SecretString;

use super::error::TokenError;
use super::event::Event;
use super::grants::{TokenRequest, read_form, scopes_within};
use super::refusals::Endpoint;
use super::{Issuer, Person};
use crate::domain::client::{Client, Grant};
use crate::domain::scope::Scopes;
use crate::random;
use crate::secret::{hash_token, hmac_sha256};
use crate::store::StoreError;
use crate::store::device_codes::{DeviceCode, DeviceState};
use crate::store::throttles::Counter;

/// The letters of a user code: no vowels, so no words, and none that look alike (RFC 8628 §6.1).
const ALPHABET: &[u8; 20] = b"BCDFGHJKLMNPQRSTVWXZ";
/// How many letters a user code has: 34 bits.
const LETTERS: usize = 8;
/// How many wrong codes one person may type in one window (RFC 8628 §5.1).
const MAX_TRIES: u32 = 10;
/// How often a fresh user code is drawn until one is free.
const MAX_DRAWS: usize = 4;
/// Every parameter of the endpoint; each may come once.
const KNOWN: [&str; 5] = ["client_id", "client_secret", "client_assertion", "client_assertion_type", "scope"];

/// What a device gets (RFC 8628 §3.2).
#[derive(Clone, Debug)]
pub struct DeviceAnswer {
    /// What the device asks with.
    pub device_code: SecretString,
    /// What the person types.
    pub user_code: String,
    /// How long both are good for, in seconds.
    pub expires_in_secs: u64,
    /// How long to wait between two questions, in seconds.
    pub interval_secs: u64,
}

/// A device that waits for this person's decision.
#[derive(Clone, Debug)]
pub struct WaitingDevice {
    /// The application on it.
    pub client: Client,
    /// What it asks for.
    pub scopes: Scopes,
    /// The code in its usual form.
    pub user_code: String,
}

/// Why a typed code leads nowhere.
#[derive(Debug, thiserror::Error)]
pub enum DeviceFault {
    /// No device waits under it (any more).
    #[error("no device waits under this code")]
    Unknown,
    /// Too many tries.
    #[error("too many tries")]
    Throttled(Duration),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Issuer {
    /// Lets a device wait (RFC 8628 §3.1). Logs `device_waiting` or `endpoint_refused`.
    ///
    /// # Errors
    ///
    /// [`TokenError`].
    pub async fn begin_device(&self, request: TokenRequest<'_>) -> Result<DeviceAnswer, TokenError> {
        let mut client = None;
        let begun = self.try_to_begin_device(&mut client, request).await;
        begun.map_err(|error| self.refuse_at(Endpoint::Device, client.as_deref(), request.request_id, error))
    }

    /// Lets it wait. `client` becomes whose it is, once that is known.
    async fn try_to_begin_device(&self, client: &mut Option<Arc<Client>>, request: TokenRequest<'_>) -> Result<DeviceAnswer, TokenError> {
        let form = read_form(request.form, &KNOWN)?;
        let client = client.insert(self.authenticate_client(request.authorization, &form).await?);
        if !client.allows_grant(Grant::DeviceCode) {
            return Err(TokenError::UnauthorizedClient("this client is not registered for the device_code grant"));
        }
        let scopes = scopes_within(&form, &client.metadata.scopes)?.ok_or(TokenError::InvalidScope("scope is missing"))?;
        if let Some(wait) = self.count_kept(request.address).await? {
            return Err(TokenError::Throttled(wait));
        }
        let (device_code, now) = (random::token(), self.clock.now().trunc_subsecs(0));
        let config = &self.config.issuer;
        for _ in 0..MAX_DRAWS {
            let user_code = new_user_code();
            let row = DeviceCode {
                device_hash: hash_token(&device_code),
                user_code_hash: self.hash_user_code(&user_code),
                client_id: client.id.clone(),
                scopes: scopes.clone(),
                state: DeviceState::Pending,
                interval_secs: i32::try_from(config.device_interval_secs).unwrap_or(5),
                created_at: now,
                expires_at: now + Duration::from_secs(config.device_code_ttl_secs),
            };
            if self.store.insert_device_code(&row).await? {
                Event::new("device_waiting", &client.id).log();
                let (expires_in_secs, interval_secs) = (config.device_code_ttl_secs, config.device_interval_secs);
                return Ok(DeviceAnswer { device_code: device_code.into(), user_code, expires_in_secs, interval_secs });
            }
        }
        Err(TokenError::Busy(Duration::from_secs(1)))
    }

    /// Finds the device that waits under a code that somebody typed.
    ///
    /// # Errors
    ///
    /// [`DeviceFault`].
    pub async fn find_device(&self, typed: &str, person: Person<'_>) -> Result<WaitingDevice, DeviceFault> {
        let counter = self.device_counter(person);
        if let Some(wait) = self.count(counter.clone()).await? {
            return Err(DeviceFault::Throttled(wait));
        }
        let user_code = read_user_code(typed).ok_or(DeviceFault::Unknown)?;
        let found = self.store.find_pending_device(&self.hash_user_code(&user_code), self.clock.now()).await?;
        let code = found.ok_or(DeviceFault::Unknown)?;
        let client = self.store.find_client(&code.client_id).await?.filter(|client| !client.is_disabled()).ok_or(DeviceFault::Unknown)?;
        self.store.take_back_try(vec![counter]).await?;
        Ok(WaitingDevice { client, scopes: code.scopes, user_code })
    }

    /// Writes what a person decided about a device.
    ///
    /// # Errors
    ///
    /// [`DeviceFault`].
    pub async fn decide_device(&self, typed: &str, person: Person<'_>, is_approved: bool) -> Result<WaitingDevice, DeviceFault> {
        let device = self.find_device(typed, person).await?;
        let (user, session) = (person.user.id, person.session);
        let approved = DeviceState::Approved { user, auth_time: session.created_at, method: session.method.clone() };
        let decision = if is_approved { approved } else { DeviceState::Denied };
        if !self.store.decide_device(&self.hash_user_code(&device.user_code), decision, session.id, self.clock.now()).await? {
            return Err(DeviceFault::Unknown);
        }
        if is_approved {
            Event::new("device_approved", &device.client.id).user(user).log();
        } else {
            Event::new("device_denied", &device.client.id).user(user).log();
        }
        Ok(device)
    }

    /// Hashes a code that is too short to be hashed without a key.
    fn hash_user_code(&self, user_code: &str) -> String {
        URL_SAFE_NO_PAD.encode(hmac_sha256(&self.throttle, format!("user_code:{user_code}").as_bytes()))
    }

    fn device_counter(&self, person: Person<'_>) -> Counter {
        self.counter("device", person.user.id, MAX_TRIES)
    }
}

/// Draws a code, as in `WDJB-MJHT`. The letters are drawn evenly.
fn new_user_code() -> String {
    let mut letters = String::new();
    while letters.len() < LETTERS {
        let even = random::bytes::<16>().into_iter().filter(|byte| usize::from(*byte) < 256 / ALPHABET.len() * ALPHABET.len());
        letters.extend(even.map(|byte| char::from(ALPHABET[usize::from(byte) % ALPHABET.len()])).take(LETTERS - letters.len()));
    }
    format!("{}-{}", &letters[..LETTERS / 2], &letters[LETTERS / 2..])
}

/// Reads a code however it was typed: case, dashes and spaces mean nothing (RFC 8628 §6.1).
fn read_user_code(typed: &str) -> Option<String> {
    let letters: String =
        typed.chars().filter(|c| !c.is_whitespace() && *c != '-').take(LETTERS + 1).collect::<String>().to_ascii_uppercase();
    let is_code = letters.len() == LETTERS && letters.bytes().all(|letter| ALPHABET.contains(&letter));
    is_code.then(|| format!("{}-{}", &letters[..LETTERS / 2], &letters[LETTERS / 2..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_code_is_read_however_it_is_typed() {
        for typed in ["WDJB-MJHT", "wdjb-mjht", " wdjbmjht ", "W D J B M J H T", "WDJB--MJHT"] {
            assert_eq!(read_user_code(typed).as_deref(), Some("WDJB-MJHT"), "{typed}");
        }
        for typed in ["", "WDJB", "WDJB-MJHTX", "WDJB-MJHA", "日本日本日本日本", "WDJB-MJH\u{0}"] {
            assert_eq!(read_user_code(typed), None, "{typed}");
        }
    }

    #[test]
    fn a_drawn_user_code_can_be_typed() {
        let code = new_user_code();

        assert_eq!(read_user_code(&code), Some(code.clone()));
        assert_ne!(new_user_code(), code);
    }
}
