//! Keys that sign tokens: made, published, used, retired (security.md KY-01 to KY-04, SE-13).
//!
//! Each purpose has keys of its own, so that a token of one kind is never good as one
//! of another. A key's row says when it begins to sign; the rest follows from the time:
//!
//! ```text
//! published ──(signs_at)──▶ signing ──(the next one's signs_at)──▶ retiring ──(the longest token life)──▶ gone
//! ```
//!
//! A published key can be looked up by everybody before anything is signed with it, and
//! a retiring one for as long as a token of it can be good. The first key of a purpose
//! signs at once, since nobody can have looked before there was one. An emergency
//! removal ([`Keychain::revoke`]) skips all of this: what the key signed is refused from
//! then on.
//!
//! Replicas share the rows, sealed with the master key. Each looks at them every few
//! seconds, and at once for a key that it does not know, but not more often than once in
//! `RELOAD_FLOOR`. A clock that is a little ahead signs a little early, with a key that
//! the others know already.
//!
//! | module | owns |
//! |---|---|
//! | [`key`] | one pair: making, opening, signing, the public half |
//! | [`jws`] | tokens as signed text (RFC 7515) |
//! | this one | which there are, and which signs |
//! | [`rotation`] | making the next one, removing one, what operators see |

pub mod jws;
pub mod key;
pub mod rotation;

use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};

pub use self::key::{Key, Purpose};
use crate::clock::Clock;
use crate::secret::SealingKey;
use crate::store::token_keys::TokenKeyRow;
use crate::store::{Conflict, Store, StoreError};

/// The longest life of anything that the issuer signs.
pub const LONGEST_ISSUED: Duration = Duration::from_secs(24 * 3_600);
/// How often each replica looks at the keys.
pub const RELOAD_EVERY: Duration = Duration::from_secs(5);
/// Unknown keys make a replica look no more often than once in this time.
const RELOAD_FLOOR: Duration = Duration::from_secs(1);

/// Why there are no keys.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The master key does not open what is stored.
    #[error(
        "the master key (server.secret or server.secret_file) is not the one that sealed the keys in this database; restore the old one"
    )]
    WrongMasterKey,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The keys of every purpose.
pub struct Keychain {
    store: Store,
    clock: Clock,
    master: SealingKey,
    /// The longest life of a session.
    session_life: Duration,
    /// What was there when it was last looked at, in the order in which they begin to sign.
    keys: RwLock<Arc<Vec<Arc<Key>>>>,
    /// Held while the rows are read or a key is made: one at a time is enough.
    looking: tokio::sync::Mutex<Option<Instant>>,
}

impl Keychain {
    /// Opens the stored keys; makes the first of the sessions, which every sign-in needs.
    ///
    /// # Errors
    ///
    /// [`KeyError`].
    pub async fn open(store: &Store, master: SealingKey, clock: &Clock, session_life: Duration) -> Result<Self, KeyError> {
        let (store, clock) = (store.clone(), clock.clone());
        let looking = tokio::sync::Mutex::default();
        let chain = Self { store, clock, master, session_life, keys: RwLock::default(), looking };
        chain.load().await?;
        if chain.first(Purpose::Session).is_none() {
            chain.make_first(&[Purpose::Session]).await?;
        }
        chain.first(Purpose::Session).ok_or(StoreError::BrokenRow("key"))?;
        Ok(chain)
    }

    /// Returns the key that signs for a purpose; makes the first one when it is first needed.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if there is none yet and none can be stored.
    pub async fn signing(&self, purpose: Purpose) -> Result<Arc<Key>, StoreError> {
        if self.signing_now(purpose).is_none() {
            self.ensure_issuer_keys().await?;
        }
        self.signing_now(purpose).ok_or(StoreError::BrokenRow("key"))
    }

    /// Returns the key that signs sessions.
    ///
    /// # Panics
    ///
    /// Never: a chain without one is not opened, and a removed one is replaced.
    pub fn signing_session(&self) -> Arc<Key> {
        self.signing_now(Purpose::Session).expect("there is a key for sessions from the start")
    }

    /// Finds the key of a name that is good for one of these purposes; looks again for one that is not known.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if the keys cannot be read: then nobody knows.
    pub async fn find(&self, kid: &str, purposes: &[Purpose]) -> Result<Option<Arc<Key>>, StoreError> {
        if let Some(key) = self.find_known(kid, purposes) {
            return Ok(Some(key));
        }
        // Names that can be none of ours cost no look.
        if !purposes.iter().any(|purpose| kid.starts_with(purpose.as_str())) {
            return Ok(None);
        }
        self.reload_unless_recent().await?;
        Ok(self.find_known(kid, purposes))
    }

    /// Returns the public keys of the issuer that anybody may need, the first ones made if need be.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if there are none yet and none can be stored.
    pub async fn published(&self) -> Result<Vec<Arc<Key>>, StoreError> {
        self.ensure_issuer_keys().await?;
        let now = self.clock.now();
        let keys = self.keys();
        Ok(keys.iter().filter(|key| key.purpose.is_issuers() && !self.is_gone(&keys, key, now)).cloned().collect())
    }

    /// Looks at the stored keys again.
    ///
    /// # Errors
    ///
    /// [`StoreError`]; the keys that are known stay so.
    pub async fn reload(&self) -> Result<(), StoreError> {
        let mut last = self.looking.lock().await;
        self.load().await.map_err(without_master)?;
        *last = Some(Instant::now());
        Ok(())
    }

    async fn reload_unless_recent(&self) -> Result<(), StoreError> {
        let mut last = self.looking.lock().await;
        if last.is_none_or(|at| at.elapsed() >= RELOAD_FLOOR) {
            self.load().await.map_err(without_master)?;
            *last = Some(Instant::now());
        }
        Ok(())
    }

    /// Makes the issuer's first keys, one of each algorithm, unless there are some.
    async fn ensure_issuer_keys(&self) -> Result<(), StoreError> {
        let is_missing = |purpose: &Purpose| self.first(*purpose).is_none();
        if !Purpose::OF_ISSUER.iter().any(is_missing) {
            return Ok(());
        }
        let _one_at_a_time = self.looking.lock().await;
        self.load().await.map_err(without_master)?;
        let missing: Vec<Purpose> = Purpose::OF_ISSUER.into_iter().filter(is_missing).collect();
        if missing.is_empty() { Ok(()) } else { self.make_first(&missing).await.map_err(without_master) }
    }

    /// Makes the first key of each purpose. Its name is fixed, so that of two replicas
    /// which start at once only one can store theirs; then the other reads them.
    async fn make_first(&self, purposes: &[Purpose]) -> Result<(), KeyError> {
        let now = self.clock.now();
        for purpose in purposes {
            let row = self.new_row(*purpose, format!("{}-1", purpose.as_str()), now).await;
            match self.store.insert_token_keys(vec![row]).await {
                Ok(()) | Err(StoreError::Conflict(Conflict::Key)) => {}
                Err(error) => return Err(error.into()),
            }
        }
        self.load().await
    }

    /// Makes a key where it may take its time: RSA searches for primes for a tenth of a second.
    async fn new_row(&self, purpose: Purpose, kid: String, signs_at: DateTime<Utc>) -> TokenKeyRow {
        let made = tokio::task::spawn_blocking(move || purpose.new_material()).await;
        let material = made.unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic()));
        let sealed = self.master.seal(&kid, &material);
        TokenKeyRow { kid, purpose: purpose.as_str().to_owned(), sealed, created_at: self.clock.now(), signs_at }
    }

    /// Reads the rows and opens those that are new here.
    async fn load(&self) -> Result<(), KeyError> {
        let rows = self.store.list_token_keys().await?;
        let known = self.keys();
        let mut keys = Vec::with_capacity(rows.len());
        for row in rows {
            let Some(purpose) = Purpose::parse(&row.purpose) else { continue };
            match known.iter().find(|key| key.kid == row.kid) {
                Some(key) => keys.push(Arc::clone(key)),
                None => keys.push(Arc::new(self.open_row(purpose, &row)?)),
            }
        }
        *self.keys.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(keys);
        Ok(())
    }

    /// A name begins with its purpose, so that a row which was given another does not open.
    fn open_row(&self, purpose: Purpose, row: &TokenKeyRow) -> Result<Key, KeyError> {
        let material = self.master.open(&row.kid, &row.sealed).ok_or(KeyError::WrongMasterKey)?;
        let key = row.kid.starts_with(purpose.as_str()).then(|| Key::open(purpose, row, &material)).flatten();
        Ok(key.ok_or(StoreError::BrokenRow("key"))?)
    }

    fn keys(&self) -> Arc<Vec<Arc<Key>>> {
        Arc::clone(&self.keys.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn first(&self, purpose: Purpose) -> Option<Arc<Key>> {
        self.keys().iter().find(|key| key.purpose == purpose).cloned()
    }

    /// The newest whose time has come; with a clock that is behind, the oldest there is.
    fn signing_now(&self, purpose: Purpose) -> Option<Arc<Key>> {
        let (keys, now) = (self.keys(), self.clock.now());
        let due = keys.iter().rfind(|key| key.purpose == purpose && key.signs_at <= now).cloned();
        due.or_else(|| self.first(purpose))
    }

    fn find_known(&self, kid: &str, purposes: &[Purpose]) -> Option<Arc<Key>> {
        let (keys, now) = (self.keys(), self.clock.now());
        keys.iter().find(|key| key.kid == kid && purposes.contains(&key.purpose) && !self.is_gone(&keys, key, now)).cloned()
    }

    /// Tells when the last token that a key signed has ended; `None` while it has no successor.
    fn gone_at(&self, keys: &[Arc<Key>], key: &Key) -> Option<DateTime<Utc>> {
        let of_purpose = keys.iter().filter(|other| other.purpose == key.purpose);
        let successor = of_purpose.skip_while(|other| other.kid != key.kid).nth(1)?;
        let life = if key.purpose.is_issuers() { LONGEST_ISSUED } else { self.session_life };
        // A minute more than the life, for replicas whose clocks differ.
        let life = TimeDelta::from_std(life + Duration::from_secs(60)).unwrap_or(TimeDelta::weeks(5_200));
        Some(successor.signs_at + life)
    }

    fn is_gone(&self, keys: &[Arc<Key>], key: &Key, now: DateTime<Utc>) -> bool {
        self.gone_at(keys, key).is_some_and(|at| at <= now)
    }
}

/// A row that another master key sealed, in a chain that opened with this one, is broken.
fn without_master(error: KeyError) -> StoreError {
    match error {
        KeyError::WrongMasterKey => StoreError::BrokenRow("key"),
        KeyError::Store(error) => error,
    }
}

#[cfg(test)]
mod tests;
