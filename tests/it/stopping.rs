//! SIGTERM to the real program: unready at once, requests in flight finish, exit 0.

use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::sleep;

/// How long anything here may take.
const PATIENCE: Duration = Duration::from_secs(30);

struct Program {
    child: Child,
    port: u16,
    _directory: tempfile::TempDir,
}

impl Program {
    async fn start() -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        let port = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port").local_addr().expect("an address").port();
        let child = Command::new(env!("CARGO_BIN_EXE_genkan"))
            .arg("serve")
            .current_dir(directory.path())
            .env_clear()
            .env("GENKAN_SERVER__LISTEN", format!("127.0.0.1:{port}"))
            .stderr(Stdio::null())
            .spawn()
            .expect("a process");
        let program = Self { child, port, _directory: directory };
        program.wait_for("GET /readyz", 200).await;
        program
    }

    async fn connect(&self) -> Option<TcpStream> {
        TcpStream::connect(("127.0.0.1", self.port)).await.ok()
    }

    async fn status(&self, request: &str) -> Option<u16> {
        let mut stream = self.connect().await?;
        stream.write_all(format!("{request} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").as_bytes()).await.ok()?;
        read_status(&mut stream).await
    }

    async fn wait_for(&self, request: &str, status: u16) {
        let started = Instant::now();
        while self.status(request).await != Some(status) {
            assert!(started.elapsed() < PATIENCE, "{request} never became {status}");
            sleep(Duration::from_millis(20)).await;
        }
    }

    fn terminate(&self) {
        let status = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().expect("kill");
        assert!(status.success());
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

async fn read_status(stream: &mut TcpStream) -> Option<u16> {
    let mut answer = [0; 64];
    let read = stream.read(&mut answer).await.ok()?;
    std::str::from_utf8(&answer[..read]).ok()?.split(' ').nth(1)?.parse().ok()
}

#[actix_web::test]
async fn ht_06_sigterm_turns_unready_finishes_what_is_in_flight_and_exits_with_0() {
    let mut program = Program::start().await;
    let mut in_flight = program.connect().await.expect("a connection");
    let head = "POST /login HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 3\r\n\r\n";
    in_flight.write_all(head.as_bytes()).await.expect("half a request");
    sleep(Duration::from_millis(100)).await;

    program.terminate();
    program.wait_for("GET /readyz", 503).await;
    in_flight.write_all(b"a=b").await.expect("the other half");

    assert_eq!(read_status(&mut in_flight).await, Some(303));
    let started = Instant::now();
    let status = loop {
        if let Some(status) = program.child.try_wait().expect("a status") {
            break status;
        }
        assert!(started.elapsed() < PATIENCE, "it never stopped");
        sleep(Duration::from_millis(20)).await;
    };
    assert_eq!(status.code(), Some(0));
}
