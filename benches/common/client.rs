//! A load of keep-alive requests, as small as it can be, so that the server is measured.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::table::Cost;

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
        Self::get_with(address, path, &cookie)
    }

    /// Makes a GET with header lines, each with its end.
    pub fn get_with(address: SocketAddr, path: &str, headers: &str) -> Self {
        let bytes = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n").into_bytes();
        Self { address, bytes }
    }

    /// Returns whom it is for.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Makes a POST with a body of the given type.
    pub fn post(address: SocketAddr, path: &str, headers: &str, body: &str) -> Self {
        let bytes =
            format!("POST {path} HTTP/1.1\r\nHost: localhost\r\n{headers}Content-Length: {}\r\n\r\n{body}", body.len()).into_bytes();
        Self { address, bytes }
    }

    /// Makes the POST of a form on a page of ours.
    pub fn form(address: SocketAddr, path: &str, origin: &str, cookies: &str, body: &str) -> Self {
        let headers = format!("Content-Type: application/x-www-form-urlencoded\r\nOrigin: {origin}\r\nCookie: {cookies}\r\n");
        Self::post(address, path, &headers, body)
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
        self.headers("set-cookie").filter_map(|value| value.split(';').next()).collect::<Vec<_>>().join("; ")
    }

    /// Returns where the answer sends the browser.
    pub fn location(&self) -> &str {
        self.headers("location").next().unwrap_or_else(|| panic!("a redirect, not {}", self.head))
    }

    /// Returns the token of the page's forms.
    pub fn csrf_token(&self) -> &str {
        let field = self.body.split("name=\"csrf_token\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
        field.expect("the form has a token")
    }

    fn headers(&self, name: &str) -> impl Iterator<Item = &str> {
        let lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.filter(move |(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
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
        Ok(Self { stream, buffer: Vec::new() })
    }

    /// Sends a request and reads the whole response.
    pub async fn send(&mut self, request: &Request) -> std::io::Result<Response> {
        let (status, head_end) = self.exchange(request).await?;
        let [head, body] = [&self.buffer[..head_end], &self.buffer[head_end..]].map(|part| String::from_utf8_lossy(part).into_owned());
        Ok(Response { status, head, body })
    }

    /// Keeps the connection without what was read.
    pub fn keep(self) -> TcpStream {
        self.stream
    }

    /// Sends a request and reads the whole response into the buffer; returns its status and the length of its head.
    async fn exchange(&mut self, request: &Request) -> std::io::Result<(u16, usize)> {
        self.stream.write_all(&request.bytes).await?;
        self.buffer.clear();
        let head_end = loop {
            self.fill().await?;
            if let Some(end) = self.buffer.windows(4).position(|window| window == b"\r\n\r\n") {
                break end + 4;
            }
        };
        let head = &self.buffer[..head_end];
        let name = b"\r\ncontent-length: ";
        let length =
            head.windows(name.len()).position(|window| window.eq_ignore_ascii_case(name)).map_or(0, |at| number(&head[at + name.len()..]));
        let status = u16::try_from(number(&head[b"HTTP/1.1 ".len()..])).unwrap_or(0);
        while self.buffer.len() < head_end + length {
            self.fill().await?;
        }
        Ok((status, head_end))
    }

    async fn fill(&mut self) -> std::io::Result<()> {
        match self.stream.read_buf(&mut self.buffer).await? {
            0 => Err(std::io::ErrorKind::UnexpectedEof.into()),
            _ => Ok(()),
        }
    }
}

/// Reads the digits that a text begins with.
fn number(text: &[u8]) -> usize {
    text.iter().take_while(|byte| byte.is_ascii_digit()).fold(0, |number, byte| number * 10 + usize::from(byte - b'0'))
}

/// What a load saw.
#[derive(Default)]
pub struct Load {
    /// How long each answer took, and its status.
    pub answers: Vec<(Duration, u16)>,
    elapsed: Duration,
}

impl Load {
    /// Makes a load of answers that were fetched in another way.
    pub fn of(answers: Vec<(Duration, u16)>, elapsed: Duration) -> Self {
        Self { answers, elapsed }
    }

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

    /// Returns rate and processor time, from what the server's processor time was before and after.
    pub fn cost(&self, cpu_before: f64, cpu_after: f64) -> Cost {
        Cost { rate: self.rate(), cpu_us: (cpu_after - cpu_before) * 1e6 / self.count(|_| true) }
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
        match connection.exchange(&request).await {
            Ok((status, _)) => answers.push((started.elapsed(), status)),
            Err(_) => match Connection::open(request.address).await {
                Ok(fresh) => connection = fresh,
                Err(_) => break,
            },
        }
    }
    answers
}
