//! The way of a line from whoever logs to standard error: a bounded queue and one thread.
//!
//! Nobody who logs ever waits. If what reads our standard error stalls, lines pile up to
//! a bound and are dropped and counted beyond it; when it moves again, their number
//! is told (security.md LG-08).

use std::collections::VecDeque;
use std::io::{self, Write};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// How much waits to be written at most, in bytes; as much again may be on its way.
const MAX_BYTES: usize = 4 << 20;

/// Where lines are put; cheap to clone.
#[derive(Clone)]
pub struct Pipe(Arc<Shared>);

struct Shared {
    state: Mutex<State>,
    /// Something was put in.
    arrived: Condvar,
    /// Everything was written.
    emptied: Condvar,
}

#[derive(Default)]
struct State {
    lines: VecDeque<Vec<u8>>,
    bytes: usize,
    dropped: u64,
    is_writing: bool,
}

impl Pipe {
    /// Starts the thread that writes to `sink`; `tell` is called with the number of dropped lines once it moves again.
    ///
    /// # Errors
    ///
    /// The system's, if it refuses a thread.
    pub fn start(sink: impl Write + Send + 'static, tell: impl Fn(u64) + Send + 'static) -> io::Result<Self> {
        let shared = Arc::new(Shared { state: Mutex::default(), arrived: Condvar::new(), emptied: Condvar::new() });
        let pipe = Self(Arc::clone(&shared));
        std::thread::Builder::new().name("genkan-log".to_owned()).spawn(move || shared.write_to(sink, tell))?;
        Ok(pipe)
    }

    /// Puts a line in, or drops it; tells whether it was put in.
    pub fn put(&self, line: &[u8]) -> bool {
        let mut state = self.0.lock();
        let has_room = state.bytes + line.len() <= MAX_BYTES;
        if has_room {
            state.bytes += line.len();
            state.lines.push_back(line.to_vec());
            self.0.arrived.notify_one();
        } else {
            state.dropped += 1;
        }
        has_room
    }

    /// Waits until everything is written, but not longer than that; tells whether it is.
    pub fn flush(&self, patience: Duration) -> bool {
        let state = self.0.lock();
        let is_busy = |state: &mut State| state.is_writing || !state.lines.is_empty() || state.dropped > 0;
        let waited = self.0.emptied.wait_timeout_while(state, patience, is_busy);
        !waited.unwrap_or_else(PoisonError::into_inner).1.timed_out()
    }
}

impl Shared {
    /// The queue stays whole even if somebody panicked over it.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes whatever comes, for as long as the process lives.
    fn write_to(&self, mut sink: impl Write, tell: impl Fn(u64)) {
        loop {
            let lines = self.take();
            for line in lines {
                // A reader that has gone away is no reason to end: another may come.
                drop(sink.write_all(&line));
            }
            drop(sink.flush());
            let mut state = self.lock();
            state.is_writing = false;
            let dropped = std::mem::take(&mut state.dropped);
            if dropped == 0 && state.lines.is_empty() {
                self.emptied.notify_all();
            }
            drop(state);
            if dropped > 0 {
                // Goes through the queue like any other line, so the lock must not be held.
                tell(dropped);
            }
        }
    }

    /// Waits for lines and takes them all.
    fn take(&self) -> VecDeque<Vec<u8>> {
        let is_idle = |state: &mut State| state.lines.is_empty();
        let mut state = self.arrived.wait_while(self.lock(), is_idle).unwrap_or_else(PoisonError::into_inner);
        (state.bytes, state.is_writing) = (0, true);
        std::mem::take(&mut state.lines)
    }
}

/// A [`Pipe`] as what a logger writes to: one write is one line.
pub struct Intake {
    /// The pipe.
    pub pipe: Pipe,
    /// Called for each line that is dropped.
    pub on_drop: fn(),
}

impl Write for Intake {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        if !self.pipe.put(line) {
            (self.on_drop)();
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;
    use std::sync::mpsc;
    use std::time::Instant;

    use super::*;

    #[test]
    fn lg_08_nobody_waits_for_a_pipe_that_nobody_reads_and_what_was_dropped_is_told() {
        let (mut reader, writer) = io::pipe().expect("a pipe");
        let (sender, told) = mpsc::channel();
        let pipe = Pipe::start(writer, move |lines| sender.send(lines).expect("somebody listens")).expect("a thread");
        let line = [b'x'; 1024];

        let started = Instant::now();
        let put = (0..20_000).filter(|_| pipe.put(&line)).count();
        assert!(started.elapsed() < Duration::from_secs(2), "{:?}", started.elapsed());
        assert!(!pipe.flush(Duration::from_millis(10)), "it stalls");

        let mut read = vec![0; put * line.len()];
        reader.read_exact(&mut read).expect("what was put in comes out");
        let dropped = told.recv_timeout(Duration::from_secs(10)).expect("the number of dropped lines");
        assert_eq!(usize::try_from(dropped).expect("a number") + put, 20_000);
        assert!((MAX_BYTES / 1024..20_000).contains(&put), "{put}");
    }

    #[test]
    fn lines_come_out_in_their_order_and_flushing_waits_for_the_last() {
        let (mut reader, writer) = io::pipe().expect("a pipe");
        let pipe = Pipe::start(writer, |_| {}).expect("a thread");
        for number in 0..100 {
            pipe.put(format!("{number}\n").as_bytes());
        }

        assert!(pipe.flush(Duration::from_secs(10)));
        let mut read = vec![0; 290];
        reader.read_exact(&mut read).expect("every line");
        let lines: Vec<_> = String::from_utf8_lossy(&read).lines().map(str::to_owned).collect();
        assert!(lines.iter().enumerate().all(|(number, line)| *line == number.to_string()), "{lines:?}");
    }

    #[test]
    fn lg_08_a_reader_that_goes_away_ends_nothing() {
        let (reader, writer) = io::pipe().expect("a pipe");
        let pipe = Pipe::start(writer, |_| {}).expect("a thread");
        drop(reader);

        for _ in 0..10 {
            assert!(pipe.put(b"line\n"));
            assert!(pipe.flush(Duration::from_secs(10)));
        }
    }
}
