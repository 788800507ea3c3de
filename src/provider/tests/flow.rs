//! What goes right, and what is sent on the way.

use metrics_exporter_prometheus::PrometheusBuilder;
use serde_json::json;
use url::Url;

use super::server::Reply;
use super::world::{CLIENT_ID, World, identify};
use crate::config::HttpConfig;
use crate::domain::language::Language;
use crate::provider::{AuthorizationRequest, Endpoint, Fault, Provider, ProviderError, Providers};

async fn authorization_url(provider: &Provider) -> Url {
    // RFC 7636 appendix B
    let request = AuthorizationRequest {
        redirect_uri: "http://localhost:8080/auth/lab/callback",
        state: "the-state",
        nonce: "the-nonce",
        code_verifier: "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
        language: Language::Ja,
        is_retry: false,
    };
    provider.authorization_url(&request).await.expect("an address")
}

#[tokio::test]
async fn the_browser_is_sent_with_state_nonce_and_challenge() {
    let world = World::start();

    let url = authorization_url(&world.provider()).await;

    let query: Vec<_> = url.query_pairs().into_owned().collect();
    let expected = [
        ("response_type", "code"),
        ("client_id", CLIENT_ID),
        ("redirect_uri", "http://localhost:8080/auth/lab/callback"),
        ("scope", "openid email profile"),
        ("state", "the-state"),
        ("nonce", "the-nonce"),
        ("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"),
        ("code_challenge_method", "S256"),
        ("ui_locales", "ja"),
    ];
    assert_eq!(query, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
    assert_eq!(url.path(), "/authorize");
}

#[tokio::test]
async fn a_person_is_identified_by_issuer_and_subject() {
    let world = World::start();

    let profile = world.identify().await.expect("a profile");

    assert_eq!(profile.identity.issuer, world.issuer);
    assert_eq!(profile.identity.subject.as_str(), "sub");
    assert_eq!(profile.name.map(|name| name.to_string()).as_deref(), Some("山田 花子"));
    assert_eq!(profile.email.map(|email| email.to_string()).as_deref(), Some("hanako@example.com"));
    assert!(profile.is_email_verified);
    assert_eq!(profile.granted_scopes, Some(vec!["openid".to_owned(), "email".to_owned()]));
    assert_eq!(world.server.count("/userinfo"), 0);
}

#[tokio::test]
async fn so_11_the_code_is_sent_once_with_verifier_and_our_name() {
    let world = World::start();

    world.identify().await.expect("a profile");

    let sent = world.server.received("/token");
    assert_eq!(sent.len(), 1);
    let form: Vec<_> = url::form_urlencoded::parse(sent[0].body.as_bytes()).into_owned().collect();
    for (name, value) in [("grant_type", "authorization_code"), ("code", "the-code"), ("code_verifier", "the-verifier")] {
        assert!(form.contains(&(name.to_owned(), value.to_owned())), "{form:?}");
    }
    // RFC 6749 §2.3.1: both halves are form-encoded first.
    assert_eq!(sent[0].headers["authorization"], "Basic Y2xpZW50OnMzY3JldCUzQSUyRiUyQg==");
    assert!(sent[0].headers["user-agent"].starts_with("genkan/"), "{}", sent[0].headers["user-agent"]);
    assert!(!sent[0].headers.contains_key("cookie"));
}

#[tokio::test]
async fn the_secret_goes_into_the_body_where_only_that_is_offered() {
    let world = World::start();
    let mut discovery = world.discovery();
    discovery["token_endpoint_auth_methods_supported"] = json!(["client_secret_post", "private_key_jwt"]);
    world.server.set("/.well-known/openid-configuration", [Reply::json(200, &discovery)]);

    world.identify().await.expect("a profile");

    let sent = world.server.received("/token");
    assert!(sent[0].body.contains("client_secret=s3cret%3A%2F%2B"), "the body has the secret");
    assert!(!sent[0].headers.contains_key("authorization"));
}

#[tokio::test]
async fn so_07_userinfo_fills_the_gaps_for_the_same_subject_only() {
    let world = World::start();
    let mut claims = world.claims();
    claims["email"].take();
    claims.as_object_mut().expect("claims").remove("email");
    world.server.set("/token", [Reply::json(200, &world.tokens(&claims))]);

    let answer = json!({"sub": "sub", "name": "Other", "email": "a@example.com", "email_verified": true});
    world.server.set("/userinfo", [Reply::json(200, &answer)]);
    let profile = world.identify().await.expect("a profile");
    assert_eq!(profile.email.map(|email| email.to_string()).as_deref(), Some("a@example.com"));
    assert_eq!(profile.name.map(|name| name.to_string()).as_deref(), Some("山田 花子"));
    assert_eq!(world.server.received("/userinfo")[0].headers["authorization"], "Bearer the-access-token");

    world.server.set("/userinfo", [Reply::json(200, &json!({"sub": "Sub", "email": "a@example.com"}))]);
    let error = world.identify().await.expect_err("somebody else");
    assert_eq!((error.endpoint, error.fault), (Endpoint::Profile, Fault::SubjectMismatch));
}

#[tokio::test]
async fn so_03_the_issuer_of_a_response_is_compared_when_present_or_advertised() {
    let world = World::start();
    let provider = world.provider();
    let refused = |fault| Err(ProviderError::new(Endpoint::Authorization, fault));

    assert_eq!(provider.check_response_issuer(None).await, Ok(()));
    assert_eq!(provider.check_response_issuer(Some(&world.issuer)).await, Ok(()));
    for other in [format!("{}/", world.issuer), "https://evil.example".to_owned(), String::new()] {
        assert_eq!(provider.check_response_issuer(Some(&other)).await, refused(Fault::IssuerMismatch), "{other}");
    }

    let mut discovery = world.discovery();
    discovery["authorization_response_iss_parameter_supported"] = json!(true);
    world.server.set("/.well-known/openid-configuration", [Reply::json(200, &discovery)]);
    assert_eq!(world.provider().check_response_issuer(None).await, refused(Fault::IssuerMissing));
}

#[tokio::test]
async fn dp_02_a_provider_that_is_down_stops_no_start() {
    let world = World::start();

    let provider = world.provider();
    assert_eq!(world.server.count("/.well-known/openid-configuration"), 0);

    identify(&provider).await.expect("a profile");
    assert_eq!(world.server.count("/.well-known/openid-configuration"), 1);
}

#[tokio::test]
async fn disabled_providers_are_not_there() {
    let world = World::start();
    let (mut off, on) = (world.config(), world.config());
    off.id = "off".to_owned();
    off.enabled = false;

    let providers = Providers::new(&[off, on], &HttpConfig::default(), world.clock.clone()).expect("providers");

    assert!(providers.find("off").is_none());
    assert!(providers.find("lab").is_some());
    assert_eq!(providers.iter().map(|provider| provider.id.as_str()).collect::<Vec<_>>(), ["lab"]);
}

#[test]
fn every_call_is_measured() {
    let world = World::start();
    let recorder = PrometheusBuilder::new().build_recorder();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");

    metrics::with_local_recorder(&recorder, || runtime.block_on(world.identify())).expect("a profile");

    let rendered = recorder.handle().render();
    for endpoint in ["discovery", "token", "keys"] {
        let line = format!("genkan_provider_request_seconds_count{{provider=\"lab\",endpoint=\"{endpoint}\"}} 1");
        assert!(rendered.contains(&line), "{rendered}");
    }
}

#[test]
fn identifying_can_move_between_threads() {
    fn check<T: Send>(_: &T) {}
    let world = World::start();

    check(&world.identify());
}
