//! The webhook: JSON, signed with HMAC-SHA-256 over the time and the body.

use std::fmt;
use std::fmt::Write as _;

use chrono::{DateTime, SecondsFormat, Utc};
use reqwest::header::CONTENT_TYPE;
use reqwest::{Client, RequestBuilder};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Value, json};

use crate::config::AlertsConfig;
use crate::ops::alarm::{Alert, Incident};
use crate::secret;

/// The header that says when it was sent, in seconds since the Unix epoch.
pub const TIMESTAMP: &str = "x-genkan-timestamp";
/// The header with the signature: `v1=` and 64 hexadecimal digits.
pub const SIGNATURE: &str = "x-genkan-signature";

/// An address, and the key with which it can tell us from anybody else.
pub struct Webhook {
    url: SecretString,
    secret: SecretString,
    site: String,
}

impl Webhook {
    /// Takes what the configuration names.
    pub fn find(config: &AlertsConfig, site: &str) -> Option<Self> {
        let (url, secret) = config.webhook_url.clone().zip(config.webhook_secret.clone())?;
        Some(Self { url, secret, site: site.to_owned() })
    }

    /// Makes the request of an alert.
    pub fn request(&self, http: &Client, alert: &Alert, now: DateTime<Utc>) -> RequestBuilder {
        let (body, timestamp) = (self.body(alert).to_string(), now.timestamp().to_string());
        let signature = sign(self.secret.expose_secret(), &timestamp, &body);
        http.post(self.url.expose_secret())
            .header(CONTENT_TYPE, "application/json")
            .header(TIMESTAMP, timestamp)
            .header(SIGNATURE, signature)
            .body(body)
    }

    fn body(&self, alert: &Alert) -> Value {
        let Incident { id, kind, provider, subject, failures, opened_at, resolved_at, .. } = &alert.incident;
        let time = |at: &DateTime<Utc>| at.to_rfc3339_opts(SecondsFormat::Secs, true);
        json!({
            "event": alert.turn.as_str(), "incident": id.to_string(), "kind": kind.as_str(), "provider": provider, "subject": subject,
            "failures": failures, "opened_at": time(opened_at), "resolved_at": resolved_at.as_ref().map(time), "site": self.site,
            "summary": alert.summary(), "advice": kind.advice(),
        })
    }
}

impl fmt::Debug for Webhook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Webhook")
    }
}

/// Signs a body: HMAC-SHA-256 (RFC 2104) over time, full stop and body, so that an old body cannot be sent again as a new one.
pub fn sign(secret: &str, timestamp: &str, body: &str) -> String {
    let tag = secret::hmac_sha256(secret.as_bytes(), format!("{timestamp}.{body}").as_bytes());
    tag.iter().fold("v1=".to_owned(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_what_openssl_makes_of_the_same() {
        // printf '1795176000.{"a":1}' | openssl dgst -sha256 -hmac 0123456789abcdef
        let expected = "v1=02db384c751d3978e59d1d473c58ae53c7663170610b49e272913f354dff11bd";
        assert_eq!(sign("0123456789abcdef", "1795176000", r#"{"a":1}"#), expected);
    }
}
