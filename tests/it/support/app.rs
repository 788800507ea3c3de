//! The real server on a port of its own, with its own database and a clock that stands still.

use std::sync::Arc;

use actix_web::dev::ServerHandle;
use actix_web::{rt, web};
use chrono::{TimeZone as _, Utc};
use diesel::connection::SimpleConnection as _;
use diesel::{Connection as _, SqliteConnection};
use genkan::app::Application;
use genkan::clock::Clock;
use genkan::config::{Config, ProviderConfig};
use genkan::domain::identifier::Identifier;
use genkan::lab::{Lab, LabClient, LabConfig, RedirectUris, SigningAlgorithm};
use genkan::ops::patrol::Patrol;
use genkan::web::state::AppState;
use serde_json::json;
use tempfile::TempDir;
use url::Url;

use super::browser::TestBrowser;
use super::logs;

/// A password that the policy takes.
pub const PASSWORD: &str = "correct horse battery";

/// A running genkan; dropping it stops it.
pub struct TestApp {
    pub port: u16,
    /// The time that it believes.
    pub clock: Clock,
    /// What the pages reach, for looking behind the scenes.
    pub state: web::Data<AppState>,
    /// What makes the rounds behind the pages; a test makes one with `tick`.
    pub patrol: Arc<Patrol>,
    handle: ServerHandle,
    directory: TempDir,
}

impl TestApp {
    /// Starts a genkan with the cheapest passwords and nothing else out of the ordinary.
    pub async fn spawn() -> Self {
        Self::with(|_| {}).await
    }

    /// Starts a genkan whose settings `change` has changed.
    pub async fn with(change: impl FnOnce(&mut Config)) -> Self {
        let noon = Utc.with_ymd_and_hms(2026, 11, 20, 12, 0, 0).single().expect("a time");
        Self::with_clock(Clock::fixed(noon), change).await
    }

    /// Starts a genkan that lives in real time, for others that have no other.
    pub async fn in_real_time() -> Self {
        Self::with_clock(Clock::system(), |_| {}).await
    }

    async fn with_clock(clock: Clock, change: impl FnOnce(&mut Config)) -> Self {
        logs::capture();
        let directory = tempfile::tempdir().expect("a directory");
        let mut config = Config::default();
        config.server.listen = ([127, 0, 0, 1], 0).into();
        config.server.public_url = Url::parse("http://127.0.0.1:0").expect("a URL");
        config.server.secret = Some("a master key for tests, and nothing but tests".into());
        config.server.workers = 1;
        config.database.url = format!("sqlite:{}", directory.path().join("genkan.db").display()).into();
        config.password.cost = 4;
        config.password.threads = 1;
        change(&mut config);
        let application = Application::build(config, clock.clone()).await.expect("an application");
        let (port, state, patrol, handle) = (application.port(), application.state(), application.patrol(), application.handle());
        rt::spawn(application.run());
        Self { port, clock, state, patrol, handle, directory }
    }

    /// Starts a lab provider and a genkan that offers it.
    pub async fn with_lab() -> (Self, Lab) {
        Self::with_lab_and(|_| {}).await
    }

    /// As [`TestApp::with_lab`], with settings that `change` has changed.
    pub async fn with_lab_and(change: impl FnOnce(&mut Config)) -> (Self, Lab) {
        let client = LabClient { client_id: "genkan".into(), client_secret: "secret".into(), redirect_uris: RedirectUris::Any };
        let lab = Lab::start(LabConfig { listen: ([127, 0, 0, 1], 0).into(), clients: vec![client] }).expect("a lab");
        lab.set_signing_algorithm(SigningAlgorithm::Es256);
        let at = Utc.with_ymd_and_hms(2026, 11, 20, 12, 0, 0).single().expect("a time").timestamp();
        lab.set_clock(move || at);
        let provider = lab_provider(&lab);
        let app = Self::with(|config| {
            config.providers.push(provider);
            change(config);
        });
        (app.await, lab)
    }

    /// Starts a second instance behind the same public address, on the same database and with the same keys.
    pub async fn twin(&self) -> Self {
        self.twin_with(|_| {}).await
    }

    /// As [`TestApp::twin`], with settings that `change` has changed.
    pub async fn twin_with(&self, change: impl FnOnce(&mut Config)) -> Self {
        let mut settings = (*self.state.signin.config).clone();
        settings.server.listen.set_port(0);
        change(&mut settings);
        Self::with(|config| *config = settings).await
    }

    /// Returns the address of a path at this very instance.
    pub fn address(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// Opens a browser of its own.
    pub fn browser(&self) -> TestBrowser {
        TestBrowser::new(format!("http://127.0.0.1:{}", self.port))
    }

    /// Opens a browser and registers `username` in it.
    pub async fn browser_of(&self, username: &str) -> TestBrowser {
        let browser = self.browser();
        let page = browser.open("/register").await;
        let fields = [("name", "Hanako"), ("username", username), ("email", &format!("{username}@example.com")), ("password", PASSWORD)];
        let page = browser.submit(&page, "/register", &fields).await;
        assert_eq!((page.status, page.location()), (303, "/account"), "{page:?}");
        browser
    }

    /// Opens a browser, registers `username` in it and makes them an operator.
    pub async fn operator(&self, username: &str) -> TestBrowser {
        let browser = self.browser_of(username).await;
        let signin = &self.state.signin;
        let found = signin.store.find_user_by_identifier(&Identifier::parse(username)).await.expect("a query");
        let user = found.expect("the user").id;
        signin.store.set_user_operator(user, true, self.clock.now()).await.expect("an operator");
        signin.sessions.forget_user(user);
        browser
    }

    /// Writes what was recorded of sign-ins into the database.
    pub async fn write_record(&self) {
        let signin = &self.state.signin;
        signin.watch.recorder.write_out(&signin.store).await.expect("the record is written");
    }

    /// Runs statements on the database, past the store.
    pub fn execute(&self, statements: &str) {
        let path = self.directory.path().join("genkan.db");
        let mut connection = SqliteConnection::establish(&path.display().to_string()).expect("the database can be opened");
        connection.batch_execute(statements).expect("the statements run");
    }

    /// Does so, and lets the time pass after which this process notices what another one did (`session.cache_ms`).
    pub fn execute_elsewhere(&self, statements: &str) {
        self.execute(statements);
        self.clock.advance(std::time::Duration::from_millis(51));
    }

    /// Keeps everybody else from writing to the database until the returned connection is dropped.
    pub fn lock_database(&self) -> SqliteConnection {
        let path = self.directory.path().join("genkan.db");
        let mut connection = SqliteConnection::establish(&path.display().to_string()).expect("a connection");
        connection.batch_execute("PRAGMA busy_timeout = 3000; BEGIN IMMEDIATE").expect("a lock");
        connection
    }

    /// Takes the database away from under the running server.
    pub fn break_database(&self) {
        for name in ["genkan.db", "genkan.db-wal", "genkan.db-shm"] {
            let path = self.directory.path().join(name);
            if path.exists() {
                std::fs::write(path, b"this is no database any more").expect("a broken file");
            }
        }
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        let handle = self.handle.clone();
        rt::spawn(async move { handle.stop(false).await });
    }
}

/// Describes a running lab as a provider.
pub fn lab_provider(lab: &Lab) -> ProviderConfig {
    let provider = json!({ "id": "lab", "preset": "lab", "client_id": "genkan", "client_secret": "secret", "issuer": lab.issuer() });
    serde_json::from_value(provider).expect("a provider")
}
