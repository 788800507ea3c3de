//! Faults of connections, as far as they can be made after something was sent.

use std::borrow::Cow;

use crate::lab::answer::Answer;

/// An answer of which ten bytes of a hundred come.
const BEGINNING: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"access_t";
/// A gzip member (RFC 1952 §2.3) whose one block of fixed codes (RFC 1951 §3.2.6) writes a blank and repeats it.
const BOMB_HEAD: [u8; 12] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255, 0x52, 0x18];
/// Eight times "the 258 bytes from one byte back", which take 13 bits each.
const BOMB_REST: [u8; 13] = [0x05, 0xa3, 0x60, 0x14, 0x8c, 0x82, 0x51, 0x30, 0x0a, 0x46, 0xc1, 0x28, 0x18];
/// How often that comes: 64 MiB in all.
const BOMB_ROUNDS: usize = 32_768;

/// Returns what an endpoint answers, if the lab can do so.
pub(super) fn answer(fault: &str, detail: &str) -> Option<Answer> {
    let raw = |bytes| Answer::Raw(Cow::Borrowed(bytes));
    Some(match fault {
        "read_timeout" if detail.contains("header received") => Answer::Hang(Cow::Borrowed(BEGINNING)),
        "read_timeout" | "deadline" => Answer::Stall,
        "eof" => Answer::DOWN,
        "truncated_body" => raw(BEGINNING),
        "protocol" => raw(b"\x16\x03\x01 this is not HTTP\r\n\r\n"),
        "content_encoding" if detail.contains("gzip") => Answer::Coded { coding: "gzip", body: Cow::Owned(bomb()) },
        "content_encoding" => Answer::Coded { coding: "zstd", body: Cow::Borrowed(b"\x28\xb5\x2f\xfd") },
        "redirect_loop" => Answer::Http {
            status: 302,
            content_type: Cow::Borrowed("text/html"),
            headers: &[("Location", "token")],
            body: Cow::Borrowed(""),
        },
        "endless" => Answer::Flood,
        _ => return None,
    })
}

fn bomb() -> Vec<u8> {
    [BOMB_HEAD.as_slice(), &BOMB_REST.repeat(BOMB_ROUNDS)].concat()
}
