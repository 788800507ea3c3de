//! The hashing lane: as many threads as cores, at the lowest priority, with a
//! bounded queue before them (security.md PW-09).
//!
//! A hash takes a third of a second of pure computing. On threads of their own
//! under `SCHED_IDLE`, hashes fill the processors without ever delaying a page. Who
//! wants one takes a [`Ticket`] first, in the order of arrival: there is one more
//! than threads, so that the next job is ready when a thread becomes free. Who
//! leaves while waiting costs nothing. A ticket is held from before a try is
//! counted until it is taken back, so a process has only so many tries in flight.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::time::{Duration, Instant};

use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

use super::priority;
use crate::config::PasswordConfig;

/// The longest wait that is suggested to somebody.
const MAX_RETRY_AFTER: Duration = Duration::from_secs(60);

type Job = Box<dyn FnOnce() + Send>;

/// Where passwords are hashed.
pub struct Lane {
    permits: Arc<Semaphore>,
    queue: Arc<Queue>,
    jobs: mpsc::Sender<Job>,
}

/// Nobody can be let in just now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Busy {
    /// How long to wait.
    pub retry_after: Duration,
}

/// The right to run jobs on the lane, one after the other.
pub struct Ticket {
    permit: Arc<OwnedSemaphorePermit>,
    queue: Arc<Queue>,
    jobs: mpsc::Sender<Job>,
}

/// Who waits, and how fast it moves.
struct Queue {
    threads: usize,
    capacity: usize,
    waiting: Mutex<usize>,
    finished: AtomicU64,
    /// How long the last job took, in milliseconds.
    job_ms: AtomicU64,
}

/// A place in the queue, given up when dropped.
struct Place<'a>(&'a Queue);

impl Lane {
    /// Starts the threads.
    ///
    /// # Errors
    ///
    /// The system's, if it refuses a thread.
    pub fn new(config: &PasswordConfig) -> std::io::Result<Self> {
        let threads = match config.threads {
            0 => std::thread::available_parallelism().map_or(1, usize::from),
            threads => threads,
        };
        let (jobs, receiver) = mpsc::channel();
        let receiver = Arc::new(Mutex::new(receiver));
        for number in 0..threads {
            let receiver = Arc::clone(&receiver);
            std::thread::Builder::new().name(format!("genkan-hash-{number}")).spawn(move || work(&receiver))?;
        }
        let queue =
            Queue { threads, capacity: config.queue, waiting: Mutex::new(0), finished: AtomicU64::new(0), job_ms: AtomicU64::new(300) };
        Ok(Self { permits: Arc::new(Semaphore::new(threads + 1)), queue: Arc::new(queue), jobs })
    }

    /// Waits for a ticket, in the order of arrival.
    ///
    /// # Errors
    ///
    /// [`Busy`], at once, if the queue is full.
    pub async fn enter(&self) -> Result<Ticket, Busy> {
        let permits = Arc::clone(&self.permits);
        let permit = if let Ok(permit) = Arc::clone(&permits).try_acquire_owned() {
            permit
        } else {
            let _place = Place::take(&self.queue)?;
            permits.acquire_owned().await.map_err(|_| self.queue.busy())?
        };
        Ok(Ticket { permit: Arc::new(permit), queue: Arc::clone(&self.queue), jobs: self.jobs.clone() })
    }

    /// Returns how many jobs have been run since the start.
    pub fn finished(&self) -> u64 {
        self.queue.finished.load(Ordering::Relaxed)
    }
}

impl Ticket {
    /// Runs `job` on the lane and waits for its result.
    ///
    /// A job whose caller has left before it began is skipped. The ticket counts as
    /// taken until the job has ended, even if its caller leaves.
    ///
    /// # Errors
    ///
    /// [`Busy`] if the job panicked; the lane goes on.
    pub async fn run<T, F>(&self, job: F) -> Result<T, Busy>
    where
        T: Send + 'static,
        F: FnOnce() -> T + Send + 'static,
    {
        let (sender, receiver) = oneshot::channel();
        let (permit, queue) = (Arc::clone(&self.permit), Arc::clone(&self.queue));
        let job = Box::new(move || {
            if !sender.is_closed() {
                let _ = sender.send(queue.time(job));
            }
            drop(permit);
        });
        self.jobs.send(job).map_err(|_| self.queue.busy())?;
        receiver.await.map_err(|_| self.queue.busy())
    }
}

impl Queue {
    /// Runs a job and notes how long it took.
    fn time<T>(&self, job: impl FnOnce() -> T) -> T {
        let started = Instant::now();
        let result = job();
        self.job_ms.store(u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX), Ordering::Relaxed);
        self.finished.fetch_add(1, Ordering::Relaxed);
        result
    }

    /// Says how long the present queue will take, in whole seconds.
    fn busy(&self) -> Busy {
        let rounds = u64::try_from(self.change(|_| ()) / self.threads).unwrap_or(u64::MAX);
        let millis = rounds.saturating_mul(self.job_ms.load(Ordering::Relaxed));
        Busy { retry_after: Duration::from_secs(millis / 1_000 + 1).min(MAX_RETRY_AFTER) }
    }

    /// Changes how many wait; the gauge follows under the same lock, so that it cannot lag behind.
    fn change(&self, change: impl FnOnce(&mut usize)) -> usize {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        change(&mut waiting);
        metrics::gauge!("genkan_password_queue_length").set(f64::from(u32::try_from(*waiting).unwrap_or(u32::MAX)));
        *waiting
    }
}

impl<'a> Place<'a> {
    fn take(queue: &'a Queue) -> Result<Self, Busy> {
        let mut is_free = false;
        queue.change(|waiting| {
            is_free = *waiting < queue.capacity;
            *waiting += usize::from(is_free);
        });
        if is_free { Ok(Self(queue)) } else { Err(queue.busy()) }
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.change(|waiting| *waiting -= 1);
    }
}

/// Runs jobs until the lane is gone. A panic costs its job alone.
fn work(jobs: &Mutex<mpsc::Receiver<Job>>) {
    priority::lower();
    loop {
        let next = jobs.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(job) = next else { return };
        if catch_unwind(AssertUnwindSafe(job)).is_err() {
            log::error!(target: "genkan::signin", event = "password_job_panicked"; "a password job panicked");
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;
    use futures_util::future::join_all;

    use super::*;

    fn lane(threads: usize, queue: usize) -> Lane {
        Lane::new(&PasswordConfig { threads, queue, ..PasswordConfig::default() }).expect("threads")
    }

    #[tokio::test]
    async fn pw_09_a_full_queue_answers_at_once_and_tickets_pass_in_order() {
        let lane = lane(1, 2);
        let held = [lane.enter().await.expect("free"), lane.enter().await.expect("free")];
        let (mut first, mut second) = (Box::pin(lane.enter()), Box::pin(lane.enter()));
        assert!((&mut first).now_or_never().is_none() && (&mut second).now_or_never().is_none());

        let third = lane.enter().now_or_never();
        assert!(matches!(third, Some(Err(Busy { retry_after })) if retry_after >= Duration::from_secs(1)));

        drop(held);
        assert!((&mut first).now_or_never().is_some());
    }

    #[tokio::test]
    async fn pw_09_who_leaves_the_queue_makes_room_and_costs_nothing() {
        let lane = lane(1, 1);
        let held = [lane.enter().await.expect("free"), lane.enter().await.expect("free")];
        let mut leaver = Box::pin(lane.enter());
        assert!((&mut leaver).now_or_never().is_none());

        drop(leaver);
        assert!(lane.enter().now_or_never().is_none(), "the place is free again");

        drop(held);
        assert!(lane.enter().await.is_ok());
        assert_eq!(lane.finished(), 0);
    }

    #[tokio::test]
    async fn pw_09_a_job_whose_caller_has_left_is_skipped() {
        let lane = lane(1, 8);
        let (gate, opened) = mpsc::channel::<()>();
        let (busy, left) = (lane.enter().await.expect("free"), lane.enter().await.expect("free"));
        let mut running = Box::pin(busy.run(move || opened.recv()));
        assert!((&mut running).now_or_never().is_none());
        let mut abandoned = Box::pin(left.run(|| ()));
        assert!((&mut abandoned).now_or_never().is_none());

        drop(abandoned);
        drop(left);
        gate.send(()).expect("the job waits");
        running.await.expect("the job ends").expect("the gate opened");
        let ticket = lane.enter().await.expect("free");
        ticket.run(|| ()).await.expect("the lane goes on");

        assert_eq!(lane.finished(), 2);
    }

    #[tokio::test]
    async fn a_panic_costs_its_job_alone() {
        let lane = lane(1, 8);
        let ticket = lane.enter().await.expect("free");

        let broken = ticket.run(|| panic!("on purpose")).await;

        assert!(matches!(broken, Err::<(), _>(Busy { .. })));
        assert_eq!(ticket.run(|| 7).await, Ok(7));
    }

    #[tokio::test]
    async fn every_job_is_done_and_no_more_tickets_are_out_than_threads_and_one() {
        let lane = lane(2, 100);
        let out = AtomicU64::new(0);
        let try_it = || async {
            let ticket = lane.enter().await.expect("room");
            assert!(out.fetch_add(1, Ordering::SeqCst) < 3);
            let result = ticket.run(|| 1).await.expect("a result");
            out.fetch_sub(1, Ordering::SeqCst);
            result
        };

        let results: Vec<i32> = join_all((0..50).map(|_| try_it())).await;

        assert_eq!(results.iter().sum::<i32>(), 50);
        assert_eq!(lane.finished(), 50);
    }
}
