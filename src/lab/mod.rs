//! The lab provider of `genkan demo` and of the tests: a stranger to the rest.
//!
//! An OpenID Connect and plain OAuth 2.0 provider with its own keys, people and clients that can,
//! at each step, do what real providers do on a bad day. It uses nothing of
//! ours, so that a misreading of the protocol is not made twice and cancelled out.
//!
//! | module | owns |
//! |---|---|
//! | `server` | listening, routes, counting, outages, discovery, keys, the pages' delivery |
//! | `authorize` | checks of the authorization request, and what the browser brings back |
//! | `consent` | the page on which somebody picks a person and a case |
//! | `token`, `id_token`, `userinfo`, `profile` | the endpoints that a client's server calls |
//! | [`case`] | the table of everything that can be made to happen |
//! | [`corpus`] | the same for the failures of real providers, read from data |
//! | [`application`] | an application that signs people in with the site, for looking at the site's own issuer |
//! | `mailbox` | a mail server that keeps every letter for a page |
//! | `log_line` | log lines that somebody lends it, for its page |
//! | `answer` | an endpoint's scripted answer, down to raw bytes |
//! | `state` | what is remembered: requests, codes, tokens, counters, scripts |
//! | `keys`, `people`, `form`, `language`, `pages` | signing keys, fictional people, forms, texts, templates |
//!
//! # Without the page
//!
//! A test can skip the page: `lab_case=NAME` (with `lab_person=NAME`, or `lab_sub`,
//! `lab_name`, `lab_email`, `lab_email_verified`) in the authorization request, or
//! [`Lab::script`] beforehand, makes `/authorize` answer with the redirect at once.

mod answer;
pub mod application;
mod authorize;
pub mod case;
mod consent;
pub mod corpus;
mod form;
mod id_token;
mod keys;
mod language;
mod log_line;
mod mailbox;
mod pages;
mod people;
mod profile;
mod server;
mod state;
mod token;
mod userinfo;

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use actix_web::dev::ServerHandle;

pub use answer::{Answer, Outage};
pub use case::{Case, Expectation};
pub use keys::SigningAlgorithm;
pub use log_line::LogLine;
pub use mailbox::LabLetter;
pub use people::{PEOPLE, Person};
pub use state::Endpoint;

/// What a lab is started with.
#[derive(Clone, Debug)]
pub struct LabConfig {
    /// Where it listens; port 0 takes a free one.
    pub listen: SocketAddr,
    /// Who may send people here.
    pub clients: Vec<LabClient>,
}

/// An application that the lab knows.
#[derive(Clone, Debug)]
pub struct LabClient {
    /// Its public name.
    pub client_id: String,
    /// Its secret, sent by `client_secret_basic` or `client_secret_post`.
    pub client_secret: String,
    /// Where it may be sent back to.
    pub redirect_uris: RedirectUris,
}

/// Where a client may be sent back to.
#[derive(Clone, Debug)]
pub enum RedirectUris {
    /// One of these, compared letter by letter (RFC 9700 §4.1.3).
    Exact(Vec<String>),
    /// Anywhere; for tests, whose ports are not known beforehand.
    Any,
}

/// A running lab provider; dropping it stops the server and closes every connection.
pub struct Lab {
    address: SocketAddr,
    shared: Arc<state::Shared>,
    handle: ServerHandle,
    thread: Option<JoinHandle<()>>,
}

impl Lab {
    /// Starts a lab on a thread of its own, which needs no runtime of the caller's.
    ///
    /// # Errors
    ///
    /// If the address cannot be listened on or the thread cannot be started.
    pub fn start(config: LabConfig) -> std::io::Result<Self> {
        let listener = TcpListener::bind(config.listen)?;
        let address = listener.local_addr()?;
        let shared = Arc::new(state::Shared::new(format!("http://{}", reachable(address)), config.clients));
        let (handle, thread) = server::spawn(listener, Arc::clone(&shared))?;
        Ok(Self { address, shared, handle, thread: Some(thread) })
    }

    /// Returns the issuer, which is also the address of the lab's own first page.
    pub fn issuer(&self) -> String {
        self.shared.issuer.clone()
    }

    /// Returns the port it listens on.
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// Stops the server; afterwards nobody listens on the port.
    pub fn stop(self) {
        drop(self);
    }

    /// Makes the next authorization that names no case end as `case`, without the page; calls queue up.
    ///
    /// # Panics
    ///
    /// If there is no case of that name: a test with a typing error must not pass.
    pub fn script(&self, case: &str) {
        let case = case::find(case).unwrap_or_else(|| panic!("the lab has no case {case:?}"));
        self.shared.lock().script.push_back(case);
    }

    /// Sets who signs in where neither page nor request says so; at first, the first of [`PEOPLE`].
    pub fn set_person(&self, person: Person) {
        self.shared.lock().person = person;
    }

    /// Breaks every endpoint that a client's server calls, or mends them all.
    pub fn set_outage(&self, outage: Option<Outage>) {
        for endpoint in Endpoint::ALL.into_iter().filter(|endpoint| *endpoint != Endpoint::Authorize) {
            self.set_answer(endpoint, outage.map(Answer::from));
        }
    }

    /// Makes one endpoint answer everything in this way, or as it should again.
    pub fn set_answer(&self, endpoint: Endpoint, answer: Option<Answer>) {
        let mut memory = self.shared.lock();
        match answer {
            Some(answer) => memory.answers.insert(endpoint, answer),
            None => memory.answers.remove(&endpoint),
        };
    }

    /// Sets how long a slow answer takes; 30 s at first, longer than clients wait.
    pub fn set_stall(&self, stall: Duration) {
        self.shared.lock().stall = stall;
    }

    /// Sets the clock, in seconds since the Unix epoch, for tests that hold theirs still.
    pub fn set_clock(&self, now: impl Fn() -> i64 + Send + Sync + 'static) {
        self.shared.lock().clock = Arc::new(now);
    }

    /// Lends the lab somebody's log lines, newest first, for its page `/log`; without it there is no such page.
    pub fn set_log(&self, lines: impl Fn() -> Vec<LogLine> + Send + Sync + 'static) {
        self.shared.lock().log = Some(Arc::new(lines));
    }

    /// Opens a mailbox for every letter that somebody sends to the address returned, shown at `/mail`; without it there is no such page.
    ///
    /// # Errors
    ///
    /// If no port of this machine is free.
    pub fn open_mailbox(&self) -> std::io::Result<SocketAddr> {
        let mailbox = mailbox::Mailbox::open()?;
        let address = mailbox.address;
        self.shared.lock().mailbox = Some(mailbox);
        Ok(address)
    }

    /// Gives the lab an application that people sign in to with a site, at `/app`; without it there is no such page.
    pub fn set_application(&self, application: application::Application) {
        self.shared.lock().application = Some(application);
    }

    /// Returns where the site sends answers to that application.
    pub fn application_callback(&self) -> String {
        format!("{}{}", self.shared.issuer, application::CALLBACK)
    }

    /// Sets how ID Tokens are signed from now on; RS256 at first.
    pub fn set_signing_algorithm(&self, algorithm: SigningAlgorithm) {
        self.shared.keys.select(algorithm);
    }

    /// Signs with a new key from now on; the one before stays published.
    pub fn rotate_keys(&self) {
        self.shared.keys.rotate();
    }

    /// Returns how many requests an endpoint (`discovery`, `jwks`, `authorize`, `token`, `userinfo`, `profile`, `emails`) has had.
    ///
    /// # Panics
    ///
    /// If there is no endpoint of that name: a test with a typing error must not pass.
    pub fn requests(&self, endpoint: &str) -> usize {
        let endpoint = Endpoint::from_name(endpoint).unwrap_or_else(|| panic!("the lab has no endpoint {endpoint:?}"));
        self.shared.lock().requests.get(&endpoint).copied().unwrap_or(0)
    }

    /// Returns how often each code reached the token endpoint, whatever was answered.
    pub fn codes_sent(&self) -> BTreeMap<String, usize> {
        self.shared.lock().codes_sent.clone()
    }
}

impl Drop for Lab {
    fn drop(&mut self) {
        // The command is sent by the call; what it returns only waits for the end, as the join does.
        drop(self.handle.stop(false));
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            log::debug!(target: "genkan::lab", "the lab's thread ended with a panic");
        }
    }
}

/// Returns the address at which a listener can be reached from this machine.
fn reachable(address: SocketAddr) -> SocketAddr {
    match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => SocketAddr::new(Ipv4Addr::LOCALHOST.into(), address.port()),
        IpAddr::V6(ip) if ip.is_unspecified() => SocketAddr::new(Ipv4Addr::LOCALHOST.into(), address.port()),
        _ => address,
    }
}
