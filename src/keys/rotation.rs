//! The next key, the removal of one, and what operators see of them.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use super::{Key, Keychain, Purpose};
use crate::random;
use crate::store::StoreError;

/// How long the issuer's keys are published before they sign: twice as long as anybody may cache them.
const LEAD_OF_ISSUER: Duration = Duration::from_secs(600);
/// The same for keys that only replicas of ours need, which look every few seconds.
const LEAD_OF_SESSIONS: Duration = Duration::from_secs(60);

/// Where a key is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Known to all, but signs nothing yet.
    Published,
    /// Signs.
    Signing,
    /// Signs no more; what it signed is still good.
    Retiring,
}

impl State {
    /// Returns the state's name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Published => "published",
            Self::Signing => "signing",
            Self::Retiring => "retiring",
        }
    }
}

/// A key as operators see it.
#[derive(Clone, Debug)]
pub struct Listed {
    /// Its name.
    pub kid: String,
    /// What it signs.
    pub purpose: Purpose,
    /// Where it is in its life.
    pub state: State,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it began, or begins, to sign.
    pub signs_at: DateTime<Utc>,
    /// When it will be gone, if it has a successor.
    pub gone_at: Option<DateTime<Utc>>,
}

/// Why there is no next key.
#[derive(Debug, thiserror::Error)]
pub enum RotationError {
    /// One is published already and waits for its time.
    #[error("{kid} is published already and signs from {signs_at} on")]
    UnderWay {
        /// The key that waits.
        kid: String,
        /// From when on it signs.
        signs_at: String,
    },
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Keychain {
    /// Lists the keys that are not gone, in the order in which they begin to sign.
    pub fn list(&self) -> Vec<Listed> {
        let (keys, now) = (self.keys(), self.clock.now());
        let of = |key: &Arc<Key>| Listed {
            kid: key.kid.clone(),
            purpose: key.purpose,
            state: self.state(key),
            created_at: key.created_at,
            signs_at: key.signs_at,
            gone_at: self.gone_at(&keys, key),
        };
        keys.iter().filter(|key| !self.is_gone(&keys, key, now)).map(of).collect()
    }

    /// Makes the next key of a purpose: published now, signing later (security.md KY-02).
    ///
    /// # Errors
    ///
    /// [`RotationError`].
    pub async fn rotate(&self, purpose: Purpose) -> Result<Listed, RotationError> {
        self.reload().await?;
        if purpose.is_issuers() {
            self.ensure_issuer_keys().await?;
        }
        let waiting = self.list().into_iter().find(|key| key.purpose == purpose && key.state == State::Published);
        if let Some(Listed { kid, signs_at, .. }) = waiting {
            return Err(RotationError::UnderWay { kid, signs_at: signs_at.format("%FT%TZ").to_string() });
        }
        let lead = if purpose.is_issuers() { LEAD_OF_ISSUER } else { LEAD_OF_SESSIONS };
        let signs_at = self.clock.now() + TimeDelta::from_std(lead).unwrap_or_default();
        let row = self.new_row(purpose, new_name(purpose), signs_at).await;
        let kid = row.kid.clone();
        self.store.insert_token_keys(vec![row]).await?;
        self.reload().await?;
        Ok(self.find_listed(&kid)?)
    }

    /// Removes a key at once; what it signed is refused from then on, here now and on other
    /// replicas within [`super::RELOAD_EVERY`]. If it was the one that signs, a new one does.
    ///
    /// Returns `None` if there is no such key, else the successor that was made, if any.
    ///
    /// # Errors
    ///
    /// [`StoreError`]; the key goes on then.
    pub async fn revoke(&self, kid: &str) -> Result<Option<Option<Listed>>, StoreError> {
        self.reload().await?;
        let Some(key) = self.list().into_iter().find(|key| key.kid == kid) else { return Ok(None) };
        let successor =
            if key.state == State::Signing { Some(self.new_row(key.purpose, new_name(key.purpose), self.clock.now()).await) } else { None };
        let successor_kid = successor.as_ref().map(|row| row.kid.clone());
        if !self.store.replace_token_key(kid, successor).await? {
            return Ok(None);
        }
        self.reload().await?;
        successor_kid.map(|kid| self.find_listed(&kid)).transpose().map(Some)
    }

    /// Removes the rows of keys that are gone.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if the database fails.
    pub async fn delete_gone(&self) -> Result<usize, StoreError> {
        let (keys, now) = (self.keys(), self.clock.now());
        let gone: Vec<String> = keys.iter().filter(|key| self.is_gone(&keys, key, now)).map(|key| key.kid.clone()).collect();
        if gone.is_empty() {
            return Ok(0);
        }
        let count = self.store.delete_token_keys(gone).await?;
        self.reload().await?;
        Ok(count)
    }

    fn state(&self, key: &Key) -> State {
        let signing = self.signing_now(key.purpose);
        match signing {
            Some(signing) if signing.kid == key.kid => State::Signing,
            _ if key.signs_at > self.clock.now() => State::Published,
            _ => State::Retiring,
        }
    }

    fn find_listed(&self, kid: &str) -> Result<Listed, StoreError> {
        self.list().into_iter().find(|key| key.kid == kid).ok_or(StoreError::NotFound)
    }
}

/// Names a key as none was named before.
fn new_name(purpose: Purpose) -> String {
    format!("{}-{}", purpose.as_str(), random::reference().replace('-', "").to_ascii_lowercase())
}
