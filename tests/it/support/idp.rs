//! A scripted provider on loopback: each path answers what a test has set, down to raw bytes.
//!
//! The lab plays a provider that works; this one plays what a case says, for any
//! number of providers at once, each below a path of its own.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

/// What came in.
#[derive(Clone, Debug, Default)]
pub struct Received {
    pub method: String,
    pub path: String,
    pub query: String,
    /// By name in small letters.
    pub headers: HashMap<String, String>,
    pub body: String,
}

/// What goes out.
#[derive(Clone, Debug)]
pub enum Reply {
    /// An answer; its length is added.
    Http { status: u16, headers: Vec<(String, String)>, body: Vec<u8> },
    /// These bytes, then the end.
    Bytes(Vec<u8>),
    /// These bytes, then nothing until the other side gives up.
    Stall(Vec<u8>),
    /// These bytes, then the last one again and again, until the other side gives up.
    Endless(Vec<u8>),
    /// A reset connection.
    Reset,
}

impl Reply {
    pub fn json(body: &str) -> Self {
        Self::typed(200, "application/json", body)
    }

    pub fn redirect(to: &str) -> Self {
        Self::Http { status: 302, headers: vec![("Location".to_owned(), to.to_owned())], body: Vec::new() }
    }

    pub fn typed(status: u16, kind: &str, body: &str) -> Self {
        Self::Http { status, headers: vec![("Content-Type".to_owned(), kind.to_owned())], body: body.as_bytes().to_vec() }
    }
}

#[derive(Default)]
struct Shared {
    script: Mutex<HashMap<String, Reply>>,
    received: Mutex<Vec<Received>>,
}

impl Shared {
    /// Returns what a path answers to a refresh token, if that is something else.
    fn refreshing(&self, request: &Received) -> Option<Reply> {
        let is_refresh = request.body.contains("grant_type=refresh_token");
        self.script.lock().expect("the script").get(&format!("{}#refresh", request.path)).filter(|_| is_refresh).cloned()
    }
}

/// The server; it lives as long as the test binary.
pub struct Idp {
    pub address: SocketAddr,
    shared: Arc<Shared>,
}

impl Idp {
    pub fn start() -> Self {
        let shared = Arc::new(Shared::default());
        let serving = Arc::clone(&shared);
        let address = accept(move |stream| serve(stream, &serving));
        Self { address, shared }
    }

    /// Returns the address of a path.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Sets what `path` answers from now on; `path#refresh`: what it answers to a refresh token.
    pub fn set(&self, path: &str, reply: Reply) {
        self.shared.script.lock().expect("the script").insert(path.to_owned(), reply);
    }

    /// Returns what came to a path.
    pub fn received(&self, path: &str) -> Vec<Received> {
        self.shared.received.lock().expect("the record").iter().filter(|request| request.path == path).cloned().collect()
    }
}

/// Accepts connections on a free port and hands each to a thread of its own.
pub fn accept(serve: impl Fn(TcpStream) + Clone + Send + 'static) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("a bound address");
    thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let serve = serve.clone();
            thread::spawn(move || serve(stream));
        }
    });
    address
}

fn serve(mut stream: TcpStream, shared: &Shared) {
    // One byte at a time: what is left unread when the socket closes makes the kernel send a reset.
    let mut reader = BufReader::with_capacity(1, stream.try_clone().expect("a second handle"));
    let Some(mut request) = read_target(&mut reader) else { return };
    let reply = shared.script.lock().expect("the script").get(&request.path).cloned();
    if !matches!(reply, Some(Reply::Reset)) && read_rest(&mut reader, &mut request).is_none() {
        return;
    }
    let reply = shared.refreshing(&request).or(reply);
    shared.received.lock().expect("the record").push(request);
    // Whoever hangs up early has seen enough; the test sees what came of it.
    drop(send(&mut stream, reply.unwrap_or_else(|| Reply::typed(404, "text/html", "nothing here"))));
}

fn send(stream: &mut (impl Read + Write), reply: Reply) -> std::io::Result<()> {
    match reply {
        Reply::Http { status, headers, body } => {
            let headers: Vec<_> = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
            let headers = headers.concat();
            let head = format!("HTTP/1.1 {status} Scripted\r\n{headers}Content-Length: {}\r\nConnection: close\r\n\r\n", body.len());
            stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(&body))
        }
        Reply::Bytes(bytes) => stream.write_all(&bytes),
        Reply::Stall(bytes) => stream.write_all(&bytes).and_then(|()| stream.read(&mut [0; 64]).map(|_| ())),
        Reply::Endless(bytes) => {
            stream.write_all(&bytes)?;
            let more = vec![bytes.last().copied().unwrap_or_default(); 1 << 16];
            loop {
                stream.write_all(&more)?;
            }
        }
        Reply::Reset => Ok(()),
    }
}

fn read_target(reader: &mut impl BufRead) -> Option<Received> {
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let (method, target) = line.split_once(' ')?;
    let (path, query) = target.split(' ').next()?.split_once('?').unwrap_or((target.split(' ').next()?, ""));
    Some(Received { method: method.to_owned(), path: path.to_owned(), query: query.to_owned(), ..Received::default() })
}

/// Reads headers, and a body up to the length that they declare.
fn read_rest(reader: &mut impl BufRead, request: &mut Received) -> Option<()> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(':') else { break };
        if name.eq_ignore_ascii_case("content-length") {
            length = value.trim().parse().ok()?;
        }
        request.headers.insert(name.to_ascii_lowercase(), value.trim().to_owned());
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    request.body = String::from_utf8_lossy(&body).into_owned();
    Some(())
}
