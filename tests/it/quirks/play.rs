//! One quirk through the real routes.

use std::collections::HashMap;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, EncodingKey, crypto};
use serde_json::{Value, json};

use super::Quirk;
use super::plan::{Plan, TENANT, plan};
use crate::corpus::presets::is_oauth2;
use crate::presets::{Sample, behave, is_proven, merge, samples};
use crate::support::browser::{Page, TestBrowser};
use crate::support::idp::{Received, Reply};
use crate::support::upstream::{Departed, NOW, Upstream};

/// A quirk that was played.
pub struct Play<'a> {
    upstream: &'a Upstream,
    name: String,
    quirk: &'a Quirk,
    plan: Plan,
    sample: Sample,
    browser: TestBrowser,
    pub departed: Departed,
    answer: Page,
}

impl<'a> Play<'a> {
    /// Goes to the provider and back.
    pub async fn run(upstream: &'a Upstream, name: &str, quirk: &'a Quirk) -> Self {
        let plan = plan(quirk);
        let issuer = issuer(upstream, name, &plan);
        upstream.publish(name, &issuer);
        prepare(upstream, name, quirk, &issuer);
        let browser = upstream.app.browser();
        let departed = upstream.leave(&browser, name).await;
        let sample = adapt(samples().remove(plan.sample).expect("a sample"), quirk);
        let claims = behave(upstream, name, &sample, departed.nonce());
        let claims = merge(claims, &json!({ "iss": issuer.replace("{tenantid}", TENANT), "tid": TENANT }));
        answer(upstream, name, quirk, &merge(claims, &changes(&quirk.wire["claims"])));
        let query = Some(quirk.wire("query")).filter(|query| !query.is_empty()).unwrap_or("code={code}&state={state}");
        let query = query.replace("{1800_characters}", &"c".repeat(1800));
        let answer = upstream.come_back(&browser, name, &departed.fill(&query)).await;
        Self { upstream, name: name.to_owned(), quirk, plan, sample, browser, departed, answer }
    }

    /// Returns what came to an endpoint, the last first.
    pub fn received(&self, endpoint: &str) -> Vec<Received> {
        self.upstream.received(&self.name, endpoint)
    }

    /// Returns the cause that the person is told.
    pub async fn cause(&self) -> Option<String> {
        self.browser.follow(&self.answer).await.flash().map(|flash| flash.cause)
    }

    /// Says what is wrong, unless the right person is signed in, and an address proven only if the quirk says so.
    pub async fn find_problem(&self) -> Option<String> {
        if self.answer.header("location") != "/account" {
            return Some(format!("not signed in: {} {:?}", self.answer.status, self.cause().await));
        }
        let subject = self.quirk.expected["subject"].as_str().unwrap_or(&self.sample.subject);
        let issuer = if is_oauth2(self.plan.sample) { String::new() } else { issuer(self.upstream, &self.name, &self.plan) };
        if self.upstream.find(&self.name, &issuer.replace("{tenantid}", TENANT), subject).await.is_none() {
            return Some(format!("somebody else than {subject}"));
        }
        let expected = &self.quirk.expected;
        let is_verified = expected["email_verified"] == true;
        let email = expected["email"].as_str().unwrap_or(if is_verified { "a@example.com" } else { "ceo@victim.example" });
        (is_proven(self.upstream, Some(email)).await != is_verified).then(|| format!("{email} is proven: {}", !is_verified))
    }
}

fn issuer(upstream: &Upstream, name: &str, plan: &Plan) -> String {
    let base = upstream.base(name);
    plan.issuer.map_or_else(|| base.clone(), |issuer| issuer.replace("{base}", &base))
}

/// Changes what the provider publishes.
fn prepare(upstream: &Upstream, name: &str, quirk: &Quirk, issuer: &str) {
    if quirk.id == "entra-key-issuer" {
        let key = merge(upstream.signer.jwk(Some("k1")), &json!({ "issuer": issuer }));
        upstream.answer(name, "jwks", Reply::json(&json!({ "keys": [key] }).to_string()));
    }
    if quirk.id == "apple-no-userinfo" {
        let url = |endpoint: &str| format!("{}/{endpoint}", upstream.base(name));
        let metadata = json!({ "issuer": issuer, "authorization_endpoint": url("authorize"), "token_endpoint": url("token"), "jwks_uri": url("jwks") });
        upstream.answer(name, ".well-known/openid-configuration", Reply::json(&metadata.to_string()));
    }
}

/// Lets the sample name whom the quirk names; an ID Token says no more than that where userinfo is what is odd.
fn adapt(mut sample: Sample, quirk: &Quirk) -> Sample {
    let userinfo = quirk.wire("endpoint") == "userinfo" && !sample.claims.is_null();
    let (subject, own) = match quirk.id.as_str() {
        "line-profile-member-names" | "line-email-needs-approval" => ("U123", json!({})),
        "msgraph-mail-null" => ("AAA", json!({ "oid": "x" })),
        "github-private-email" | "arcgis-format-parameter" => ("1", json!({})),
        "facebook-email-missing" => ("10150000000000000", json!({})),
        "discord-snowflake-string" => ("80351110224678912", json!({})),
        "slack-claim-names-are-urls" => ("T1:U1", json!({ "sub": "U1" })),
        "qiita-two-ids" => ("12345", json!({})),
        "oidc-userinfo-jwt" => ("7", json!({})),
        _ => return sample,
    };
    if userinfo {
        sample.claims = merge(json!({ "sub": subject }), &own);
    }
    subject.clone_into(&mut sample.subject);
    sample
}

/// Puts the odd answer in the place of the sound one.
fn answer(upstream: &Upstream, name: &str, quirk: &Quirk, claims: &Value) {
    let id_token = sign(upstream, quirk, claims);
    let is_oidc = !is_oauth2(plan(quirk).sample);
    if is_oidc {
        let tokens = json!({ "access_token": "x", "token_type": "Bearer", "id_token": id_token });
        upstream.answer(name, "token", Reply::json(&tokens.to_string()));
    }
    if quirk.id == "arcgis-format-parameter" {
        upstream.answer(name, "userinfo", Reply::json(r#"{"permanent_id":1,"id":"a"}"#));
    }
    if quirk.wire("kind") != "http_response" || ["discovery", "jwks"].contains(&quirk.wire("endpoint")) {
        return;
    }
    let kind = quirk.wire("content_type");
    let headers: HashMap<_, _> = (!kind.is_empty()).then(|| ("Content-Type".to_owned(), kind.to_owned())).into_iter().collect();
    let body = quirk.wire("body").replace("{jwt}", &id_token).into_bytes();
    let status = quirk.wire["status"].as_u64().and_then(|status| u16::try_from(status).ok()).expect("a status");
    upstream.answer(name, quirk.wire("endpoint"), Reply::Http { status, headers: headers.into_iter().collect(), body });
}

/// Signs claims as the quirk has it.
fn sign(upstream: &Upstream, quirk: &Quirk, claims: &Value) -> String {
    match quirk.id.as_str() {
        "line-hs256-id-token" => {
            let part = |part: &Value| URL_SAFE_NO_PAD.encode(part.to_string());
            let signed = format!("{}.{}", part(&json!({ "alg": "HS256", "typ": "JWT" })), part(claims));
            let key = EncodingKey::from_secret(b"s3cret:/+");
            format!("{signed}.{}", crypto::sign(signed.as_bytes(), &key, Algorithm::HS256).expect("a signature"))
        }
        "oidc-kid-absent-single-key" => upstream.signer.sign(&json!({ "alg": "ES256" }), claims),
        _ => upstream.sign(claims),
    }
}

/// Fills in the placeholders of changed claims.
fn changes(claims: &Value) -> Value {
    let text = claims.to_string().replace("{client_id}", "genkan").replace("\"now+1\"", &(NOW + 1).to_string());
    let mut changes: Value = serde_json::from_str(&text).expect("JSON");
    if let Some(changes) = changes.as_object_mut() {
        changes.retain(|name, _| name != "tid");
    }
    changes
}
