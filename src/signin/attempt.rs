//! What the browser carries while it is away at a provider.
//!
//! An attempt lives in the encrypted session cookie: several at once, the oldest
//! gives way, so starting one costs no write and any replica can finish it. State,
//! nonce and verifier are derived from one secret, so that they cannot be lost one
//! by one and ten attempts fit into a cookie. What makes an attempt single-use is
//! the row that `super::social` inserts.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq as _;

use crate::clock::Clock;
use crate::domain::identity::ProviderId;
use crate::domain::ids::{AttemptId, UserId};
use crate::domain::return_to::ReturnTo;
use crate::random;
use crate::secret;

/// How many attempts one browser can have at once.
const MAX_ATTEMPTS: usize = 10;
/// How large all attempts together may be, in bytes of JSON; encrypted and as
/// base64 they then stay well below the 4,096 bytes of a cookie (RFC 6265 §6.1).
const MAX_ATTEMPTS_BYTES: usize = 2_300;
/// How many finished attempts one browser remembers.
const MAX_FINISHED: usize = 3;
/// The longest return target that a finished attempt remembers, in bytes.
const MAX_REMEMBERED_BYTES: usize = 64;
/// How much of a state a finished attempt remembers, in characters: 72 bits.
const MARK_CHARS: usize = 12;

/// What an attempt is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// To sign in, or up.
    #[default]
    SignIn,
    /// To add a way to sign in to the account one is signed in to.
    Link,
}

impl Purpose {
    /// Returns the word for the form field and the log.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SignIn => "sign_in",
            Self::Link => "link",
        }
    }
}

/// One started, unfinished trip to a provider.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// Its name in logs and in the row that consumes it.
    #[serde(rename = "i")]
    pub id: AttemptId,
    /// The provider's name.
    #[serde(rename = "p")]
    pub provider: String,
    /// What it is for.
    #[serde(rename = "u", default, skip_serializing_if = "is_sign_in")]
    pub purpose: Purpose,
    /// Where to go afterwards.
    #[serde(rename = "r", default, skip_serializing_if = "Option::is_none")]
    pub return_to: Option<ReturnTo>,
    /// Who began to link; absent when signing in.
    #[serde(rename = "l", default, skip_serializing_if = "Option::is_none")]
    pub linking_user: Option<UserId>,
    /// When it began, in seconds since the Unix epoch.
    #[serde(rename = "t")]
    pub started_at: i64,
    /// Whether it was begun once more by itself, which happens once (corpus: `restart_flow_once`).
    #[serde(rename = "g", default, skip_serializing_if = "is_false")]
    pub is_restarted: bool,
    /// 256 bits from which state, nonce and verifier are made.
    #[serde(rename = "s")]
    secret: String,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
fn is_false(flag: &bool) -> bool {
    !*flag
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
fn is_sign_in(purpose: &Purpose) -> bool {
    *purpose == Purpose::SignIn
}

impl Attempt {
    /// Begins an attempt with a secret of its own (security.md SO-01).
    pub fn new(clock: &Clock, provider: &ProviderId, purpose: Purpose, return_to: Option<ReturnTo>, linking_user: Option<UserId>) -> Self {
        Self {
            id: AttemptId::new(clock),
            provider: provider.as_str().to_owned(),
            purpose,
            return_to,
            linking_user,
            started_at: clock.now().timestamp(),
            is_restarted: false,
            secret: random::token(),
        }
    }

    /// Begins it once more, under the same name and with everything else anew.
    #[must_use]
    pub fn restarted(&self, clock: &Clock) -> Self {
        Self { started_at: clock.now().timestamp(), is_restarted: true, secret: random::token(), ..self.clone() }
    }

    /// Returns the `state` (RFC 6749 §10.12).
    pub fn state(&self) -> String {
        self.derive("state")
    }

    /// Returns the `nonce` (OIDC Core §15.5.2).
    pub fn nonce(&self) -> String {
        self.derive("nonce")
    }

    /// Returns the `code_verifier`: 43 unreserved characters (RFC 7636 §4.1).
    pub fn code_verifier(&self) -> String {
        self.derive("code_verifier")
    }

    /// Tells whether it is older than `ttl`.
    pub fn is_expired(&self, now: DateTime<Utc>, ttl: Duration) -> bool {
        now.timestamp().saturating_sub(self.started_at) > i64::try_from(ttl.as_secs()).unwrap_or(i64::MAX)
    }

    fn derive(&self, purpose: &str) -> String {
        URL_SAFE_NO_PAD.encode(secret::hmac_sha256(self.secret.as_bytes(), purpose.as_bytes()))
    }
}

/// An attempt that ended well a moment ago, so that reload and back do no harm.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FinishedAttempt {
    /// The first characters of its state: enough to know it again, too few to use.
    #[serde(rename = "k")]
    mark: String,
    /// Where it led, if that is short.
    #[serde(rename = "r", default, skip_serializing_if = "Option::is_none")]
    pub return_to: Option<ReturnTo>,
}

/// The attempts of one browser, oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempts {
    #[serde(rename = "p", default, skip_serializing_if = "Vec::is_empty")]
    pending: Vec<Attempt>,
    #[serde(rename = "f", default, skip_serializing_if = "Vec::is_empty")]
    finished: Vec<FinishedAttempt>,
}

impl Attempts {
    /// No attempt at all.
    pub const NONE: Self = Self { pending: Vec::new(), finished: Vec::new() };

    /// Adds an attempt; the oldest give way until all fit into the cookie.
    pub fn push(&mut self, attempt: Attempt) {
        self.pending.push(attempt);
        while self.pending.len() > MAX_ATTEMPTS || (self.pending.len() > 1 && self.size() > MAX_ATTEMPTS_BYTES) {
            self.pending.remove(0);
        }
    }

    /// Finds the pending attempt that `state` belongs to, in constant time per attempt.
    pub fn find_by_state(&self, state: &str) -> Option<&Attempt> {
        self.pending.iter().find(|attempt| attempt.state().as_bytes().ct_eq(state.as_bytes()).into())
    }

    /// Finds the attempt that ended well a moment ago and that `state` belonged to.
    pub fn find_finished(&self, state: &str) -> Option<&FinishedAttempt> {
        self.finished.iter().find(|attempt| state.get(..MARK_CHARS) == Some(&attempt.mark))
    }

    /// Tells whether an unexpired attempt with the provider is under way.
    pub fn is_pending(&self, provider: &ProviderId, now: DateTime<Utc>, ttl: Duration) -> bool {
        self.pending.iter().any(|attempt| attempt.provider == provider.as_str() && !attempt.is_expired(now, ttl))
    }

    /// Drops what expired more than `ttl` ago; until then it can be named as expired.
    pub fn drop_stale(&mut self, now: DateTime<Utc>, ttl: Duration) {
        self.pending.retain(|attempt| !attempt.is_expired(now, ttl * 2));
    }

    /// Drops an attempt that failed.
    pub fn remove(&mut self, id: AttemptId) {
        self.pending.retain(|attempt| attempt.id != id);
    }

    /// Puts an attempt that was begun once more in the place of the one before.
    pub fn restart(&mut self, attempt: Attempt) {
        self.remove(attempt.id);
        self.push(attempt);
    }

    /// Drops an attempt that ended well, and remembers where it led.
    pub fn finish(&mut self, attempt: &Attempt) {
        self.remove(attempt.id);
        let return_to = attempt.return_to.clone().filter(|target| target.as_str().len() <= MAX_REMEMBERED_BYTES);
        self.finished.push(FinishedAttempt { mark: attempt.state()[..MARK_CHARS].to_owned(), return_to });
        if self.finished.len() > MAX_FINISHED {
            self.finished.remove(0);
        }
    }

    /// Keeps nothing but the marks of finished attempts, by which a reload after sign-out is known for what it is.
    #[must_use]
    pub fn marks(self) -> Self {
        let finished = self.finished.into_iter().map(|attempt| FinishedAttempt { return_to: None, ..attempt });
        Self { pending: Vec::new(), finished: finished.collect() }
    }

    /// Tells whether there is nothing to carry.
    pub fn is_empty(&self) -> bool {
        self.pending.is_empty() && self.finished.is_empty()
    }

    fn size(&self) -> usize {
        serde_json::to_vec(self).map_or(usize::MAX, |json| json.len())
    }
}

#[cfg(test)]
mod tests;
