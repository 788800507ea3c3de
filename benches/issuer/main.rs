//! How fast the issuer is: against a floor, and against npm `oidc-provider`, in one run.
//!
//! `cargo bench --bench issuer` starts genkan, a bare actix-web server (the floor) and
//! oidc-provider on as many processes as there are cores, asks them in turns from the
//! same clients, and prints a Markdown table with the medians of five rounds.
//! Without `node` or the packages of `tests/browser` there is nothing said of oidc-provider.
//! `docs/performance.md` says what each line means and keeps the last table.

#[path = "../common/client.rs"]
#[allow(dead_code, reason = "the other bench uses the rest")]
mod client;
mod codes;
mod documents;
#[path = "../common/floor.rs"]
mod floor;
mod house;
mod other;
#[path = "../common/process.rs"]
#[allow(dead_code, reason = "the other bench uses the rest")]
mod process;
mod questions;
mod side;
mod signing;
#[path = "../common/table.rs"]
#[allow(dead_code, reason = "the other bench uses the rest")]
mod table;
mod tokens;

use house::House;
use other::OidcProvider;
use process::Floor;

/// The parts that can be measured alone, as in `cargo bench --bench issuer -- tokens`.
const GROUPS: [&str; 4] = ["tokens", "codes", "questions", "documents"];

/// Everybody who takes part.
struct Parties {
    floor: Floor,
    genkan: House,
    other: Option<OidcProvider>,
}

fn main() {
    match std::env::args().nth(1).as_deref() {
        Some("floor") => floor::serve(),
        lines => tokio::runtime::Runtime::new().expect("a runtime").block_on(measure(lines.unwrap_or_default())),
    }
}

async fn measure(lines: &str) {
    let before = process::load_average();
    let parties = Parties { floor: Floor::start().await, genkan: House::start().await, other: OidcProvider::start() };
    let is_wanted = |group: &str| lines == group || !GROUPS.contains(&lines);
    let mut rows = Vec::new();
    if is_wanted("tokens") {
        rows.extend(tokens::measure(&parties).await);
    }
    if is_wanted("codes") {
        rows.extend(codes::measure(&parties).await);
    }
    if is_wanted("questions") {
        rows.extend(questions::measure(&parties).await);
    }
    if is_wanted("documents") {
        rows.extend(documents::measure(&parties).await);
    }
    table::print(&rows);
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    println!("\n{cores} cores; load average {before} before, {} after.", process::load_average());
}
