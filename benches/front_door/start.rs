//! The program itself: its size, and how long it takes to start.

use std::time::Instant;

use tempfile::TempDir;

use super::process::{end, spawn, wait_for};
use super::table::{Row, median};

/// Measures the time from the start of the process to the first answer of `/login`.
pub async fn start_times() -> Vec<Row> {
    let (mut empty, mut existing) = (Vec::new(), Vec::new());
    for _ in 0..5 {
        let folder = TempDir::new().expect("a temporary folder");
        for times in [&mut empty, &mut existing] {
            let started = Instant::now();
            let (mut child, address) = spawn(folder.path(), "");
            wait_for(address, "/login").await;
            times.push(started.elapsed().as_secs_f64() * 1000.0);
            end(&mut child);
        }
    }
    vec![
        Row::note("start to first answer, empty SQLite", format!("{:.0} ms", median(empty)), "≤ 250 ms"),
        Row::note("start to first answer, existing database", format!("{:.0} ms", median(existing)), "≤ 50 ms"),
    ]
}

/// Returns the size of the program, in MiB.
#[expect(clippy::cast_precision_loss, reason = "a program is smaller than 2^52 bytes")]
pub fn binary_mib() -> f64 {
    std::fs::metadata(env!("CARGO_BIN_EXE_genkan")).map_or(0.0, |file| file.len() as f64 / 1024.0 / 1024.0)
}
