//! Certificates and handshakes.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use super::world::World;
use crate::config::HttpConfig;
use crate::provider::{Endpoint, Fault, ProviderError, Providers};

/// An authority that no system knows.
fn make_authority() -> CertifiedIssuer<'static, KeyPair> {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, KeyPair::generate().expect("a key")).expect("a certificate")
}

/// Serves one 503 per connection under a certificate for `name`.
fn serve(authority: &CertifiedIssuer<'static, KeyPair>, name: &str) -> SocketAddr {
    let key = KeyPair::generate().expect("a key");
    let params = CertificateParams::new(vec![name.to_owned()]).expect("a name");
    let certificate: CertificateDer<'static> = params.signed_by(&key, authority).expect("a certificate").into();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().expect("versions");
    let key = PrivateKeyDer::try_from(key.serialize_der()).expect("a key");
    let config = Arc::new(config.with_no_client_auth().with_single_cert(vec![certificate], key).expect("a certificate of that key"));
    accept(move |stream| {
        let connection = ServerConnection::new(config.clone()).expect("a connection");
        let mut stream = StreamOwned::new(connection, stream);
        if stream.read(&mut [0; 1024]).is_ok() {
            let _ = stream.write_all(b"HTTP/1.1 503 Down\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        }
    })
}

fn accept(serve: impl Fn(std::net::TcpStream) + Send + 'static) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("a bound address");
    thread::spawn(move || listener.incoming().map_while(Result::ok).for_each(serve));
    address
}

async fn exchange_at(address: SocketAddr, http: &HttpConfig) -> ProviderError {
    let world = World::start();
    let mut config = world.config();
    config.token_url = Some(format!("https://localhost:{}/token", address.port()).parse().expect("an address"));
    let providers = Providers::new(&[config], http, world.clock.clone()).expect("a provider");
    super::world::identify(providers.find("lab").expect("the provider")).await.expect_err("no tokens")
}

#[tokio::test]
async fn so_11_a_certificate_of_an_unknown_authority_is_untrusted() {
    let error = exchange_at(serve(&make_authority(), "localhost"), &HttpConfig::default()).await;

    assert_eq!((error.endpoint, error.fault), (Endpoint::Token, Fault::Untrusted));
}

#[tokio::test]
async fn so_11_a_configured_authority_is_trusted_for_its_names_only() {
    let authority = make_authority();
    let file = tempfile::NamedTempFile::new().expect("a file");
    fs::write(file.path(), authority.pem()).expect("a written file");
    let http = HttpConfig { ca_file: Some(file.path().to_owned()), ..HttpConfig::default() };

    let answered = exchange_at(serve(&authority, "localhost"), &http).await;
    let misnamed = exchange_at(serve(&authority, "idp.example"), &http).await;

    assert_eq!((answered.fault, answered.http_status), (Fault::ServerError, Some(503)));
    assert_eq!((misnamed.fault, misnamed.http_status), (Fault::Untrusted, None));
}

#[tokio::test]
async fn a_handshake_that_breaks_is_unreachable_and_tried_twice() {
    for bytes in [b"".as_slice(), b"HTTP/1.1 400 Bad Request\r\n\r\n"] {
        let tries = Arc::new(AtomicUsize::new(0));
        let count = tries.clone();
        let address = accept(move |mut stream| {
            count.fetch_add(1, Ordering::SeqCst);
            let _ = stream.read(&mut [0; 16]).and_then(|_| stream.write_all(bytes));
        });

        let error = exchange_at(address, &HttpConfig::default()).await;

        assert_eq!((error.endpoint, error.fault), (Endpoint::Token, Fault::Unreachable));
        assert_eq!(tries.load(Ordering::SeqCst), 2);
    }
}

#[tokio::test]
async fn so_11_no_common_version_is_no_outage() {
    // A fatal alert `protocol_version` (RFC 8446 §6).
    let address = accept(|mut stream| {
        let _ = stream.read(&mut [0; 4096]).and_then(|_| stream.write_all(&[21, 3, 1, 0, 2, 2, 70]));
    });

    let error = exchange_at(address, &HttpConfig::default()).await;

    assert_eq!((error.endpoint, error.fault), (Endpoint::Token, Fault::Untrusted));
}

#[test]
fn a_ca_file_that_cannot_be_used_stops_the_start() {
    let empty = tempfile::NamedTempFile::new().expect("a file");
    for path in [empty.path().to_owned(), "/nowhere/ca.pem".into()] {
        let http = HttpConfig { ca_file: Some(path), ..HttpConfig::default() };

        let error = Providers::new(&[], &http, crate::clock::Clock::system()).err().expect("a refusal");

        assert_eq!(error.key, "http.ca_file");
    }
}
