//! Faults below HTTP, as far as loopback can make them.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::LazyLock;
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::case::Wire;
use crate::support::idp::{Reply, accept};
use crate::support::tls::Authority;

/// The authority that the configuration trusts.
pub static AUTHORITY: LazyLock<Authority> = LazyLock::new(Authority::new);
/// Sixty-four MiB of blanks, compressed.
static BOMB: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    let blanks = vec![b' '; 1 << 20];
    (0..64).for_each(|_| encoder.write_all(&blanks).expect("memory"));
    encoder.finish().expect("memory")
});
/// SETTINGS, then GOAWAY with no stream taken (RFC 9113 §6.5, §6.8).
const GO_AWAY: &[u8] = &[0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 8, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];

/// Returns where a fault is met before anything is sent: the configuration's key and an address.
pub fn detour(wire: &Wire) -> Option<(String, String)> {
    let Wire::Transport { endpoint, fault, detail } = wire else { return None };
    let url = match fault.as_str() {
        // Reserved by RFC 6761 §6.4: no resolver has to ask anybody.
        "dns_failure" => "https://no-such-provider.invalid/".to_owned(),
        // Refused by the kernel: TCP has no broadcast (RFC 9293 §3.9.2.3).
        "network_unreachable" => "https://255.255.255.255/".to_owned(),
        "connect_timeout" => format!("http://{}/", full()),
        "connection_refused" => format!("http://{}/", nobody()),
        "tls_handshake_failure" => local(accept(|mut stream| drop(stream.read(&mut [0; 16])))),
        "tls_certificate" if detail.contains("issuer") => local(Authority::new().serve("localhost", b"http/1.1", b"")),
        "tls_certificate" => local(AUTHORITY.serve("idp.example", b"http/1.1", b"")),
        "http2" => local(AUTHORITY.serve("localhost", b"h2", GO_AWAY)),
        _ => return None,
    };
    Some((format!("{endpoint}_url"), url))
}

/// Returns how an endpoint plays a fault that is met after something was sent.
pub fn reply(fault: &str, detail: &str) -> Option<Reply> {
    let head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"access_token\":";
    Some(match fault {
        "read_timeout" if detail.starts_with("header received") => Reply::Stall(head.to_vec()),
        "read_timeout" | "deadline" => Reply::Stall(Vec::new()),
        "connection_reset" => Reply::Reset,
        "eof" => Reply::Bytes(Vec::new()),
        "truncated_body" => Reply::Bytes(head.to_vec()),
        "endless" => Reply::Endless(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n ".to_vec()),
        "protocol" => Reply::Bytes(b"\x16\x03\x01 this is not HTTP\r\n\r\n".to_vec()),
        "content_encoding" if detail.contains("gzip") => encoded("gzip", BOMB.clone()),
        "content_encoding" => encoded("zstd", b"\x28\xb5\x2f\xfd".to_vec()),
        "redirect_loop" => Reply::Http { status: 302, headers: vec![("Location".to_owned(), "token".to_owned())], body: Vec::new() },
        _ => return None,
    })
}

fn encoded(coding: &str, body: Vec<u8>) -> Reply {
    let headers = [("Content-Type", "application/json"), ("Content-Encoding", coding)];
    Reply::Http { status: 200, headers: headers.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec(), body }
}

fn local(address: SocketAddr) -> String {
    format!("https://localhost:{}/", address.port())
}

/// Returns an address at which nobody listens.
fn nobody() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("a bound address")
}

/// Returns an address whose queue is full, so that the kernel answers no further SYN.
fn full() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("a bound address");
    let connect = || TcpStream::connect_timeout(&address, Duration::from_millis(100)).ok();
    let waiting: Vec<_> = std::iter::from_fn(connect).take(10_000).collect();
    // They have to stay as they are until the process ends.
    std::mem::forget((listener, waiting));
    address
}
