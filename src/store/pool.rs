//! The pool, and the way from async code to a connection and back. What writes to SQLite
//! has a way of its own, the `writer`.
//!
//! A call first waits for one of as many permits as there are connections, on no
//! thread at all; then it runs on the blocking pool and takes its connection
//! there. So whoever waits costs nothing, and r2d2 is never asked for more than it
//! has: what it reports is a database that cannot be reached.
//!
//! A connection is not checked each time it is taken, which would double the cost
//! of a read. It is checked after a rest, and after any other one was found dead:
//! that raises the pool's generation, and older connections have to prove
//! themselves. So a restarted database costs one call at most.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use diesel::r2d2::{ManageConnection, NopErrorHandler, Pool, R2D2Connection};
use diesel::result::{DatabaseErrorKind, Error};
use tokio::sync::Semaphore;

use super::StoreError;
use super::connection::{Address, AnyConnection};
use super::writer::Writer;
use crate::config::DatabaseConfig;
use crate::secret::ExposeSecret;

/// After how long a rest a connection is checked before it is used.
const REST: Duration = Duration::from_secs(30);

/// Everything that clones of a store share.
pub struct Shared {
    address: Address,
    patience: Duration,
    pool: Pool<Manager>,
    permits: Arc<Semaphore>,
    /// Writes where the database lets one write at a time; the pool is for reading then.
    pub writer: Option<Writer>,
}

/// Makes and checks the pool's connections.
struct Manager {
    address: Address,
    patience: Duration,
    generation: Arc<AtomicU64>,
}

/// A pooled connection, and what is known of its health.
pub struct Checked {
    /// The connection.
    pub inner: AnyConnection,
    /// Whether nothing has been changed yet, so that all can be done again on another connection.
    pub is_repeatable: bool,
    shared_generation: Arc<AtomicU64>,
    generation: u64,
    used_at: Instant,
    is_lost: bool,
}

impl ManageConnection for Manager {
    type Connection = Checked;
    type Error = StoreError;

    fn connect(&self) -> Result<Checked, StoreError> {
        Ok(Checked {
            generation: self.generation.load(Ordering::Acquire),
            inner: self.address.open(self.patience)?,
            is_repeatable: true,
            shared_generation: self.generation.clone(),
            used_at: Instant::now(),
            is_lost: false,
        })
    }

    fn is_valid(&self, connection: &mut Checked) -> Result<(), StoreError> {
        let generation = self.generation.load(Ordering::Acquire);
        if connection.generation != generation || connection.used_at.elapsed() > REST {
            connection.inner.ping()?;
        }
        connection.generation = generation;
        connection.used_at = Instant::now();
        connection.is_repeatable = true;
        Ok(())
    }

    fn has_broken(&self, connection: &mut Checked) -> bool {
        connection.is_lost || std::thread::panicking() || connection.inner.is_broken()
    }
}

impl Checked {
    /// Finds out whether the database refused a query or is gone.
    fn examine(&mut self, error: StoreError) -> StoreError {
        let StoreError::Query(cause) = error else { return error };
        if is_about_the_query(&cause) || self.inner.ping().is_ok() {
            return StoreError::Query(cause);
        }
        self.is_lost = true;
        self.shared_generation.fetch_add(1, Ordering::AcqRel);
        StoreError::Unreachable(cause.to_string().trim().to_owned())
    }
}

/// Tells errors that a lost connection cannot cause.
fn is_about_the_query(error: &Error) -> bool {
    !matches!(
        error,
        Error::BrokenTransactionManager
            | Error::RollbackErrorOnCommit { .. }
            | Error::DatabaseError(
                DatabaseErrorKind::Unknown | DatabaseErrorKind::ClosedConnection | DatabaseErrorKind::UnableToSendCommand,
                _
            )
    )
}

impl Shared {
    /// Opens the pool with its first connection.
    ///
    /// # Errors
    ///
    /// As [`super::Store::connect`].
    pub async fn open(config: &DatabaseConfig) -> Result<Self, StoreError> {
        let address = Address::parse(config.url.expose_secret())?;
        let patience = Duration::from_secs(config.wait_timeout_secs.max(1));
        let manager = Manager { address: address.clone(), patience, generation: Arc::default() };
        let size = config.max_connections.max(1);
        let pool = Pool::builder()
            .max_size(size)
            .min_idle(Some(0))
            .test_on_check_out(true)
            .connection_timeout(patience)
            .error_handler(Box::new(NopErrorHandler))
            .build_unchecked(manager);
        let writer = match &address {
            Address::Sqlite(_) => Some(Writer::start(address.clone(), patience)?),
            Address::Postgres(_) | Address::Mysql(_) => None,
        };
        let shared = Self { address, patience, pool, permits: Arc::new(Semaphore::new(size as usize)), writer };
        // r2d2 tries again and again; the first connection says at once what is wrong.
        match tokio::time::timeout(patience * 3, shared.run_alone(|_| Ok(()))).await {
            Ok(opened) => opened.map(|()| shared),
            Err(_) => Err(StoreError::Unreachable("no answer in time".to_owned())),
        }
    }

    /// Runs `job` on the blocking pool with a pooled connection; once more on another
    /// one if that connection turns out to be lost before anything was changed.
    ///
    /// # Errors
    ///
    /// [`StoreError::PoolExhausted`], [`StoreError::Unreachable`], or the job's.
    pub async fn run<T, F>(self: &Arc<Self>, job: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: Fn(&mut Checked) -> Result<T, StoreError> + Send + 'static,
    {
        let Ok(Ok(permit)) = tokio::time::timeout(self.patience, self.permits.clone().acquire_owned()).await else {
            return Err(StoreError::PoolExhausted);
        };
        let shared = self.clone();
        run_blocking(move || {
            let _until_the_connection_is_back = permit;
            match shared.run_once(&job) {
                (Err(StoreError::Unreachable(_)), true) => shared.run_once(&job).0,
                (result, _) => result,
            }
        })
        .await
    }

    /// Returns the result, and whether it is worth another connection.
    fn run_once<T>(&self, job: &impl Fn(&mut Checked) -> Result<T, StoreError>) -> (Result<T, StoreError>, bool) {
        match self.pool.get() {
            Ok(mut connection) => {
                let result = job(&mut connection).map_err(|error| connection.examine(error));
                (result, connection.is_repeatable)
            }
            Err(error) => (Err(StoreError::Unreachable(error.to_string())), false),
        }
    }

    /// Runs `job` on the blocking pool with a connection of its own, which is closed afterwards.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unreachable`], or the job's.
    pub async fn run_alone<T, F>(&self, job: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&mut AnyConnection) -> Result<T, StoreError> + Send + 'static,
    {
        let (address, patience) = (self.address.clone(), self.patience);
        run_blocking(move || job(&mut address.open(patience)?)).await
    }
}

/// Runs `job` where it may block; a panic in it goes on here.
async fn run_blocking<T: Send + 'static>(job: impl FnOnce() -> Result<T, StoreError> + Send + 'static) -> Result<T, StoreError> {
    match tokio::task::spawn_blocking(job).await {
        Ok(result) => result,
        Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
        Err(_) => Err(StoreError::Unreachable("this process is shutting down".to_owned())),
    }
}
