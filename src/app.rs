//! Wiring: builds every part from the configuration and runs the server.

mod background;

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::{Server, ServerHandle};
use actix_web::middleware::{Condition, from_fn};
use actix_web::{App, HttpServer, web};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::time::{sleep, timeout};

use self::background::Background;
use crate::clock::Clock;
use crate::config::{self, Config, ConfigError, ServerConfig};
use crate::issuer::{Issuer, bearer};
use crate::keys::KeyError;
use crate::mail::Post;
use crate::ops::alarm::dispatch::{Courier, Dispatcher, Patience};
use crate::ops::alarm::receiver::{Mail, Receiver};
use crate::ops::metrics;
use crate::ops::patrol::Patrol;
use crate::ops::record::Recorder;
use crate::ops::watch::Watch;
use crate::provider::outbound::Outbound;
use crate::provider::{Providers, build_client};
use crate::remembered::Remembered;
use crate::secret::{SealingKey, SecretString, hmac_sha256};
use crate::signin::Signin;
use crate::signin::classify::find_unknown_cause;
use crate::signin::keyring::Keyring;
use crate::signin::lane::Lane;
use crate::signin::session::SessionCache;
use crate::store::{Store, StoreError};
use crate::web::guard::guard;
use crate::web::measure::measure;
use crate::web::routes;
use crate::web::state::AppState;

/// How long requests are still taken after SIGTERM while `/readyz` says no, so that balancers notice.
const NOTICE: Duration = Duration::from_secs(1);
/// How long the last failures may take into the record when we stop.
const REST_TIMEOUT: Duration = Duration::from_secs(3);
/// How long a client may take to send the head of a request.
const HEAD_TIMEOUT: Duration = Duration::from_secs(10);
/// How long an idle connection is kept; longer than the proxies before us keep theirs.
const KEEP_ALIVE: Duration = Duration::from_secs(75);
/// How many connections each worker holds at most.
const MAX_CONNECTIONS: usize = 10_000;

/// Why genkan did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The configuration is refused (exit code 2).
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The database cannot be used.
    #[error("the database cannot be used: {0}")]
    Store(#[from] StoreError),
    /// The keys cannot be opened.
    #[error(transparent)]
    Keyring(#[from] KeyError),
    /// The address cannot be listened on.
    #[error("server.listen: {address} cannot be listened on: {source}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// The system's reason.
        source: io::Error,
    },
    /// The system refused threads or signals.
    #[error("the system refused: {0}")]
    System(#[from] io::Error),
}

/// Builds everything behind the pages; brings the database to this version's schema.
///
/// # Errors
///
/// [`StartError`]; nothing listens then.
pub async fn build_signin(config: &Config, clock: Clock) -> Result<Signin, StartError> {
    let given = Given::check(config, &clock)?;
    assemble(config, given, clock).await
}

/// What the configuration alone gives, before anything is listened on or asked.
struct Given {
    providers: Providers,
    master_key: SecretString,
}

impl Given {
    /// Checks what is left to check; makes the master key only if all else is good.
    fn check(config: &Config, clock: &Clock) -> Result<Self, ConfigError> {
        let providers = Providers::new(&config.providers, &config.http, clock.clone())?;
        check_dialects(config, &providers)?;
        Ok(Self { providers, master_key: open_master_key(config)? })
    }
}

async fn assemble(config: &Config, given: Given, clock: Clock) -> Result<Signin, StartError> {
    let Given { providers, master_key } = given;
    let store = Store::connect(&config.database).await?;
    store.migrate().await?;
    let keyring = Keyring::open(&store, &master_key, &clock, config.session.ttl()).await?;
    let post = config.mail.as_ref().map(|mail| Post::new(mail, config, mail_key(&keyring))).transpose()?.map(Arc::new);
    let mail = post.clone().map(|post| Mail { post, outbox: Some(store.clone()), clock: clock.clone() });
    let recorder = Recorder::new(clock.clone(), config.ops.failure_retention());
    let watch = Watch::new(clock.clone(), start_dispatcher(config, &clock, mail.as_ref())?, recorder);
    Ok(Signin {
        config: Arc::new(config.clone()),
        post,
        store,
        providers: Arc::new(providers),
        keyring: Arc::new(keyring),
        lane: Arc::new(Lane::new(&config.password)?),
        sessions: Arc::new(SessionCache::new(config.session.memory(), clock.clone())),
        watch: Arc::new(watch),
        clock,
    })
}

/// Starts the tasks that tell operators' receivers.
fn start_dispatcher(config: &Config, clock: &Clock, mail: Option<&Mail>) -> Result<Dispatcher, ConfigError> {
    let courier = Courier { http: build_client(&config.http)?, clock: clock.clone(), patience: Patience::from(&config.alerts) };
    Ok(Dispatcher::start(Receiver::list(&config.alerts, &config.server.origin(), mail), config.alerts.log, &courier))
}

/// Builds the authorization server on the same parts.
///
/// # Errors
///
/// [`ConfigError`] for `http.ca_file`.
pub fn build_issuer(signin: &Signin) -> Result<Issuer, ConfigError> {
    let issuer = Issuer {
        config: signin.config.clone(),
        clock: signin.clock.clone(),
        store: signin.store.clone(),
        keys: signin.keyring.chain.clone(),
        clients: Arc::new(Remembered::new(signin.config.session.memory(), signin.clock.clone())),
        bearers: Arc::new(Remembered::new(signin.config.session.memory(), signin.clock.clone())),
        throttle: signin.keyring.throttle,
        passwords: Arc::new(signin.clone()),
        refusals: Arc::default(),
        watch: Arc::clone(&signin.watch),
        messenger: Arc::new(Outbound::new(&signin.config.http, signin.config.issuer.logout_to_loopback)?),
    };
    let bearers = Arc::clone(&issuer.bearers);
    signin.sessions.listen(move |user| bearer::forget(&bearers, user));
    Ok(issuer)
}

/// Returns the key that seals letters: one of its own, made of one that is there anyway.
fn mail_key(keyring: &Keyring) -> SealingKey {
    SealingKey::new(&hmac_sha256(&keyring.throttle, b"genkan: letters in the outbox, version 1"))
}

/// Refuses a preset of the operator's own that names a cause which is not in the catalogue.
fn check_dialects(config: &Config, providers: &Providers) -> Result<(), ConfigError> {
    let unknown = providers.iter().find_map(|provider| Some((provider, find_unknown_cause(provider)?)));
    unknown.map_or(Ok(()), |(provider, cause)| {
        Err(ConfigError {
            key: format!("providers.{}.preset", provider.id),
            problem: format!("a rule of its dialect names the cause {cause}, which there is not"),
            source_name: source_of(config, provider.id.as_str()),
            remedy: "use a name that `genkan explain` knows".to_owned(),
        })
    })
}

fn source_of(config: &Config, id: &str) -> String {
    let provider = config.providers.iter().find(|provider| provider.id == id);
    provider.map_or("[[providers]]", |provider| provider.origin("preset")).to_owned()
}

/// Returns the master key; the first start makes it, once the configuration is known to be good.
fn open_master_key(config: &Config) -> Result<SecretString, ConfigError> {
    let master_key = config::master_key(config)?;
    if let Some(path) = &master_key.made_at {
        let path = path.display().to_string();
        log::info!(target: "genkan::start", event = "master_key_made", path = path.as_str(); "made the master key; back it up with the database");
    }
    Ok(master_key.secret)
}

/// A server that listens already and serves once it runs.
pub struct Application {
    port: u16,
    server: Server,
    state: web::Data<AppState>,
    patrol: Arc<Patrol>,
}

impl Application {
    /// Builds every part and listens.
    ///
    /// Port 0 takes a free one; a port 0 in `public_url` becomes the same.
    ///
    /// # Errors
    ///
    /// [`StartError`].
    pub async fn build(mut config: Config, clock: Clock) -> Result<Self, StartError> {
        let given = Given::check(&config, &clock)?;
        let address = config.server.listen;
        let listener = TcpListener::bind(address).map_err(|source| StartError::Listen { address, source })?;
        let port = listener.local_addr()?.port();
        if config.server.public_url.port() == Some(0) {
            // A URL with a host takes any port, so there is nothing to report.
            let _ = config.server.public_url.set_port(Some(port));
        }
        let signin = assemble(&config, given, clock).await?;
        metrics::preset(signin.providers.iter().map(|provider| &provider.id), signin.watch.dispatcher().names());
        let issuer = build_issuer(&signin)?;
        let state = web::Data::new(AppState::new(signin, issuer));
        let server = serve(&config.server, listener, state.clone())?;
        let patrol = Arc::new(Patrol::new(&state.signin));
        Ok(Self { port, server, state, patrol })
    }

    /// Returns the port that is listened on.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Returns what the pages reach; tests look behind the scenes with it.
    pub fn state(&self) -> web::Data<AppState> {
        self.state.clone()
    }

    /// Returns what makes the rounds; tests make them themselves with it.
    pub fn patrol(&self) -> Arc<Patrol> {
        Arc::clone(&self.patrol)
    }

    /// Returns a handle that stops the server gracefully.
    pub fn handle(&self) -> ServerHandle {
        self.server.handle()
    }

    /// Serves until SIGTERM or SIGINT, then finishes the requests in flight (security.md HT-06).
    ///
    /// # Errors
    ///
    /// Those of the listener.
    pub async fn run(self) -> io::Result<()> {
        let origin = self.state.signin.config.server.origin();
        log::info!(target: "genkan::start", event = "listening", port = self.port, origin = origin; "listening");
        let background = Background::start(&self.state, self.patrol);
        let served = self.server.await;
        background.stop();
        write_rest(&self.state).await;
        log::info!(target: "genkan::start", event = "stopped"; "stopped");
        served
    }
}

/// Writes what the failure record has not written yet, if the database takes it in time.
async fn write_rest(state: &AppState) {
    let rest = state.signin.watch.recorder.write_out(&state.signin.store);
    if !matches!(timeout(REST_TIMEOUT, rest).await, Ok(Ok(()))) {
        log::warn!(target: "genkan::ops", event = "record_cut"; "the last failures are missing from the record: the database did not take them");
    }
}

fn serve(config: &ServerConfig, listener: TcpListener, state: web::Data<AppState>) -> io::Result<Server> {
    let stop = until_stopped(signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?, state.clone());
    let is_measured = state.signin.config.metrics.is_some();
    let mut server = HttpServer::new(move || {
        let app = App::new().app_data(state.clone()).configure(routes::configure(&state)).wrap(from_fn(guard));
        app.wrap(Condition::new(is_measured, from_fn(measure)))
    })
    .keep_alive(KEEP_ALIVE)
    .client_request_timeout(HEAD_TIMEOUT)
    .max_connections(MAX_CONNECTIONS)
    .shutdown_signal(stop)
    .shutdown_timeout(config.shutdown_timeout_secs);
    if config.workers > 0 {
        server = server.workers(config.workers);
    }
    Ok(server.listen(listener)?.run())
}

/// Waits for a signal and turns readiness off; on SIGTERM gives balancers a moment to notice.
async fn until_stopped(mut terminate: Signal, mut interrupt: Signal, state: web::Data<AppState>) {
    tokio::select! {
        _ = terminate.recv() => {
            state.readiness.stop();
            log::info!(target: "genkan::start", event = "stopping"; "stopping");
            tokio::select! {
                () = sleep(NOTICE) => {}
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
        }
        _ = interrupt.recv() => state.readiness.stop(),
    }
}
