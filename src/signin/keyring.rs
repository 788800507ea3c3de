//! The keys behind cookies, tokens and hashes.
//!
//! Made on the first start, kept in the database sealed with the master key.
//! Replicas share them; one with another master key cannot open them and says so
//! (security.md SE-13). Keys that sign tokens change from time to time and are
//! [`crate::keys`]'s.

use std::sync::Arc;
use std::time::Duration;

use secrecy::{ExposeSecret as _, SecretString};

use crate::clock::Clock;
use crate::keys::{KeyError, Keychain};
use crate::random;
use crate::secret::{SealingKey, hmac_sha256};
use crate::store::keys::KeyRow;
use crate::store::{Conflict, Store, StoreError};

/// Every purpose that needs a key; it is the key's name as well.
const PURPOSES: [&str; 5] = ["cookie", "pepper", "provider-tokens", "sealing", "throttle"];
/// Keeps the key that seals apart from any other use of the same secret.
const MASTER_LABEL: &[u8] = b"genkan: master key, version 1";

/// Every key, opened.
pub struct Keyring {
    /// Signs and encrypts the session cookie: 512 bits for `cookie::Key`.
    pub cookie: [u8; 64],
    /// Keys the pre-hash of passwords.
    pub pepper: [u8; 32],
    /// Seals small values that travel through a browser.
    pub sealing: SealingKey,
    /// Seals the tokens of providers that are kept.
    pub provider_tokens: SealingKey,
    /// Keys the names of throttle counters.
    pub throttle: [u8; 32],
    /// The keys that sign tokens.
    pub chain: Arc<Keychain>,
}

/// A stored key, opened.
struct Opened {
    purpose: String,
    material: Vec<u8>,
}

impl Keyring {
    /// Opens the stored keys, or makes them on the first start.
    ///
    /// Another replica may be faster at making them; then its keys are read. A session
    /// lasts `session_life` at most, and the key of its token as long.
    ///
    /// # Errors
    ///
    /// [`KeyError`].
    pub async fn open(store: &Store, master_key: &SecretString, clock: &Clock, session_life: Duration) -> Result<Self, KeyError> {
        let master = SealingKey::new(&hmac_sha256(MASTER_LABEL, master_key.expose_secret().as_bytes()));
        let mut opened = open_all(&master, store.list_keys().await?)?;
        let missing: Vec<&str> = PURPOSES.into_iter().filter(|purpose| opened.iter().all(|key| key.purpose != *purpose)).collect();
        if !missing.is_empty() {
            let rows = missing.into_iter().map(|purpose| new_row(&master, purpose, clock)).collect();
            match store.insert_keys(rows).await {
                Ok(()) | Err(StoreError::Conflict(Conflict::Key)) => opened = open_all(&master, store.list_keys().await?)?,
                Err(error) => return Err(error.into()),
            }
        }
        let chain = Arc::new(Keychain::open(store, master, clock, session_life).await?);
        Self::assemble(&opened, chain).ok_or(StoreError::BrokenRow("key").into())
    }

    /// Puts the keys in their places; `None` if one is absent or broken.
    fn assemble(opened: &[Opened], chain: Arc<Keychain>) -> Option<Self> {
        Some(Self {
            cookie: find(opened, "cookie")?,
            pepper: find(opened, "pepper")?,
            sealing: SealingKey::new(&find(opened, "sealing")?),
            provider_tokens: SealingKey::new(&find(opened, "provider-tokens")?),
            throttle: find(opened, "throttle")?,
            chain,
        })
    }
}

fn open_all(master: &SealingKey, rows: Vec<KeyRow>) -> Result<Vec<Opened>, KeyError> {
    let open = |row: KeyRow| {
        let material = master.open(&row.name, &row.sealed).ok_or(KeyError::WrongMasterKey)?;
        Ok(Opened { purpose: row.purpose, material })
    };
    rows.into_iter().filter(|row| PURPOSES.contains(&row.purpose.as_str())).map(open).collect()
}

fn find<const N: usize>(opened: &[Opened], purpose: &str) -> Option<[u8; N]> {
    opened.iter().find(|key| key.purpose == purpose)?.material.as_slice().try_into().ok()
}

/// Makes a key for `purpose`. Its name is fixed, so that of two replicas which start
/// at once only one can store theirs.
fn new_row(master: &SealingKey, purpose: &str, clock: &Clock) -> KeyRow {
    let material = if purpose == "cookie" { random::bytes::<64>().to_vec() } else { random::bytes::<32>().to_vec() };
    KeyRow { sealed: master.seal(purpose, &material), name: purpose.to_owned(), purpose: purpose.to_owned(), created_at: clock.now() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signin::testing::World;

    const LIFE: Duration = Duration::from_secs(3_600);

    #[tokio::test]
    async fn the_next_start_opens_the_keys_of_the_first() {
        let world = World::new().await;
        let first = &world.signin.keyring;

        let next = Keyring::open(&world.signin.store, &"master".into(), &world.clock, LIFE).await.expect("keys");

        assert_eq!((next.cookie, next.pepper, next.throttle), (first.cookie, first.pepper, first.throttle));
        assert_eq!(next.chain.signing_session().kid, first.chain.signing_session().kid);
        assert_eq!(next.sealing.open("x", &first.sealing.seal("x", b"y")).as_deref(), Some(b"y".as_slice()));
    }

    #[tokio::test]
    async fn se_13_another_master_key_is_told_and_changes_nothing() {
        let world = World::new().await;
        let before = world.signin.store.list_keys().await.expect("rows");

        let refused = Keyring::open(&world.signin.store, &"other".into(), &world.clock, LIFE).await;

        assert!(matches!(refused, Err(KeyError::WrongMasterKey)));
        assert_eq!(world.signin.store.list_keys().await.expect("rows"), before);
    }

    #[tokio::test]
    async fn replicas_that_start_at_once_share_their_keys() {
        let world = World::new().await;
        let other = tempfile::tempdir().expect("a directory");
        let url = format!("sqlite:{}", other.path().join("empty.db").display()).into();
        let store = Store::connect(&crate::config::DatabaseConfig { url, ..Default::default() }).await.expect("a database");
        store.migrate().await.expect("migrations");
        let master = "master".into();

        let opened = futures_util::future::join_all((0..8).map(|_| Keyring::open(&store, &master, &world.clock, LIFE))).await;

        let peppers: Vec<_> = opened.into_iter().map(|keyring| keyring.map(|keyring| keyring.pepper).ok()).collect();
        assert!(peppers[0].is_some() && peppers.iter().all(|pepper| *pepper == peppers[0]));
    }

    #[tokio::test]
    async fn ky_03_keys_are_stored_sealed_each_for_its_name() {
        let world = World::new().await;
        let mut rows = world.signin.store.list_keys().await.expect("rows");
        let master = SealingKey::new(&hmac_sha256(MASTER_LABEL, b"master"));
        assert!(open_all(&master, rows.clone()).is_ok());
        assert_eq!(rows.len(), PURPOSES.len());

        rows.iter_mut().find(|row| row.name == "pepper").expect("a row").name = "throttle".to_owned();

        assert!(matches!(open_all(&master, rows), Err(KeyError::WrongMasterKey)));
    }
}
