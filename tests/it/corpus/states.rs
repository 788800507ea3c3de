//! Conditions of our own, brought about from outside.

use std::time::Duration;

use futures_util::future::join;
use genkan::config::Config;
use reqwest::Method;
use serde_json::json;

use super::play::{CODE, Play, Trip, press};
use super::world::access_token;
use crate::support::browser::Page;
use crate::support::idp::Reply;

/// States after which the person is signed in: nothing went wrong.
const SIGN_IN: [&str; 3] = ["state-replayed-already-signed-in", "callback-double-delivery", "discord-callback-fired-twice"];
/// States that somebody meets who is signed in at first.
const LINKS: [&str; 2] = ["account-already-linked-elsewhere", "link-session-lost"];

/// Who is to be signed in afterwards.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    Nobody,
    Hanako,
    Somebody,
    /// There is no database that could tell.
    Unknown,
}

/// Tells whether a state is met by somebody who is signed in.
pub fn is_for_somebody(id: &str) -> bool {
    LINKS.contains(&id)
}

/// Tells who is to be signed in after a case.
pub fn afterwards(id: &str, is_signed_in: bool) -> Who {
    match id {
        "session-store-down" => Who::Unknown,
        "link-session-lost" => Who::Nobody,
        id if SIGN_IN.contains(&id) => Who::Somebody,
        _ if is_signed_in => Who::Hanako,
        _ => Who::Nobody,
    }
}

/// Changes the settings to those that a state needs.
pub fn configure(id: &str, config: &mut Config) {
    match id {
        "email-missing-though-required" => config.signin.require_email = true,
        "required-scope-not-granted" => config.providers[0].required_scopes = vec!["email".to_owned()],
        "stored-token-revoked-by-user" => config.providers[0].keep_tokens = true,
        _ => {}
    }
}

/// Brings a state about and returns the answer that is judged.
pub async fn run(play: &Play<'_>) -> Page {
    let world = play.world;
    match play.case.id.as_str() {
        "provider-unknown-in-url" => return play.browser.open(&format!("/auth/nosuch/callback?code={CODE}&state=x")).await,
        "state-cookies-blocked" => return without_cookies(play).await,
        "start-csrf-token-missing" => return with_an_old_form(play).await,
        "stored-token-revoked-by-user" => return take_permission_back(play).await,
        "account-already-linked-elsewhere" => return link_what_is_taken(play).await,
        "link-session-lost" => return link_signed_out(play).await,
        _ => {}
    }
    let trip = play.begin().await;
    world.grant_soundly(&play.name, &trip.nonce);
    match play.case.id.as_str() {
        "any-response-in-fragment" => return play.come_back("").await,
        "state-expired" => world.app.clock.advance(Duration::from_secs(601)),
        "state-undecryptable" => play.browser.set_cookie("genkan=AAAA; Path=/"),
        "session-store-down" => world.app.break_database(),
        "required-scope-not-granted" => narrow_the_scope(play, &trip),
        "provider-mismatch-known" => return play.browser.open(&format!("/auth/c1/callback?{}", trip.query())).await,
        "callback-prefetched" => return probe(play, &trip, Method::GET, "prefetch;prerender").await,
        "callback-link-scanner" => return probe(play, &trip, Method::HEAD, "none").await,
        "callback-double-delivery" => return twice(play, &trip.query(), &trip.query()).await,
        "discord-callback-fired-twice" => return twice(play, &trip.query(), &trip.fill("code={other_code}&state={state}")).await,
        "state-replayed-already-signed-in" => drop(play.come_back_with_code(&trip).await),
        "state-replayed-not-signed-in" => {
            play.come_back_with_code(&trip).await;
            sign_out(play).await;
        }
        _ => {}
    }
    play.come_back_with_code(&trip).await
}

async fn probe(play: &Play<'_>, trip: &Trip, method: Method, purpose: &str) -> Page {
    Page::read(play.browser.request(method, &play.callback(&trip.query())).header("sec-purpose", purpose)).await
}

/// Comes back twice at once; returns the second answer, after the first was found good.
async fn twice(play: &Play<'_>, first: &str, second: &str) -> Page {
    let (first, second) = join(play.come_back(first), play.come_back(second)).await;
    assert_eq!(first.location(), "/account");
    assert_eq!(second.location(), "/account");
    second
}

async fn without_cookies(play: &Play<'_>) -> Page {
    let path = format!("/auth/{}", play.name);
    let page = play.browser.open(&path).await;
    play.bare.post(&path, &page.hidden_fields(&path)).await
}

async fn with_an_old_form(play: &Play<'_>) -> Page {
    let path = format!("/auth/{}", play.name);
    let page = play.browser.open(&path).await;
    play.browser.submit(&page, &path, &[("csrf_token", "")]).await
}

async fn sign_out(play: &Play<'_>) {
    let page = play.browser.open("/account").await;
    play.browser.submit(&page, "/logout", &[]).await;
}

async fn link_what_is_taken(play: &Play<'_>) -> Page {
    let owner = Trip::read(&press(&play.bare, &play.name, "").await);
    play.world.grant_soundly(&play.name, &owner.nonce);
    assert_eq!(play.bare.open(&play.callback(&owner.fill("code={other_code}&state={state}"))).await.location(), "/account");
    let trip = Trip::read(&press(&play.browser, &play.name, "?purpose=link").await);
    play.world.grant_soundly(&play.name, &trip.nonce);
    play.come_back_with_code(&trip).await
}

async fn link_signed_out(play: &Play<'_>) -> Page {
    let trip = Trip::read(&press(&play.browser, &play.name, "?purpose=link").await);
    play.world.grant_soundly(&play.name, &trip.nonce);
    sign_out(play).await;
    play.come_back_with_code(&trip).await
}

/// Signs in elsewhere with a token that is kept, takes the permission back, and comes back to us.
async fn take_permission_back(play: &Play<'_>) -> Page {
    let first = Trip::read(&press(&play.bare, &play.name, "").await);
    let id_token = play.world.sign(&play.name, &first.nonce);
    let tokens = json!({ "access_token": access_token(&play.name), "refresh_token": "refresh-token-of-the-corpus", "id_token": id_token });
    play.world.answer(&play.name, "token", Reply::json(&tokens.to_string()));
    assert_eq!(play.bare.open(&play.callback(&first.fill("code={other_code}&state={state}"))).await.location(), "/account");
    let trip = play.begin().await;
    play.world.grant_soundly(&play.name, &trip.nonce);
    play.world.answer(&play.name, "token#refresh", Reply::typed(400, "application/json", r#"{"error":"invalid_grant"}"#));
    play.come_back_with_code(&trip).await
}

fn narrow_the_scope(play: &Play<'_>, trip: &Trip) {
    let id_token = play.world.sign(&play.name, &trip.nonce);
    let tokens = json!({ "access_token": access_token(&play.name), "token_type": "Bearer", "scope": "openid", "id_token": id_token });
    play.world.answer(&play.name, "token", Reply::json(&tokens.to_string()));
}
