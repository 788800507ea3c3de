//! Faults below HTTP, as far as loopback can make them.

use std::io::Write as _;
use std::sync::LazyLock;

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::support::idp::Reply;

/// Sixty-four MiB of blanks, compressed.
static BOMB: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    let blanks = vec![b' '; 1 << 20];
    (0..64).for_each(|_| encoder.write_all(&blanks).expect("memory"));
    encoder.finish().expect("memory")
});

/// Returns how an endpoint plays a fault.
pub fn reply(fault: &str, detail: &str) -> Reply {
    let head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"access_token\":";
    match fault {
        "read_timeout" if detail.starts_with("header received") => Reply::Stall(head.to_vec()),
        "read_timeout" | "deadline" => Reply::Stall(Vec::new()),
        "connection_reset" => Reply::Reset,
        "eof" => Reply::Bytes(Vec::new()),
        "truncated_body" => Reply::Bytes(head.to_vec()),
        "protocol" => Reply::Bytes(b"\x16\x03\x01 this is not HTTP\r\n\r\n".to_vec()),
        "content_encoding" if detail.contains("gzip") => encoded("gzip", BOMB.clone()),
        "content_encoding" => encoded("zstd", b"\x28\xb5\x2f\xfd".to_vec()),
        "redirect_loop" => Reply::Http { status: 302, headers: vec![("Location".to_owned(), "token".to_owned())], body: Vec::new() },
        other => panic!("{other} is no answer"),
    }
}

fn encoded(coding: &str, body: Vec<u8>) -> Reply {
    let headers = [("Content-Type", "application/json"), ("Content-Encoding", coding)];
    Reply::Http { status: 200, headers: headers.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec(), body }
}
