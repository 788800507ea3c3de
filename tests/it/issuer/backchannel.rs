//! Clients hear of sessions that have ended (OIDC Back-Channel Logout 1.0).

use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use super::world::{World, claims, register};
use crate::support::app::{PASSWORD, TestApp};

/// Takes messages as a client does, and answers each with a status.
async fn receiver(statuses: &'static [u16]) -> (String, UnboundedReceiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = format!("http://{}/logout", listener.local_addr().expect("an address"));
    let (send, receive) = unbounded_channel();
    actix_web::rt::spawn(async move {
        for status in statuses {
            let (mut stream, _) = listener.accept().await.expect("a connection");
            let mut text = String::new();
            while !text.contains("logout_token=") || text.rsplit("logout_token=").next().is_none_or(|token| token.split('.').count() < 3) {
                let mut buffer = [0; 4_096];
                let count = stream.read(&mut buffer).await.expect("bytes");
                text.push_str(&String::from_utf8_lossy(&buffer[..count]));
            }
            let answer = format!("HTTP/1.1 {status} X\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
            stream.write_all(answer.as_bytes()).await.expect("an answer");
            let _ = send.send(text);
        }
    });
    (address, receive)
}

async fn world(address: &str, allows_loopback: bool) -> World {
    let app = TestApp::with(|config| config.issuer.logout_to_loopback = allows_loopback).await;
    let address = url::Url::parse(address).expect("an address");
    let client = register(&app, |client| client.metadata.backchannel_logout_uri = Some(address)).await;
    let browser = app.browser_of("hanako").await;
    World { app, client, browser }
}

async fn sign_out(world: &World) {
    let page = world.browser.open("/account").await;
    world.browser.submit(&page, "/logout", &[]).await;
}

#[actix_web::test]
async fn a_client_is_told_that_a_session_it_has_used_is_over() {
    let (address, mut received) = receiver(&[200]).await;
    let world = world(&address, true).await;
    let id = world.tokens("openid").await["id_token"].as_str().map(claims).expect("an ID Token");
    world.app.state.issuer.tell_ended_sessions().await.expect("nothing is due");

    sign_out(&world).await;
    world.app.state.issuer.tell_ended_sessions().await.expect("sent");

    let message = received.recv().await.expect("a message");
    let token = claims(message.rsplit("logout_token=").next().expect("a token"));
    assert_eq!((&token["sub"], &token["sid"], &token["aud"]), (&id["sub"], &id["sid"], &id["aud"]), "{token}");
    assert!(token["events"]["http://schemas.openid.net/event/backchannel-logout"].is_object(), "{token}");
    assert_eq!(token.get("nonce"), None, "{token}");
    world.app.clock.advance(Duration::from_secs(3_600));
    assert_eq!(world.app.state.issuer.tell_ended_sessions().await.expect("a look"), 0, "once is enough");
}

#[actix_web::test]
async fn a_message_that_is_refused_is_sent_again_later() {
    let (address, mut received) = receiver(&[503, 204]).await;
    let world = world(&address, true).await;
    world.tokens("openid").await;
    sign_out(&world).await;
    let issuer = &world.app.state.issuer;

    issuer.tell_ended_sessions().await.expect("refused");
    received.recv().await.expect("the first message");
    assert_eq!(issuer.tell_ended_sessions().await.expect("a look"), 0, "not yet");
    world.app.clock.advance(Duration::from_secs(30));
    issuer.tell_ended_sessions().await.expect("sent");

    received.recv().await.expect("the second message");
}

#[actix_web::test]
async fn cr_02_no_client_makes_us_call_our_own_network() {
    let (address, mut received) = receiver(&[200]).await;
    let world = world(&address, false).await;
    world.tokens("openid").await;

    sign_out(&world).await;
    world.app.state.issuer.tell_ended_sessions().await.expect("a look");

    assert!(received.try_recv().is_err());
    assert!(crate::support::logs::all_text().contains("not_allowed"));
}

#[actix_web::test]
async fn whichever_way_the_session_ends_the_client_is_told() {
    let (address, mut received) = receiver(&[200]).await;
    let world = world(&address, true).await;
    world.tokens("openid").await;
    let page = world.browser.open("/account").await;

    let other = world.app.browser();
    other.sign_in("hanako", PASSWORD).await;
    let theirs = other.open("/account").await;
    other.submit(&theirs, "/account/sessions/end-others", &[]).await;
    world.app.state.issuer.tell_ended_sessions().await.expect("sent");

    received.recv().await.expect("a message");
    assert_eq!(page.status, 200);
}

#[actix_web::test]
async fn db_14_neither_silence_nor_a_broken_row_of_one_client_holds_up_another() {
    let (address, mut received) = receiver(&[200]).await;
    let silent = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let World { app, client, browser } = world(&format!("http://{}/", silent.local_addr().expect("an address")), true).await;
    let address = url::Url::parse(&address).expect("an address");
    let other = register(&app, |client| client.metadata.backchannel_logout_uri = Some(address)).await;
    let broken = register(&app, |client| client.metadata.backchannel_logout_uri.clone_from(&other.metadata.backchannel_logout_uri)).await;
    let mut world = World { app, client, browser };
    world.tokens("openid").await;
    for client in [broken.clone(), other] {
        world.client = client;
        world.tokens("openid").await;
    }
    let (app, id) = (&world.app, &broken.id);
    app.execute(&format!("UPDATE client_sessions SET user_id = 'nobody' WHERE client_id = '{id}'"));

    sign_out(&world).await;
    let issuer = world.app.state.issuer.clone();
    let telling = actix_web::rt::spawn(async move { issuer.tell_ended_sessions().await });

    tokio::time::timeout(Duration::from_secs(3), received.recv()).await.expect("soon").expect("a message");
    telling.abort();
}
