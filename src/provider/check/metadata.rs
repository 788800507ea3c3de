//! What a provider says of itself: document, issuer, endpoints and keys, each a step of its own.

use std::time::Instant;

use openidconnect::core::CoreJsonWebKey;
use openidconnect::{JsonWebKey as _, JwsSigningAlgorithm as _};
use serde_json::{Map, Value};
use url::Url;

use super::super::Provider;
use super::super::discovery;
use super::super::error::Endpoint;
use super::super::http::Http;
use super::super::keys;
use super::super::metadata::{Flaw, Metadata};
use super::super::request;
use super::{CheckStep, Finding};

/// How much of a provider's own text is shown, in characters.
const MAX_SHOWN_CHARS: usize = 200;

/// Fetches the discovery document and looks at issuer and endpoints in it.
pub(super) async fn discover(provider: &Provider, url: &Url, deadline: Instant, steps: &mut Vec<CheckStep>) -> Option<Metadata> {
    let read = provider.http.get(Endpoint::Discovery, request::get(url, None), deadline, discovery::read_document);
    let document = match read.await {
        Ok(document) => document,
        Err(error) => {
            let finding = Finding::Broken(error);
            push(steps, [("discovery", finding), ("issuer", needs_document()), ("endpoints", needs_document())]);
            return None;
        }
    };
    let issuer = check_issuer(provider, &document);
    let (endpoints, metadata) = read_endpoints(provider, &document);
    let is_trusted = issuer.is_good_enough();
    push(steps, [("discovery", Finding::Good(url.to_string())), ("issuer", issuer), ("endpoints", endpoints)]);
    metadata.filter(|_| is_trusted)
}

/// Takes the endpoints from configuration and preset.
pub(super) fn configured(provider: &Provider, steps: &mut Vec<CheckStep>) -> Option<Metadata> {
    let metadata = Metadata::configured(&provider.settings);
    let endpoints = metadata.as_ref().map_or(Finding::Skipped("they are not known"), describe);
    let not_asked = || Finding::Skipped("every endpoint is configured");
    push(steps, [("discovery", not_asked()), ("issuer", not_asked()), ("endpoints", endpoints)]);
    metadata
}

/// Says that nothing could be asked.
pub(super) fn skip(steps: &mut Vec<CheckStep>) -> Option<Metadata> {
    let unreached = || Finding::Skipped("needs the connection");
    push(steps, [("discovery", unreached()), ("issuer", unreached()), ("endpoints", unreached())]);
    None
}

/// Fetches the keys, and looks for one that can verify what the provider says it signs with.
pub(super) async fn check_keys(http: &Http, metadata: &Metadata, deadline: Instant) -> Finding {
    let set = match keys::fetch(http, metadata, deadline).await {
        Ok(set) => set,
        Err(error) => return Finding::Broken(error),
    };
    let usable = set.keys.keys().iter().filter(|key| is_usable(key, metadata)).count();
    match usable {
        0 => Finding::Wrong("none of its keys can verify an ID Token with an algorithm that it names and we take".to_owned()),
        1 => Finding::Good("1 key".to_owned()),
        count => Finding::Good(format!("{count} keys")),
    }
}

fn is_usable(key: &CoreJsonWebKey, metadata: &Metadata) -> bool {
    let may_sign = key.key_use().is_none_or(openidconnect::JsonWebKeyUse::allows_signature);
    may_sign && metadata.algorithms.iter().any(|algorithm| algorithm.key_type().as_ref() == Some(key.key_type()))
}

fn check_issuer(provider: &Provider, document: &Map<String, Value>) -> Finding {
    let expected = &provider.settings.issuer;
    match document.get("issuer").and_then(Value::as_str) {
        None => Finding::Wrong("its document names no issuer".to_owned()),
        Some(found) if expected.accepts(found) => Finding::Good(clean(found)),
        Some(found) => Finding::Wrong(format!(
            "it calls itself {}, and we were told {}: they must be equal to the letter",
            clean(found),
            expected.name
        )),
    }
}

fn read_endpoints(provider: &Provider, document: &Map<String, Value>) -> (Finding, Option<Metadata>) {
    let issuer = &provider.settings.issuer.name;
    match Metadata::read(&provider.settings, issuer, document).and_then(Metadata::with_keys) {
        Ok(metadata) => (describe(&metadata), Some(metadata)),
        Err(Flaw::Missing(name)) => (Finding::Wrong(format!("its document has no {name}")), None),
        Err(Flaw::Forbidden(name)) => {
            let why = "is no address that we call: https, or http to this machine, and not from a public provider into a private network";
            (Finding::Wrong(format!("its {name} {why}")), None)
        }
        Err(Flaw::Issuer) => (needs_document(), None),
    }
}

/// Names the endpoints; a provider that signs in no way that we take is of no use.
fn describe(metadata: &Metadata) -> Finding {
    if metadata.algorithms.is_empty() {
        return Finding::Wrong("it signs ID Tokens with no algorithm that we take (id_token_signing_alg_values_supported)".to_owned());
    }
    let userinfo = metadata.userinfo_endpoint.as_ref().map_or("none", |url| url.as_str());
    Finding::Good(format!("authorization {}, token {}, userinfo {userinfo}", metadata.authorization_endpoint, metadata.token_endpoint))
}

fn needs_document() -> Finding {
    Finding::Skipped("needs the discovery document")
}

fn push<const N: usize>(steps: &mut Vec<CheckStep>, found: [(&'static str, Finding); N]) {
    steps.extend(found.map(|(name, finding)| CheckStep { name, finding }));
}

/// Makes a provider's text fit for a terminal (security.md LG-04).
fn clean(text: &str) -> String {
    text.chars().filter(char::is_ascii_graphic).take(MAX_SHOWN_CHARS).collect()
}
