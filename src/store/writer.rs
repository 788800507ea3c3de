//! SQLite's one writer: a thread with a connection of its own, and the queue before it.
//!
//! SQLite lets one transaction write at a time. So whoever writes hands the work over,
//! and one connection does it all, whose page cache and prepared statements stay warm: a
//! commit on any other connection empties the cache. Work that finds nobody else waiting
//! runs in a transaction of its own, at once. Work that queued up meanwhile shares one
//! transaction: each piece in a savepoint, so that one which fails leaves nothing behind
//! and takes nobody with it, and one commit for all of them. Nobody hears anything
//! before that commit. Where it fails, or anything happens that a savepoint cannot undo,
//! the pieces are run again, each in a transaction of its own.
//!
//! A piece of work is *waiting* until the writer takes it, and until then its caller may
//! give it up; *begun* work always comes to an end and is always answered.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use diesel::connection::{SimpleConnection, TransactionManager};
use diesel::r2d2::R2D2Connection;
use tokio::sync::oneshot;

use super::StoreError;
use super::connection::{Address, AnyConnection};
use super::transaction::{Ending, begin, is_transient, name_conflict, patiently, try_until_through};

/// How much work shares a transaction at most.
const MAX_COMPANY: usize = 64;
/// For how long a transaction takes more work in; the first of it waits for the last.
const MAX_GATHERING: Duration = Duration::from_millis(2);
/// After how long the connection is opened anew, as the pooled ones are: by then a file that was exchanged is seen.
const LIFETIME: Duration = Duration::from_secs(30 * 60);

/// What came of a piece of work: its result, or the panic that it ended in.
type Outcome<T> = thread::Result<Result<T, StoreError>>;

/// The queue, and the thread that serves it until this value is dropped.
pub struct Writer {
    queue: Option<mpsc::Sender<Box<dyn Waiting>>>,
    thread: Option<JoinHandle<()>>,
    patience: Duration,
}

/// A piece of work, whatever its result is.
trait Waiting: Send {
    /// Tells whether its caller still waits for it; from then on they will.
    fn take(&self) -> bool;
    /// Runs it in a savepoint of somebody else's transaction.
    fn run_in_company(&mut self, connection: &mut AnyConnection) -> Course;
    /// Runs it in a transaction of its own; tells whether the connection can be used on.
    fn run_alone(&mut self, connection: &mut AnyConnection) -> bool;
    /// Makes this what comes of it.
    fn fail(&mut self, error: StoreError);
    /// Tells the caller what came of it.
    fn answer(self: Box<Self>);
}

/// How a piece of work went in company.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Course {
    /// What it wrote counts.
    Counts,
    /// What it wrote is undone.
    Undone,
    /// It has to be tried again, alone.
    Again,
    /// It panicked: nobody knows what state the connection is in.
    Panicked,
}

/// A piece of work with its result.
struct Piece<T, F> {
    work: F,
    is_begun: Arc<AtomicBool>,
    outcome: Option<Outcome<T>>,
    caller: oneshot::Sender<Outcome<T>>,
}

impl Writer {
    /// Starts the thread; it opens its connection when there is something to write.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unreachable`] if there is no thread to be had.
    pub fn start(address: Address, patience: Duration) -> Result<Self, StoreError> {
        let (queue, waiting) = mpsc::channel();
        let desk = Desk { address, patience, waiting, next: None, kept: None };
        let thread = thread::Builder::new().name("sqlite-writer".to_owned()).spawn(move || desk.serve());
        let thread = thread.map_err(|error| StoreError::Unreachable(format!("there is no thread for writing: {error}")))?;
        Ok(Self { queue: Some(queue), thread: Some(thread), patience })
    }

    /// Runs `work` in a transaction and returns its result once that is committed. Work
    /// that was begun is finished even if nobody waits for its result any more.
    ///
    /// # Errors
    ///
    /// [`StoreError::PoolExhausted`] if it was not begun in time, and then never will be;
    /// [`StoreError::Unreachable`] if the file cannot be opened; or what `work` or its commit says.
    pub async fn write<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: Fn(&mut AnyConnection) -> Result<Ending<T>, StoreError> + Send + 'static,
    {
        let (caller, mut answer) = oneshot::channel();
        let is_begun = Arc::new(AtomicBool::new(false));
        let piece = Piece { work, is_begun: is_begun.clone(), outcome: None, caller };
        if let Some(queue) = &self.queue {
            // A queue without its thread drops the piece, and the answer below says so.
            drop(queue.send(Box::new(piece)));
        }
        let outcome = match tokio::time::timeout(self.patience, &mut answer).await {
            Ok(outcome) => outcome,
            Err(_) if !is_begun.swap(true, Ordering::AcqRel) => return Err(StoreError::PoolExhausted),
            Err(_) => answer.await,
        };
        match outcome {
            Ok(Ok(result)) => result,
            Ok(Err(panic)) => resume_unwind(panic),
            Err(_) => Err(StoreError::Unreachable("nobody writes any more".to_owned())),
        }
    }
}

impl Drop for Writer {
    /// Lets the thread finish what was begun.
    fn drop(&mut self) {
        self.queue = None;
        if let Some(thread) = self.thread.take().filter(|it| it.thread().id() != thread::current().id()) {
            // It catches every panic of the work; one of its own has been printed by now.
            drop(thread.join());
        }
    }
}

/// What the thread works with.
struct Desk {
    address: Address,
    patience: Duration,
    waiting: mpsc::Receiver<Box<dyn Waiting>>,
    /// What was found in the queue before its turn.
    next: Option<Box<dyn Waiting>>,
    /// The connection, unless it was lost, and when it was opened.
    kept: Option<(AnyConnection, Instant)>,
}

impl Desk {
    fn serve(mut self) {
        while let Some(first) = self.next.take().or_else(|| self.waiting.recv().ok()) {
            // Work that panics is seen to below. Here it is what the work holds, when it is dropped:
            // the thread outlives that, too.
            drop(catch_unwind(AssertUnwindSafe(|| self.serve_next(first))));
        }
    }

    /// Runs work, unless it was given up, and what waits behind it.
    fn serve_next(&mut self, first: Box<dyn Waiting>) {
        if first.take() {
            self.next = self.waiting.try_recv().ok();
            if self.next.is_some() { self.run_with_company(first) } else { self.run_alone(first) }
        }
    }

    /// Takes the connection out. Whoever can still use it afterwards puts it back.
    fn connection(&mut self) -> Result<(AnyConnection, Instant), StoreError> {
        match self.kept.take().filter(|(_, opened_at)| opened_at.elapsed() < LIFETIME) {
            Some(kept) => Ok(kept),
            None => Ok((self.address.open(self.patience)?, Instant::now())),
        }
    }

    /// Runs work in a transaction of its own, and answers it after its commit.
    fn run_alone(&mut self, mut piece: Box<dyn Waiting>) {
        match self.connection() {
            Ok((mut connection, opened_at)) => {
                if piece.run_alone(&mut connection) && !connection.is_broken() {
                    self.kept = Some((connection, opened_at));
                }
            }
            Err(error) => piece.fail(error),
        }
        piece.answer();
    }

    /// Runs work, and what waits behind it, in one transaction, and answers all of it after the commit.
    fn run_with_company(&mut self, mut first: Box<dyn Waiting>) {
        let begun = self.connection().and_then(|(mut connection, opened_at)| {
            patiently(|| Ok(begin(&mut connection)?))?;
            Ok((connection, opened_at))
        });
        let (mut connection, opened_at) = match begun {
            Ok(begun) => begun,
            Err(error) => {
                first.fail(error);
                return first.answer();
            }
        };
        let mut company = Vec::with_capacity(MAX_COMPANY);
        if self.gather(&mut connection, first, &mut company) {
            self.kept = Some((connection, opened_at));
            return company.into_iter().for_each(|(piece, _)| piece.answer());
        }
        // This undoes everything. Who saw what is now undone may have been misled by it, so
        // that even a refusal does not count.
        drop(connection);
        for (piece, course) in company {
            if course == Course::Panicked { piece.answer() } else { self.run_alone(piece) }
        }
    }

    /// Fills a transaction and commits it; tells whether that went well for all.
    fn gather(&mut self, connection: &mut AnyConnection, first: Box<dyn Waiting>, company: &mut Vec<(Box<dyn Waiting>, Course)>) -> bool {
        let (begun_at, mut next) = (Instant::now(), Some(first));
        while let Some(mut piece) = next.take() {
            let course = run_in_savepoint(connection, &mut *piece);
            company.push((piece, course));
            if matches!(course, Course::Again | Course::Panicked) {
                return false;
            }
            while next.is_none() && company.len() < MAX_COMPANY && begun_at.elapsed() < MAX_GATHERING {
                let Some(other) = self.next.take().or_else(|| self.waiting.try_recv().ok()) else { break };
                next = other.take().then_some(other);
            }
        }
        AnyConnection::commit_transaction(connection).is_ok()
    }
}

/// Runs work in a savepoint. That the savepoint can be released shows that its transaction
/// is still there: after some failures SQLite undoes the whole of it, unasked.
fn run_in_savepoint(connection: &mut AnyConnection, piece: &mut dyn Waiting) -> Course {
    if connection.batch_execute("SAVEPOINT piece").is_err() {
        return Course::Again;
    }
    let course = piece.run_in_company(connection);
    let ended = match course {
        Course::Counts => connection.batch_execute("RELEASE piece"),
        Course::Undone => connection.batch_execute("ROLLBACK TO piece; RELEASE piece"),
        Course::Again | Course::Panicked => Ok(()),
    };
    if ended.is_ok() { course } else { Course::Again }
}

impl<T, F> Waiting for Piece<T, F>
where
    T: Send + 'static,
    F: Fn(&mut AnyConnection) -> Result<Ending<T>, StoreError> + Send,
{
    fn take(&self) -> bool {
        !self.is_begun.swap(true, Ordering::AcqRel)
    }

    fn run_in_company(&mut self, connection: &mut AnyConnection) -> Course {
        let (outcome, course) = match catch_unwind(AssertUnwindSafe(|| (self.work)(connection))) {
            Ok(Ok(Ending::Commit(value) | Ending::CommitQuietly(value))) => (Ok(Ok(value)), Course::Counts),
            Ok(Ok(Ending::RollBack(value))) => (Ok(Ok(value)), Course::Undone),
            Ok(Err(error)) if is_transient(&error) => (Ok(Err(error)), Course::Again),
            Ok(Err(error)) => (Ok(Err(name_conflict(error))), Course::Undone),
            Err(panic) => (Err(panic), Course::Panicked),
        };
        self.outcome = Some(outcome);
        course
    }

    fn run_alone(&mut self, connection: &mut AnyConnection) -> bool {
        let outcome = catch_unwind(AssertUnwindSafe(|| try_until_through(connection, &self.work).map_err(name_conflict)));
        self.outcome.insert(outcome).is_ok()
    }

    fn fail(&mut self, error: StoreError) {
        self.outcome = Some(Ok(Err(error)));
    }

    fn answer(self: Box<Self>) {
        if let Some(outcome) = self.outcome {
            // Nobody may be there to hear it.
            drop(self.caller.send(outcome));
        }
    }
}

#[cfg(all(test, feature = "sqlite"))]
mod tests;
