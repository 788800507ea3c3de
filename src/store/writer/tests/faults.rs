//! Commits that fail, disks that are full, files that are away, and bugs in the work itself.

use std::panic::AssertUnwindSafe;
use std::sync::atomic::AtomicUsize;

use futures_util::FutureExt as _;

use super::*;
use crate::store::transaction::start_over;

#[tokio::test]
async fn a_commit_that_fails_fails_only_whom_it_cannot_be_without() {
    let it = fixture().await;
    let hold = it.hold().await;
    let before = it.queue_insert(1).await;
    let late = it.queue(|connection| {
        diesel::sql_query("PRAGMA defer_foreign_keys = ON").execute(connection)?;
        Ok(Ending::Commit(diesel::sql_query("INSERT INTO owned VALUES (99)").execute(connection)?))
    });
    let late = late.await;
    // What this one is told rests on a row of the same transaction.
    let misled = it.queue_insert(1).await;
    let after = it.queue_insert(2).await;

    hold.end();

    assert_eq!((value(before).await, value(after).await), (1, 2));
    assert!(matches!(error(late).await, StoreError::NotFound));
    assert!(matches!(error(misled).await, StoreError::Conflict(Conflict::Email)));
    assert_eq!(it.numbers(), [1, 2]);
}

#[tokio::test]
async fn db_08_a_full_disk_fails_who_does_not_fit_and_nobody_else() {
    let it = fixture().await;
    let hold = it.hold().await;
    let before = it.queue_insert(1).await;
    // SQLite answers this with undoing the whole transaction, not only the statement.
    let big = it.queue(|connection| {
        diesel::sql_query("PRAGMA max_page_count = 10").execute(connection)?;
        Ok(Ending::Commit(diesel::sql_query("INSERT INTO users VALUES (2, zeroblob(1000000))").execute(connection)?))
    });
    let big = big.await;
    let after = it.queue_insert(3).await;

    hold.end();

    assert_eq!((value(before).await, value(after).await), (1, 3));
    let error = error(big).await;
    assert!(error.is_outage() && error.to_string().contains("full"), "{error}");
    assert_eq!(it.numbers(), [1, 3]);
    assert_eq!(value(it.queue_insert(4).await).await, 4, "and the writer works on");
}

#[tokio::test]
async fn ht_04_a_panic_costs_its_own_caller_alone_and_happens_once() {
    let it = fixture().await;
    let runs = Arc::new(AtomicUsize::new(0));
    for others in 0..2 {
        let hold = it.hold().await;
        let runs = runs.clone();
        let before: Vec<_> = if others == 0 { Vec::new() } else { vec![it.queue_insert(1).await] };
        let panicking = it.queue(move |connection| {
            insert(connection, 2)?;
            runs.fetch_add(1, Ordering::SeqCst);
            panic!("a bug")
        });
        let panicking = panicking.await;
        let after = if others == 0 { None } else { Some(it.queue_insert(3).await) };

        hold.end();

        let panic = panicking.await.expect_err("it panics").into_panic();
        assert_eq!(panic.downcast_ref::<&str>(), Some(&"a bug"));
        for task in before.into_iter().chain(after) {
            value(task).await;
        }
    }
    assert_eq!(runs.load(Ordering::SeqCst), 2);
    assert_eq!(it.numbers(), [1, 3]);
}

#[tokio::test]
async fn ht_04_the_writer_outlives_work_that_panics_when_it_is_dropped() {
    struct Bomb;
    impl Drop for Bomb {
        fn drop(&mut self) {
            panic!("a bug");
        }
    }
    let it = fixture().await;
    let bomb = Bomb;

    let first = it.queue(move |connection| {
        let _held = &bomb;
        insert(connection, 1).map(|()| Ending::Commit(1))
    });

    assert_eq!(value(first.await).await, 1);
    assert_eq!(value(it.queue_insert(2).await).await, 2);
    assert_eq!(it.numbers(), [1, 2]);
}

#[tokio::test]
async fn db_02_work_that_wants_to_start_over_does_so_alone() {
    let it = fixture().await;
    let hold = it.hold().await;
    let before = it.queue_insert(1).await;
    let runs = AtomicUsize::new(0);
    let starting_over = it.queue(move |connection| {
        insert(connection, 2)?;
        let run = runs.fetch_add(1, Ordering::SeqCst);
        if run < 2 { Err(start_over()) } else { Ok(Ending::Commit(run)) }
    });
    let starting_over = starting_over.await;

    hold.end();

    assert_eq!((value(before).await, value(starting_over).await), (1, 2));
    assert_eq!(it.numbers(), [1, 2]);
}

#[tokio::test]
async fn db_08_a_file_that_is_away_and_back_is_written_again() {
    let it = fixture().await;
    let (here, away) = (it.folder.path().join("a"), it.folder.path().join("away"));
    // The connection does not outlive a panic; the next one has to open the file.
    let panic = AssertUnwindSafe(it.store.write::<(), _>(|_| panic!("a bug"))).catch_unwind().await;
    panic.expect_err("it goes on in the caller");

    std::fs::rename(&here, &away).expect("it can be moved");
    assert!(matches!(error(it.queue_insert(1).await).await, StoreError::Unreachable(_)));
    std::fs::rename(&away, &here).expect("it can be moved back");

    assert_eq!(value(it.queue_insert(2).await).await, 2);
    assert_eq!(it.numbers(), [2]);
}
