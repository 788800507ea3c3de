//! How fast the front door is, as ratios against a floor in one and the same run.
//!
//! `cargo bench --bench front_door` starts genkan and a bare actix-web server (the
//! floor), asks both in turns, and prints a Markdown table with the medians of five
//! rounds. Everything runs on loopback, bounded in count and time. With `-- recorded`
//! it measures only what the failure record costs.
//! `docs/performance.md` says what each line means and keeps the last table.

#[path = "../common/client.rs"]
#[allow(dead_code, reason = "the other bench uses the rest")]
mod client;
mod dance;
#[path = "../common/floor.rs"]
mod floor;
mod password;
#[path = "../common/process.rs"]
#[allow(dead_code, reason = "the other bench uses the rest")]
mod process;
mod start;
#[path = "../common/table.rs"]
mod table;

use std::time::Duration;

use client::{Connection, Load, Request};
use process::{Floor, Genkan};
use table::{Cost, Row, print};

/// How often each measurement is taken, in turns.
const ROUNDS: usize = 5;
/// How long one round asks, in seconds.
const ROUND: Duration = Duration::from_secs(2);
/// How many connections ask at once.
const CONNECTIONS: usize = 32;
/// How many connections are kept without asking anything; needs twice as many open files (`ulimit -n`).
const IDLE_CONNECTIONS: usize = 10_000;

fn main() {
    match std::env::args().nth(1).as_deref() {
        Some("floor") => floor::serve(),
        Some("recorded") => {
            let row = tokio::runtime::Runtime::new().expect("a runtime").block_on(dance::measure_recording());
            print(&[row]);
        }
        _ => tokio::runtime::Runtime::new().expect("a runtime").block_on(measure()),
    }
}

async fn measure() {
    let before = process::load_average();
    let floor = Floor::start().await;
    let genkan = Genkan::start("[throttle]\nper_account = 1000000\nper_address = 1000000\n").await;
    let mut rows = vec![Row::note("binary, stripped", format!("{:.1} MiB", start::binary_mib()), "≤ 25 MiB")];
    rows.extend(start::start_times().await);
    rows.push(Row::note("memory, idle", format!("{:.1} MiB", genkan.memory_mib("VmRSS")), "≤ 15 MiB"));
    rows.push(sign_in_page(&floor, &genkan).await);
    rows.push(me(&floor, &genkan).await);
    rows.extend(password::measure(&genkan).await);
    rows.push(Row::note("memory, at most so far", format!("{:.1} MiB", genkan.memory_mib("VmHWM")), "≤ 100 MiB"));
    rows.push(idle_connections(&genkan).await);
    rows.push(dance::measure().await);
    rows.push(dance::measure_recording().await);
    print(&rows);
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    println!("\n{cores} cores; load average {before} before, {} after.", process::load_average());
}

/// GET `/login` against an askama page of the same size on the floor.
async fn sign_in_page(floor: &Floor, genkan: &Genkan) -> Row {
    in_turns(
        "GET /login",
        "≥ 0.5 of the floor's page",
        (floor, Request::get(floor.address, "/login", "")),
        (genkan, Request::get(genkan.address, "/login", "")),
    )
    .await
}

/// GET `/api/me` with the cookie against a handler that checks a JWT and reads no store.
async fn me(floor: &Floor, genkan: &Genkan) -> Row {
    let cookie = genkan.register("me").await;
    in_turns(
        "GET /api/me",
        "≥ 0.7 of the floor's",
        (floor, Request::get(floor.address, "/api/me", &floor::cookie())),
        (genkan, Request::get(genkan.address, "/api/me", &cookie)),
    )
    .await
}

async fn in_turns(what: &str, mark: &str, floor: (&Floor, Request), genkan: (&Genkan, Request)) -> Row {
    let (mut floors, mut ours) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        floors.push(round(|| floor.0.cpu_seconds(), &floor.1).await);
        ours.push(round(|| genkan.0.cpu_seconds(), &genkan.1).await);
    }
    Row::ratio(what, &ours, &floors, mark)
}

async fn round(cpu_seconds: impl Fn() -> f64, request: &Request) -> Cost {
    let before = cpu_seconds();
    let load = Load::run(request, CONNECTIONS, ROUND).await;
    load.cost(before, cpu_seconds())
}

/// Memory while many browsers keep their connection after a page and others ask on.
async fn idle_connections(genkan: &Genkan) -> Row {
    let page = Request::get(genkan.address, "/login", "");
    let mut kept = Vec::new();
    while kept.len() < IDLE_CONNECTIONS {
        // Where a process may open fewer files, the table says how many there were.
        let Ok(mut connection) = Connection::open(genkan.address).await else { break };
        let Ok(Ok(_)) = tokio::time::timeout(ROUND, connection.send(&page)).await else { break };
        kept.push(connection.keep());
    }
    Load::run(&page, CONNECTIONS, ROUND).await;
    let memory = genkan.memory_mib("VmRSS");
    Row::note(&format!("memory, {} idle connections and load", kept.len()), format!("{memory:.1} MiB"), "≤ 100 MiB")
}
