//! What becomes of kept tokens between sign-ins.

use std::time::Duration;

use genkan::secret::ExposeSecret as _;
use genkan::signin::tokens::TokenError;
use serde_json::json;

use super::{TOKENS, assert_discreet, refreshes, refuse_refresh, sign_in, start, stored, token, user_of};
use crate::support::idp::Reply;
use crate::support::logs;
use crate::support::upstream::Upstream;

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

/// Runs `genkan check --tokens` beside a running genkan, on its database and with its keys.
async fn check_tokens(upstream: &Upstream) -> (Option<i32>, String) {
    let config = upstream.app.state.signin.config.clone();
    let base = upstream.base("plain");
    let run = move || {
        let variables = [
            ("GENKAN_DATABASE__URL", config.database.url.expose_secret().to_owned()),
            ("GENKAN_SERVER__SECRET", config.server.secret.as_ref().expect("a key").expose_secret().to_owned()),
            ("GENKAN_PROVIDERS__PLAIN__PRESET", "oauth2".to_owned()),
            ("GENKAN_PROVIDERS__PLAIN__CLIENT_ID", "genkan".to_owned()),
            ("GENKAN_PROVIDERS__PLAIN__CLIENT_SECRET", "secret".to_owned()),
            ("GENKAN_PROVIDERS__PLAIN__KEEP_TOKENS", "true".to_owned()),
            ("GENKAN_PROVIDERS__PLAIN__AUTHORIZATION_URL", format!("{base}/authorize")),
            ("GENKAN_PROVIDERS__PLAIN__TOKEN_URL", format!("{base}/token")),
            ("GENKAN_PROVIDERS__PLAIN__USERINFO_URL", format!("{base}/userinfo")),
        ];
        let place = tempfile::tempdir().expect("a directory");
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_genkan"));
        command.args(["check", "--tokens"]).current_dir(place.path()).env_clear().envs(variables).output().expect("the command runs")
    };
    let output = tokio::task::spawn_blocking(run).await.expect("it ends");
    (output.status.code(), String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned())
}

#[actix_web::test]
async fn an_operator_can_try_every_token() {
    let upstream = start().await;
    sign_in(&upstream, &upstream.app.browser(), "plain", json!({ "access_token": TOKENS[0], "refresh_token": TOKENS[3] })).await;
    // Whether we are known as a client is asked with a made-up code.
    upstream.answer("plain", "token", Reply::typed(400, "application/json", r#"{"error":"invalid_grant"}"#));
    let newer = json!({ "access_token": TOKENS[1], "refresh_token": TOKENS[4] });
    upstream.answer("plain", "token#refresh", Reply::json(&newer.to_string()));

    let (code, said) = check_tokens(&upstream).await;
    assert!(code == Some(0) && said.contains("1 good, 0 revoked"), "{code:?} {said}");
    refuse_refresh(&upstream, "plain");
    let (code, said) = check_tokens(&upstream).await;
    assert!(code == Some(0) && said.contains("0 good, 1 revoked"), "{code:?} {said}");

    assert_eq!(refreshes(&upstream, "plain"), [TOKENS[3], TOKENS[4]]);
    assert_eq!(stored(&upstream, "plain").await, None);
    assert!(!said.contains("kept-"), "{said}");
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
