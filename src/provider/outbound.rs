//! Calls to addresses that neither we nor an operator chose: the public Internet, over https.
//!
//! Names are resolved here and what is inside a network is left out, so that a name
//! cannot be one address when it is checked and another when it is called
//! (security.md CR-02).

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use reqwest::Client;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::{Host, Url};

use super::address::is_private_address;
use super::http::build_guarded_client;
use crate::config::{ConfigError, HttpConfig};

/// How long one call may take in all.
const TIMEOUT: Duration = Duration::from_secs(5);

/// Calls strangers' addresses.
#[derive(Clone, Debug)]
pub struct Outbound {
    client: Client,
    guard: Guard,
}

/// Which addresses may be called.
#[derive(Clone, Copy, Debug)]
struct Guard {
    /// Whether this machine is among them, over http too.
    allows_loopback: bool,
}

/// Why a call came to nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallFault {
    /// The address may not be called.
    NotAllowed,
    /// Nobody answered in time.
    NoAnswer,
}

impl Outbound {
    /// Builds the client.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] for `http.ca_file`.
    pub fn new(config: &HttpConfig, allows_loopback: bool) -> Result<Self, ConfigError> {
        let guard = Guard { allows_loopback };
        Ok(Self { client: build_guarded_client(config, &Arc::new(guard))?, guard })
    }

    /// Posts a form; returns the status. Nothing of the answer's body is read.
    ///
    /// # Errors
    ///
    /// [`CallFault`].
    pub async fn post_form(&self, url: &Url, fields: &[(&str, &str)]) -> Result<u16, CallFault> {
        if !self.guard.allows_url(url) {
            return Err(CallFault::NotAllowed);
        }
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = self.client.post(url.clone()).header("content-type", "application/x-www-form-urlencoded").body(body).timeout(TIMEOUT);
        request.send().await.map(|answer| answer.status().as_u16()).map_err(|_| CallFault::NoAnswer)
    }
}

impl Guard {
    fn allows(self, address: IpAddr) -> bool {
        !is_private_address(address) || (self.allows_loopback && address.to_canonical().is_loopback())
    }

    /// Judges scheme and literal addresses; names are judged when they are resolved.
    fn allows_url(self, url: &Url) -> bool {
        let literal = match url.host() {
            Some(Host::Ipv4(address)) => Some(IpAddr::V4(address)),
            Some(Host::Ipv6(address)) => Some(IpAddr::V6(address)),
            Some(Host::Domain(_)) => None,
            None => return false,
        };
        let is_plain = url.scheme() == "http";
        let is_here = url.host_str() == Some("localhost") || literal.is_some_and(|address| address.to_canonical().is_loopback());
        let has_scheme = url.scheme() == "https" || (is_plain && is_here && self.allows_loopback);
        let is_clean = url.username().is_empty() && url.password().is_none();
        has_scheme && is_clean && literal.is_none_or(|address| self.allows(address))
    }
}

impl Resolve for Guard {
    fn resolve(&self, name: Name) -> Resolving {
        let guard = *self;
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let allowed: Vec<SocketAddr> = found.filter(|address| guard.allows(address.ip())).collect();
            if allowed.is_empty() {
                return Err("the name has no address that may be called".into());
            }
            Ok(Box::new(allowed.into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cr_02_nothing_inside_a_network_is_called() {
        let call = |text: &str, allows_loopback: bool| Guard { allows_loopback }.allows_url(&Url::parse(text).expect("an address"));
        for (text, strictly, with_loopback) in [
            ("https://app.example/logout", true, true),
            ("https://93.184.215.14/", true, true),
            ("http://app.example/logout", false, false),
            ("https://127.0.0.1/", false, true),
            ("http://127.0.0.1:3000/", false, true),
            ("http://localhost:3000/", false, true),
            ("http://[::1]:3000/", false, true),
            ("https://10.0.0.1/", false, false),
            ("https://192.168.1.1/", false, false),
            ("https://169.254.169.254/latest", false, false),
            ("https://[fd00::1]/", false, false),
            ("https://[::ffff:10.0.0.1]/", false, false),
            ("https://user@app.example/", false, false),
            ("ftp://app.example/", false, false),
        ] {
            assert_eq!((call(text, false), call(text, true)), (strictly, with_loopback), "{text}");
        }
    }

    #[tokio::test]
    async fn cr_02_a_name_of_this_machine_is_not_resolved_for_strangers() {
        let resolve = |allows_loopback| Guard { allows_loopback }.resolve("localhost".parse().expect("a name"));

        assert!(resolve(false).await.is_err());
        assert!(resolve(true).await.is_ok());
    }
}
