//! What a running lab remembers: requests, codes, tokens, counters and scripts.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::LabClient;
use super::answer::Answer;
use super::application::{Application, Trip};
use super::authorize::Authorization;
use super::case::Case;
use super::keys::{Keyring, random_token};
use super::log_line::LogLine;
use super::mailbox::Mailbox;
use super::people::Person;

/// How long a code can be exchanged, in seconds.
pub(super) const CODE_SECS: i64 = 60;
/// How long an access token and an ID Token are good for, in seconds.
pub(super) const TOKEN_SECS: i64 = 3600;
/// How long discovery and keys are struck by a case, in seconds.
pub(super) const STRIKE_SECS: i64 = 60;
/// How many unanswered pages, codes or tokens are kept; then the oldest gives way.
const MAX_ENTRIES: usize = 10_000;

/// An endpoint that is counted and can be made to fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Endpoint {
    /// `/.well-known/openid-configuration`.
    Discovery,
    /// `/jwks`.
    Jwks,
    /// `/authorize`.
    Authorize,
    /// `/token`.
    Token,
    /// `/userinfo`.
    Userinfo,
    /// `/api/user`, the profile of plain OAuth 2.0.
    Profile,
    /// `/api/user/emails`, the addresses that it leaves out.
    Emails,
}

impl Endpoint {
    /// Every endpoint.
    pub const ALL: [Self; 7] = [Self::Discovery, Self::Jwks, Self::Authorize, Self::Token, Self::Userinfo, Self::Profile, Self::Emails];

    /// Returns the name in [`super::Lab::requests`].
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Discovery => "discovery",
            Self::Jwks => "jwks",
            Self::Authorize => "authorize",
            Self::Token => "token",
            Self::Userinfo => "userinfo",
            Self::Profile => "profile",
            Self::Emails => "emails",
        }
    }

    /// Returns the path below the issuer.
    pub fn path(self) -> &'static str {
        match self {
            Self::Discovery => "/.well-known/openid-configuration",
            Self::Jwks => "/jwks",
            Self::Authorize => "/authorize",
            Self::Token => "/token",
            Self::Userinfo => "/userinfo",
            Self::Profile => "/api/user",
            Self::Emails => "/api/user/emails",
        }
    }

    /// Finds an endpoint by its name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|endpoint| endpoint.as_str() == name)
    }

    /// Finds an endpoint by its path.
    pub(super) fn from_path(path: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|endpoint| endpoint.path() == path)
    }
}

/// What a code stands for (RFC 6749 §4.1.2).
#[derive(Clone)]
pub(super) struct Grant {
    pub(super) authorization: Authorization,
    pub(super) person: Person,
    pub(super) case: &'static Case,
    pub(super) issued_at: i64,
    pub(super) is_spent: bool,
}

/// What an access token stands for.
#[derive(Clone)]
pub(super) struct AccessToken {
    pub(super) code: String,
    pub(super) grant: Grant,
    pub(super) issued_at: i64,
}

/// Returns the lines of somebody's log, newest first.
pub(super) type LogSource = Arc<dyn Fn() -> Vec<LogLine> + Send + Sync>;

/// An endpoint that answers as a case wants, until this second.
pub(super) struct MetadataStrike {
    pub(super) endpoint: Endpoint,
    pub(super) answer: Answer,
    pub(super) ends_at: i64,
}

/// What all of a lab's threads share.
pub(super) struct Shared {
    pub(super) issuer: String,
    pub(super) clients: Vec<LabClient>,
    pub(super) keys: Keyring,
    memory: Mutex<Memory>,
}

/// What changes while a lab runs.
pub(super) struct Memory {
    pub(super) clock: Arc<dyn Fn() -> i64 + Send + Sync>,
    pub(super) stall: Duration,
    pub(super) script: VecDeque<&'static Case>,
    pub(super) person: Person,
    pub(super) answers: BTreeMap<Endpoint, Answer>,
    /// What the case that was chosen last does to discovery or keys.
    pub(super) strike: Option<MetadataStrike>,
    /// Where the first page's log lines come from.
    pub(super) log: Option<LogSource>,
    /// Where everybody's letters go.
    pub(super) mailbox: Option<Mailbox>,
    /// Whom the application of the lab signs people in with.
    pub(super) application: Option<Application>,
    /// Tries to sign in to that application.
    pub(super) trips: Entries<Trip>,
    pub(super) requests: BTreeMap<Endpoint, usize>,
    pub(super) codes_sent: BTreeMap<String, usize>,
    /// Pages that wait for a choice.
    pub(super) pending: Entries<Authorization>,
    pub(super) grants: Entries<Grant>,
    pub(super) tokens: Entries<AccessToken>,
}

impl Shared {
    pub(super) fn new(issuer: String, clients: Vec<LabClient>) -> Self {
        let memory = Memory {
            clock: Arc::new(system_clock),
            stall: Duration::from_secs(30),
            script: VecDeque::new(),
            person: Person::all().next().unwrap_or_else(|| Person::new("lab-somebody")),
            answers: BTreeMap::new(),
            strike: None,
            log: None,
            mailbox: None,
            application: None,
            trips: Entries::default(),
            requests: BTreeMap::new(),
            codes_sent: BTreeMap::new(),
            pending: Entries::default(),
            grants: Entries::default(),
            tokens: Entries::default(),
        };
        Self { issuer, clients, keys: Keyring::new(), memory: Mutex::new(memory) }
    }

    /// Takes the memory; a panic of somebody who held it does not stop the lab.
    pub(super) fn lock(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the time in seconds since the Unix epoch.
    pub(super) fn now(&self) -> i64 {
        let clock = Arc::clone(&self.lock().clock);
        clock()
    }

    /// Finds a client.
    pub(super) fn client(&self, client_id: &str) -> Option<&LabClient> {
        self.clients.iter().find(|client| client.client_id == client_id)
    }
}

impl Memory {
    /// Returns what a case wants an endpoint to answer at this time.
    pub(super) fn struck(&self, endpoint: Endpoint, now: i64) -> Option<Answer> {
        let strike = self.strike.as_ref().filter(|strike| strike.endpoint == endpoint && now < strike.ends_at);
        strike.map(|strike| strike.answer.clone())
    }
}

/// A bounded table with unguessable keys.
pub(super) struct Entries<T> {
    order: VecDeque<String>,
    entries: BTreeMap<String, T>,
}

impl<T> Default for Entries<T> {
    fn default() -> Self {
        Self { order: VecDeque::new(), entries: BTreeMap::new() }
    }
}

impl<T> Entries<T> {
    /// Keeps a value and returns its new key.
    pub(super) fn insert(&mut self, value: T) -> String {
        let key = random_token(32);
        self.order.push_back(key.clone());
        self.entries.insert(key.clone(), value);
        if self.order.len() > MAX_ENTRIES
            && let Some(oldest) = self.order.pop_front()
        {
            self.entries.remove(&oldest);
        }
        key
    }

    /// Finds a value.
    pub(super) fn get_mut(&mut self, key: &str) -> Option<&mut T> {
        self.entries.get_mut(key)
    }

    /// Drops the values that a rule does not keep.
    pub(super) fn retain(&mut self, mut keep: impl FnMut(&T) -> bool) {
        self.entries.retain(|_, value| keep(value));
    }
}

/// Reads the system's clock.
#[expect(clippy::disallowed_methods, reason = "the lab uses nothing of ours, hence not our clock either")]
fn system_clock() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}
