//! A mail server on loopback that speaks SMTP (RFC 5321), with STARTTLS if it has a certificate, and fails as it is told.

use std::io::{BufRead as _, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use rustls::{ServerConfig, ServerConnection, StreamOwned};

use super::idp::accept;
use super::tls::Authority;

/// The longest that a test waits for a letter.
const PATIENCE: Duration = Duration::from_secs(20);

/// What it does with a recipient.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mood {
    #[default]
    Accepting,
    /// It answers a recipient with this.
    Refusing(&'static str),
    /// It says nothing at all, not even hello.
    Silent,
}

/// A letter as it arrived.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Arrived {
    pub from: String,
    pub to: Vec<String>,
    /// Headers and body, undecoded.
    pub data: String,
    pub was_encrypted: bool,
}

impl Arrived {
    /// Returns a header; one that is folded becomes one line.
    pub fn header(&self, name: &str) -> Option<String> {
        let (headers, _) = self.data.split_once("\r\n\r\n")?;
        let unfolded = headers.replace("\r\n ", " ");
        unfolded.lines().find_map(|line| line.strip_prefix(&format!("{name}: ")).map(str::to_owned))
    }

    /// Returns the subject, undecoded.
    pub fn subject(&self) -> String {
        self.header("Subject").unwrap_or_default()
    }

    /// Returns the link in the text that begins with `base`.
    #[track_caller]
    pub fn link(&self, base: &str) -> String {
        let text = self.text();
        let found = text.split_whitespace().find(|word| word.starts_with(base));
        found.unwrap_or_else(|| panic!("no link to {base}: {text}")).to_owned()
    }

    /// Returns the text, decoded from quoted-printable (RFC 2045 §6.7) or as it is.
    pub fn text(&self) -> String {
        let (_, body) = self.data.split_once("\r\n\r\n").expect("a body");
        match self.header("Content-Transfer-Encoding").as_deref() {
            Some("quoted-printable") => decode_quoted_printable(body),
            Some("base64") => {
                use base64::Engine as _;
                let bytes = base64::engine::general_purpose::STANDARD.decode(body.replace("\r\n", "")).expect("base64");
                String::from_utf8(bytes).expect("text")
            }
            _ => body.to_owned(),
        }
    }
}

fn decode_quoted_printable(body: &str) -> String {
    let body = body.replace("=\r\n", "");
    let (mut bytes, mut rest) = (Vec::new(), body.as_bytes());
    while let [first, tail @ ..] = rest {
        if *first == b'=' && tail.len() >= 2 {
            let hex = std::str::from_utf8(&tail[..2]).expect("hexadecimal");
            bytes.push(u8::from_str_radix(hex, 16).expect("hexadecimal"));
            rest = &tail[2..];
        } else {
            bytes.push(*first);
            rest = tail;
        }
    }
    String::from_utf8(bytes).expect("text")
}

#[derive(Default)]
struct Shared {
    mood: Mutex<Mood>,
    arrived: Mutex<Vec<Arrived>>,
    news: Condvar,
}

/// The server; it lives as long as the test binary.
pub struct MailServer {
    pub address: SocketAddr,
    shared: Arc<Shared>,
}

impl MailServer {
    /// Starts a server in clear.
    pub fn start() -> Self {
        Self::with(None)
    }

    /// Starts a server that takes letters only after STARTTLS (RFC 3207), as `localhost`.
    pub fn with_starttls(authority: &Authority) -> Self {
        Self::with(Some(Arc::new(authority.server_config("localhost"))))
    }

    fn with(tls: Option<Arc<ServerConfig>>) -> Self {
        let shared = Arc::new(Shared::default());
        let serving = Arc::clone(&shared);
        let address = accept(move |stream| drop(greet(stream, tls.as_ref(), &serving)));
        Self { address, shared }
    }

    pub fn set_mood(&self, mood: Mood) {
        *self.shared.mood.lock().expect("the mood") = mood;
    }

    pub fn arrived(&self) -> Vec<Arrived> {
        self.shared.arrived.lock().expect("the letters").clone()
    }

    /// Waits until so many letters have arrived, and returns them; the caller's thread goes on with other tasks.
    pub async fn wait_for(&self, count: usize) -> Vec<Arrived> {
        let shared = Arc::clone(&self.shared);
        let waiting = move || {
            let letters = shared.arrived.lock().expect("the letters");
            let (letters, waited) =
                shared.news.wait_timeout_while(letters, PATIENCE, |letters| letters.len() < count).expect("the letters");
            assert!(!waited.timed_out(), "only {} of {count} letters came: {letters:#?}", letters.len());
            letters.clone()
        };
        tokio::task::spawn_blocking(waiting).await.expect("the letters")
    }

    /// Waits until so many letters have arrived, and returns the last of them.
    pub async fn last_of(&self, count: usize) -> Arrived {
        self.wait_for(count).await.remove(count - 1)
    }
}

fn greet(mut stream: TcpStream, tls: Option<&Arc<ServerConfig>>, shared: &Shared) -> std::io::Result<()> {
    if *shared.mood.lock().expect("the mood") == Mood::Silent {
        return stream.read(&mut [0; 64]).map(|_| ());
    }
    stream.write_all(b"220 mail.test ESMTP\r\n")?;
    match tls {
        None => serve(stream, false, shared),
        Some(config) if asks_for_tls(&mut stream)? => {
            let connection = ServerConnection::new(Arc::clone(config)).expect("a connection");
            serve(StreamOwned::new(connection, stream), true, shared)
        }
        Some(_) => Ok(()),
    }
}

/// Talks in clear until the client wants TLS or goes; byte by byte, so that nothing of the handshake is read.
fn asks_for_tls(stream: &mut TcpStream) -> std::io::Result<bool> {
    loop {
        let mut line = Vec::new();
        while !line.ends_with(b"\r\n") {
            let mut byte = [0];
            if stream.read(&mut byte)? == 0 {
                return Ok(false);
            }
            line.push(byte[0]);
        }
        match line[..4].to_ascii_uppercase().as_slice() {
            b"EHLO" => stream.write_all(b"250-mail.test\r\n250 STARTTLS\r\n")?,
            b"STAR" => return stream.write_all(b"220 go\r\n").map(|()| true),
            _ => stream.write_all(b"530 STARTTLS first\r\n")?,
        }
    }
}

fn serve(stream: impl Read + Write, was_encrypted: bool, shared: &Shared) -> std::io::Result<()> {
    let mood = *shared.mood.lock().expect("the mood");
    let mut stream = BufReader::new(stream);
    let mut letter = Arrived::default();
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line)? == 0 {
            return Ok(());
        }
        let verb = line.get(..4).unwrap_or_default().to_ascii_uppercase();
        let answer = match (verb.as_str(), mood) {
            ("EHLO" | "HELO", _) => "250-mail.test\r\n250 8BITMIME".to_owned(),
            ("MAIL", _) => {
                letter = Arrived { from: line.trim().to_owned(), was_encrypted, ..Arrived::default() };
                "250 go on".to_owned()
            }
            ("RCPT", Mood::Refusing(answer)) => answer.to_owned(),
            ("RCPT", _) => {
                letter.to.push(line.trim().to_owned());
                "250 go on".to_owned()
            }
            ("DATA", _) => {
                stream.get_mut().write_all(b"354 end with a dot\r\n")?;
                letter.data = read_data(&mut stream)?;
                shared.arrived.lock().expect("the letters").push(letter.clone());
                shared.news.notify_all();
                "250 taken".to_owned()
            }
            ("QUIT", _) => return stream.get_mut().write_all(b"221 bye\r\n"),
            _ => "250 as you say".to_owned(),
        };
        stream.get_mut().write_all(format!("{answer}\r\n").as_bytes())?;
    }
}

/// Reads up to the lonely dot, and takes the stuffed ones off (RFC 5321 §4.5.2).
fn read_data(reader: &mut impl std::io::BufRead) -> std::io::Result<String> {
    let mut data = String::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        if line == ".\r\n" {
            return Ok(data);
        }
        data.push_str(line.strip_prefix('.').unwrap_or(&line));
    }
}
