//! The keys behind cookies, tokens and hashes.
//!
//! Made on the first start, kept in the database sealed with the master key.
//! Replicas share them; one with another master key cannot open them and says so.
//! Of the token keys there may be several: all are accepted, the newest signs
//! (security.md SE-13).

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use jsonwebtoken::{DecodingKey, EncodingKey};
use secrecy::{ExposeSecret as _, SecretString};

use super::token::TokenKey;
use crate::clock::Clock;
use crate::random;
use crate::secret::{SealingKey, hmac_sha256};
use crate::store::keys::KeyRow;
use crate::store::{Conflict, Store, StoreError};

/// The purpose of keys for session tokens; the others are their own purpose and name.
const TOKEN: &str = "session-token";
/// Every purpose that needs a key.
const PURPOSES: [&str; 6] = ["cookie", "pepper", "provider-tokens", "sealing", "throttle", TOKEN];
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
    /// Sign session tokens, the newest first; never empty.
    pub tokens: Vec<TokenKey>,
}

/// Why there are no keys.
#[derive(Debug, thiserror::Error)]
pub enum KeyringError {
    /// The master key does not open what is stored.
    #[error(
        "the master key (server.secret or server.secret_file) is not the one that sealed the keys in this database; restore the old one"
    )]
    WrongMasterKey,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] crate::store::StoreError),
}

/// A stored key, opened.
struct Opened {
    name: String,
    purpose: String,
    material: Vec<u8>,
}

impl Keyring {
    /// Opens the stored keys, or makes them on the first start.
    ///
    /// Another replica may be faster at making them; then its keys are read.
    ///
    /// # Errors
    ///
    /// [`KeyringError`].
    pub async fn open(store: &Store, master_key: &SecretString, clock: &Clock) -> Result<Self, KeyringError> {
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
        Self::assemble(&opened).ok_or(StoreError::BrokenRow("key").into())
    }

    /// Returns the key that signs new session tokens.
    ///
    /// # Panics
    ///
    /// Never: a keyring without a token key is not assembled.
    pub fn signing_token(&self) -> &TokenKey {
        self.tokens.first().expect("a keyring holds a token key")
    }

    /// Puts the keys in their places; `None` if one is absent or broken.
    fn assemble(opened: &[Opened]) -> Option<Self> {
        let tokens = opened.iter().rev().filter(|key| key.purpose == TOKEN);
        let tokens: Vec<TokenKey> = tokens.map(|key| token_key(&key.name, &key.material)).collect::<Option<_>>()?;
        (!tokens.is_empty()).then_some(())?;
        Some(Self {
            cookie: find(opened, "cookie")?,
            pepper: find(opened, "pepper")?,
            sealing: SealingKey::new(&find(opened, "sealing")?),
            provider_tokens: SealingKey::new(&find(opened, "provider-tokens")?),
            throttle: find(opened, "throttle")?,
            tokens,
        })
    }
}

fn open_all(master: &SealingKey, rows: Vec<KeyRow>) -> Result<Vec<Opened>, KeyringError> {
    let open = |row: KeyRow| {
        let material = master.open(&row.name, &row.sealed).ok_or(KeyringError::WrongMasterKey)?;
        Ok(Opened { name: row.name, purpose: row.purpose, material })
    };
    rows.into_iter().filter(|row| PURPOSES.contains(&row.purpose.as_str())).map(open).collect()
}

fn find<const N: usize>(opened: &[Opened], purpose: &str) -> Option<[u8; N]> {
    opened.iter().find(|key| key.purpose == purpose)?.material.as_slice().try_into().ok()
}

/// Makes a key for `purpose`. Its name is fixed, so that of two replicas which start
/// at once only one can store theirs.
fn new_row(master: &SealingKey, purpose: &str, clock: &Clock) -> KeyRow {
    let (name, material) = match purpose {
        TOKEN => (format!("{TOKEN}-1"), new_token_material()),
        "cookie" => (purpose.to_owned(), random::bytes::<64>().to_vec()),
        _ => (purpose.to_owned(), random::bytes::<32>().to_vec()),
    };
    KeyRow { sealed: master.seal(&name, &material), name, purpose: purpose.to_owned(), created_at: clock.now() }
}

/// Makes an ECDSA key on P-256, as PKCS #8.
fn new_token_material() -> Vec<u8> {
    let key = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new());
    key.expect("the system's random generator does not fail once seeded").as_ref().to_vec()
}

/// Reads a pair of keys from PKCS #8; `None` if it is none on P-256.
fn token_key(kid: &str, pkcs8: &[u8]) -> Option<TokenKey> {
    let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8).ok()?;
    let verifying = DecodingKey::from_ec_der(pair.public_key().as_ref());
    Some(TokenKey { kid: kid.to_owned(), signing: EncodingKey::from_ec_der(pkcs8), verifying })
}

#[cfg(test)]
pub(super) fn new_token_key(kid: &str) -> TokenKey {
    token_key(kid, &new_token_material()).expect("a fresh key is good")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signin::testing::World;

    #[tokio::test]
    async fn the_next_start_opens_the_keys_of_the_first() {
        let world = World::new().await;
        let first = &world.signin.keyring;

        let next = Keyring::open(&world.signin.store, &"master".into(), &world.clock).await.expect("keys");

        assert_eq!((next.cookie, next.pepper, next.throttle), (first.cookie, first.pepper, first.throttle));
        assert_eq!(next.signing_token().kid, first.signing_token().kid);
        assert_eq!(next.sealing.open("x", &first.sealing.seal("x", b"y")).as_deref(), Some(b"y".as_slice()));
    }

    #[tokio::test]
    async fn se_13_another_master_key_is_told_and_changes_nothing() {
        let world = World::new().await;
        let before = world.signin.store.list_keys().await.expect("rows");

        let refused = Keyring::open(&world.signin.store, &"other".into(), &world.clock).await;

        assert!(matches!(refused, Err(KeyringError::WrongMasterKey)));
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

        let opened = futures_util::future::join_all((0..8).map(|_| Keyring::open(&store, &master, &world.clock))).await;

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

        assert!(matches!(open_all(&master, rows), Err(KeyringError::WrongMasterKey)));
    }

    #[tokio::test]
    async fn se_13_the_newest_token_key_signs_and_older_ones_are_read() {
        let world = World::new().await;
        let master = SealingKey::new(&hmac_sha256(MASTER_LABEL, b"master"));
        let created_at = world.clock.now() + chrono::TimeDelta::seconds(1);
        let (name, purpose) = (format!("{TOKEN}-2"), TOKEN.to_owned());
        let sealed = master.seal(&name, &new_token_material());
        world.signin.store.insert_keys(vec![KeyRow { name, purpose, sealed, created_at }]).await.expect("stored");

        let keyring = Keyring::open(&world.signin.store, &"master".into(), &world.clock).await.expect("keys");

        let kids: Vec<&str> = keyring.tokens.iter().map(|key| key.kid.as_str()).collect();
        assert_eq!(kids, ["session-token-2", "session-token-1"]);
    }
}
