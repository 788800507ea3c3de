//! The password way: sign-ins against the machine's own bcrypt rate, and what a storm
//! of them does to everybody else.

use std::thread;
use std::time::{Duration, Instant};

use thread_priority::ThreadPriority;
use thread_priority::unix::{NormalThreadSchedulePolicy, ThreadSchedulePolicy, set_thread_priority_and_policy, thread_native_id};

use super::client::{Connection, Load, Request};
use super::process::{self, Genkan, PASSWORD};
use super::table::{Cost, Row, median};

/// How many clients storm the sign-in.
const CLIENTS: usize = 64;
/// How many sign-ins genkan lets wait, unless it is configured otherwise.
const QUEUE: usize = 128;
/// How long a round storms, in seconds.
const ROUND: Duration = Duration::from_secs(8);
const ROUNDS: usize = 3;

/// Measures rate, the others' p99 and how soon a full queue says so.
pub async fn measure(genkan: &Genkan) -> Vec<Row> {
    genkan.register("storm").await;
    let storm = sign_in(genkan).await;
    let (mut bare, mut ours, mut calm, mut stormy) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        bare.push(tokio::task::spawn_blocking(bcrypt_cost).await.expect("bcrypt runs"));
        calm.push(page_p99(genkan, ROUND / 4).await);
        let before = genkan.cpu_seconds();
        let requests = vec![storm.clone(); CLIENTS];
        let (load, p99) = tokio::join!(Load::run_each(&requests, ROUND), page_p99(genkan, ROUND));
        ours.push(load.cost(before, genkan.cpu_seconds()));
        stormy.push(p99);
    }
    let mut rows = vec![
        Row::ratio("password sign-ins", &ours, &bare, "≥ 0.97 of the bcrypt rate"),
        Row::note("p99 of GET /login, calm", format!("{:.2} ms", median(calm)), ""),
        Row::note("p99 of GET /login, 64 clients storming", format!("{:.2} ms", median(stormy)), "≤ 2 ms"),
    ];
    rows.push(full_queue(genkan, &storm).await);
    rows
}

/// A few more clients than the queue takes: the rest is told at once.
async fn full_queue(genkan: &Genkan, storm: &Request) -> Row {
    let load = Load::run_each(&vec![storm.clone(); QUEUE + 32], Duration::from_secs(2)).await;
    assert!(load.count(|status| status == 503) > 0.0, "the queue of {} never filled", genkan.address);
    Row::note("queue full: p99 until 503", format!("{:.1} ms", load.p99_ms(|status| status == 503)), "≤ 10 ms")
}

/// Makes the request of somebody who signs in with the form.
async fn sign_in(genkan: &Genkan) -> Request {
    let page = genkan.ask(&Request::get(genkan.address, "/login", "")).await;
    let body = format!("identifier=storm&password={}&csrf_token={}", PASSWORD.replace(' ', "+"), page.csrf_token());
    Request::form(genkan.address, "/login", &genkan.origin(), &page.cookies(), &body)
}

/// Asks for the sign-in page two hundred times a second, as people do, and returns the p99 in milliseconds.
async fn page_p99(genkan: &Genkan, time: Duration) -> f64 {
    let request = Request::get(genkan.address, "/login", "");
    let mut load = Load::default();
    let mut connection = Connection::open(genkan.address).await.expect("genkan listens");
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

/// Measures how many hashes of cost 12 this machine checks in a second, on all cores,
/// at the priority that genkan's own threads have: what else runs here delays both alike.
fn bcrypt_cost() -> Cost {
    let hash = bcrypt::hash("floor", 12).expect("a hash");
    let (started, cpu_before) = (Instant::now(), process::own_cpu_seconds());
    let check = || {
        let policy = ThreadSchedulePolicy::Normal(NormalThreadSchedulePolicy::Idle);
        set_thread_priority_and_policy(thread_native_id(), ThreadPriority::Min, policy).expect("everybody may step back");
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
    let cpu_us = (process::own_cpu_seconds() - cpu_before) * 1e6 / f64::from(total);
    Cost { rate: f64::from(total) / started.elapsed().as_secs_f64(), cpu_us }
}
