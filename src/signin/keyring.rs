//! The keys behind cookies, tokens and hashes.
//!
//! Made on the first start, kept in the database sealed with the master key.
//! Replicas share them; one with another master key cannot open them and says so.

use crate::clock::Clock;
use crate::secret::SealingKey;
use crate::store::Store;

/// Every key, opened.
pub struct Keyring {
    /// Signs and encrypts the session cookie: 512 bits for `cookie::Key`.
    pub cookie: [u8; 64],
    /// Keys the pre-hash of passwords.
    pub pepper: [u8; 32],
    /// Seals small values that travel through a browser.
    pub sealing: SealingKey,
    // part password: the token keys
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

impl Keyring {
    /// Opens the stored keys, or makes them on the first start.
    ///
    /// # Errors
    ///
    /// [`KeyringError`].
    pub async fn open(_store: &Store, _master_key: &secrecy::SecretString, _clock: &Clock) -> Result<Self, KeyringError> {
        todo!("part password")
    }
}
