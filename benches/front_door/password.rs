//! The password way: sign-ins against the machine's own bcrypt rate, and what a storm
//! of them does to everybody else.

use std::thread;
use std::time::{Duration, Instant};

use super::client::{Load, Request};
use super::process::{Genkan, PASSWORD};
use super::table::{Row, median};

/// How many clients storm the sign-in.
const CLIENTS: usize = 64;
/// How long a round storms, in seconds.
const ROUND: Duration = Duration::from_secs(8);
const ROUNDS: usize = 3;

/// Measures rate, the others' p99 and how soon a full queue says so.
pub async fn measure(genkan: &Genkan) -> Vec<Row> {
    genkan.register("storm").await;
    let storm = sign_in(genkan).await;
    let (mut pure, mut ours, mut calm, mut p99) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        pure.push(tokio::task::spawn_blocking(bcrypt_rate).await.expect("bcrypt runs"));
        calm.push(page_p99(genkan, ROUND / 4).await);
        let requests = vec![storm.clone(); CLIENTS];
        let (load, others) = tokio::join!(Load::run_each(&requests, ROUND), page_p99(genkan, ROUND));
        ours.push(load.rate());
        p99.push(others);
    }
    let mut rows = vec![
        Row::ratio("password sign-ins", median(ours), median(pure), "≥ 0.97 of the bcrypt rate"),
        Row::note("p99 of GET /login, calm", format!("{:.2} ms", median(calm)), ""),
        Row::note("p99 of GET /login, 64 clients storming", format!("{:.2} ms", median(p99)), "≤ 2 ms"),
    ];
    rows.push(full_queue(genkan, &storm).await);
    rows
}

/// Three times more clients than the queue takes: the rest is told at once.
async fn full_queue(genkan: &Genkan, storm: &Request) -> Row {
    let load = Load::run_each(&vec![storm.clone(); 3 * 128], Duration::from_secs(2)).await;
    assert!(load.count(|status| status == 503) > 0.0, "the queue of {} never filled", genkan.address);
    Row::note("queue full: p99 until 503", format!("{:.1} ms", load.p99_ms(|status| status == 503)), "≤ 10 ms")
}

/// Makes the request of somebody who signs in with the form.
async fn sign_in(genkan: &Genkan) -> Request {
    let page = genkan.ask(&Request::get(genkan.address, "/login", "")).await;
    let token = page
        .body
        .split("name=\"csrf_token\"")
        .nth(1)
        .and_then(|rest| rest.split("value=\"").nth(1))
        .and_then(|rest| rest.split('"').next());
    let token = token.expect("the form has a token");
    let headers =
        format!("Content-Type: application/x-www-form-urlencoded\r\nOrigin: {}\r\nCookie: {}\r\n", genkan.origin(), page.cookies());
    let body = format!("identifier=storm&password={}&csrf_token={token}", PASSWORD.replace(' ', "+"));
    Request::post(genkan.address, "/login", &headers, &body)
}

/// Asks for the sign-in page two hundred times a second, as people do, and returns the p99 in milliseconds.
async fn page_p99(genkan: &Genkan, time: Duration) -> f64 {
    let request = Request::get(genkan.address, "/login", "");
    let mut load = Load::default();
    let mut connection = super::client::Connection::open(genkan.address).await.expect("genkan listens");
    let deadline = Instant::now() + time;
    let mut tick = tokio::time::interval(Duration::from_millis(5));
    while Instant::now() < deadline {
        tick.tick().await;
        let started = Instant::now();
        let response = connection.send(&request).await.expect("genkan answers");
        load.answers.push((started.elapsed(), response.status));
    }
    load.p99_ms(|status| status == 200)
}

/// Returns how many hashes of cost 12 this machine checks in a second, on all cores.
fn bcrypt_rate() -> f64 {
    let hash = bcrypt::hash("floor", 12).expect("a hash");
    let started = Instant::now();
    let check = || {
        let mut count = 0_u32;
        while started.elapsed() < ROUND / 2 {
            count += u32::from(bcrypt::verify("floor", &hash).expect("a hash that can be read"));
        }
        count
    };
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let total: u32 = thread::scope(|scope| {
        let threads: Vec<_> = (0..cores).map(|_| scope.spawn(check)).collect();
        threads.into_iter().map(|thread| thread.join().expect("bcrypt does not panic")).sum()
    });
    f64::from(total) / started.elapsed().as_secs_f64()
}
