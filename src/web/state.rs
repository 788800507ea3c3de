//! What every handler can reach.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use actix_web::HttpRequest;
use actix_web::http::header::{self, HeaderValue};
use tokio::sync::Mutex;

use super::cookies::CookieNames;
use super::headers;
use super::resource::discovery::Published;
use crate::issuer::Issuer;
use crate::ops::status::StatusCache;
use crate::signin::Signin;

/// For how long a look at the database counts, so that probes cannot load it.
const READY_TTL: Duration = Duration::from_secs(1);

/// The parts behind the pages, built once by [`crate::app`].
pub struct AppState {
    /// The flows.
    pub signin: Signin,
    /// The authorization server.
    pub issuer: Issuer,
    /// What our cookies are called.
    pub cookies: CookieNames,
    /// The origin of `server.public_url`.
    origin: String,
    /// The policy that stands on every page.
    pub content_security_policy: HeaderValue,
    /// Whether requests should come here.
    pub readiness: Readiness,
    /// Which ways in work.
    pub status: StatusCache,
    /// What others may know of the issuer.
    pub published: Published,
}

impl AppState {
    /// Takes the flows and works out what does not change from request to request.
    pub fn new(signin: Signin, issuer: Issuer) -> Self {
        let server = &signin.config.server;
        Self {
            cookies: CookieNames::new(server.is_https()),
            origin: server.origin(),
            content_security_policy: headers::content_security_policy(&signin.config),
            readiness: Readiness::default(),
            status: StatusCache::default(),
            published: Published::default(),
            signin,
            issuer,
        }
    }

    /// Returns the origin of our pages as the browser of a request knows it.
    pub fn origin(&self, req: &HttpRequest) -> String {
        let host = req.headers().get(header::HOST).and_then(|host| host.to_str().ok());
        let server = &self.signin.config.server;
        let is_public = !server.is_loopback() || (host.is_some() && host == self.origin.strip_prefix("http://"));
        if is_public { self.origin.clone() } else { server.origin_used(host) }
    }

    /// Returns how long one request may take.
    pub fn request_timeout(&self) -> Duration {
        Duration::from_secs(self.signin.config.server.request_timeout_secs)
    }

    /// Returns how long a body may take to arrive: half the time of its request.
    pub fn body_timeout(&self) -> Duration {
        self.request_timeout() / 2
    }
}

/// Tells whether requests should come here: the database answers, and we are not stopping.
#[derive(Default)]
pub struct Readiness {
    is_stopping: AtomicBool,
    last: Mutex<Option<(Instant, bool)>>,
}

impl Readiness {
    /// Turns readiness off for good, before requests in flight are finished (security.md HT-05).
    pub fn stop(&self) {
        self.is_stopping.store(true, Ordering::SeqCst);
    }

    /// Looks at the database, once a second at most.
    pub async fn check(&self, signin: &Signin) -> bool {
        if self.is_stopping.load(Ordering::SeqCst) {
            return false;
        }
        let mut last = self.last.lock().await;
        if let Some((at, is_ready)) = *last
            && at.elapsed() < READY_TTL
        {
            return is_ready;
        }
        let is_ready = signin.store.check_ready().await.is_ok();
        *last = Some((Instant::now(), is_ready));
        is_ready
    }
}
