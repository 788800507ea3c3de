//! `keep_tokens`: what is stored, when it is refreshed, and what is told when the person has taken it back.

use std::time::Duration;

use genkan::domain::identity::{Identity, ProviderId, Subject};
use genkan::domain::ids::UserId;
use genkan::secret::ExposeSecret as _;
use genkan::signin::failure::Cause;
use genkan::signin::tokens::TokenError;
use genkan::store::provider_tokens::StoredTokens;
use reqwest::Url;
use serde_json::{Value, json};

use super::support::browser::{Page, TestBrowser};
use super::support::idp::Reply;
use super::support::logs;
use super::support::trip::expect_failure;
use super::support::upstream::Upstream;

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

#[actix_web::test]
async fn so_15_tokens_are_thrown_away_unless_they_are_to_be_kept() {
    let upstream = start_with(false).await;
    for name in ["idp", "plain"] {
        let browser = upstream.app.browser();
        let page = sign_in(&upstream, &browser, name, json!({ "access_token": TOKENS[0], "refresh_token": TOKENS[3] })).await;

        assert_eq!(page.location(), "/account", "{name}");
        assert_eq!(stored(&upstream, name).await, None, "{name}");
        assert!(!browser.open("/account").await.text.contains("kept-"), "{name}");
    }
    assert_discreet();
}

#[actix_web::test]
async fn ky_03_kept_tokens_are_stored_sealed_and_open_for_their_own_row_only() {
    let upstream = start().await;
    for name in ["idp", "plain"] {
        let members = json!({ "access_token": TOKENS[0], "refresh_token": TOKENS[3] });
        sign_in(&upstream, &upstream.app.browser(), name, members).await;
    }
    let (own, other) = (stored(&upstream, "idp").await.expect("tokens"), stored(&upstream, "plain").await.expect("tokens"));
    assert!(!own.sealed.contains("kept-") && own.sealed != other.sealed);
    assert_eq!(token(&upstream, own.user, "idp").await.expect("a token"), TOKENS[0]);

    upstream.app.execute(&format!("UPDATE provider_tokens SET sealed = '{}' WHERE identity_id = '{}'", other.sealed, own.identity));

    assert!(matches!(token(&upstream, own.user, "idp").await, Err(TokenError::Missing)), "another row's");
    assert_discreet();
}

#[actix_web::test]
async fn a_sign_in_that_brings_a_refresh_token_replaces_what_was_kept() {
    let upstream = start().await;
    for name in ["idp", "plain"] {
        let browser = upstream.app.browser();
        sign_in(&upstream, &browser, name, json!({ "access_token": TOKENS[0], "refresh_token": TOKENS[3] })).await;
        let page = sign_in(&upstream, &browser, name, json!({ "access_token": TOKENS[1], "refresh_token": TOKENS[4] })).await;

        assert_eq!(page.location(), "/account", "{name}");
        assert_eq!(token(&upstream, user_of(&upstream, name).await, name).await.expect("a token"), TOKENS[1]);
        assert_eq!(refreshes(&upstream, name), Vec::<String>::new(), "{name}");
    }
}

#[actix_web::test]
async fn a_sign_in_that_brings_none_refreshes_what_was_kept_and_honours_rotation() {
    let upstream = start().await;
    for name in ["idp", "plain"] {
        let browser = upstream.app.browser();
        sign_in(&upstream, &browser, name, json!({ "access_token": TOKENS[0], "refresh_token": TOKENS[3] })).await;
        for newer in [json!({ "access_token": TOKENS[1], "refresh_token": TOKENS[4] }), json!({ "access_token": TOKENS[2] })] {
            upstream.answer(name, "token#refresh", Reply::json(&newer.to_string()));
            let page = sign_in(&upstream, &browser, name, json!({ "access_token": "not worth keeping" })).await;
            assert_eq!(page.location(), "/account", "{name}");
        }

        assert_eq!(refreshes(&upstream, name), [TOKENS[3], TOKENS[4]], "{name}: a rotated token is used from then on");
        upstream.app.clock.advance(Duration::from_secs(1));
        sign_in(&upstream, &browser, name, json!({ "access_token": "not worth keeping" })).await;
        assert_eq!(refreshes(&upstream, name)[2], TOKENS[4], "{name}: where none came, the old one stays");
    }
    assert_discreet();
}

#[actix_web::test]
async fn a_permission_that_was_taken_back_is_told_once_and_forgotten() {
    let upstream = start().await;
    for name in ["idp", "plain"] {
        let browser = upstream.app.browser();
        sign_in(&upstream, &browser, name, json!({ "access_token": TOKENS[0], "refresh_token": TOKENS[3] })).await;
        refuse_refresh(&upstream, name);

        let answer = sign_in(&upstream, &upstream.app.browser(), name, json!({ "access_token": TOKENS[1] })).await;
        assert_eq!(answer.header("location"), "/login", "{name}");
        let browser = upstream.app.browser();
        let answer = sign_in(&upstream, &browser, name, json!({ "access_token": TOKENS[1], "refresh_token": TOKENS[5] })).await;

        assert_eq!(answer.location(), "/account", "{name}: the next sign-in repairs it");
        assert_eq!(token(&upstream, user_of(&upstream, name).await, name).await.expect("a token"), TOKENS[1]);
    }
    assert_discreet();
}

#[actix_web::test]
async fn a_permission_that_was_taken_back_is_the_persons_own_doing() {
    let upstream = start().await;
    sign_in(&upstream, &upstream.app.browser(), "idp", json!({ "access_token": TOKENS[0], "refresh_token": TOKENS[3] })).await;
    refuse_refresh(&upstream, "idp");
    let browser = upstream.app.browser();

    let answer = sign_in(&upstream, &browser, "idp", json!({ "access_token": TOKENS[1] })).await;

    let told = expect_failure(&browser, &answer, Cause::AccessRevoked, "token").await;
    assert_eq!(told.line.level, log::Level::Debug);
    assert_eq!(stored(&upstream, "idp").await, None);
    assert_eq!(browser.open("/api/me").await.status, 401);
}

#[actix_web::test]
async fn trouble_with_the_other_token_keeps_nobody_out() {
    let upstream = start().await;
    let browser = upstream.app.browser();
    sign_in(&upstream, &browser, "idp", json!({ "access_token": TOKENS[0], "refresh_token": TOKENS[3] })).await;
    for reply in [
        Reply::typed(503, "text/html", "<h1>busy</h1>"),
        Reply::Reset,
        Reply::typed(401, "application/json", r#"{"error":"invalid_client"}"#),
    ] {
        upstream.answer("idp", "token#refresh", reply);

        let page = sign_in(&upstream, &browser, "idp", json!({ "access_token": TOKENS[1] })).await;

        assert_eq!(page.location(), "/account");
        assert_eq!(token(&upstream, user_of(&upstream, "idp").await, "idp").await.expect("a token"), TOKENS[1]);
    }
    upstream.answer("idp", "token#refresh", Reply::json(&json!({ "access_token": TOKENS[2] }).to_string()));
    sign_in(&upstream, &browser, "idp", json!({ "access_token": "x" })).await;
    assert_eq!(refreshes(&upstream, "idp").last().map(String::as_str), Some(TOKENS[3]), "the refresh token was kept all along");
    assert_discreet();
}

#[actix_web::test]
async fn an_expired_token_is_refreshed_once_for_all_who_ask() {
    let upstream = start().await;
    sign_in(&upstream, &upstream.app.browser(), "plain", json!({ "access_token": TOKENS[0], "refresh_token": TOKENS[3] })).await;
    let user = user_of(&upstream, "plain").await;
    upstream.app.clock.advance(Duration::from_secs(3541));
    let newer = json!({ "access_token": TOKENS[1], "refresh_token": TOKENS[4], "expires_in": 3600 });
    upstream.answer("plain", "token#refresh", Reply::json(&newer.to_string()));

    let tokens = futures_util::future::join_all((0..8).map(|_| token(&upstream, user, "plain"))).await;

    assert!(tokens.iter().all(|token| token.as_ref().is_ok_and(|token| token == TOKENS[1])), "{tokens:?}");
    assert_eq!(refreshes(&upstream, "plain"), [TOKENS[3]], "a refresh token may be good once only");
}

#[actix_web::test]
async fn code_that_needs_a_token_learns_that_it_was_taken_back_or_has_expired() {
    let upstream = start().await;
    sign_in(&upstream, &upstream.app.browser(), "plain", json!({ "access_token": TOKENS[0], "refresh_token": TOKENS[3] })).await;
    sign_in(&upstream, &upstream.app.browser(), "idp", json!({ "access_token": TOKENS[0] })).await;
    let (user, other) = (user_of(&upstream, "plain").await, user_of(&upstream, "idp").await);
    upstream.app.clock.advance(Duration::from_secs(3600));

    assert!(matches!(token(&upstream, other, "idp").await, Err(TokenError::Expired)));
    upstream.answer("plain", "token#refresh", Reply::typed(502, "text/html", "<h1>no</h1>"));
    assert!(matches!(token(&upstream, user, "plain").await, Err(TokenError::Provider(_))));
    refuse_refresh(&upstream, "plain");
    assert!(matches!(token(&upstream, user, "plain").await, Err(TokenError::Revoked)));
    assert!(matches!(token(&upstream, user, "plain").await, Err(TokenError::Missing)));
    let told = logs::with("user", &user.to_string()).into_iter().filter(|line| line.field("event") == "tokens_revoked").count();
    assert_eq!(told, 1);
}

#[actix_web::test]
async fn a_stored_access_token_that_the_provider_refuses_is_found_out() {
    let upstream = start().await;
    sign_in(&upstream, &upstream.app.browser(), "plain", json!({ "access_token": TOKENS[0] })).await;
    let signin = &upstream.app.state.signin;
    let tokens = stored(&upstream, "plain").await.expect("tokens");
    signin.try_tokens(&tokens).await.expect("it still opens the profile");
    upstream.answer("plain", "userinfo", Reply::typed(401, "application/json", r#"{"error":"invalid_token"}"#));

    assert!(matches!(signin.try_tokens(&tokens).await, Err(TokenError::Revoked)));

    assert_eq!(stored(&upstream, "plain").await, None);
    assert_discreet();
}

#[actix_web::test]
async fn so_15_tokens_go_when_they_are_no_longer_to_be_kept() {
    let upstream = start().await;
    for name in ["idp", "plain"] {
        sign_in(&upstream, &upstream.app.browser(), name, json!({ "access_token": TOKENS[0], "refresh_token": TOKENS[3] })).await;
    }

    let _twin = upstream.app.twin_with(|config| config.providers[0].keep_tokens = false).await;

    for _ in 0..100 {
        if stored(&upstream, "idp").await.is_none() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(stored(&upstream, "idp").await, None);
    assert!(stored(&upstream, "plain").await.is_some(), "the others stay");
}
