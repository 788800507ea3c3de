//! How a log line looks, as text and as JSON.
//!
//! One record is one line, whatever its values contain: control characters,
//! terminal sequences and characters that reorder a line are written as escapes
//! (security.md LG-04). Who logs never waits for whoever reads: see `pipe`.

mod pipe;

use std::fmt::Write as _;
use std::io::Write as _;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use chrono::{DateTime, SecondsFormat, Utc};
use log::Record;
use log::kv::{self, Key, VisitSource, VisitValue};
use serde_json::Value;

use self::pipe::{Intake, Pipe};
use super::metrics;
use super::recent::Recent;
use crate::clock::Clock;
use crate::config::{LogConfig, LogFormat};

/// How long the last lines may take when the process ends.
const PATIENCE: Duration = Duration::from_secs(1);
/// How long they may take when something panics, which costs one request and not the process.
const PANIC_PATIENCE: Duration = Duration::from_millis(200);

/// The way to standard error, once there is one.
static PIPE: OnceLock<Pipe> = OnceLock::new();

/// Starts logging to standard error; a second call changes nothing.
pub fn init(config: &LogConfig) {
    start(config, None);
}

/// Does the same and keeps the last lines about sign-ins as well, for `genkan demo`.
pub fn init_with(config: &LogConfig, recent: Arc<Recent>) {
    start(config, Some(recent));
}

fn start(config: &LogConfig, recent: Option<Arc<Recent>>) {
    let Ok(pipe) = Pipe::start(std::io::stderr(), tell_dropped) else { return };
    let clock = Clock::system();
    let format = match config.format {
        LogFormat::Text => text_line,
        LogFormat::Json => json_line,
    };
    let started = env_logger::Builder::new()
        .parse_filters(&config.filter)
        .target(env_logger::Target::Pipe(Box::new(Intake { pipe: pipe.clone(), on_drop: || metrics::count_dropped_lines(1) })))
        .format(move |out, record| {
            let line = format(record, clock.now());
            if let Some(recent) = &recent {
                recent.keep(record.target(), &pairs_of(record), &line);
            }
            writeln!(out, "{line}")
        })
        .try_init();
    if started.is_ok() {
        // Set once, like the logger.
        let _ = PIPE.set(pipe);
        std::panic::set_hook(Box::new(|panic| {
            report_panic(panic.location());
            flush_within(PANIC_PATIENCE);
        }));
    }
}

/// Waits until the lines so far are written, for a second at most: whoever reads them may have stalled.
pub fn flush() {
    flush_within(PATIENCE);
}

fn flush_within(patience: Duration) {
    if let Some(pipe) = PIPE.get() {
        pipe.flush(patience);
    }
}

/// Tells how many lines were lost while nobody took them.
fn tell_dropped(lines: u64) {
    log::warn!(target: "genkan::ops", event = "log_lines_dropped", lines = lines; "whoever reads the log had stalled; these lines are lost");
}

/// Writes one line about a panic: the place alone, for the payload may hold what somebody typed (security.md LG-03).
fn report_panic(location: Option<&std::panic::Location<'_>>) {
    let place = location.map(ToString::to_string);
    log::error!(target: "genkan::panic", event = "panicked", place = place; "a bug in genkan");
}

/// Writes a record for people: time, level, message, pairs.
fn text_line(record: &Record<'_>, now: DateTime<Utc>) -> String {
    let mut line = format!("{} {:<5} ", timestamp(now), record.level());
    if !is_ours(record.target()) {
        let _ = write!(line, "{}: ", record.target());
    }
    line.push_str(&escape(&record.args().to_string()));
    for (name, value) in pairs_of(record) {
        let text = value.as_str().map_or_else(|| value.to_string(), quote_if_needed);
        let _ = write!(line, " {}={}", escape(&name), escape(&text));
    }
    line
}

/// Writes a record as one JSON object: fixed members first, pairs as they came, the message last.
fn json_line(record: &Record<'_>, now: DateTime<Utc>) -> String {
    let mut members = vec![
        ("ts".to_owned(), timestamp(now).into()),
        ("level".to_owned(), record.level().as_str().to_lowercase().into()),
        ("target".to_owned(), record.target().into()),
    ];
    let (event, others): (Vec<_>, Vec<_>) = pairs_of(record).into_iter().partition(|(name, _)| name == "event");
    members.extend(event);
    members.extend(others);
    members.push(("message".to_owned(), record.args().to_string().into()));
    let members: Vec<String> = members.into_iter().map(|(name, value)| format!("{}:{value}", Value::from(name))).collect();
    escape(&format!("{{{}}}", members.join(",")))
}

fn timestamp(now: DateTime<Utc>) -> String {
    now.to_rfc3339_opts(SecondsFormat::Millis, true)
}

fn is_ours(target: &str) -> bool {
    target == "genkan" || target.starts_with("genkan::")
}

/// Puts what a reader could take for several values into quotes.
fn quote_if_needed(text: &str) -> String {
    let is_plain = !text.is_empty() && !text.contains(|c: char| c.is_whitespace() || matches!(c, '"' | '=' | '\\'));
    if is_plain { text.to_owned() } else { Value::from(text).to_string() }
}

/// Writes every character that could end a line, steer a terminal or reorder text as `\uXXXX`.
///
/// JSON reads that as the same character (RFC 8259 §7); none of them can stand outside of its strings.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        if is_unsafe(c) {
            let _ = write!(escaped, "\\u{:04x}", u32::from(c));
        } else {
            escaped.push(c);
        }
    }
    escaped
}

fn is_unsafe(c: char) -> bool {
    c.is_control() || matches!(c, '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

/// Returns the pairs of a record in their order, without those that have no value.
fn pairs_of(record: &Record<'_>) -> Vec<(String, Value)> {
    let mut pairs = Pairs(Vec::new());
    // Only our own visitor could fail, and it does not.
    let _ = record.key_values().visit(&mut pairs);
    pairs.0
}

/// Collects pairs.
struct Pairs(Vec<(String, Value)>);

impl<'kvs> VisitSource<'kvs> for Pairs {
    fn visit_pair(&mut self, key: Key<'kvs>, value: kv::Value<'kvs>) -> Result<(), kv::Error> {
        let mut typed = Typed(None);
        value.visit(&mut typed)?;
        self.0.extend(typed.0.map(|value| (key.to_string(), value)));
        Ok(())
    }
}

/// Keeps a value's type: numbers stay numbers, `None` stays away.
struct Typed(Option<Value>);

impl VisitValue<'_> for Typed {
    fn visit_any(&mut self, value: kv::Value<'_>) -> Result<(), kv::Error> {
        self.0 = Some(value.to_string().into());
        Ok(())
    }

    fn visit_null(&mut self) -> Result<(), kv::Error> {
        Ok(())
    }

    fn visit_u64(&mut self, value: u64) -> Result<(), kv::Error> {
        self.0 = Some(value.into());
        Ok(())
    }

    fn visit_i64(&mut self, value: i64) -> Result<(), kv::Error> {
        self.0 = Some(value.into());
        Ok(())
    }

    fn visit_f64(&mut self, value: f64) -> Result<(), kv::Error> {
        self.0 = Some(value.into());
        Ok(())
    }

    fn visit_bool(&mut self, value: bool) -> Result<(), kv::Error> {
        self.0 = Some(value.into());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeZone as _;
    use log::Level;

    use super::*;

    type Pair<'a> = (&'a str, kv::Value<'a>);

    fn lines(target: &str, message: &str, pairs: &[Pair<'_>]) -> (String, String) {
        let now = Utc.with_ymd_and_hms(2026, 11, 20, 12, 0, 0).single().expect("a time");
        let text = |args: std::fmt::Arguments<'_>| {
            let record = Record::builder().level(Level::Warn).target(target).args(args).key_values(&pairs).build();
            (text_line(&record, now), json_line(&record, now))
        };
        text(format_args!("{message}"))
    }

    #[test]
    fn a_failure_is_one_line_with_the_fixed_members_first_and_its_types_kept() {
        let pairs = [
            ("event", kv::Value::from("signin_failed")),
            ("cause", "token_timeout".into()),
            ("http_status", 504_u16.into()),
            ("retryable", true.into()),
        ];

        let (text, json) = lines("genkan::signin", "sign-in failed", &pairs);

        assert_eq!(
            text,
            "2026-11-20T12:00:00.000Z WARN  sign-in failed event=signin_failed cause=token_timeout http_status=504 retryable=true"
        );
        assert_eq!(
            json,
            r#"{"ts":"2026-11-20T12:00:00.000Z","level":"warn","target":"genkan::signin","event":"signin_failed","cause":"token_timeout","http_status":504,"retryable":true,"message":"sign-in failed"}"#
        );
    }

    #[test]
    fn what_is_absent_is_left_out_and_a_foreign_target_is_named() {
        let (text, json) = lines("actix_server", "started", &[("provider", kv::Value::null())]);

        assert!(text.ends_with("WARN  actix_server: started"), "{text}");
        assert!(!json.contains("provider"), "{json}");
    }

    #[test]
    fn lg_04_no_value_can_forge_a_line_or_steer_a_terminal() {
        let attack = "x\r\n2026 ERROR forged\u{1b}[2J\u{9b}31m\u{7f}\u{202e}\u{2028} \"y\" a=b";

        let (text, json) = lines("genkan", attack, &[("value", attack.into()), (attack, 1.into())]);

        for line in [&text, &json] {
            assert!(!line.chars().any(is_unsafe), "{line:?}");
        }
        let read: Value = serde_json::from_str(&json).expect("valid JSON");
        assert_eq!((read["value"].as_str(), read["message"].as_str()), (Some(attack), Some(attack)));
    }

    #[test]
    fn lg_04_a_text_value_cannot_pretend_to_be_another_pair() {
        let (text, _) = lines("genkan", "m", &[("code", "a category=other".into()), ("empty", "".into())]);

        assert!(text.ends_with(r#"m code="a category=other" empty="""#), "{text}");
    }

    /// Not a test of its own: the process in which [`lg_03_a_panic_is_one_line_without_its_payload`] lets something panic.
    #[test]
    #[ignore = "panics on purpose, for the test below"]
    fn panics_with_a_secret() {
        init(&LogConfig::default());
        panic!("canary {}", "secret");
    }

    #[test]
    fn lg_03_a_panic_is_one_line_without_its_payload() {
        let this = std::env::current_exe().expect("the test binary");
        let args = ["--ignored", "--nocapture", "--exact", "ops::log::tests::panics_with_a_secret"];

        let ended = std::process::Command::new(this).args(args).output().expect("it runs");

        let stderr = String::from_utf8_lossy(&ended.stderr);
        let lines: Vec<_> = stderr.lines().filter(|line| line.contains("panicked")).collect();
        assert!(lines.len() == 1 && lines[0].contains("place=src/ops/log.rs:"), "{stderr}");
        assert!(!stderr.contains("canary"), "{stderr}");
    }
}
