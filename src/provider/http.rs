//! The one HTTP client: no redirects, no cookies, no proxy, bounded in time and size (security.md SO-11).
//!
//! Certificates are checked against the system's store, or the one that
//! `SSL_CERT_FILE` names (rustls-native-certs, which the platform verifier of
//! reqwest uses, reads it), plus the authority of `http.ca_file`.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use openidconnect::HttpRequest;
use openidconnect::http::{HeaderMap, StatusCode, header};
use reqwest::dns::Resolve;
use reqwest::{Certificate, Client, ClientBuilder};
use tokio::sync::Semaphore;
use tokio::time::timeout_at;
use url::Url;

use super::error::{Endpoint, Fault, ProviderError};
use super::latency::Latencies;
use super::request;
use super::skew::Skew;
use super::{trace, transport};
use crate::clock::Clock;
use crate::config::{ConfigError, HttpConfig};

/// The largest body, in bytes, after decoding.
const MAX_BODY_BYTES: usize = 1 << 20;
/// How long an unused connection is kept: less than the five seconds after which many servers close one, for a provider that
/// does so while a code is on its way costs a sign-in.
const POOL_IDLE: Duration = Duration::from_secs(4);

/// What an endpoint answered.
#[derive(Clone)]
#[cfg_attr(test, derive(Debug))]
pub(super) struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Answer {
    /// Returns a header as text; one that is not text counts as absent.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// Makes an error of this answer.
    pub fn error(&self, endpoint: Endpoint, fault: Fault) -> ProviderError {
        ProviderError { http_status: Some(self.status.as_u16()), ..ProviderError::new(endpoint, fault) }
    }
}

/// Calls one provider's endpoints and measures how long they take.
#[derive(Clone)]
pub(super) struct Http {
    client: Client,
    provider: String,
    clock: Clock,
    pub skew: Skew,
    pub latencies: Latencies,
    /// One for each call that may be under way, so that a provider that stalls collects no more of them (security.md DP-01).
    permits: Arc<Semaphore>,
}

impl Http {
    /// Calls with a client of its provider's own name in the metrics, at most `max_calls` at once.
    pub fn new(client: Client, provider: &str, clock: Clock, max_calls: usize) -> Self {
        let permits = Arc::new(Semaphore::new(max_calls));
        Self { client, provider: provider.to_owned(), clock, skew: Skew::default(), latencies: Latencies::default(), permits }
    }

    /// Sends a request that has no effect; repeats it once if that may help.
    ///
    /// The first try gets half of the time, so that a stalled connection leaves
    /// some for the second.
    ///
    /// # Errors
    ///
    /// What `read` says of the answer, or a fault of the transport.
    pub async fn get<T>(
        &self,
        endpoint: Endpoint,
        request: HttpRequest,
        deadline: Instant,
        read: impl Fn(&Answer) -> Result<T, ProviderError>,
    ) -> Result<T, ProviderError> {
        let half = Instant::now() + deadline.saturating_duration_since(Instant::now()) / 2;
        match self.send(endpoint, request.clone(), half).await.and_then(|answer| read(&answer)) {
            Err(error) if error.fault.may_pass() => self.send(endpoint, request, deadline).await.and_then(|answer| read(&answer)),
            result => result,
        }
    }

    /// Sends a request that must not arrive twice: repeated once only if nothing was sent.
    ///
    /// # Errors
    ///
    /// A fault of the transport.
    pub async fn post_once(&self, endpoint: Endpoint, request: HttpRequest, deadline: Instant) -> Result<Answer, ProviderError> {
        match self.send(endpoint, request.clone(), deadline).await {
            Err(error) if error.fault == Fault::Unreachable => self.send(endpoint, request, deadline).await,
            result => result,
        }
    }

    async fn send(&self, endpoint: Endpoint, request: HttpRequest, deadline: Instant) -> Result<Answer, ProviderError> {
        let started = Instant::now();
        let call = async {
            // Never closed; whoever waits here for longer than the deadline allows was kept waiting by the provider.
            let _permit = self.permits.acquire().await;
            self.call(endpoint, request).await
        };
        let result = timeout_at(deadline.into(), call).await;
        metrics::histogram!("genkan_provider_request_seconds", "provider" => self.provider.clone(), "endpoint" => endpoint.as_str())
            .record(started.elapsed());
        self.latencies.note(endpoint, started.elapsed());
        let result = result.unwrap_or_else(|_| Err(ProviderError::new(endpoint, Fault::TimedOut)));
        trace::note_call(endpoint, started, &result);
        result
    }

    /// Gets whatever stands at an address, a redirect as well, to see how the provider answers.
    ///
    /// # Errors
    ///
    /// A fault of the transport.
    pub async fn probe(&self, url: &Url, deadline: Instant) -> Result<Answer, ProviderError> {
        let answer = timeout_at(deadline.into(), self.exchange(Endpoint::Authorization, request::get(url, None))).await;
        answer.unwrap_or_else(|_| Err(ProviderError::new(Endpoint::Authorization, Fault::TimedOut)))
    }

    /// Sends a request and takes no redirect for an answer.
    async fn call(&self, endpoint: Endpoint, request: HttpRequest) -> Result<Answer, ProviderError> {
        let answer = self.exchange(endpoint, request).await?;
        if answer.status.is_redirection() { Err(answer.error(endpoint, Fault::Unexpected)) } else { Ok(answer) }
    }

    /// Sends a request; of a redirect the body is not read.
    async fn exchange(&self, endpoint: Endpoint, request: HttpRequest) -> Result<Answer, ProviderError> {
        let fail = |error: &reqwest::Error| ProviderError::new(endpoint, transport::classify(error));
        let request = reqwest::Request::try_from(request).map_err(|error| fail(&error))?;
        let mut response = self.client.execute(request).await.map_err(|error| fail(&error))?;
        self.skew.note(response.headers(), self.clock.now());
        let mut answer = Answer { status: response.status(), headers: response.headers().clone(), body: Vec::new() };
        if answer.status.is_redirection() {
            return Ok(answer);
        }
        if has_unknown_coding(&answer) {
            // An error page is not worth decoding; an answer that we cannot read is none.
            return if answer.status.is_success() { Err(answer.error(endpoint, Fault::Unexpected)) } else { Ok(answer) };
        }
        loop {
            let chunk = response.chunk().await.map_err(|error| answer.error(endpoint, transport::classify(&error)))?;
            let Some(chunk) = chunk else { return Ok(answer) };
            if answer.body.len() + chunk.len() > MAX_BODY_BYTES {
                return Err(answer.error(endpoint, Fault::TooLarge));
            }
            answer.body.extend_from_slice(&chunk);
        }
    }
}

/// Tells a coding that was never offered; the client takes the header away when it decodes one that was.
fn has_unknown_coding(answer: &Answer) -> bool {
    answer.headers.get_all(header::CONTENT_ENCODING).iter().any(|coding| !coding.as_bytes().eq_ignore_ascii_case(b"identity"))
}

/// Builds the client.
///
/// # Errors
///
/// [`ConfigError`] for a `ca_file` that cannot be used.
pub fn build_client(config: &HttpConfig) -> Result<Client, ConfigError> {
    build_with(config, || builder(config))
}

/// Builds a client that resolves names in its own way, for addresses that strangers chose.
pub(super) fn build_guarded_client(config: &HttpConfig, resolver: &Arc<impl Resolve + 'static>) -> Result<Client, ConfigError> {
    build_with(config, || builder(config).dns_resolver(resolver.clone()))
}

fn build_with(config: &HttpConfig, builder: impl Fn() -> ClientBuilder) -> Result<Client, ConfigError> {
    let authorities = config.ca_file.as_deref().map_or(Ok(Vec::new()), read_authorities)?;
    let with_system = authorities.iter().cloned().fold(builder(), ClientBuilder::add_root_certificate);
    with_system.build().or_else(|_| {
        // A machine without any certificate store: providers on loopback still work, others are untrusted.
        builder().tls_certs_only(authorities).build().map_err(|_| refuse_ca_file("holds no certificate that can be used"))
    })
}

#[expect(clippy::disallowed_methods, reason = "this is the one HTTP client")]
fn builder(config: &HttpConfig) -> ClientBuilder {
    Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .connect_timeout(Duration::from_secs(config.connect_timeout_secs))
        .pool_idle_timeout(POOL_IDLE)
        .referer(false)
        .no_proxy()
        .user_agent(concat!("genkan/", env!("CARGO_PKG_VERSION")))
}

fn read_authorities(file: &Path) -> Result<Vec<Certificate>, ConfigError> {
    let pem = fs::read(file).map_err(|_| refuse_ca_file("cannot be read"))?;
    match Certificate::from_pem_bundle(&pem) {
        Ok(authorities) if !authorities.is_empty() => Ok(authorities),
        _ => Err(refuse_ca_file("holds no PEM certificate")),
    }
}

fn refuse_ca_file(problem: &str) -> ConfigError {
    ConfigError {
        key: "http.ca_file".to_owned(),
        problem: problem.to_owned(),
        source_name: "[http]".to_owned(),
        remedy: "name a readable PEM file with the authority's certificate".to_owned(),
    }
}
