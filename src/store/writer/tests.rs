//! What is promised to work that waits; `faults` has what may go wrong below it.

mod faults;

use std::sync::Mutex;
use std::sync::mpsc::{Sender, channel};

use diesel::prelude::*;
use diesel::sql_types::BigInt;
use tokio::task::{JoinHandle, yield_now};

use super::*;
use crate::config::DatabaseConfig;
use crate::store::{Conflict, Store};

type Written = Result<usize, StoreError>;

/// A database with one table of numbers.
struct Fixture {
    store: Store,
    address: Address,
    folder: tempfile::TempDir,
}

/// A piece of work that lasts until it is told to end.
struct Hold {
    release: Sender<()>,
    task: JoinHandle<Result<bool, StoreError>>,
}

impl Hold {
    /// Lets the writer go on.
    fn end(self) -> JoinHandle<Result<bool, StoreError>> {
        self.release.send(()).expect("the writer waits");
        self.task
    }
}

async fn fixture() -> Fixture {
    let folder = tempfile::tempdir().expect("a temporary folder");
    std::fs::create_dir(folder.path().join("a")).expect("a folder");
    let url = format!("sqlite:{}/a/b.db", folder.path().display());
    let config = DatabaseConfig { url: url.clone().into(), wait_timeout_secs: 1, ..DatabaseConfig::default() };
    let store = Store::connect(&config).await.expect("a new file can be opened");
    let tables = "CREATE TABLE users (email_normal INTEGER UNIQUE, text BLOB); \
                  CREATE TABLE owned (id INTEGER REFERENCES users (email_normal))";
    store.write(move |connection| Ok(connection.batch_execute(tables)?)).await.expect("tables can be made");
    Fixture { store, address: Address::parse(&url).expect("an address"), folder }
}

impl Fixture {
    /// Keeps the writer at work.
    async fn hold(&self) -> Hold {
        let ((release, end), (started, start)) = (channel(), tokio::sync::oneshot::channel());
        let (started, end) = (Mutex::new(Some(started)), Mutex::new(end));
        let store = self.store.clone();
        let work = move |_: &mut AnyConnection| {
            let started = started.lock().expect("nobody panics").take();
            started.expect("it runs once").send(()).expect("somebody waits");
            Ok(end.lock().expect("nobody panics").recv().is_ok())
        };
        let task = tokio::spawn(async move { store.write(work).await });
        start.await.expect("the writer begins");
        Hold { release, task }
    }

    /// Queues work, in the order of the calls.
    async fn queue<F>(&self, work: F) -> JoinHandle<Written>
    where
        F: Fn(&mut AnyConnection) -> Result<Ending<usize>, StoreError> + Send + 'static,
    {
        let store = self.store.clone();
        let task = tokio::spawn(async move { store.write_or_undo(work).await });
        yield_now().await;
        task
    }

    /// Queues the insert of a number; its result is the number.
    async fn queue_insert(&self, number: usize) -> JoinHandle<Written> {
        self.queue(move |connection| insert(connection, number).map(|()| Ending::Commit(number))).await
    }

    /// Returns the numbers that are there.
    fn numbers(&self) -> Vec<i64> {
        numbers(&mut self.address.open(Duration::from_secs(1)).expect("it can be opened"))
    }
}

fn numbers(connection: &mut AnyConnection) -> Vec<i64> {
    let query = diesel::dsl::sql::<BigInt>("SELECT email_normal FROM users ORDER BY 1");
    query.load(connection).expect("they can be read")
}

fn insert(connection: &mut AnyConnection, number: usize) -> Result<(), StoreError> {
    diesel::sql_query(format!("INSERT INTO users VALUES ({number}, NULL)")).execute(connection)?;
    Ok(())
}

/// Waits for a task that must have gone well.
async fn value(task: JoinHandle<Written>) -> usize {
    task.await.expect("it does not panic").expect("it is written")
}

async fn error(task: JoinHandle<Written>) -> StoreError {
    task.await.expect("it does not panic").expect_err("it fails")
}

#[tokio::test]
async fn work_that_waits_shares_a_transaction_which_nobody_sees_before_its_end() {
    let it = fixture().await;
    let hold = it.hold().await;
    let mut tasks = Vec::new();
    for number in 0..100 {
        let address = it.address.clone();
        let task = it.queue(move |own| {
            insert(own, number)?;
            let others = address.open(Duration::from_secs(1)).map(|mut other| numbers(&mut other).len())?;
            Ok(Ending::Commit(numbers(own).len() - others))
        });
        tasks.push(task.await);
    }

    hold.end();

    let mut most = 0;
    for task in tasks {
        most = most.max(value(task).await);
    }
    assert!((2..=MAX_COMPANY).contains(&most), "{most} shared a transaction");
    assert_eq!(it.numbers().len(), 100);
}

#[tokio::test]
async fn a_piece_that_fails_leaves_nothing_behind_and_takes_nobody_with_it() {
    let it = fixture().await;
    let hold = it.hold().await;
    let first = it.queue_insert(1).await;
    let undone = it.queue(|connection| insert(connection, 2).map(|()| Ending::RollBack(2))).await;
    let failed = it.queue(|connection| insert(connection, 3).and(Err(StoreError::LastWayIn))).await;
    let doubled = it.queue(|connection| insert(connection, 4).and_then(|()| insert(connection, 1)).map(|()| Ending::Commit(4))).await;
    let orphaned = it.queue(|connection| {
        insert(connection, 5)?;
        Ok(Ending::Commit(diesel::sql_query("INSERT INTO owned VALUES (99)").execute(connection)?))
    });
    let orphaned = orphaned.await;
    let quiet = it.queue(|connection| insert(connection, 6).map(|()| Ending::CommitQuietly(6))).await;

    hold.end();

    assert_eq!((value(first).await, value(undone).await, value(quiet).await), (1, 2, 6));
    assert!(matches!(error(failed).await, StoreError::LastWayIn));
    assert!(matches!(error(doubled).await, StoreError::Conflict(Conflict::Email)));
    assert!(matches!(error(orphaned).await, StoreError::NotFound));
    assert_eq!(it.numbers(), [1, 6]);
}

#[tokio::test]
async fn db_02_everybody_waits_for_another_process() {
    let it = fixture().await;
    let mut other = it.address.open(Duration::from_secs(1)).expect("it can be opened");
    begin(&mut other).expect("nobody writes");
    let mut tasks = Vec::new();
    for number in 0..10 {
        tasks.push(it.queue_insert(number).await);
    }

    AnyConnection::commit_transaction(&mut other).expect("it can be committed");

    for (number, task) in tasks.into_iter().enumerate() {
        assert_eq!(value(task).await, number);
    }
    assert_eq!(it.numbers().len(), 10);
}

#[tokio::test]
async fn db_07_work_that_was_given_up_is_never_begun() {
    let it = fixture().await;
    let hold = it.hold().await;
    let begun_at = Instant::now();

    let late = it.queue_insert(1).await;

    assert!(matches!(error(late).await, StoreError::PoolExhausted));
    assert!(begun_at.elapsed() < Duration::from_secs(3));
    hold.end();
    assert_eq!(value(it.queue_insert(2).await).await, 2);
    assert_eq!(it.numbers(), [2]);
}

#[tokio::test]
async fn work_is_done_although_its_caller_has_gone() {
    let it = fixture().await;
    let hold = it.hold().await;

    it.queue_insert(1).await.abort();
    let last = it.queue_insert(2).await;
    hold.end();

    assert_eq!(value(last).await, 2);
    assert_eq!(it.numbers(), [1, 2]);
}

#[tokio::test]
async fn the_last_handle_waits_for_what_was_begun() {
    let it = fixture().await;
    let hold = it.hold().await;
    it.queue_insert(1).await.abort();

    hold.end().await.expect("it does not panic").expect("it is written");
    let Fixture { store, address, folder } = it;
    let dropped = tokio::task::spawn_blocking(move || drop(store));
    dropped.await.expect("it ends");

    assert_eq!(numbers(&mut address.open(Duration::from_secs(1)).expect("it can be opened")), [1]);
    drop(folder);
}
