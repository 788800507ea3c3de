//! The processes under measurement: started in temporary places, ended by their ids.

use std::io::{BufRead as _, BufReader};
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::client::{Connection, Request, Response};

/// A password that the policy takes.
pub const PASSWORD: &str = "seven quiet lanterns";

/// The bare server.
pub struct Floor {
    child: Child,
    pub address: SocketAddr,
}

impl Floor {
    pub async fn start() -> Self {
        let this = std::env::current_exe().expect("this program's path");
        let mut child = Command::new(this).arg("floor").stdout(Stdio::piped()).spawn().expect("the floor starts");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("piped")).read_line(&mut line).expect("its port");
        let floor = Self { child, address: SocketAddr::from(([127, 0, 0, 1], line.trim().parse().expect("a port"))) };
        wait_for(floor.address, "/login").await;
        floor
    }

    /// Returns how much of a processor it has used, in seconds.
    pub fn cpu_seconds(&self) -> f64 {
        cpu_seconds(&self.child)
    }
}

impl Drop for Floor {
    fn drop(&mut self) {
        end(&mut self.child);
    }
}

/// genkan with a database of its own.
pub struct Genkan {
    child: Child,
    pub address: SocketAddr,
    folder: TempDir,
}

impl Genkan {
    /// Starts it with `settings` beside the address and the database.
    pub async fn start(settings: &str) -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        let (child, address) = spawn(folder.path(), settings);
        wait_for(address, "/healthz").await;
        Self { child, address, folder }
    }

    /// Returns a line of the process's memory in MiB: `VmRSS` (now) or `VmHWM` (at most so far).
    pub fn memory_mib(&self, line: &str) -> f64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap_or_default();
        let kib =
            status.lines().find_map(|text| text.strip_prefix(line)?.strip_prefix(':')?.split_whitespace().next()?.parse::<f64>().ok());
        kib.unwrap_or(0.0) / 1024.0
    }

    /// Returns how much of a processor it has used, in seconds.
    pub fn cpu_seconds(&self) -> f64 {
        cpu_seconds(&self.child)
    }

    /// Registers a user over JSON; returns the cookie of the session.
    pub async fn register(&self, username: &str) -> String {
        let body =
            serde_json::json!({"name": username, "username": username, "email": format!("{username}@example.com"), "password": PASSWORD});
        let headers = format!("Content-Type: application/json\r\nOrigin: {}\r\n", self.origin());
        let response = self.ask(&Request::post(self.address, "/api/users", &headers, &body.to_string())).await;
        assert_eq!(response.status, 201, "registration answered {}", response.body);
        response.cookies()
    }

    /// Runs another command of it on the same database; returns what it prints.
    pub fn command(&self, args: &[&str]) -> String {
        let output = Command::new(env!("CARGO_BIN_EXE_genkan")).current_dir(self.folder.path()).args(args).output().expect("genkan starts");
        assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    pub async fn ask(&self, request: &Request) -> Response {
        let mut connection = Connection::open(self.address).await.expect("genkan listens");
        connection.send(request).await.expect("genkan answers")
    }

    pub fn origin(&self) -> String {
        format!("http://localhost:{}", self.address.port())
    }
}

impl Drop for Genkan {
    fn drop(&mut self) {
        end(&mut self.child);
    }
}

/// Returns how many tasks wanted a processor, over the last one, five and fifteen minutes (proc(5)).
pub fn load_average() -> String {
    let line = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    line.split(' ').take(3).collect::<Vec<_>>().join(", ")
}

/// Starts genkan in a folder, at a free port.
pub fn spawn(folder: &Path, settings: &str) -> (Child, SocketAddr) {
    let port = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a free port").port();
    let config =
        format!("[server]\nlisten = \"127.0.0.1:{port}\"\npublic_url = \"http://localhost:{port}\"\n[log]\nfilter = \"off\"\n{settings}");
    std::fs::write(folder.join("genkan.toml"), config).expect("a writable folder");
    let child = Command::new(env!("CARGO_BIN_EXE_genkan")).current_dir(folder).stderr(Stdio::null()).spawn().expect("genkan starts");
    (child, SocketAddr::from(([127, 0, 0, 1], port)))
}

/// Waits until an address answers 200.
pub async fn wait_for(address: SocketAddr, path: &str) {
    let request = Request::get(address, path, "");
    let deadline = Instant::now() + Duration::from_secs(10);
    while Instant::now() < deadline {
        if let Ok(mut connection) = Connection::open(address).await
            && connection.send(&request).await.is_ok_and(|response| response.status == 200)
        {
            return;
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    panic!("nothing answers at {address}{path}");
}

fn cpu_seconds(child: &Child) -> f64 {
    cpu_seconds_of(&child.id().to_string())
}

/// Returns how much of a processor this program has used, in seconds.
pub fn own_cpu_seconds() -> f64 {
    cpu_seconds_of("self")
}

/// Adds up user and system time of a process from `/proc/PID/stat` (proc(5)), which counts in hundredths of a second.
pub fn cpu_seconds_of(pid: &str) -> f64 {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    let after_name = stat.rsplit(") ").next().unwrap_or_default();
    after_name.split(' ').skip(11).take(2).filter_map(|ticks| ticks.parse::<f64>().ok()).sum::<f64>() / 100.0
}

/// Ends a process.
pub fn end(child: &mut Child) {
    let _ = child.kill();
    let _ = child.wait();
}
