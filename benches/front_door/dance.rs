//! The whole dance with a provider: sign-in page, away, back, signed in.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use genkan::lab::{Lab, LabClient, LabConfig, RedirectUris, SigningAlgorithm};

use super::client::{Connection, Request, Response};
use super::process::Genkan;
use super::table::{Row, median};

/// How many people sign in at once.
const PEOPLE: usize = 8;
/// How long a round lasts.
const ROUND: Duration = Duration::from_secs(2);
const ROUNDS: usize = 3;

/// How often recording is measured, on and off in turns: it is a small difference.
const RECORDING_ROUNDS: usize = 9;

/// Measures dances with the lab, which runs in this process: genkan's processor time is its own.
pub async fn measure() -> Row {
    let lab = start_lab();
    let genkan = start_genkan(&lab, "").await;
    let (mut rates, mut costs) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let (rate, cost) = round(&genkan, &lab).await;
        rates.push(rate);
        costs.push(cost);
    }
    let measured = format!("{:.2} ms of our CPU ({:.0} a second beside the provider)", median(costs), median(rates));
    Row::note("sign-in with a provider, whole dance", measured, "≤ 1.5 ms")
}

/// Measures the same dances with the failure record and without it, in turns.
pub async fn measure_recording() -> Row {
    let lab = start_lab();
    let on = start_genkan(&lab, "").await;
    let off = start_genkan(&lab, "[ops]\nfailure_retention_days = 0\n").await;
    let (mut with, mut without) = (Vec::new(), Vec::new());
    for _ in 0..RECORDING_ROUNDS {
        with.push(round(&on, &lab).await);
        without.push(round(&off, &lab).await);
    }
    let [on, off] = [with, without].map(|rounds| {
        let (rates, costs): (Vec<_>, Vec<_>) = rounds.into_iter().unzip();
        (median(rates), median(costs))
    });
    let measured = format!(
        "{:.3} of the throughput without it ({:.0} against {:.0} a second); CPU {:.2} against {:.2} ms",
        on.0 / off.0,
        on.0,
        off.0,
        on.1,
        off.1
    );
    Row::note("sign-in with a provider, recorded", measured, "≥ 0.98")
}

fn start_lab() -> Lab {
    let client = LabClient { client_id: "bench".to_owned(), client_secret: "of no worth".to_owned(), redirect_uris: RedirectUris::Any };
    let lab = Lab::start(LabConfig { listen: SocketAddr::from(([127, 0, 0, 1], 0)), clients: vec![client] }).expect("the lab starts");
    lab.set_signing_algorithm(SigningAlgorithm::Es256);
    lab
}

/// Starts genkan with the lab; the first dance makes the user and fetches the provider's keys.
async fn start_genkan(lab: &Lab, settings: &str) -> Genkan {
    let provider = "[[providers]]\nid = \"lab\"\npreset = \"lab\"\nclient_id = \"bench\"\nclient_secret = \"of no worth\"\n";
    let genkan = Genkan::start(&format!("{settings}{provider}issuer = \"{}\"\n", lab.issuer())).await;
    Browser::new(&genkan, lab).await.dance().await;
    genkan
}

/// Returns dances per second and genkan's processor time for one, in milliseconds.
async fn round(genkan: &Genkan, lab: &Lab) -> (f64, f64) {
    let (started, cpu_before) = (Instant::now(), genkan.cpu_seconds());
    let mut people = Vec::new();
    for _ in 0..PEOPLE {
        people.push(tokio::spawn(dance_on(Browser::new(genkan, lab).await, started + ROUND)));
    }
    let mut count = 0.0;
    for person in people {
        count += person.await.expect("everybody is signed in");
    }
    (count / started.elapsed().as_secs_f64(), (genkan.cpu_seconds() - cpu_before) * 1e3 / count)
}

async fn dance_on(mut browser: Browser, deadline: Instant) -> f64 {
    let mut count = 0.0;
    while Instant::now() < deadline {
        browser.dance().await;
        count += 1.0;
    }
    count
}

/// One person's browser, with a connection to each side.
struct Browser {
    genkan: Connection,
    lab: Connection,
    addresses: [SocketAddr; 2],
    origin: String,
    cookies: BTreeMap<String, String>,
}

impl Browser {
    async fn new(genkan: &Genkan, lab: &Lab) -> Self {
        let addresses = [genkan.address, SocketAddr::from(([127, 0, 0, 1], lab.port()))];
        let [ours, theirs] = [Connection::open(addresses[0]).await, Connection::open(addresses[1]).await];
        Self {
            genkan: ours.expect("genkan listens"),
            lab: theirs.expect("the lab listens"),
            addresses,
            origin: genkan.origin(),
            cookies: BTreeMap::new(),
        }
    }

    /// Signs in with the provider, as somebody new to this browser.
    async fn dance(&mut self) {
        self.cookies.clear();
        let page = self.get("/login").await;
        let body = format!("csrf_token={}&purpose=sign_in", page.csrf_token());
        let start = self.ask(Request::form(self.addresses[0], "/auth/lab", &self.origin, &self.cookie_header(), &body)).await;
        let request = Request::get(self.addresses[1], &format!("{}&lab_case=approve", path(start.location())), "");
        let approval = self.lab.send(&request).await.expect("the lab answers");
        self.get(path(approval.location())).await;
        assert!(self.cookies.contains_key("jwt"), "the dance did not end with a sign-in");
    }

    async fn get(&mut self, path: &str) -> Response {
        self.ask(Request::get(self.addresses[0], path, &self.cookie_header())).await
    }

    async fn ask(&mut self, request: Request) -> Response {
        let response = self.genkan.send(&request).await.expect("genkan answers");
        for pair in response.cookies().split("; ") {
            if let Some((name, value)) = pair.split_once('=') {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        response
    }

    fn cookie_header(&self) -> String {
        self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
    }
}

/// Returns path and query of an address.
fn path(url: &str) -> &str {
    url.match_indices('/').nth(2).map_or("/", |(at, _)| &url[at..])
}
