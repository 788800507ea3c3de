//! A scripted HTTP server on loopback that can also break off, stall and talk nonsense.

use std::collections::{HashMap, VecDeque};
use std::io::{BufRead, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use serde_json::Value;

/// What came in.
#[derive(Clone, Debug, Default)]
pub(in crate::provider) struct Received {
    pub path: String,
    pub headers: HashMap<String, String>,
    pub body: String,
}

/// What goes out.
#[derive(Clone, Debug)]
pub(in crate::provider) enum Reply {
    /// An answer; its length is added.
    Answer { status: u16, headers: Vec<(&'static str, String)>, body: Vec<u8> },
    /// These bytes, then the end.
    Bytes(Vec<u8>),
    /// These bytes, then nothing until the other side gives up.
    Stall(Vec<u8>),
    /// A reset connection.
    Reset,
}

impl Reply {
    pub fn json(status: u16, body: &Value) -> Self {
        Self::typed(status, "application/json", body.to_string())
    }

    pub fn html(status: u16, body: &str) -> Self {
        Self::typed(status, "text/html; charset=utf-8", body)
    }

    pub fn typed(status: u16, kind: &str, body: impl Into<String>) -> Self {
        Self::Answer { status, headers: vec![("Content-Type", kind.to_owned())], body: body.into().into_bytes() }
    }

    pub fn with(mut self, name: &'static str, value: &str) -> Self {
        if let Self::Answer { headers, .. } = &mut self {
            headers.push((name, value.to_owned()));
        }
        self
    }
}

type Script = Mutex<HashMap<&'static str, VecDeque<Reply>>>;

/// The server; each path has a queue of replies, of which the last one stays.
pub(in crate::provider) struct Server {
    pub address: SocketAddr,
    script: Arc<Script>,
    received: Arc<Mutex<Vec<Received>>>,
}

impl Server {
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("a bound address");
        let (script, received) = (Arc::new(Script::default()), Arc::new(Mutex::new(Vec::new())));
        let server = Self { address, script: script.clone(), received: received.clone() };
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let (script, received) = (script.clone(), received.clone());
                thread::spawn(move || serve(stream, &script, &received));
            }
        });
        server
    }

    /// Replaces what `path` answers.
    pub fn set(&self, path: &'static str, replies: impl IntoIterator<Item = Reply>) {
        self.script.lock().expect("the script").insert(path, replies.into_iter().collect());
    }

    pub fn received(&self, path: &str) -> Vec<Received> {
        self.received.lock().expect("the record").iter().filter(|request| request.path == path).cloned().collect()
    }

    pub fn count(&self, path: &str) -> usize {
        self.received(path).len()
    }
}

fn serve(mut stream: TcpStream, script: &Script, record: &Mutex<Vec<Received>>) {
    // One byte at a time: what is left unread when the socket closes makes the kernel send a reset.
    let mut reader = BufReader::with_capacity(1, stream.try_clone().expect("a second handle"));
    let Some(mut request) = read_target(&mut reader) else { return };
    let reply = next_reply(script, &request.path);
    if !matches!(reply, Reply::Reset) && read_rest(&mut reader, &mut request).is_none() {
        return;
    }
    record.lock().expect("the record").push(request);
    let _ = match reply {
        Reply::Answer { status, headers, body } => {
            let headers: Vec<_> = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
            let head =
                format!("HTTP/1.1 {status} Scripted\r\n{}Content-Length: {}\r\nConnection: close\r\n\r\n", headers.concat(), body.len());
            stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(&body))
        }
        Reply::Bytes(bytes) => stream.write_all(&bytes),
        Reply::Stall(bytes) => stream.write_all(&bytes).and_then(|()| stream.read(&mut [0; 64]).map(|_| ())),
        Reply::Reset => Ok(()),
    };
}

fn next_reply(script: &Script, path: &str) -> Reply {
    let mut script = script.lock().expect("the script");
    let next = script.get_mut(path).and_then(|replies| if replies.len() > 1 { replies.pop_front() } else { replies.front().cloned() });
    next.unwrap_or_else(|| Reply::html(404, "nothing here"))
}

fn read_target(reader: &mut impl BufRead) -> Option<Received> {
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let path = line.split(' ').nth(1)?.split('?').next()?.to_owned();
    Some(Received { path, ..Received::default() })
}

/// Reads headers, and a body up to the length that they declare.
fn read_rest(reader: &mut impl BufRead, request: &mut Received) -> Option<()> {
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(':') else { break };
        request.headers.insert(name.to_ascii_lowercase(), value.trim().to_owned());
    }
    let length = request.headers.get("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    request.body = String::from_utf8_lossy(&body).into_owned();
    Some(())
}
