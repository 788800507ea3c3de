//! How fast the front door is, as ratios against a floor in one and the same run.
//!
//! `cargo bench --bench front_door` starts genkan and a bare actix-web server (the
//! floor), asks both in turns, and prints a Markdown table with the medians of five
//! rounds. Everything runs on loopback, bounded in count and time.

mod client;
mod floor;
mod password;
mod process;
mod table;

use std::time::Duration;

use client::{Load, Request};
use process::{Floor, Genkan};
use table::{Row, median, print};

/// How often each measurement is taken, in turns.
const ROUNDS: usize = 5;
/// How long one round asks, in seconds.
const ROUND: Duration = Duration::from_secs(2);
/// How many connections ask at once.
const CONNECTIONS: usize = 32;

fn main() {
    match std::env::args().nth(1).as_deref() {
        Some("floor") => floor::serve(),
        _ => tokio::runtime::Runtime::new().expect("a runtime").block_on(measure()),
    }
}

async fn measure() {
    let floor = Floor::start().await;
    let genkan = Genkan::start("[throttle]\nper_account = 1000000\nper_address = 1000000\n").await;
    let mut rows = vec![Row::note("binary, stripped", format!("{:.1} MiB", process::binary_mib()), "≤ 25 MiB")];
    rows.extend(process::start_times().await);
    rows.push(Row::note("memory, idle", format!("{:.1} MiB", genkan.memory_mib()), "≤ 15 MiB"));
    rows.push(sign_in_page(&floor, &genkan).await);
    rows.push(me(&floor, &genkan).await);
    rows.extend(password::measure(&genkan).await);
    rows.push(Row::note("memory, after the load", format!("{:.1} MiB", genkan.memory_mib()), "≤ 100 MiB"));
    print(&rows);
}

/// GET `/login` against an askama page of the same size on the floor.
async fn sign_in_page(floor: &Floor, genkan: &Genkan) -> Row {
    let theirs = Request::get(floor.address, "/login", "");
    let ours = Request::get(genkan.address, "/login", "");
    in_turns("GET /login", "≥ 0.5 of the floor's page", theirs, ours).await
}

/// GET `/api/me` with the cookie against a handler that checks a JWT and reads no store.
async fn me(floor: &Floor, genkan: &Genkan) -> Row {
    let cookie = genkan.register("me").await;
    let theirs = Request::get(floor.address, "/api/me", &floor::cookie());
    let ours = Request::get(genkan.address, "/api/me", &cookie);
    in_turns("GET /api/me", "≥ 0.7 of the floor's", theirs, ours).await
}

async fn in_turns(what: &str, mark: &str, floor: Request, ours: Request) -> Row {
    let (mut floors, mut rates) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        floors.push(Load::run(&floor, CONNECTIONS, ROUND).await.rate());
        rates.push(Load::run(&ours, CONNECTIONS, ROUND).await.rate());
    }
    Row::ratio(what, median(rates), median(floors), mark)
}
