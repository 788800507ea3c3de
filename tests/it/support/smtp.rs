//! A mail server on loopback that speaks SMTP (RFC 5321), with STARTTLS if it has a certificate, and fails as it is told.

use std::io::{BufRead as _, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use super::idp::accept;

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
}

impl Arrived {
    /// Returns a header; one that is folded becomes one line.
    pub fn header(&self, name: &str) -> Option<String> {
        let (headers, _) = self.data.split_once("\r\n\r\n")?;
        let unfolded = headers.replace("\r\n ", " ");
        unfolded.lines().find_map(|line| line.strip_prefix(&format!("{name}: ")).map(str::to_owned))
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
    pub fn start() -> Self {
        let shared = Arc::new(Shared::default());
        let serving = Arc::clone(&shared);
        let address = accept(move |stream| drop(serve(stream, &serving)));
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
}

fn serve(mut stream: TcpStream, shared: &Shared) -> std::io::Result<()> {
    let mood = *shared.mood.lock().expect("the mood");
    if mood == Mood::Silent {
        return stream.read(&mut [0; 64]).map(|_| ());
    }
    stream.write_all(b"220 mail.test ESMTP\r\n")?;
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut letter = Arrived::default();
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 {
            return Ok(());
        }
        let verb = line.get(..4).unwrap_or_default().to_ascii_uppercase();
        let answer = match (verb.as_str(), mood) {
            ("EHLO" | "HELO", _) => "250-mail.test\r\n250 8BITMIME".to_owned(),
            ("MAIL", _) => {
                letter = Arrived { from: line.trim().to_owned(), ..Arrived::default() };
                "250 go on".to_owned()
            }
            ("RCPT", Mood::Refusing(answer)) => answer.to_owned(),
            ("RCPT", _) => {
                letter.to.push(line.trim().to_owned());
                "250 go on".to_owned()
            }
            ("DATA", _) => {
                stream.write_all(b"354 end with a dot\r\n")?;
                letter.data = read_data(&mut reader)?;
                shared.arrived.lock().expect("the letters").push(letter.clone());
                shared.news.notify_all();
                "250 taken".to_owned()
            }
            ("QUIT", _) => return stream.write_all(b"221 bye\r\n"),
            _ => "250 as you say".to_owned(),
        };
        stream.write_all(format!("{answer}\r\n").as_bytes())?;
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
