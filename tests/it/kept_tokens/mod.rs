//! `keep_tokens`: what is stored, when it is refreshed, and what is told when the person has taken it back.

mod at_sign_in;
mod later;

use genkan::domain::identity::{Identity, ProviderId, Subject};
use genkan::domain::ids::UserId;
use genkan::secret::ExposeSecret as _;
use genkan::signin::tokens::TokenError;
use genkan::store::provider_tokens::StoredTokens;
use reqwest::Url;
use serde_json::{Value, json};

use crate::support::browser::{Page, TestBrowser};
use crate::support::idp::Reply;
use crate::support::logs;
use crate::support::upstream::Upstream;

/// Tokens that nobody may ever read.
const TOKENS: [&str; 6] = ["kept-access-1", "kept-access-2", "kept-access-3", "kept-refresh-1", "kept-refresh-2", "kept-refresh-3"];

/// A genkan whose providers keep tokens: `idp` speaks OpenID Connect, `plain` does not.
async fn start() -> Upstream {
    start_with(true).await
}

async fn start_with(keep_tokens: bool) -> Upstream {
    let plain = json!({ "preset": "oauth2", "keep_tokens": keep_tokens, "issuer": null, "authorization_url": "{base}/authorize",
        "token_url": "{base}/token", "userinfo_url": "{base}/userinfo" });
    let providers = [("idp".to_owned(), json!({ "preset": "oidc", "keep_tokens": keep_tokens })), ("plain".to_owned(), plain)];
    let upstream = Upstream::of(&providers, |_| {}).await;
    upstream.publish("idp", &upstream.base("idp"));
    for name in ["idp", "plain"] {
        upstream.answer(name, "userinfo", Reply::json(r#"{"sub":"hanako","name":"Hanako"}"#));
    }
    upstream
}

/// Signs in at a provider whose token endpoint answers with these members.
async fn sign_in(upstream: &Upstream, browser: &TestBrowser, name: &str, members: Value) -> Page {
    let departed = upstream.leave(browser, name).await;
    let mut answer = json!({ "token_type": "Bearer", "expires_in": 3600 });
    if name == "idp" {
        answer["id_token"] = json!(upstream.sign(&upstream.claims(name, "hanako", departed.nonce())));
    }
    let answer = crate::presets::merge(answer, &members);
    upstream.answer(name, "token", Reply::json(&answer.to_string()));
    upstream.come_back(browser, name, &departed.fill("code={code}&state={state}")).await
}

fn refuse_refresh(upstream: &Upstream, name: &str) {
    upstream.answer(name, "token#refresh", Reply::typed(400, "application/json", r#"{"error":"invalid_grant"}"#));
}

/// Returns what was sent to the token endpoint with refresh tokens.
fn refreshes(upstream: &Upstream, name: &str) -> Vec<String> {
    let bodies = upstream.received(name, "token").into_iter().map(|request| request.body);
    let sent = bodies.filter(|body| body.contains("grant_type=refresh_token"));
    sent.map(|body| {
        Url::parse(&format!("x:/?{body}"))
            .expect("a form")
            .query_pairs()
            .find(|(name, _)| name == "refresh_token")
            .expect("it")
            .1
            .into_owned()
    })
    .collect()
}

async fn stored(upstream: &Upstream, name: &str) -> Option<StoredTokens> {
    let issuer = if name == "idp" { upstream.base(name) } else { String::new() };
    let identity =
        Identity { provider: ProviderId::parse(name).expect("a name"), issuer, subject: Subject::parse("hanako").expect("a subject") };
    upstream.app.state.signin.store.find_tokens(&identity).await.expect("a query")
}

async fn token(upstream: &Upstream, user: UserId, name: &str) -> Result<String, TokenError> {
    let provider = ProviderId::parse(name).expect("a name");
    upstream.app.state.signin.provider_token(user, &provider).await.map(|token| token.expose_secret().to_owned())
}

async fn user_of(upstream: &Upstream, name: &str) -> UserId {
    stored(upstream, name).await.expect("tokens").user
}

#[track_caller]
fn assert_discreet() {
    let log = logs::all_text();
    for token in TOKENS {
        assert!(!log.contains(token), "{token} stands in the log");
    }
}
