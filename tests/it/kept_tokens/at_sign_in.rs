//! What a sign-in makes of kept tokens.

use std::time::Duration;

use genkan::signin::failure::Cause;
use genkan::signin::tokens::TokenError;
use serde_json::json;

use super::{TOKENS, assert_discreet, refreshes, refuse_refresh, sign_in, start, start_with, stored, token, user_of};
use crate::support::idp::Reply;
use crate::support::trip::expect_failure;
use crate::support::upstream::Upstream;

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
async fn what_refreshing_needs_is_asked_for_where_tokens_are_kept_and_nowhere_else() {
    for (preset, parameter, kept, thrown_away) in [
        ("google", "access_type", Some("offline"), None),
        ("reddit", "duration", Some("permanent"), Some("temporary")),
        ("okta", "scope", Some("openid email profile offline_access"), Some("openid email profile")),
        ("x", "scope", Some("users.read tweet.read users.email offline.access"), Some("users.read tweet.read users.email")),
    ] {
        let providers = [true, false].map(|keep| (format!("keep-{keep}"), json!({ "preset": preset, "keep_tokens": keep })));
        let upstream = Upstream::of(&providers, |_| {}).await;
        for (name, expected) in [("keep-true", kept), ("keep-false", thrown_away)] {
            upstream.publish(name, &upstream.base(name));
            let departed = upstream.leave(&upstream.app.browser(), name).await;

            assert_eq!(departed.sent.get(parameter).map(String::as_str), expected, "{preset} {name}");
        }
    }
}

#[actix_web::test]
async fn providers_say_in_their_own_words_that_the_permission_was_taken_back() {
    for (preset, said) in [
        ("github", json!({ "error": "bad_refresh_token", "error_description": "The refresh token passed is incorrect or expired." })),
        ("twitch", json!({ "status": 400, "message": "Invalid refresh token" })),
    ] {
        let upstream = Upstream::of(&[("plain".to_owned(), json!({ "preset": preset, "keep_tokens": true }))], |_| {}).await;
        let sample = &crate::presets::samples()[preset];
        for refresh_token in [Some(TOKENS[3]), None] {
            let browser = upstream.app.browser();
            let departed = upstream.leave(&browser, "plain").await;
            crate::presets::behave(&upstream, "plain", sample, departed.nonce());
            let answer = json!({ "access_token": TOKENS[0], "refresh_token": refresh_token, "scope": "read:user,user:email" });
            upstream.answer("plain", "token", Reply::json(&answer.to_string()));
            upstream.answer("plain", "token#refresh", Reply::typed(400, "application/json", &said.to_string()));

            let page = upstream.come_back(&browser, "plain", &departed.fill("code={code}&state={state}")).await;

            let cause = browser.follow(&page).await.flash().map(|flash| flash.cause);
            assert_eq!(cause.as_deref(), refresh_token.map_or(Some("access_revoked"), |_| None), "{preset}");
        }
    }
}
