//! The way to a provider: every machine of it is visited once.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use url::Url;

use super::super::error::{Fault, ProviderError};
use super::super::http::Http;
use super::{CheckStep, Finding};

/// Which part of the time for a whole sign-in one answer may take without a warning.
const SHARE_OF_PATIENCE: u32 = 4;

/// What came of the visits, by origin.
#[derive(Default)]
pub(super) struct Reach(BTreeMap<String, Visit>);

struct Visit {
    is_https: bool,
    took: Duration,
    error: Option<ProviderError>,
}

impl Reach {
    /// Asks for the start page of a machine, unless it was visited; any answer is a good one.
    pub async fn visit(&mut self, http: &Http, url: &Url, deadline: Instant) {
        let origin = url.origin().ascii_serialization();
        if self.0.contains_key(&origin) {
            return;
        }
        let (started, mut start_page) = (Instant::now(), url.clone());
        start_page.set_path("/");
        start_page.set_query(None);
        // What breaks after a status has come is no matter of the way.
        let error = http.probe(&start_page, deadline).await.err().filter(|error| error.http_status.is_none());
        self.0.insert(origin, Visit { is_https: url.scheme() == "https", took: started.elapsed(), error });
    }

    /// Tells whether a machine was visited and answered.
    pub fn is_open(&self, url: &Url) -> bool {
        self.0.get(&url.origin().ascii_serialization()).is_some_and(|visit| visit.error.is_none())
    }

    /// Says what came of it; `patience` is the time that a whole sign-in may take.
    pub fn into_steps(self, patience: Duration) -> Vec<CheckStep> {
        let connection = self.failed(|fault| !matches!(fault, Fault::Untrusted | Fault::TimedOut));
        let connection = connection.map_or_else(
            || Finding::Good(self.0.keys().map(String::as_str).collect::<Vec<_>>().join(", ")),
            |(origin, fault)| Finding::Wrong(format!("{origin}: {}", explain_connection(fault))),
        );
        vec![
            CheckStep { name: "connection", finding: connection },
            CheckStep { name: "tls", finding: self.tls() },
            CheckStep { name: "time", finding: self.time(patience) },
        ]
    }

    fn tls(&self) -> Finding {
        if let Some((origin, _)) = self.failed(|fault| fault == Fault::Untrusted) {
            let why = "its certificate is for another name, from an unknown authority or out of date, or we share no TLS version: \
                see http.ca_file, and this machine's time";
            return Finding::Wrong(format!("{origin}: {why}"));
        }
        match self.0.values().filter(|visit| visit.is_https && visit.error.is_none()).count() {
            0 => Finding::Skipped("no certificate was seen"),
            count => Finding::Good(format!("{count} of {} machines show a certificate that we trust", self.0.len())),
        }
    }

    fn time(&self, patience: Duration) -> Finding {
        if let Some((origin, _)) = self.failed(|fault| fault == Fault::TimedOut) {
            return Finding::Wrong(format!("{origin}: no answer within {} s", patience.as_secs()));
        }
        let answered = self.0.iter().filter(|(_, visit)| visit.error.is_none());
        let Some((origin, slowest)) = answered.max_by_key(|(_, visit)| visit.took) else { return Finding::Skipped("nothing answered") };
        let text = format!("{} ms at the slowest, {origin}", slowest.took.as_millis());
        if slowest.took < patience / SHARE_OF_PATIENCE {
            return Finding::Good(text);
        }
        Finding::Odd(format!("{text}; a whole sign-in has {} s (http.total_timeout_secs)", patience.as_secs()))
    }

    fn failed(&self, is_meant: impl Fn(Fault) -> bool) -> Option<(&str, Fault)> {
        let faults = self.0.iter().filter_map(|(origin, visit)| Some((origin.as_str(), visit.error.as_ref()?.fault)));
        faults.into_iter().find(|(_, fault)| is_meant(*fault))
    }
}

fn explain_connection(fault: Fault) -> &'static str {
    match fault {
        Fault::Unreachable => "no connection: check the address, the name service and the way out of this network",
        Fault::ConnectionLost => "the connection broke before an answer came: check proxies and firewalls on the way",
        _ => "what answers there does not speak HTTP as it should",
    }
}
