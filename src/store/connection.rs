//! One connection to whichever database the URL names.
//!
//! Diesel's own `establish` for several backends tries one after the other and
//! hides why each said no. Here the URL's scheme decides, so that an error says
//! what is wrong. No error holds the URL's password.

use std::time::Duration;

use diesel::connection::SimpleConnection;
use diesel::{Connection, ConnectionError};

use super::StoreError;

#[cfg(not(any(feature = "sqlite", feature = "postgres", feature = "mysql")))]
compile_error!("genkan needs a database: build it with at least one of the features sqlite, postgres and mysql");

/// A connection to one of the databases that this build knows.
#[derive(diesel::MultiConnection)]
pub enum AnyConnection {
    /// SQLite: a file.
    #[cfg(feature = "sqlite")]
    Sqlite(diesel::SqliteConnection),
    /// PostgreSQL.
    #[cfg(feature = "postgres")]
    Postgres(diesel::PgConnection),
    /// MySQL or MariaDB.
    #[cfg(feature = "mysql")]
    Mysql(diesel::MysqlConnection),
}

/// Which database a URL names, and what its library wants to hear.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Address {
    /// A path.
    Sqlite(String),
    /// A URL with scheme `postgres`.
    Postgres(String),
    /// A URL with scheme `mysql`.
    Mysql(String),
}

impl Address {
    /// Parses `sqlite:PATH`, `postgres://…`, `postgresql://…`, `mysql://…` or `mariadb://…`.
    ///
    /// # Errors
    ///
    /// [`StoreError::UnknownScheme`]; [`StoreError::Unreachable`] for a SQLite
    /// database in memory, which would be another one for every connection.
    pub fn parse(url: &str) -> Result<Self, StoreError> {
        let (scheme, rest) = url.split_once(':').unwrap_or_default();
        match scheme {
            "sqlite" => sqlite_path(rest).map(Self::Sqlite),
            "postgres" | "postgresql" => Ok(Self::Postgres(url.to_owned())),
            "mysql" | "mariadb" => Ok(Self::Mysql(format!("mysql:{rest}"))),
            // Whatever else stands there may be a password in the wrong place.
            _ if (1..=16).contains(&scheme.len()) && scheme.bytes().all(|b| b.is_ascii_alphanumeric()) => {
                Err(StoreError::UnknownScheme(format!("{scheme}:")))
            }
            _ => Err(StoreError::UnknownScheme("…".to_owned())),
        }
    }

    /// Opens a connection and prepares its session; `patience` bounds every wait for a lock.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotBuiltIn`], [`StoreError::Unreachable`].
    pub fn open(&self, patience: Duration) -> Result<AnyConnection, StoreError> {
        match self {
            Self::Sqlite(path) => open_sqlite(path, patience),
            Self::Postgres(url) => open_postgres(url, patience),
            Self::Mysql(url) => open_mysql(url, patience),
        }
    }
}

fn sqlite_path(rest: &str) -> Result<String, StoreError> {
    let path = rest.strip_prefix("//").unwrap_or(rest);
    if path.is_empty() || path.contains(":memory:") || path.contains("mode=memory") {
        let reason = "SQLite in memory is another database for every connection; name a file, as in sqlite:genkan.db";
        return Err(StoreError::Unreachable(reason.to_owned()));
    }
    Ok(path.to_owned())
}

/// Durability: a commit survives the end of the process; a power cut may lose the
/// last commits, never the file (`synchronous = NORMAL` with WAL).
#[cfg(feature = "sqlite")]
fn open_sqlite(path: &str, patience: Duration) -> Result<AnyConnection, StoreError> {
    let settings = format!(
        "PRAGMA busy_timeout = {}; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON",
        patience.as_millis()
    );
    establish(path, &settings).map(AnyConnection::Sqlite)
}

/// A statement that hangs, or a transaction whose client does, ends by itself.
#[cfg(feature = "postgres")]
fn open_postgres(url: &str, patience: Duration) -> Result<AnyConnection, StoreError> {
    let settings = format!(
        "SET TIME ZONE 'UTC'; SET statement_timeout = '10s'; SET idle_in_transaction_session_timeout = '60s'; SET lock_timeout = {}",
        patience.as_millis()
    );
    let mut url = url.to_owned();
    if !url.contains("connect_timeout=") {
        let separator = if url.contains('?') { '&' } else { '?' };
        url = format!("{url}{separator}connect_timeout={}", patience.as_secs().max(2));
    }
    establish(&url, &settings).map(AnyConnection::Postgres)
}

/// Neither a row nor a table that somebody else has locked is waited for longer
/// than `patience`; the server's own limit for tables is a day.
///
/// Strict mode refuses what does not fit instead of cutting it; READ COMMITTED
/// locks no gaps, over which parallel inserts would deadlock. Messages are in
/// English, because some errors can be told apart by nothing else.
#[cfg(feature = "mysql")]
fn open_mysql(url: &str, patience: Duration) -> Result<AnyConnection, StoreError> {
    let settings = format!(
        "SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION', \
         SESSION time_zone = '+00:00', SESSION lc_messages = 'en_US', SESSION innodb_lock_wait_timeout = {0}, SESSION lock_wait_timeout = {0}; \
         SET NAMES utf8mb4 COLLATE utf8mb4_bin; SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED",
        patience.as_secs().max(1)
    );
    establish(url, &settings).map(AnyConnection::Mysql)
}

#[cfg(not(feature = "sqlite"))]
fn open_sqlite(_path: &str, _patience: Duration) -> Result<AnyConnection, StoreError> {
    Err(StoreError::NotBuiltIn("sqlite"))
}

#[cfg(not(feature = "postgres"))]
fn open_postgres(_url: &str, _patience: Duration) -> Result<AnyConnection, StoreError> {
    Err(StoreError::NotBuiltIn("postgres"))
}

#[cfg(not(feature = "mysql"))]
fn open_mysql(_url: &str, _patience: Duration) -> Result<AnyConnection, StoreError> {
    Err(StoreError::NotBuiltIn("mysql"))
}

fn establish<C: Connection + SimpleConnection>(url: &str, settings: &str) -> Result<C, StoreError> {
    let open = || -> Result<C, ConnectionError> {
        let mut connection = C::establish(url)?;
        connection.batch_execute(settings).map_err(ConnectionError::CouldntSetupConfiguration)?;
        Ok(connection)
    };
    open().map_err(|error| StoreError::Unreachable(redact(&error.to_string(), url)))
}

/// Takes the URL and its password out of a library's message (libpq quotes the whole URL).
fn redact(message: &str, url: &str) -> String {
    let authority = url.split_once("//").map_or("", |(_, rest)| rest);
    let password = authority.rsplit_once('@').and_then(|(user, _)| user.split_once(':')).map_or("", |(_, password)| password);
    if password.is_empty() { message.trim().to_owned() } else { message.replace(url, "…").replace(password, "…").trim().to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scheme_decides_which_database_it_is() {
        for (url, address) in [
            ("sqlite:genkan.db", Address::Sqlite("genkan.db".to_owned())),
            ("sqlite:///var/lib/genkan.db", Address::Sqlite("/var/lib/genkan.db".to_owned())),
            ("postgresql://h/d", Address::Postgres("postgresql://h/d".to_owned())),
            ("mariadb://h/d", Address::Mysql("mysql://h/d".to_owned())),
        ] {
            assert_eq!(Address::parse(url).ok(), Some(address), "{url}");
        }
    }

    #[test]
    fn a_refused_url_is_named_without_what_may_be_secret() {
        for (url, message) in [
            ("oracle://u:secret@h", "`oracle:`"),
            ("u-secret!:x", "`…`"),
            ("genkan.db", "`…`"),
            ("sqlite::memory:", "name a file"),
            ("sqlite:", "name a file"),
        ] {
            let error = Address::parse(url).expect_err(url).to_string();
            assert!(error.contains(message) && !error.contains("secret"), "{url}: {error}");
        }
    }

    #[cfg(feature = "sqlite")]
    #[test]
    fn db_05_sqlite_has_wal_patience_foreign_keys_and_stated_durability() {
        use diesel::prelude::*;
        use diesel::sql_types::{Integer, Text};

        let directory = tempfile::tempdir().expect("a temporary directory");
        let url = format!("sqlite:{}", directory.path().join("a.db").display());
        let mut connection = Address::parse(&url).and_then(|it| it.open(Duration::from_secs(3))).expect("a new file can be opened");
        let mut pragma = |name: &str| {
            let value = diesel::dsl::sql::<Integer>(&format!("SELECT * FROM pragma_{name}"));
            value.get_result::<i32>(&mut connection).expect(name)
        };

        assert_eq!(["foreign_keys", "synchronous", "busy_timeout"].map(&mut pragma), [1, 1, 3000]);
        let mode = diesel::dsl::sql::<Text>("SELECT * FROM pragma_journal_mode").get_result::<String>(&mut connection);
        assert_eq!(mode.expect("a journal mode"), "wal");
    }

    #[cfg(feature = "sqlite")]
    #[test]
    fn sqlite_is_built_without_locks_that_all_connections_share() {
        use diesel::prelude::*;
        use diesel::sql_types::Text;

        let directory = tempfile::tempdir().expect("a temporary directory");
        let address = Address::Sqlite(directory.path().join("a.db").display().to_string());
        let mut connection = address.open(Duration::from_secs(3)).expect("a new file can be opened");
        let options = diesel::dsl::sql::<Text>("SELECT compile_options FROM pragma_compile_options");
        let options: Vec<String> = options.load(&mut connection).expect("a list");
        let has = |name: &str| options.iter().any(|option| option == name);

        // See `.cargo/config.toml`.
        let built = ["DEFAULT_MEMSTATUS=0", "ENABLE_QPSG", "ENABLE_MEMORY_MANAGEMENT"].map(has);
        assert_eq!(built, [true, true, false], "{options:?}");
    }

    #[test]
    fn a_librarys_message_loses_the_password() {
        let url = "postgres://u:pass@word@h:x/d";

        assert_eq!(redact("bad port in \"postgres://u:pass@word@h:x/d\"\n", url), "bad port in \"…\"");
        assert_eq!(redact("pass@word refused", url), "… refused");
        assert_eq!(redact("no such file\n", "genkan.db"), "no such file");
    }
}
