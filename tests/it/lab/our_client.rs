//! Our side of OpenID Connect against the lab: each of its cases is taken for what it is.

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use genkan::clock::Clock;
use genkan::config::{HttpConfig, ProviderConfig};
use genkan::domain::language::Language;
use genkan::lab::case::{self, Strike};
use genkan::lab::corpus::{self, Play};
use genkan::lab::{Case, Endpoint, Expectation, Lab, SigningAlgorithm};
use genkan::provider::{AuthorizationRequest, CodeExchange, Profile, Provider, ProviderError, Providers};
use genkan::signin::classify::classify;
use genkan::signin::failure::Category;
use serde_json::json;

use super::{CALLBACK, CLIENT, SECRET, VERIFIER, come_back, location, open, query, start};

fn connect(lab: &Lab) -> Providers {
    let config = json!({
        "id": "lab", "preset": "lab", "client_id": CLIENT, "client_secret": SECRET, "issuer": lab.issuer(),
    });
    let config: ProviderConfig = serde_json::from_value(config).expect("a configuration");
    Providers::new(&[config], &HttpConfig::default(), Clock::system()).expect("a provider")
}

pub fn request() -> AuthorizationRequest<'static> {
    AuthorizationRequest {
        redirect_uri: CALLBACK,
        state: "the-state",
        nonce: "the-nonce",
        code_verifier: VERIFIER,
        language: Language::En,
        is_retry: false,
    }
}

/// Goes to the lab as a browser would, and reads who came back.
async fn sign_in(provider: &Provider, case: &str, patience: Duration) -> Result<Profile, ProviderError> {
    let mut url = provider.authorization_url(&request()).await.expect("an address");
    url.query_pairs_mut().append_pair("lab_case", case);
    let back = query(&location(&open(url).await));
    provider.check_response_issuer(back.get("iss").map(String::as_str)).await.expect("the lab's own answer");
    let deadline = Instant::now() + patience;
    let exchange = CodeExchange { code: &back["code"], code_verifier: VERIFIER, nonce: "the-nonce", redirect_uri: CALLBACK, deadline };
    provider.identify(&exchange).await.map(|identified| identified.profile)
}

/// Lists the cases that strike after the browser came back, with those of the corpus that need no dialect.
fn cases() -> impl Iterator<Item = &'static Case> {
    case::all().chain(of_corpus()).filter(|case| !matches!(case.strike, Strike::Callback(_) | Strike::OtherBrowser | Strike::Metadata(..)))
}

fn of_corpus() -> impl Iterator<Item = &'static Case> {
    corpus::all().iter().filter(|entry| !entry.needs_dialect).filter_map(|entry| match &entry.play {
        Play::Lab(case) => Some(case),
        Play::ByHand { .. } => None,
    })
}

fn expectation_of(result: &Result<Profile, ProviderError>) -> Expectation {
    match result.as_ref().map_err(|error| classify(error).0.category()) {
        Ok(_) => Expectation::SignedIn,
        Err(Category::UserCancelled) => Expectation::Cancelled,
        Err(Category::BrowserEnvironment) => Expectation::Browser,
        Err(Category::IdpOutage) => Expectation::Outage,
        Err(Category::Other) => Expectation::Other,
    }
}

#[tokio::test]
async fn so_11_each_case_of_the_lab_is_taken_for_what_it_is_with_every_code_sent_once() {
    let lab = start();
    let providers = connect(&lab);
    let provider = providers.find("lab").expect("the provider");

    let mut results = Vec::new();
    for some in cases().collect::<Vec<_>>().chunks(24) {
        results.extend(join_all(some.iter().map(async |case| (*case, sign_in(provider, case.name, Duration::from_secs(2)).await))).await);
    }

    assert!(results.len() > 130, "{}", results.len());
    let wrong = results.iter().filter(|(case, result)| expectation_of(result) != case.expects);
    let wrong: Vec<_> = wrong.map(|(case, result)| format!("{}: {result:?}", case.name)).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let sent = lab.codes_sent();
    assert!(!sent.is_empty() && sent.values().all(|times| *times == 1), "{sent:?}");
}

/// Whoever has no copy yet meets them: discovery before the trip, keys after it.
#[tokio::test]
async fn so_11_discovery_and_keys_that_a_case_breaks_are_taken_for_what_they_are() {
    for case in of_corpus() {
        let Strike::Metadata(endpoint, _) = &case.strike else { continue };
        let lab = start();
        let providers = connect(&lab);
        let provider = providers.find("lab").expect("the provider");
        let result = if *endpoint == Endpoint::Jwks {
            sign_in(provider, case.name, Duration::from_secs(2)).await
        } else {
            come_back(&lab, case.name).await;
            Err(provider.authorization_url(&request()).await.expect_err(case.name))
        };

        assert_eq!(expectation_of(&result), case.expects, "{}: {result:?}", case.name);
    }
}

#[tokio::test]
async fn every_signature_of_the_lab_is_taken() {
    for algorithm in [SigningAlgorithm::Rs256, SigningAlgorithm::Es256] {
        let lab = start();
        lab.set_signing_algorithm(algorithm);
        let providers = connect(&lab);

        let profile = sign_in(providers.find("lab").expect("the provider"), "approve", Duration::from_secs(5)).await;

        assert_eq!(profile.expect("a profile").identity.issuer, lab.issuer(), "{algorithm:?}");
    }
}
