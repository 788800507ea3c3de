//! The providers of the demo, all of them played by the lab.

use url::Url;

use crate::config::{Config, ProviderConfig, ServerConfig, redirect_uri};
use crate::domain::identity::ProviderId;
use crate::lab::{Endpoint, Expectation, LabClient, LogLine, RedirectUris};
use crate::ops::recent::RecentLine;

/// What genkan is called at the lab.
const CLIENT_ID: &str = "genkan-demo";

/// The providers' names and presets: OpenID Connect, plain OAuth 2.0, and the presets that were asked for.
pub(super) struct Providers(Vec<(String, String)>);

impl Providers {
    /// Lists the two of every demo and one for each further preset.
    pub(super) fn with(presets: &[String]) -> Self {
        let fixed = [("lab", "lab"), ("lab-oauth2", "oauth2")];
        let all = fixed.map(|(id, preset)| (id.to_owned(), preset.to_owned())).into_iter();
        Self(all.chain(presets.iter().map(|preset| (preset.clone(), preset.clone()))).collect())
    }

    /// Returns what the lab knows of genkan.
    pub(super) fn client(&self, server: &ServerConfig, client_secret: &str) -> LabClient {
        let ids = self.0.iter().filter_map(|(id, _)| ProviderId::parse(id));
        LabClient {
            client_id: CLIENT_ID.to_owned(),
            client_secret: client_secret.to_owned(),
            redirect_uris: RedirectUris::Exact(ids.flat_map(|id| redirect_uris(server, &id)).collect()),
        }
    }

    /// Configures them at a lab.
    pub(super) fn configure(&self, config: &mut Config, lab: &str, client_secret: &str) {
        config.providers = self.0.iter().map(|(id, preset)| provider(id, preset, lab, client_secret)).collect();
    }
}

/// Returns where the lab may send people back to, under either name of this machine.
fn redirect_uris(server: &ServerConfig, provider: &ProviderId) -> Vec<String> {
    let port = server.public_url.port_or_known_default().unwrap_or(80);
    let hosts = [None, Some(format!("localhost:{port}")), Some(format!("127.0.0.1:{port}"))];
    hosts.iter().map(|host| redirect_uri(&server.origin_used(host.as_deref()), provider)).collect()
}

fn provider(id: &str, preset: &str, lab: &str, client_secret: &str) -> ProviderConfig {
    let at = |endpoint: Endpoint| Url::parse(&format!("{lab}{}", endpoint.path())).ok();
    let config = ProviderConfig {
        id: id.to_owned(),
        preset: preset.to_owned(),
        client_id: CLIENT_ID.to_owned(),
        client_secret: Some(client_secret.to_owned().into()),
        enabled: true,
        issuer: Some(lab.to_owned()),
        ..ProviderConfig::default()
    };
    if preset == "lab" {
        return config;
    }
    let is_generic = preset == "oauth2";
    ProviderConfig {
        name: is_generic.then(|| "Lab OAuth 2.0".to_owned()),
        scopes: is_generic.then(|| vec!["profile".to_owned(), "email".to_owned()]),
        authorization_url: at(Endpoint::Authorize),
        token_url: at(Endpoint::Token),
        userinfo_url: at(Endpoint::Profile),
        emails_url: (preset == "github").then(|| at(Endpoint::Emails)).flatten(),
        ..config
    }
}

/// Lends the lab a line of our log.
pub(super) fn log_line(line: RecentLine) -> LogLine {
    let outcome = match line.category.as_deref() {
        Some("user_cancelled") => Some(Expectation::Cancelled),
        Some("browser_environment") => Some(Expectation::Browser),
        Some("idp_outage") => Some(Expectation::Outage),
        Some(_) => Some(Expectation::Other),
        None => line.event.ends_with("_succeeded").then_some(Expectation::SignedIn),
    };
    LogLine { text: line.text, outcome, reference: line.reference }
}
