//! `genkan serve` and `genkan demo`

use std::io::{BufRead as _, BufReader, Lines, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, ChildStderr, Command, Stdio};

use serde_json::Value;

use super::place::Place;

/// A server with a log of JSON lines; killed when the test ends.
struct Serving {
    child: Child,
    log: Lines<BufReader<ChildStderr>>,
}

impl Serving {
    /// Serves on free ports.
    fn start(place: &Place) -> Self {
        let mut command = place.command(&[]);
        command.envs([("GENKAN_SERVER__LISTEN", "127.0.0.1:0"), ("GENKAN_METRICS__LISTEN", "127.0.0.1:0"), ("GENKAN_LOG__FORMAT", "json")]);
        let mut child = command.stderr(Stdio::piped()).spawn().expect("a server");
        let log = BufReader::new(child.stderr.take().expect("a pipe")).lines();
        Self { child, log }
    }

    /// Reads the log until an event; returns its line.
    #[track_caller]
    fn wait_for(&mut self, event: &str) -> Value {
        let lines = self
            .log
            .by_ref()
            .map_while(Result::ok)
            .map(|line| serde_json::from_str::<Value>(&line).unwrap_or_else(|_| panic!("no JSON: {line}")));
        lines.into_iter().find(|line| line["event"] == event).unwrap_or_else(|| panic!("ended without {event}"))
    }
}

/// Gets a page of a port of this machine; returns head and body.
fn get(port: &Value, path: &str) -> String {
    let mut stream = TcpStream::connect(format!("127.0.0.1:{port}")).expect("a connection");
    write!(stream, "GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n").expect("a request");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    answer
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn serve_is_the_default_and_says_where_it_keeps_the_master_key() {
    let place = Place::new();

    let line = Serving::start(&place).wait_for("master_key_made");

    assert_eq!(line["path"], "genkan.key");
    assert!(place.path().join("genkan.key").exists());
}

#[test]
fn lg_09_metrics_are_told_on_their_own_listener_alone() {
    let place = Place::new();
    let mut serving = Serving::start(&place);
    let metrics = serving.wait_for("metrics_listening")["port"].take();
    let pages = serving.wait_for("listening")["port"].take();

    let page = get(&pages, "/login");
    let told = get(&metrics, "/metrics");

    assert!(page.starts_with("HTTP/1.1 200"), "{page}");
    assert!(told.contains(r#"genkan_http_requests_total{method="GET",status="200"} 1"#), "{told}");
    assert!(told.contains("genkan_password_queue_length 0"), "a gauge that is absent until a storm cannot be watched: {told}");
    assert!(get(&pages, "/metrics").starts_with("HTTP/1.1 404"));
}

#[test]
fn lg_08_a_pipe_that_nobody_reads_stops_no_request() {
    let place = Place::new();
    let mut serving = Serving::start(&place);
    let pages = serving.wait_for("listening")["port"].take();

    // A pipe holds 64 KiB; each of these is a line of some 200 bytes, which nobody reads.
    let answers = (0..1_000).filter(|number| get(&pages, &format!("/none/{number}")).starts_with("HTTP/1.1 404")).count();

    assert_eq!(answers, 1_000);
    assert!(get(&pages, "/healthz").starts_with("HTTP/1.1 200"));
    let told = (0..1_000).map(|_| serving.wait_for("request_refused")).count();
    assert_eq!(told, 1_000, "and nothing is lost that fits into the queue");
}

#[test]
fn every_series_stands_at_zero_before_anything_happens() {
    let place = Place::new();
    let mut serving = Serving::start(&place);
    let metrics = serving.wait_for("metrics_listening")["port"].take();
    serving.wait_for("listening");

    let told = get(&metrics, "/metrics");

    for series in [r#"genkan_signins_total{provider="none",method="password"} 0"#, "genkan_log_lines_dropped_total 0"] {
        assert!(told.contains(series), "{series}: {told}");
    }
}

#[test]
fn serve_ends_well_on_sigterm() {
    let place = Place::new();
    let mut serving = Serving::start(&place);
    serving.wait_for("listening");

    let killed = Command::new("kill").args(["-TERM", &serving.child.id().to_string()]).status();

    assert!(killed.is_ok_and(|status| status.success()));
    serving.wait_for("stopped");
    assert_eq!(serving.child.wait().expect("an end").code(), Some(0));
}

#[test]
fn a_failure_of_the_last_moment_is_in_the_record() {
    let place = Place::new();
    let mut serving = Serving::start(&place);
    let port = serving.wait_for("listening")["port"].take();

    get(&port, "/auth/nowhere/callback?code=c&state=s");
    let killed = Command::new("kill").args(["-INT", &serving.child.id().to_string()]).status();

    assert!(killed.is_ok_and(|status| status.success()));
    serving.wait_for("stopped");
    let failures: Value = serde_json::from_str(&place.succeed(&["failures", "--json"])).expect("JSON");
    assert_eq!((failures.as_array().map(Vec::len), failures[0]["cause"].as_str()), (Some(1), Some("provider_unknown")));
}

#[test]
fn demo_needs_nothing_and_ignores_file_and_environment() {
    let place = Place::with_file("this is no configuration");
    let mut command = place.command(&["demo", "--listen", "127.0.0.1:0", "--lab-listen", "127.0.0.1:0"]);
    command.env("GENKAN_NONSENSE", "1").stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("a demo");
    let stdout = BufReader::new(child.stdout.take().expect("a pipe"));
    let log = BufReader::new(child.stderr.take().expect("a pipe")).lines();
    let _demo = Serving { child, log };

    let open = stdout.lines().map_while(Result::ok).find(|line| line.contains("Open this"));

    assert!(open.is_some_and(|line| line.contains("http://127.0.0.1:")), "no address was told");
    assert!(place.path().join("genkan-demo.db").exists());
}

#[test]
fn a_configuration_that_is_refused_leaves_nothing_behind() {
    let place = Place::with_file("[[providers]]\nid = \"github\"\nclient_id = \"a\"\nclient_secret = \"b\"\npreset = \"nowhere\"\n");

    let said = place.fail(2, &["serve"]);

    assert!(said.contains("providers.github.preset") && said.contains("genkan.toml line 5"), "{said}");
    let left: Vec<_> = std::fs::read_dir(place.path()).expect("the place").map(|file| file.expect("a file").file_name()).collect();
    assert_eq!(left, ["genkan.toml"]);
}
