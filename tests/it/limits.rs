//! Bounds of the HTTP server, seen from a raw connection where a client would not do such a thing.

use std::time::Duration;

use actix_web::middleware::from_fn;
use actix_web::{App, HttpServer, web};
use genkan::web::guard::guard;
use genkan::web::routes;
use reqwest::Method;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::support::app::TestApp;
use super::support::browser::{Page, TestBrowser};

/// Sends bytes as they are and returns the status of the answer, if there was one.
async fn send(app: &TestApp, request: &str) -> Option<u16> {
    let mut stream = TcpStream::connect(("127.0.0.1", app.port)).await.expect("a connection");
    stream.write_all(request.as_bytes()).await.expect("a sent request");
    let mut answer = vec![0; 4_096];
    let read =
        tokio::time::timeout(Duration::from_secs(10), stream.read(&mut answer)).await.expect("an answer in time").expect("an answer");
    std::str::from_utf8(&answer[..read]).ok()?.split(' ').nth(1)?.parse().ok()
}

#[actix_web::test]
async fn ht_01_an_address_beyond_the_bound_is_414() {
    let app = TestApp::spawn().await;
    let browser = app.browser();

    assert_eq!(browser.open(&format!("/login?x={}", "a".repeat(8_100))).await.status, 200);
    let page = browser.open(&format!("/login?x={}", "a".repeat(8_200))).await;

    assert_eq!(page.status, 414, "{page:?}");
    assert!(page.text.contains(page.header("x-request-id")), "lg_10: {page:?}");
}

#[actix_web::test]
async fn ht_01_a_body_beyond_the_bound_is_413_announced_or_not() {
    let app = TestApp::spawn().await;
    let browser = app.browser();
    let body = format!("identifier={}", "a".repeat(20_000));
    let form = "application/x-www-form-urlencoded";

    let announced = Page::read(browser.request(Method::POST, "/login").header("content-type", form).body(body.clone())).await;
    let head = format!("POST /login HTTP/1.1\r\nHost: x\r\nContent-Type: {form}\r\nTransfer-Encoding: chunked\r\n\r\n");
    let chunked = send(&app, &format!("{head}{:x}\r\n{body}\r\n0\r\n\r\n", body.len())).await;

    assert_eq!((announced.status, chunked), (413, Some(413)));
}

#[actix_web::test]
async fn ht_01_too_many_headers_or_bytes_of_them_are_4xx() {
    let app = TestApp::spawn().await;
    let many = "X: x\r\n".repeat(200);

    let count = send(&app, &format!("GET /login HTTP/1.1\r\nHost: x\r\n{many}\r\n")).await;
    let size = send(&app, &format!("GET /login HTTP/1.1\r\nHost: x\r\nX: {}\r\n\r\n", "a".repeat(140_000))).await;

    assert!(matches!(count, Some(400..=499)), "{count:?}");
    assert!(matches!(size, Some(400..=499)), "{size:?}");
}

#[actix_web::test]
async fn ht_03_a_missing_or_double_host_and_ambiguous_framing_are_400() {
    let app = TestApp::spawn().await;

    for request in [
        "GET /login HTTP/1.1\r\n\r\n",
        "GET /login HTTP/1.0\r\n\r\n",
        "GET /login HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        "POST /login HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        "POST /login HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST /login HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
    ] {
        assert_eq!(send(&app, request).await, Some(400), "{request}");
    }
}

#[actix_web::test]
async fn ht_03_trace_is_off() {
    let app = TestApp::spawn().await;

    let page = Page::read(app.browser().request(Method::TRACE, "/login").header("x-secret", "echo")).await;

    assert_eq!(page.status, 405, "{page:?}");
    assert!(!page.text.contains("echo"));
}

#[actix_web::test]
async fn ht_02_a_body_that_does_not_arrive_is_408() {
    let app = TestApp::with(|config| config.server.request_timeout_secs = 2).await;

    let head =
        "POST /login HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 100\r\n\r\nidentifier=";
    let status = send(&app, head).await;

    assert_eq!(status, Some(408));
}

#[actix_web::test]
async fn ht_02_a_request_that_takes_too_long_is_503_and_harms_no_other() {
    let (app, lab) = TestApp::with_lab_and(|config| config.server.request_timeout_secs = 1).await;
    lab.set_stall(Duration::from_secs(5));
    lab.set_outage(Some(genkan::lab::Outage::Slow));
    let browser = app.browser();
    let page = browser.open("/login").await;

    let late = browser.submit(&page, "/auth/lab", &[]).await;

    assert_eq!(late.status, 503, "{late:?}");
    assert!(!late.header("retry-after").is_empty() && late.text.contains(late.header("x-request-id")), "{late:?}");
    assert_eq!(browser.open("/login").await.status, 200);
}

#[actix_web::test]
async fn ht_04_a_panic_costs_one_request_and_shows_a_page() {
    let app = TestApp::spawn().await;
    let state = app.state.clone();
    let panicking = || async { panic!("a secret of the inside") as &'static str };
    let server = HttpServer::new(move || {
        App::new()
            .app_data(state.clone())
            .route("/boom", web::get().to(panicking))
            .configure(routes::configure(&state))
            .wrap(from_fn(guard))
    });
    let server = server.workers(1).disable_signals().bind(("127.0.0.1", 0)).expect("a free port");
    let browser = TestBrowser::new(format!("http://{}", server.addrs()[0]));
    let server = server.run();
    let handle = server.handle();
    actix_web::rt::spawn(server);

    let (boom, login) = (browser.open("/boom").await, browser.open("/login").await);

    assert_eq!((boom.status, login.status), (500, 200), "{boom:?}");
    assert!(boom.text.contains(boom.header("x-request-id")) && !boom.text.contains("secret"), "{boom:?}");
    assert!(!boom.header("content-security-policy").is_empty(), "{boom:?}");
    handle.stop(false).await;
}

#[actix_web::test]
async fn a_wrong_method_is_405_and_names_the_right_ones() {
    let app = TestApp::spawn().await;
    let browser = app.browser();

    let page = browser.open("/logout").await;
    let put = Page::read(browser.request(Method::PUT, "/login")).await;
    let head = Page::read(browser.request(Method::HEAD, "/login")).await;

    assert_eq!((page.status, page.header("allow")), (405, "POST"));
    assert_eq!((put.status, put.header("allow")), (405, "GET, HEAD, POST"));
    assert_eq!((head.status, head.text.as_str()), (200, ""));
}

#[actix_web::test]
async fn em_04_under_https_a_host_that_is_not_ours_is_421_but_for_probes() {
    let app = TestApp::with(|config| {
        config.server.public_url = "https://accounts.example.com".parse().expect("a URL");
        config.server.other_hosts = vec!["genkan.internal:8080".to_owned()];
    });
    let app = app.await;
    for (path, host, status) in [
        ("/login", "accounts.example.com", 200),
        ("/login", "genkan.internal:8080", 200),
        ("/login", "127.0.0.1:8080", 200),
        ("/login", "evil.example", 421),
        ("/api/session", "accounts.example.com:1", 421),
        ("/static/x", "evil.example", 421),
        ("/healthz", "10.1.2.3:8080", 200),
        ("/readyz", "10.1.2.3:8080", 200),
        ("http://evil.example/login", "accounts.example.com", 421),
    ] {
        let request = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");

        assert_eq!(send(&app, &request).await, Some(status), "{path} at {host}");
    }
}
