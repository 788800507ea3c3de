//! The key that seals every other key (security.md KY-03).
//!
//! Configured, or for SQLite made on the first start and kept beside the
//! database, readable by its owner alone. Databases on a server are shared by
//! replicas, so there a key that one of them made up would lock the others out.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use secrecy::{ExposeSecret as _, SecretString};

use super::{Config, ConfigError};
use crate::random;

/// The fewest characters of a stored key: what [`random::token`] makes is longer.
const MIN_CHARS: usize = 32;

/// The master key, and where it was put if it was made just now.
#[derive(Debug)]
pub struct MasterKey {
    /// The key.
    pub secret: SecretString,
    /// The file it is kept in, if this call made it.
    pub made_at: Option<PathBuf>,
}

/// Returns the configured key, or the one beside the SQLite database, which is made if it is missing.
///
/// # Errors
///
/// [`ConfigError`] if another database has no key configured, or if the file
/// cannot be made or read, is too short, or can be read by others.
pub fn master_key(config: &Config) -> Result<MasterKey, ConfigError> {
    if let Some(secret) = find_master_key(config)? {
        return Ok(MasterKey { secret, made_at: None });
    }
    let path = key_path(config)?;
    let is_made = create(&path).map_err(|error| {
        let problem = format!("the master key cannot be kept in {}: {}", path.display(), error.kind());
        refuse(problem, "make the directory and let genkan write to it, or set server.secret_file")
    })?;
    let secret = read(&path)?.ok_or_else(|| refuse(format!("{} has gone", path.display()), "start again"))?;
    Ok(MasterKey { secret, made_at: is_made.then_some(path) })
}

/// Returns the key without making one; `None` before the first start on SQLite.
///
/// # Errors
///
/// As [`master_key`].
pub fn find_master_key(config: &Config) -> Result<Option<SecretString>, ConfigError> {
    match &config.server.secret {
        Some(secret) => Ok(Some(secret.clone())),
        None => read(&key_path(config)?),
    }
}

/// Returns the file beside the SQLite database, as in `genkan.key` for `genkan.db`.
fn key_path(config: &Config) -> Result<PathBuf, ConfigError> {
    let remedy = "make one with: openssl rand -base64 32, and give it to every replica";
    let path = config.database.sqlite_path().ok_or_else(|| refuse("this database needs a master key, and none is set", remedy))?;
    Ok(path.with_extension("key"))
}

fn refuse(problem: impl Into<String>, remedy: &str) -> ConfigError {
    ConfigError::new("server.secret", "the defaults", problem, remedy)
}

/// Makes the file with all of its content at once; tells whether this process was the one.
///
/// Written aside and linked into place: whoever is second finds a whole key.
fn create(path: &Path) -> io::Result<bool> {
    let aside = path.with_extension(format!("{}.tmp", random::reference()));
    let written = write_private(&aside).and_then(|()| fs::hard_link(&aside, path));
    let removed = fs::remove_file(&aside);
    match written {
        Ok(()) => removed.map(|()| true),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(error),
    }
}

fn write_private(path: &Path) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    writeln!(file, "{}", random::token())?;
    file.sync_all()
}

fn read(path: &Path) -> Result<Option<SecretString>, ConfigError> {
    let shown = path.display();
    let unreadable =
        |error: io::Error| refuse(format!("{shown} cannot be read: {}", error.kind()), "let the user that runs genkan read it");
    let metadata = match fs::metadata(path) {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(unreadable(error)),
    };
    if metadata.permissions().mode() & 0o077 != 0 {
        return Err(refuse(format!("other users of this machine can read {shown}"), &format!("run: chmod 600 {shown}")));
    }
    let secret = SecretString::from(fs::read_to_string(path).map_err(unreadable)?.trim_end());
    if secret.expose_secret().chars().count() < MIN_CHARS {
        return Err(refuse(format!("{shown} holds fewer than {MIN_CHARS} characters"), "restore it from a backup"));
    }
    Ok(Some(secret))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(url: String) -> Config {
        let mut config = Config::default();
        config.database.url = url.into();
        config
    }

    fn beside(dir: &tempfile::TempDir) -> Config {
        config(format!("sqlite:{}", dir.path().join("my.db").display()))
    }

    #[test]
    fn ky_03_the_first_start_makes_a_private_file_and_the_next_reads_it() {
        let dir = tempfile::tempdir().expect("a directory");

        let first = master_key(&beside(&dir)).expect("a key");
        let second = master_key(&beside(&dir)).expect("the same key");

        let path = dir.path().join("my.key");
        assert_eq!(first.made_at.as_deref(), Some(path.as_path()));
        assert_eq!((second.secret.expose_secret(), second.made_at), (first.secret.expose_secret(), None));
        assert_eq!(fs::metadata(&path).expect("the file").permissions().mode() & 0o777, 0o600);
        assert_eq!(fs::read_dir(dir.path()).expect("the directory").count(), 1, "nothing is left beside it");
    }

    #[test]
    fn ky_03_of_many_first_starts_at_once_one_makes_the_key_and_all_get_it() {
        let dir = tempfile::tempdir().expect("a directory");

        let keys: Vec<MasterKey> = std::thread::scope(|scope| {
            let starts: Vec<_> = (0..8).map(|_| scope.spawn(|| master_key(&beside(&dir)).expect("a key"))).collect();
            starts.into_iter().map(|start| start.join().expect("a start")).collect()
        });

        assert_eq!(keys.iter().filter(|key| key.made_at.is_some()).count(), 1);
        assert!(keys.iter().all(|key| key.secret.expose_secret() == keys[0].secret.expose_secret()));
    }

    #[test]
    fn ky_03_a_key_file_that_others_can_read_is_refused() {
        let dir = tempfile::tempdir().expect("a directory");
        master_key(&beside(&dir)).expect("a key");
        let path = dir.path().join("my.key");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).expect("permissions");

        let error = master_key(&beside(&dir)).expect_err("a refusal");

        assert_eq!(error.remedy, format!("run: chmod 600 {}", path.display()));
    }

    #[test]
    fn a_configured_key_needs_no_file_and_a_database_server_needs_a_configured_key() {
        let mut config = config("postgres://db/genkan".to_owned());
        assert_eq!(master_key(&config).expect_err("a refusal").key, "server.secret");

        config.server.secret = Some("x".repeat(32).into());
        assert_eq!(master_key(&config).expect("a key").secret.expose_secret(), "x".repeat(32));
    }
}
