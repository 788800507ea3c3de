//! A mailbox for everybody: a mail server on this machine that takes every letter (RFC 5321) and shows it on a page.
//!
//! It speaks as much as a sender needs who encrypts nothing and asks for nothing. The
//! last letters stay in memory, and nothing is ever sent on.

use std::collections::VecDeque;
use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::Builder;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// How many letters are kept; then the oldest gives way.
const MAX_LETTERS: usize = 50;
/// The longest letter, in bytes.
const MAX_BYTES: u64 = 256 * 1024;
/// How long a sender may say nothing.
const PATIENCE: Duration = Duration::from_secs(60);

/// A letter as it is read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LabLetter {
    /// Whom it is for.
    pub to: String,
    /// What it is about.
    pub subject: String,
    /// What it says.
    pub text: String,
}

impl LabLetter {
    /// Splits the text so that an address on its own is a part of its own.
    pub(super) fn parts(&self) -> impl Iterator<Item = &str> {
        self.text.split_inclusive(char::is_whitespace).flat_map(|word| {
            let (word, rest) = word.split_at(word.trim_end().len());
            [word, rest]
        })
    }
}

/// The letters, newest first, and the server that takes them; dropping it stops the server.
pub(super) struct Mailbox {
    /// Where letters are taken.
    pub(super) address: SocketAddr,
    shared: Arc<Letters>,
}

#[derive(Default)]
struct Letters {
    kept: Mutex<VecDeque<LabLetter>>,
    is_closed: AtomicBool,
}

impl Mailbox {
    /// Starts the server on a free port of this machine.
    ///
    /// # Errors
    ///
    /// If no port or thread is to be had.
    pub(super) fn open() -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let (address, shared) = (listener.local_addr()?, Arc::new(Letters::default()));
        let serving = Arc::clone(&shared);
        Builder::new().name("genkan-lab-mail".to_owned()).spawn(move || {
            for stream in listener.incoming().flatten() {
                if serving.is_closed.load(Ordering::Relaxed) {
                    return;
                }
                // One sender after the other: a demo has one. Whoever stops half-way has sent nothing.
                drop(serve(&stream, &serving));
            }
        })?;
        Ok(Self { address, shared })
    }

    /// Returns the letters, newest first.
    pub(super) fn letters(&self) -> Vec<LabLetter> {
        self.shared.lock().iter().cloned().collect()
    }
}

impl Drop for Mailbox {
    fn drop(&mut self) {
        self.shared.is_closed.store(true, Ordering::Relaxed);
        // Wakes the thread; if nobody listens any more, all the better.
        drop(TcpStream::connect(self.address));
    }
}

impl Letters {
    fn lock(&self) -> std::sync::MutexGuard<'_, VecDeque<LabLetter>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn keep(&self, letter: LabLetter) {
        let mut kept = self.lock();
        kept.push_front(letter);
        kept.truncate(MAX_LETTERS);
    }
}

/// Talks with one sender until it goes.
fn serve(stream: &TcpStream, letters: &Letters) -> io::Result<()> {
    stream.set_read_timeout(Some(PATIENCE))?;
    let mut writer = stream;
    let mut reader = BufReader::new(stream.take(MAX_BYTES));
    writer.write_all(b"220 lab ESMTP\r\n")?;
    let mut line = String::new();
    while reader.read_line(&mut line)? > 0 {
        let verb = line.get(..4).unwrap_or_default().to_ascii_uppercase();
        let answer: &[u8] = match verb.as_str() {
            "EHLO" | "HELO" => b"250-lab\r\n250 8BITMIME\r\n",
            "DATA" => {
                writer.write_all(b"354 go on\r\n")?;
                letters.keep(read_letter(&read_data(&mut reader)?));
                reader.get_mut().set_limit(MAX_BYTES);
                b"250 kept\r\n"
            }
            "QUIT" => return writer.write_all(b"221 bye\r\n"),
            _ => b"250 fine\r\n",
        };
        writer.write_all(answer)?;
        line.clear();
    }
    Ok(())
}

/// Reads until the line with one dot (RFC 5321 §4.5.2).
fn read_data(reader: &mut impl io::BufRead) -> io::Result<String> {
    let mut data = String::new();
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        match line.trim_end_matches(['\r', '\n']) {
            "." => return Ok(data),
            text => data.push_str(text.strip_prefix('.').unwrap_or(text)),
        }
        data.push('\n');
    }
}

fn read_letter(data: &str) -> LabLetter {
    let (head, body) = data.split_once("\n\n").unwrap_or((data, ""));
    let head = head.replace("\n ", " ");
    let header = |name: &str| {
        let found = head.lines().find_map(|line| line.split_once(": ").filter(|(known, _)| known.eq_ignore_ascii_case(name)));
        found.map(|(_, value)| value.trim()).unwrap_or_default()
    };
    let text = match header("Content-Transfer-Encoding") {
        "base64" => text_of(&STANDARD.decode(body.replace('\n', "")).unwrap_or_default()),
        "quoted-printable" => text_of(&unquote(&body.replace("=\n", ""))),
        _ => body.to_owned(),
    };
    LabLetter { to: header("To").to_owned(), subject: read_words(header("Subject")), text: text.trim().to_owned() }
}

/// Decodes the encoded words of a header (RFC 2047 §2); the space between two of them is none.
fn read_words(header: &str) -> String {
    let mut text = String::new();
    let mut was_encoded = false;
    for word in header.split(' ') {
        let decoded =
            word.strip_prefix("=?utf-8?b?").and_then(|rest| STANDARD.decode(rest.strip_suffix("?=")?).ok()).map(|bytes| text_of(&bytes));
        let goes_on = was_encoded && decoded.is_some();
        if !text.is_empty() && !goes_on {
            text.push(' ');
        }
        was_encoded = decoded.is_some();
        text.push_str(decoded.as_deref().unwrap_or(word));
    }
    text
}

/// Decodes quoted-printable (RFC 2045 §6.7) without its soft line breaks.
fn unquote(text: &str) -> Vec<u8> {
    let hex = |pair: &str| u8::from_str_radix(pair, 16).ok();
    let mut parts = text.split('=');
    let mut bytes = parts.next().unwrap_or_default().as_bytes().to_vec();
    for part in parts {
        bytes.extend(part.get(..2).and_then(hex));
        bytes.extend_from_slice(part.get(2..).unwrap_or_default().as_bytes());
    }
    bytes
}

fn text_of(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_is_read_however_it_was_packed() {
        for (data, subject, text) in [
            ("To: a@b.example\nSubject: Set a new\n password\n\nHello\n\nthere\n", "Set a new password", "Hello\n\nthere"),
            ("Subject: =?utf-8?b?546E?= =?utf-8?b?6Zai?=\nContent-Transfer-Encoding: base64\n\n546E\n6Zai\n", "玄関", "玄関"),
            (
                "subject: x\nContent-Transfer-Encoding: quoted-printable\n\nhttp://a.example/?x=3D1=\n2 =E7=8E=84",
                "x",
                "http://a.example/?x=12 玄",
            ),
        ] {
            let letter = read_letter(data);
            assert_eq!((letter.subject.as_str(), letter.text.as_str()), (subject, text), "{data}");
        }
    }

    #[test]
    fn letters_are_taken_and_the_newest_stands_first() {
        let mailbox = Mailbox::open().expect("a free port");
        let mut stream = TcpStream::connect(mailbox.address).expect("a connection");
        let letter = |subject: &str| {
            format!("MAIL FROM:<>\r\nRCPT TO:<a@b.example>\r\nDATA\r\nSubject: {subject}\r\nTo: a@b.example\r\n\r\n..\r\n.\r\n")
        };

        stream.write_all(format!("EHLO x\r\n{}{}QUIT\r\n", letter("one"), letter("two")).as_bytes()).expect("sent");
        let mut said = String::new();
        stream.read_to_string(&mut said).expect("an answer");

        assert!(said.ends_with("221 bye\r\n"), "{said}");
        let letters = mailbox.letters();
        assert_eq!(letters.iter().map(|letter| letter.subject.as_str()).collect::<Vec<_>>(), ["two", "one"]);
        assert_eq!((letters[0].to.as_str(), letters[0].text.as_str()), ("a@b.example", "."));
    }
}
