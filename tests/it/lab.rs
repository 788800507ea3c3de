//! The lab provider: right by an independent client's measure, and wrong exactly as asked.

mod cases;
mod corpus;
mod independent;
mod log_page;
mod oauth2;
mod our_client;
mod outages;
mod protocol;

use std::collections::HashMap;
use std::net::{Ipv4Addr, SocketAddr};

use genkan::lab::{Lab, LabClient, LabConfig, RedirectUris, SigningAlgorithm};
use reqwest::{Client, Response, Url, redirect};
use serde_json::Value;

const CLIENT: &str = "front-door";
/// Has letters that `Basic` must escape first.
const SECRET: &str = "a secret: 100%+";
const CALLBACK: &str = "http://127.0.0.1:9/auth/lab/callback";
/// The pair of RFC 7636 appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// Starts a lab with one client and the quicker kind of key.
fn start() -> Lab {
    let lab = start_with(RedirectUris::Exact(vec![CALLBACK.to_owned()]));
    lab.set_signing_algorithm(SigningAlgorithm::Es256);
    lab
}

fn start_with(redirect_uris: RedirectUris) -> Lab {
    let client = LabClient { client_id: CLIENT.to_owned(), client_secret: SECRET.to_owned(), redirect_uris };
    Lab::start(LabConfig { listen: SocketAddr::new(Ipv4Addr::LOCALHOST.into(), 0), clients: vec![client] }).expect("a free port")
}

#[expect(clippy::disallowed_methods, reason = "the tests stand for browsers and clients of their own")]
fn http() -> Client {
    Client::builder().redirect(redirect::Policy::none()).no_proxy().build().expect("a client without special wishes")
}

/// The authorization request of a careful client, changed by `changes`; an empty value leaves a parameter out.
fn authorization_url(lab: &Lab, changes: &[(&str, &str)]) -> Url {
    let mut parameters = vec![
        ("response_type", "code"),
        ("client_id", CLIENT),
        ("redirect_uri", CALLBACK),
        ("scope", "openid profile email"),
        ("state", "state-1"),
        ("nonce", "nonce-1"),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
    ];
    parameters.retain(|(name, _)| changes.iter().all(|(changed, _)| changed != name));
    parameters.extend(changes.iter().filter(|(_, value)| !value.is_empty()));
    Url::parse_with_params(&format!("{}/authorize", lab.issuer()), parameters).expect("an address")
}

async fn open(url: Url) -> Response {
    http().get(url).send().await.expect("an answer of the lab")
}

/// Where an answer sends the browser.
#[track_caller]
fn location(response: &Response) -> Url {
    assert_eq!(response.status(), 303, "{response:?}");
    let location = response.headers()["location"].to_str().expect("an address in ASCII");
    Url::parse(location).expect("an absolute address")
}

fn query(url: &Url) -> HashMap<String, String> {
    url.query_pairs().into_owned().collect()
}

/// Ends a sign-in as `case` without the page and returns what the browser brings back.
async fn come_back(lab: &Lab, case: &str) -> HashMap<String, String> {
    query(&location(&open(authorization_url(lab, &[("lab_case", case)])).await))
}

async fn code(lab: &Lab, case: &str) -> String {
    come_back(lab, case).await.remove("code").expect("a code")
}

/// Sends a code to the token endpoint as a careful client does.
async fn exchange(lab: &Lab, code: &str) -> reqwest::Result<Response> {
    exchange_with(lab, &[("code", code)]).await
}

/// The same with changes; an empty value leaves a parameter out.
async fn exchange_with(lab: &Lab, changes: &[(&str, &str)]) -> reqwest::Result<Response> {
    let mut form = HashMap::from([
        ("grant_type", "authorization_code"),
        ("redirect_uri", CALLBACK),
        ("code_verifier", VERIFIER),
        ("client_id", CLIENT),
        ("client_secret", SECRET),
    ]);
    form.extend(changes.iter().copied());
    form.retain(|_, value| !value.is_empty());
    http().post(format!("{}/token", lab.issuer())).header("accept", "application/json").form(&form).send().await
}

async fn tokens(lab: &Lab, case: &str) -> Value {
    let code = code(lab, case).await;
    exchange(lab, &code).await.expect("an answer").json().await.expect("JSON")
}

async fn userinfo(lab: &Lab, access_token: &str) -> reqwest::Result<Response> {
    http().get(format!("{}/userinfo", lab.issuer())).bearer_auth(access_token).send().await
}
