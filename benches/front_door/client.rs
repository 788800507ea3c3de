//! A load of keep-alive requests, as small as it can be, so that the server is measured.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// One request, ready to be written.
#[derive(Clone)]
pub struct Request {
    address: SocketAddr,
    bytes: Vec<u8>,
}

impl Request {
    /// Makes a GET, with a `Cookie` header unless it is empty.
    pub fn get(address: SocketAddr, path: &str, cookie: &str) -> Self {
        let cookie = if cookie.is_empty() { String::new() } else { format!("Cookie: {cookie}\r\n") };
        let bytes = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n{cookie}\r\n").into_bytes();
        Self { address, bytes }
    }

    /// Makes a POST with a body of the given type.
    pub fn post(address: SocketAddr, path: &str, headers: &str, body: &str) -> Self {
        let bytes =
            format!("POST {path} HTTP/1.1\r\nHost: localhost\r\n{headers}Content-Length: {}\r\n\r\n{body}", body.len()).into_bytes();
        Self { address, bytes }
    }
}

/// A response: its status, head and body.
pub struct Response {
    pub status: u16,
    pub head: String,
    pub body: String,
}

impl Response {
    /// Returns the `name=value` of every cookie that was set, joined for a `Cookie` header.
    pub fn cookies(&self) -> String {
        let lines = self.head.lines().filter_map(|line| line.split_once(": ").filter(|(name, _)| name.eq_ignore_ascii_case("set-cookie")));
        lines.filter_map(|(_, value)| value.split(';').next()).collect::<Vec<_>>().join("; ")
    }
}

/// A connection that is kept.
pub struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Connection {
    pub async fn open(address: SocketAddr) -> std::io::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: Vec::with_capacity(64 * 1024) })
    }

    /// Sends a request and reads the whole response.
    pub async fn send(&mut self, request: &Request) -> std::io::Result<Response> {
        self.stream.write_all(&request.bytes).await?;
        self.buffer.clear();
        let head_end = loop {
            self.fill().await?;
            if let Some(end) = self.buffer.windows(4).position(|window| window == b"\r\n\r\n") {
                break end + 4;
            }
        };
        let head = String::from_utf8_lossy(&self.buffer[..head_end]).into_owned();
        let length = header(&head, "content-length").and_then(|value| value.parse().ok()).unwrap_or(0);
        while self.buffer.len() < head_end + length {
            self.fill().await?;
        }
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
        let body = String::from_utf8_lossy(&self.buffer[head_end..]).into_owned();
        Ok(Response { status, head, body })
    }

    async fn fill(&mut self) -> std::io::Result<()> {
        match self.stream.read_buf(&mut self.buffer).await? {
            0 => Err(std::io::ErrorKind::UnexpectedEof.into()),
            _ => Ok(()),
        }
    }
}

fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    head.lines().filter_map(|line| line.split_once(':')).find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
}

/// What a load saw.
#[derive(Default)]
pub struct Load {
    /// How long each answer took, and its status.
    pub answers: Vec<(Duration, u16)>,
    elapsed: Duration,
}

impl Load {
    /// Asks from `connections` connections until `time` has passed.
    pub async fn run(request: &Request, connections: usize, time: Duration) -> Self {
        Self::run_each(&vec![request.clone(); connections], time).await
    }

    /// Asks from one connection per request until `time` has passed.
    pub async fn run_each(requests: &[Request], time: Duration) -> Self {
        let started = Instant::now();
        let deadline = started + time;
        let tasks: Vec<_> = requests.iter().cloned().map(|request| tokio::spawn(ask(request, deadline))).collect();
        let mut load = Self::default();
        for task in tasks {
            load.answers.extend(task.await.expect("a client does not panic"));
        }
        load.elapsed = started.elapsed();
        load
    }

    /// Returns good answers per second.
    pub fn rate(&self) -> f64 {
        self.count(|status| status < 400) / self.elapsed.as_secs_f64()
    }

    /// Counts answers by status.
    #[expect(clippy::cast_precision_loss, reason = "far fewer than 2^52 answers")]
    pub fn count(&self, matches: impl Fn(u16) -> bool) -> f64 {
        self.answers.iter().filter(|(_, status)| matches(*status)).count() as f64
    }

    /// Returns the time that 99 of 100 answers of that kind stayed below, in milliseconds.
    pub fn p99_ms(&self, matches: impl Fn(u16) -> bool) -> f64 {
        let mut times: Vec<_> = self.answers.iter().filter(|(_, status)| matches(*status)).map(|(time, _)| *time).collect();
        times.sort();
        times.get(times.len().saturating_sub(1) * 99 / 100).map_or(0.0, |time| time.as_secs_f64() * 1000.0)
    }
}

async fn ask(request: Request, deadline: Instant) -> Vec<(Duration, u16)> {
    let mut answers = Vec::new();
    let Ok(mut connection) = Connection::open(request.address).await else { return answers };
    while Instant::now() < deadline {
        let started = Instant::now();
        match connection.send(&request).await {
            Ok(response) => answers.push((started.elapsed(), response.status)),
            Err(_) => match Connection::open(request.address).await {
                Ok(fresh) => connection = fresh,
                Err(_) => break,
            },
        }
    }
    answers
}
