//! How many tries are let through: per account, per address range, in all
//! (security.md SI-04, SI-06, SI-08).
//!
//! The counters live in the database and are counted before the check; a success takes
//! its own try back and nothing else. An account is what was typed, in normal
//! form: one that does not exist is counted like one that does, and a
//! user name and an address of one person are counted apart, or else the limit of
//! one would tell that the other belongs to it.

use std::net::IpAddr;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::Signin;
use super::lane::Busy;
use super::visitor::Visitor;
use crate::domain::identifier::Identifier;
use crate::ops::client::Client;
use crate::secret;
use crate::store::StoreError;
use crate::store::throttles::{Counter, Verdict};

/// Over how long letters to one account are counted (security.md EM-13).
const LETTERS_WINDOW: Duration = Duration::from_secs(86_400);

/// Why a try is not let through to the check.
#[derive(Debug)]
pub(crate) enum Held {
    /// A counter is full.
    Throttled(Duration),
    /// The lane is full.
    Busy(Busy),
    /// The counters cannot be reached: then nobody is let through.
    Store(StoreError),
}

impl From<StoreError> for Held {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<Busy> for Held {
    fn from(busy: Busy) -> Self {
        Self::Busy(busy)
    }
}

impl Signin {
    /// Returns the counters of one try at an account's password.
    ///
    /// A browser that has signed in under this name before has a counter of its own in the
    /// place of the account's, which strangers can fill (security.md SI-07).
    pub(crate) fn password_counters(&self, account: &str, visitor: &Visitor) -> Vec<Counter> {
        let limits = &self.config.throttle;
        let known = visitor.device.as_ref().filter(|device| self.is_known_as(device, account));
        vec![
            match known {
                Some(device) => self.counter("device", &format!("{}:{account}", device.name()), limits.per_account),
                None => self.counter("account", account, limits.per_account),
            },
            self.counter("address", &range_of(visitor.address), limits.per_address),
            self.counter("password", "all", limits.global),
        ]
    }

    /// Returns the counter of passwords that clients send for an account; half of what the form lets through.
    pub(crate) fn password_grant_counter(&self, account: &str) -> Counter {
        self.counter("password_grant", account, self.config.throttle.per_account.div_ceil(2))
    }

    /// Returns the counter of one registration.
    pub(crate) fn signup_counters(&self, visitor: &Visitor) -> Vec<Counter> {
        vec![self.counter("signup", &range_of(visitor.address), self.config.throttle.signups_per_address)]
    }

    /// Returns the counter of letters of one kind to one account in a day.
    pub(crate) fn letter_counter(&self, kind: &str, account: &str, limit: u32) -> Counter {
        Counter { window: LETTERS_WINDOW, ..self.counter(kind, account, limit) }
    }

    /// Counts one try, or says how long to wait.
    ///
    /// # Errors
    ///
    /// [`Held::Throttled`] or [`Held::Store`].
    pub(crate) async fn count(&self, counters: Vec<Counter>) -> Result<(), Held> {
        match self.store.count_try(counters, self.clock.now()).await? {
            Verdict::Allowed => Ok(()),
            Verdict::Refused { retry_after } => Err(Held::Throttled(retry_after)),
        }
    }

    /// Makes a counter whose key tells neither person nor address without our keys.
    fn counter(&self, kind: &str, what: &str, limit: u32) -> Counter {
        let hash = secret::hmac_sha256(&self.keyring.throttle, format!("{kind}:{what}").as_bytes());
        let window = Duration::from_secs(self.config.throttle.window_secs);
        Counter { key: format!("{kind}:{}", URL_SAFE_NO_PAD.encode(hash)), limit, window }
    }
}

/// Returns the normal form of what was typed, whether or not it can belong to anybody.
pub(crate) fn account_of(identifier: &Identifier, typed: &str) -> String {
    match identifier {
        Identifier::Username(username) => username.normal(),
        Identifier::Email(email) => email.normal(),
        Identifier::Nobody => typed.trim().to_lowercase(),
    }
}

/// Returns what one customer can change at will: an `IPv4` address, or 64 bits of an `IPv6` one.
fn range_of(address: IpAddr) -> String {
    Client::of(address).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(address: &str) -> String {
        range_of(address.parse().expect("an address"))
    }

    #[test]
    fn si_08_an_ipv6_visitor_is_counted_by_its_64_bits() {
        assert_eq!(range("2001:db8:1:2:3:4:5:6"), range("2001:db8:1:2::1"));
        assert_ne!(range("2001:db8:1:2::1"), range("2001:db8:1:3::1"));
    }

    #[test]
    fn si_08_an_ipv4_visitor_is_the_same_however_the_socket_spells_it() {
        assert_eq!(range("::ffff:192.0.2.1"), range("192.0.2.1"));
        assert_ne!(range("192.0.2.1"), range("192.0.2.2"));
    }

    #[test]
    fn si_04_spelling_does_not_make_another_account() {
        let account = |typed: &str| account_of(&Identifier::parse(typed), typed);

        assert_eq!(account(" Hanako "), account("hanako"));
        assert_eq!(account("A@Example.org"), account("a@example.ORG"));
        assert_eq!(account(" 花子"), account("花子 "));
        assert_ne!(account("hanako"), account("taro"));
    }
}
