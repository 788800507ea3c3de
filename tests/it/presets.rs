//! The contract of every preset: its own profile signs the right person in, its own words name the cause.
//!
//! `tests/corpus/presets.json` has what each provider sends, after its documentation.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use genkan::domain::email::Email;
use genkan::domain::identifier::Identifier;
use serde::Deserialize;
use serde_json::{Value, json};

use super::corpus::presets::is_oauth2;
use super::support::browser::TestBrowser;
use super::support::idp::Reply;
use super::support::upstream::{Departed, Upstream};

/// What a provider sends, and what is to come of it.
#[derive(Deserialize)]
pub struct Sample {
    #[serde(default)]
    pub claims: Value,
    #[serde(default)]
    userinfo: Value,
    #[serde(default)]
    emails: Value,
    #[serde(default)]
    token: Value,
    #[serde(default)]
    config: Value,
    pub subject: String,
    pub email: Option<String>,
    verified: bool,
    /// Where, with which status, what; and the cause.
    failures: Vec<(String, u16, Value, String)>,
}

pub fn samples() -> BTreeMap<String, Sample> {
    serde_json::from_str(include_str!("../corpus/presets.json")).expect("samples")
}

/// Starts a genkan that offers every preset under its own name.
async fn start(samples: &BTreeMap<String, Sample>) -> Upstream {
    let providers: Vec<_> = samples.iter().map(|(name, sample)| (name.clone(), merge(json!({ "preset": name }), &sample.config))).collect();
    let upstream = Upstream::of(&providers, |_| {}).await;
    for name in samples.keys() {
        upstream.publish(name, &upstream.base(name));
    }
    upstream
}

pub fn merge(mut base: Value, more: &Value) -> Value {
    for (key, value) in more.as_object().into_iter().flatten() {
        base[key] = value.clone();
    }
    base
}

/// Lets a provider answer soundly to an attempt of this nonce, and returns its ID Token's claims.
pub fn behave(upstream: &Upstream, name: &str, sample: &Sample, nonce: &str) -> Value {
    let token = merge(json!({ "access_token": "x", "token_type": "Bearer" }), &sample.token);
    let mut claims = merge(upstream.claims(name, &sample.subject, nonce), &sample.claims);
    claims.as_object_mut().expect("claims").retain(|_, value| !value.is_null());
    let token = if sample.claims.is_null() { token } else { merge(token, &json!({ "id_token": upstream.sign(&claims) })) };
    let userinfo = if sample.userinfo.is_null() { &claims } else { &sample.userinfo };
    upstream.answer(name, "token", Reply::json(&token.to_string()));
    upstream.answer(name, "userinfo", Reply::json(&userinfo.to_string()));
    upstream.answer(name, "emails", Reply::json(&sample.emails.to_string()));
    claims
}

#[test]
fn every_preset_has_its_sample() {
    let files = fs::read_dir("src/provider/presets").expect("the presets");
    let names = files.map(|file| file.expect("a file").path().file_stem().expect("a name").to_string_lossy().into_owned());

    assert_eq!(names.collect::<BTreeSet<_>>(), samples().into_keys().collect());
}

#[test]
fn every_preset_is_one_short_file() {
    for file in fs::read_dir("src/provider/presets").expect("the presets").map(|file| file.expect("a file").path()) {
        let text = fs::read_to_string(&file).expect("text");

        assert!(text.starts_with("# "), "{} does not say what it rests on", file.display());
        assert!(text.lines().count() <= 80, "{} is long", file.display());
    }
}

#[actix_web::test]
async fn so_08_every_preset_signs_in_whom_its_profile_names() {
    let samples = samples();
    let upstream = start(&samples).await;
    for (name, sample) in &samples {
        let browser = upstream.app.browser();
        let departed = upstream.leave(&browser, name).await;
        behave(&upstream, name, sample, departed.nonce());

        let page = upstream.come_back(&browser, name, &departed.fill("code={code}&state={state}")).await;

        assert_eq!((page.status, page.header("location")), (303, "/account"), "{name}: {:?}", browser.follow(&page).await.flash());
        let issuer = if is_oauth2(name) { String::new() } else { upstream.base(name) };
        assert!(upstream.find(name, &issuer, &sample.subject).await.is_some(), "{name}");
        assert_eq!(is_proven(&upstream, sample.email.as_deref()).await, sample.verified, "so_09: {name}");
    }
}

/// Tells whether an address counts as proven; every provider's word is trusted here.
pub async fn is_proven(upstream: &Upstream, email: Option<&str>) -> bool {
    let Some(email) = email else { return false };
    let identifier = Identifier::Email(Email::parse(email).expect("an address"));
    upstream.app.state.signin.store.find_user_by_identifier(&identifier).await.expect("an answer").is_some()
}

#[actix_web::test]
async fn every_preset_names_its_providers_own_failures() {
    let samples = samples();
    let upstream = start(&samples).await;
    for (name, sample) in &samples {
        for (place, status, said, cause) in &sample.failures {
            let browser = upstream.app.browser();
            let found = fail(&upstream, &browser, name, (place, *status, said)).await;

            assert_eq!(found.as_ref(), Some(cause), "{name} {place} {said}");
        }
    }
}

/// Comes back to a failure, and returns the cause that is told.
async fn fail(upstream: &Upstream, browser: &TestBrowser, name: &str, (place, status, said): (&str, u16, &Value)) -> Option<String> {
    let departed = upstream.leave(browser, name).await;
    let mut query = "code={code}&state={state}".to_owned();
    behave(upstream, name, &samples()[name], departed.nonce());
    match place {
        "authorization" => query = format!("{}&state={{state}}", said.as_str().expect("a query")),
        "token" => upstream.answer(name, "token", Reply::typed(status, "application/json", &said.to_string())),
        _ => upstream.answer(name, "userinfo", Reply::typed(status, "application/json", &said.to_string())),
    }
    let mut page = upstream.come_back(browser, name, &departed.fill(&query)).await;
    if page.header("location").contains("/authorize?") {
        // Sent away once more by itself, to the same answer.
        page = upstream.come_back(browser, name, &Departed::read(&page).fill(&query)).await;
    }
    browser.follow(&page).await.flash().map(|flash| flash.cause)
}
