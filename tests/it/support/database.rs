//! A private, empty database per test, on every server there is.
//!
//! `GENKAN_TEST_POSTGRES` and `GENKAN_TEST_MYSQL` name servers by the URL of an
//! administrator (`tests/databases` starts both). Without them these backends are
//! not tested, which is said, and which fails where `CI=true`.

use std::sync::atomic::{AtomicU32, Ordering};

use diesel::connection::SimpleConnection;
use genkan::config::DatabaseConfig;
use genkan::store::Store;

/// A kind of database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backend {
    /// A file in a temporary directory.
    Sqlite,
    /// The server of `GENKAN_TEST_POSTGRES`.
    Postgres,
    /// The server of `GENKAN_TEST_MYSQL`.
    Mysql,
}

/// A database that is dropped with this value.
pub struct TestDatabase {
    /// Where it is.
    pub backend: Backend,
    /// What [`Store::connect`] takes.
    pub url: String,
    name: String,
    server: Option<String>,
    _directory: tempfile::TempDir,
}

impl TestDatabase {
    /// Makes an empty database; `None` if there is no server for it.
    ///
    /// # Panics
    ///
    /// Panics if the server does not answer, or if it is missing where `CI=true`.
    pub fn create(backend: Backend) -> Option<Self> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("genkan_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let directory = tempfile::tempdir().expect("a temporary directory can be made");
        let Some(server) = server(backend) else {
            let url = format!("sqlite:{}/{name}.db", directory.path().display());
            return (backend == Backend::Sqlite).then_some(Self { backend, url, name, server: None, _directory: directory });
        };
        execute(backend, &server, &format!("CREATE DATABASE {name}"));
        let (address, _) = server.rsplit_once('/').expect("the server's URL ends with a database");
        let url = format!("{address}/{name}");
        Some(Self { backend, url, name, server: Some(server), _directory: directory })
    }

    /// Returns settings for it, as an operator would write them.
    pub fn config(&self) -> DatabaseConfig {
        DatabaseConfig { url: self.url.clone().into(), max_connections: 8, wait_timeout_secs: 10, ..DatabaseConfig::default() }
    }

    /// Opens it, with all migrations done.
    ///
    /// # Panics
    ///
    /// Panics if that fails.
    pub async fn store(&self) -> Store {
        let store = Store::connect(&self.config()).await.expect("a new database can be opened");
        store.migrate().await.expect("a new database can be migrated");
        store
    }

    /// Runs statements on it, past the store.
    ///
    /// # Panics
    ///
    /// Panics if that fails.
    #[track_caller]
    pub fn execute(&self, statements: &str) {
        execute(self.backend, &self.url, statements);
    }

    /// Ends every connection to it, as a restart of the server does; SQLite has none to end.
    ///
    /// # Panics
    ///
    /// Panics if that fails.
    pub fn end_connections(&self) {
        let Some(server) = &self.server else { return };
        let statement = match self.backend {
            Backend::Postgres => format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{}'", self.name),
            _ => format!(
                "BEGIN NOT ATOMIC FOR c IN (SELECT id FROM information_schema.processlist WHERE db = '{}') DO KILL c.id; END FOR; END",
                self.name
            ),
        };
        execute(self.backend, server, &statement);
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        if let Some(server) = &self.server {
            let force = if self.backend == Backend::Postgres { " WITH (FORCE)" } else { "" };
            execute(self.backend, server, &format!("DROP DATABASE {}{force}", self.name));
        }
    }
}

/// Returns the URL of the server for a backend that needs one.
#[expect(clippy::disallowed_methods, reason = "the environment is how a test learns of servers")]
fn server(backend: Backend) -> Option<String> {
    let variable = match backend {
        Backend::Sqlite => return None,
        Backend::Postgres => "GENKAN_TEST_POSTGRES",
        Backend::Mysql => "GENKAN_TEST_MYSQL",
    };
    let url = std::env::var(variable).ok().filter(|url| !url.is_empty());
    if url.is_none() {
        println!("{backend:?} was not tested: {variable} is not set");
        assert_ne!(std::env::var("CI").as_deref(), Ok("true"), "{variable} has to be set in CI");
    }
    url
}

#[track_caller]
fn execute(backend: Backend, url: &str, statements: &str) {
    let result = match backend {
        #[cfg(feature = "sqlite")]
        Backend::Sqlite => run::<diesel::SqliteConnection>(url.trim_start_matches("sqlite:"), statements),
        #[cfg(feature = "postgres")]
        Backend::Postgres => run::<diesel::PgConnection>(url, statements),
        #[cfg(feature = "mysql")]
        Backend::Mysql => run::<diesel::MysqlConnection>(url, statements),
        #[cfg(not(all(feature = "sqlite", feature = "postgres", feature = "mysql")))]
        _ => Err(format!("{backend:?} is not built in")),
    };
    if let Err(error) = result {
        panic!("{backend:?} refused `{statements}`: {error}");
    }
}

#[cfg(any(feature = "sqlite", feature = "postgres", feature = "mysql"))]
fn run<C: diesel::Connection + SimpleConnection>(url: &str, statements: &str) -> Result<(), String> {
    let mut connection = C::establish(url).map_err(|error| error.to_string())?;
    connection.batch_execute(statements).map_err(|error| error.to_string())
}
