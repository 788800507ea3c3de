//! A private, empty database per test, on every server there is.
//!
//! `TEST_POSTGRES_URL` and `TEST_MYSQL_URL` name servers by the URL of an
//! administrator (`tests/databases` starts both). Without them these backends are
//! not tested, which is said, and which fails where `CI=true`.

use std::sync::atomic::{AtomicU32, Ordering};

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use diesel_migrations::{FileBasedMigrations, MigrationHarness};
use genkan::config::DatabaseConfig;
use genkan::store::Store;

/// A kind of database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backend {
    /// A file in a temporary directory.
    Sqlite,
    /// The server of `TEST_POSTGRES_URL`.
    Postgres,
    /// The server of `TEST_MYSQL_URL`.
    Mysql,
}

/// Opens a connection of the backend's own type, past the store, and does something with it.
macro_rules! with_connection {
    ($backend:expr, $url:expr, $connection:pat => $action:expr) => {
        match $backend {
            #[cfg(feature = "sqlite")]
            Backend::Sqlite => {
                let $connection = open::<diesel::SqliteConnection>($url.trim_start_matches("sqlite:"));
                $action
            }
            #[cfg(feature = "postgres")]
            Backend::Postgres => {
                let $connection = open::<diesel::PgConnection>($url);
                $action
            }
            #[cfg(feature = "mysql")]
            Backend::Mysql => {
                let $connection = open::<diesel::MysqlConnection>($url);
                $action
            }
            #[cfg(not(all(feature = "sqlite", feature = "postgres", feature = "mysql")))]
            other => panic!("{other:?} is not built in"),
        }
    };
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

    /// Keeps writers of `table` waiting until the returned value is dropped.
    ///
    /// # Panics
    ///
    /// Panics if that fails.
    #[track_caller]
    pub fn lock(&self, table: &str) -> Box<dyn std::any::Any + Send> {
        let lock = match self.backend {
            Backend::Sqlite => "BEGIN IMMEDIATE".to_owned(),
            Backend::Postgres => format!("BEGIN; LOCK TABLE {table}"),
            Backend::Mysql => format!("LOCK TABLES {table} WRITE"),
        };
        with_connection!(self.backend, &self.url, mut connection => {
            connection.batch_execute(&lock).expect("the table can be locked");
            Box::new(connection)
        })
    }

    /// Returns the one text that a query finds, past the store.
    ///
    /// # Panics
    ///
    /// Panics if that fails.
    #[track_caller]
    pub fn text(&self, query: &str) -> String {
        let text = diesel::dsl::sql::<Text>(query);
        let found: QueryResult<String> = with_connection!(self.backend, &self.url, mut connection => text.get_result(&mut connection));
        found.unwrap_or_else(|error| panic!("{:?} has no answer to `{query}`: {error}", self.backend))
    }

    /// Takes back every migration.
    ///
    /// # Panics
    ///
    /// Panics if that fails.
    #[track_caller]
    pub fn revert_migrations(&self) {
        let steps = FileBasedMigrations::from_path(format!("migrations/{}", format!("{:?}", self.backend).to_lowercase()));
        let steps = steps.expect("every backend has migrations");
        with_connection!(self.backend, &self.url, mut connection => {
            connection.revert_all_migrations(steps).expect("every step can be taken back");
        });
    }

    /// Ends every connection to it, as a restart of the server does; SQLite has none to end.
    ///
    /// # Panics
    ///
    /// Panics if that fails.
    pub fn end_connections(&self) {
        let Some(server) = &self.server else { return };
        let (ids, verb) = match self.backend {
            Backend::Postgres => {
                (format!("SELECT pid::bigint FROM pg_stat_activity WHERE datname = '{}'", self.name), "SELECT pg_terminate_backend")
            }
            _ => (format!("SELECT id FROM information_schema.processlist WHERE db = '{}'", self.name), "KILL "),
        };
        let ids = diesel::dsl::sql::<BigInt>(&ids);
        let ids: QueryResult<Vec<i64>> = with_connection!(self.backend, server, mut connection => ids.load(&mut connection));
        for id in ids.expect("an administrator sees every connection") {
            execute(self.backend, server, &format!("{verb}({id})"));
        }
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
        Backend::Postgres => "TEST_POSTGRES_URL",
        Backend::Mysql => "TEST_MYSQL_URL",
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
    let result = with_connection!(backend, url, mut connection => connection.batch_execute(statements));
    if let Err(error) = result {
        panic!("{backend:?} refused `{statements}`: {error}");
    }
}

#[track_caller]
fn open<C: Connection>(url: &str) -> C {
    C::establish(url).unwrap_or_else(|error| panic!("the database cannot be opened: {error}"))
}
