//! `genkan check`, provider by provider: each defect is named by exactly one step.

use std::net::SocketAddr;

use genkan::clock::Clock;
use genkan::config::{Config, ProviderConfig};
use genkan::provider::Providers;
use genkan::signin::check::{Status, Step, check_provider};
use serde_json::{Value, json};

use crate::support::idp::{Idp, Reply};
use crate::support::signer::Signer;
use crate::support::tls::Authority;

/// A provider that works, played by a scripted server, and a genkan that is set up for it.
struct Play {
    idp: Idp,
    config: Config,
}

impl Play {
    fn new() -> Self {
        let idp = Idp::start();
        let keys = json!({ "keys": [Signer::new().jwk(Some("a"))] }).to_string();
        let mut play = Self { idp, config: Config::default() };
        play.config.http.total_timeout_secs = 1;
        play.config.providers = vec![ProviderConfig {
            id: "lab".to_owned(),
            preset: "oidc".to_owned(),
            client_id: "a".to_owned(),
            client_secret: Some("b".into()),
            enabled: true,
            issuer: Some(play.idp.url("")),
            ..ProviderConfig::default()
        }];
        play.publish(&json!({}));
        play.idp.set("/", Reply::typed(404, "text/html", "nobody lives here"));
        play.idp.set("/jwks", Reply::json(&keys));
        play.idp.set("/token", Reply::typed(400, "application/json", r#"{"error":"invalid_grant"}"#));
        play.idp.set("/authorize", Reply::redirect(&format!("{}?error=login_required", play.redirect_uri())));
        play
    }

    fn redirect_uri(&self) -> String {
        format!("{}/auth/lab/callback", self.config.server.origin())
    }

    /// Publishes metadata, some of it replaced; `null` takes a member away.
    fn publish(&self, changes: &Value) {
        let url = |path: &str| self.idp.url(path);
        let mut document = json!({
            "issuer": url(""), "authorization_endpoint": url("/authorize"), "token_endpoint": url("/token"), "jwks_uri": url("/jwks"),
        });
        for (name, value) in changes.as_object().expect("an object") {
            document[name] = value.clone();
        }
        self.idp.set("/.well-known/openid-configuration", Reply::json(&document.to_string()));
    }

    async fn check(&self) -> Vec<Step> {
        let providers = Providers::new(&self.config.providers, &self.config.http, Clock::system()).expect("providers");
        check_provider(providers.find("lab").expect("the provider"), &self.config).await
    }

    /// Checks, and returns the one step that complains.
    #[track_caller]
    fn the_one_of(steps: &[Step]) -> &Step {
        let complaints: Vec<_> = steps.iter().filter(|step| matches!(step.status, Status::Failed | Status::Warning)).collect();
        assert_eq!(complaints.len(), 1, "{steps:#?}");
        complaints[0]
    }
}

#[tokio::test]
async fn a_provider_that_works_passes_every_step() {
    let steps = Play::new().check().await;

    let names: Vec<_> = steps.iter().filter(|step| step.status == Status::Ok).map(|step| step.name.as_str()).collect();
    assert_eq!(names, ["connection", "time", "discovery", "issuer", "endpoints", "keys", "client", "redirect address"], "{steps:#?}");
}

#[tokio::test]
async fn each_defect_of_the_metadata_is_named_by_one_step() {
    for (changes, step, word) in [
        (json!({"issuer": "https://other.example"}), "issuer", "https://other.example"),
        (json!({"issuer": null}), "issuer", "names no issuer"),
        (json!({"token_endpoint": null}), "endpoints", "has no token_endpoint"),
        (json!({"jwks_uri": null}), "endpoints", "has no jwks_uri"),
        (json!({"token_endpoint": "http://idp.example/token"}), "endpoints", "its token_endpoint is no address that we call"),
        (json!({"id_token_signing_alg_values_supported": ["none"]}), "endpoints", "no algorithm that we take"),
        (json!({"id_token_signing_alg_values_supported": ["RS256"]}), "keys", "none of its keys"),
        (json!({"jwks_uri": "http://127.0.0.1:1/jwks"}), "connection", "http://127.0.0.1:1"),
    ] {
        let play = Play::new();
        play.publish(&changes);

        let steps = play.check().await;

        let complaint = Play::the_one_of(&steps);
        assert_eq!((complaint.name.as_str(), complaint.status), (step, Status::Failed), "{changes}: {steps:#?}");
        assert!(complaint.detail.contains(word), "{changes}: {}", complaint.detail);
    }
}

#[tokio::test]
async fn each_defect_of_an_answer_is_named_by_one_step() {
    let refuse = |error: &str| Reply::typed(400, "application/json", &json!({ "error": error }).to_string());
    for (path, reply, step, status) in [
        ("/.well-known/openid-configuration", Reply::typed(404, "text/html", ""), "discovery", Status::Failed),
        ("/.well-known/openid-configuration", Reply::typed(200, "text/html", "<h1>Welcome</h1>"), "discovery", Status::Failed),
        ("/.well-known/openid-configuration", Reply::redirect("/elsewhere"), "discovery", Status::Failed),
        ("/", Reply::Stall(Vec::new()), "time", Status::Failed),
        ("/", Reply::Reset, "connection", Status::Failed),
        ("/jwks", Reply::typed(500, "text/html", ""), "keys", Status::Failed),
        ("/jwks", Reply::json(r#"{"keys":[]}"#), "keys", Status::Failed),
        ("/token", refuse("invalid_client"), "client", Status::Failed),
        ("/token", refuse("unsupported_something"), "client", Status::Warning),
        ("/authorize", Reply::typed(400, "text/html", "redirect_uri_mismatch"), "redirect address", Status::Failed),
        ("/authorize", Reply::typed(403, "text/html", "no"), "redirect address", Status::Warning),
    ] {
        let play = Play::new();
        play.idp.set(path, reply.clone());

        let steps = play.check().await;

        let complaint = Play::the_one_of(&steps);
        assert_eq!((complaint.name.as_str(), complaint.status), (step, status), "{path} {reply:?}: {steps:#?}");
    }
}

#[tokio::test]
async fn a_clock_that_is_off_is_named_and_nothing_else() {
    let play = Play::new();
    let headers = vec![("Date".to_owned(), "Sun, 06 Nov 1994 08:49:37 GMT".to_owned())];
    play.idp.set("/authorize", Reply::Http { status: 200, headers, body: Vec::new() });

    let steps = play.check().await;

    let complaint = Play::the_one_of(&steps);
    assert_eq!((complaint.name.as_str(), complaint.status), ("clock", Status::Warning), "{steps:#?}");
}

#[tokio::test]
async fn a_certificate_that_is_not_trusted_is_named_and_nothing_else() {
    let authority = Authority::new();
    let address: SocketAddr = authority.serve("127.0.0.1", b"http/1.1", b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
    let mut play = Play::new();
    play.config.providers[0].issuer = Some(format!("https://{address}"));

    let steps = play.check().await;

    let complaint = Play::the_one_of(&steps);
    assert_eq!((complaint.name.as_str(), complaint.status), ("tls", Status::Failed), "{steps:#?}");
}

#[tokio::test]
async fn what_a_provider_calls_itself_cannot_write_on_the_terminal() {
    let play = Play::new();
    play.publish(&json!({"issuer": "https://x\u{1b}[31m\nok  provider lab: issuer"}));

    let steps = play.check().await;

    let complaint = Play::the_one_of(&steps);
    assert!(complaint.detail.chars().all(|c| !c.is_control()), "{:?}", complaint.detail);
}
