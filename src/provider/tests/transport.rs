//! Every way in which a connection can fail on loopback.

use std::io::Write as _;
use std::net::TcpListener;
use std::time::{Duration, Instant};

use flate2::Compression;
use flate2::write::GzEncoder;
use futures_util::future::join_all;

use super::server::Reply;
use super::world::{World, identify, identify_within};
use crate::provider::cache::Timing;
use crate::provider::{Endpoint, Fault};

fn gzip(plain: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(plain).expect("memory");
    encoder.finish().expect("memory")
}

fn coded(coding: &str, body: Vec<u8>) -> Reply {
    let headers = vec![("Content-Type", "application/json".to_owned()), ("Content-Encoding", coding.to_owned())];
    Reply::Answer { status: 200, headers, body }
}

#[tokio::test]
async fn so_11_a_broken_exchange_is_named_and_never_repeated() {
    let huge = [br#"{"access_token":""#.as_slice(), &vec![b'A'; 8 << 20]].concat();
    let cut = gzip(br#"{"access_token":"x"}"#)[..12].to_vec();
    for (name, reply, fault) in [
        ("reset", Reply::Reset, Fault::ConnectionLost),
        ("end without a byte", Reply::Bytes(Vec::new()), Fault::ConnectionLost),
        ("truncated", Reply::Bytes(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{\"access_".to_vec()), Fault::ConnectionLost),
        ("half a header", Reply::Bytes(b"HTTP/1.1 200 OK\r\nConte".to_vec()), Fault::ConnectionLost),
        ("not HTTP", Reply::Bytes(b"SSH-2.0-OpenSSH_9.2\r\n\r\n".to_vec()), Fault::ConnectionLost),
        ("broken gzip", coded("gzip", b"this is no gzip".to_vec()), Fault::ConnectionLost),
        ("cut gzip", coded("gzip", cut), Fault::ConnectionLost),
        ("coding that was never offered", coded("zstd", vec![1, 2, 3]), Fault::Unexpected),
        ("two codings", coded("gzip, gzip", gzip(b"{}")), Fault::Unexpected),
        ("too large", Reply::Answer { status: 200, headers: vec![], body: huge }, Fault::TooLarge),
        ("bomb", coded("gzip", gzip(&vec![b' '; 64 << 20])), Fault::TooLarge),
    ] {
        let world = World::start();
        world.server.set("/token", [reply]);

        let error = world.identify().await.expect_err("no tokens");

        assert_eq!((error.endpoint, error.fault), (Endpoint::Token, fault), "{name}");
        assert_eq!(world.server.count("/token"), 1, "{name}");
    }
}

#[tokio::test]
async fn an_answer_may_be_compressed() {
    let world = World::start();
    let tokens = world.tokens(&world.claims()).to_string();
    world.server.set("/token", [coded("gzip", gzip(tokens.as_bytes()))]);

    world.identify().await.expect("a profile");
}

async fn check_stall((path, endpoint, bytes): (&'static str, Endpoint, &str)) {
    let world = World::start();
    world.server.set(path, [Reply::Stall(bytes.into())]);
    let started = Instant::now();

    let error = identify_within(&world.provider(), Duration::from_secs(2)).await.expect_err("no answer");

    assert_eq!((error.endpoint, error.fault), (endpoint, Fault::TimedOut), "{path}");
    assert!(started.elapsed() < Duration::from_secs(6), "{:?}", started.elapsed());
    assert_eq!(world.server.count(path), if endpoint == Endpoint::Token { 1 } else { 2 }, "{path}");
}

#[tokio::test]
async fn so_11_the_deadline_ends_every_stall() {
    let places = [("/.well-known/openid-configuration", Endpoint::Discovery), ("/jwks", Endpoint::Keys), ("/token", Endpoint::Token)];
    let beginnings = ["", "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{"];
    let all = places.into_iter().flat_map(|(path, endpoint)| beginnings.map(|bytes| (path, endpoint, bytes)));

    join_all(all.map(check_stall)).await;
}

#[tokio::test]
async fn so_11_redirects_are_not_followed() {
    let world = World::start();
    let location = format!("{}/elsewhere", world.issuer);
    world.server.set("/token", [Reply::html(307, "").with("Location", &location)]);

    let error = world.identify().await.expect_err("no tokens");

    assert_eq!((error.fault, error.http_status), (Fault::Unexpected, Some(307)));
    assert_eq!(world.server.count("/elsewhere"), 0);
}

#[tokio::test]
async fn where_nobody_listens_nothing_was_sent() {
    let world = World::start();
    let closed = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port that was free");
    let mut config = world.config();
    config.token_url = Some(format!("http://{closed}/token").parse().expect("an address"));

    let error = identify(&world.provider_with(&config, Timing::default())).await.expect_err("no tokens");

    assert_eq!((error.endpoint, error.fault, error.http_status), (Endpoint::Token, Fault::Unreachable, None));
}

#[tokio::test]
async fn a_name_that_does_not_resolve_is_unreachable() {
    let world = World::start();
    let mut config = world.config();
    // A label of 64 characters (RFC 1035 §2.3.4) fails in the resolver, before the network is asked.
    config.token_url = Some(format!("https://{}.invalid/token", "a".repeat(64)).parse().expect("an address"));

    let error = identify(&world.provider_with(&config, Timing::default())).await.expect_err("no tokens");

    assert_eq!((error.endpoint, error.fault), (Endpoint::Token, Fault::Unreachable));
}
