//! Our side of OpenID Connect against the lab: each of its cases is taken for what it is.

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use genkan::clock::Clock;
use genkan::config::{HttpConfig, ProviderConfig};
use genkan::domain::language::Language;
use genkan::lab::case::{self, Strike};
use genkan::lab::{Case, Expectation, Lab, SigningAlgorithm};
use genkan::provider::{AuthorizationRequest, CodeExchange, Profile, Provider, ProviderError, Providers};
use genkan::signin::classify::classify;
use genkan::signin::failure::Category;
use serde_json::json;

use super::{CALLBACK, CLIENT, SECRET, VERIFIER, location, open, query, start};

fn connect(lab: &Lab) -> Providers {
    let config = json!({
        "id": "lab", "preset": "lab", "client_id": CLIENT, "client_secret": SECRET, "issuer": lab.issuer(),
    });
    let config: ProviderConfig = serde_json::from_value(config).expect("a configuration");
    Providers::new(&[config], &HttpConfig::default(), Clock::system()).expect("a provider")
}

/// Goes to the lab as a browser would, and reads who came back.
async fn sign_in(provider: &Provider, case: &str, patience: Duration) -> Result<Profile, ProviderError> {
    let request = AuthorizationRequest {
        is_retry: false,
        redirect_uri: CALLBACK,
        state: "the-state",
        nonce: "the-nonce",
        code_verifier: VERIFIER,
        language: Language::En,
    };
    let mut url = provider.authorization_url(&request).await.expect("an address");
    url.query_pairs_mut().append_pair("lab_case", case);
    let back = query(&location(&open(url).await));
    provider.check_response_issuer(back.get("iss").map(String::as_str)).await.expect("the lab's own answer");
    let deadline = Instant::now() + patience;
    let exchange = CodeExchange { code: &back["code"], code_verifier: VERIFIER, nonce: "the-nonce", redirect_uri: CALLBACK, deadline };
    provider.identify(&exchange).await
}

/// Lists the cases that strike after the browser came back.
fn cases() -> impl Iterator<Item = &'static Case> {
    case::all().filter(|case| !matches!(case.strike, Strike::Callback(_) | Strike::OtherBrowser))
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

    let results = join_all(cases().map(async |case| (case, sign_in(provider, case.name, Duration::from_secs(2)).await))).await;

    assert!(results.len() > 20, "{}", results.len());
    for (case, result) in results {
        assert_eq!(expectation_of(&result), case.expects, "{}: {result:?}", case.name);
    }
    let sent = lab.codes_sent();
    assert!(!sent.is_empty() && sent.values().all(|times| *times == 1), "{sent:?}");
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
