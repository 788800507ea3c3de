//! Incoming webhooks of Slack, and of anything else that takes the same text.

use std::fmt;

use reqwest::header::CONTENT_TYPE;
use reqwest::{Client, RequestBuilder};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::json;

use crate::config::AlertsConfig;
use crate::ops::alarm::Alert;

/// An address that posts into a channel.
pub struct Slack(SecretString);

impl Slack {
    /// Takes what the configuration names.
    pub fn find(config: &AlertsConfig) -> Option<Self> {
        config.slack_url.clone().map(Self)
    }

    /// Makes the request of an alert.
    pub fn request(&self, http: &Client, alert: &Alert) -> RequestBuilder {
        let body = json!({ "text": escape(&alert.summary()) }).to_string();
        http.post(self.0.expose_secret()).header(CONTENT_TYPE, "application/json").body(body)
    }
}

impl fmt::Debug for Slack {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Slack")
    }
}

/// Writes the three characters with which Slack begins links and mentions as it wants them.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_becomes_a_mention_or_a_link() {
        assert_eq!(escape("<!channel> & <https://a.example|b>"), "&lt;!channel&gt; &amp; &lt;https://a.example|b&gt;");
    }
}
