//! What was logged, to be asked about by request or reference.

use std::collections::BTreeMap;
use std::sync::{Mutex, Once};

use log::kv::{Error, Key, Value, VisitSource};

static RECORDS: Mutex<Vec<Record>> = Mutex::new(Vec::new());

/// One log line.
#[derive(Clone, Debug)]
pub struct Record {
    pub level: log::Level,
    pub target: String,
    pub message: String,
    pub fields: BTreeMap<String, String>,
}

impl Record {
    /// Returns a field, or nothing.
    pub fn field(&self, name: &str) -> &str {
        self.fields.get(name).map_or("", String::as_str)
    }
}

/// Catches every log line of ours from now on.
pub fn capture() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        log::set_logger(&Catcher).expect("no other logger");
        log::set_max_level(log::LevelFilter::Debug);
    });
}

/// Returns the lines with a field of that value.
pub fn with(field: &str, value: &str) -> Vec<Record> {
    let records = RECORDS.lock().expect("no panic while logging");
    records.iter().filter(|record| record.field(field) == value).cloned().collect()
}

/// Returns every line as text, for looking for what must not be there.
pub fn all_text() -> String {
    let records = RECORDS.lock().expect("no panic while logging");
    records.iter().map(|record| format!("{} {} {:?}", record.target, record.message, record.fields)).collect::<Vec<_>>().join("\n")
}

struct Catcher;

impl log::Log for Catcher {
    fn enabled(&self, metadata: &log::Metadata<'_>) -> bool {
        metadata.target().starts_with("genkan")
    }

    fn log(&self, record: &log::Record<'_>) {
        if !self.enabled(record.metadata()) {
            return;
        }
        let mut fields = Fields(BTreeMap::new());
        record.key_values().visit(&mut fields).expect("readable fields");
        let record =
            Record { level: record.level(), target: record.target().to_owned(), message: record.args().to_string(), fields: fields.0 };
        RECORDS.lock().expect("no panic while logging").push(record);
    }

    fn flush(&self) {}
}

struct Fields(BTreeMap<String, String>);

impl<'kvs> VisitSource<'kvs> for Fields {
    fn visit_pair(&mut self, key: Key<'kvs>, value: Value<'kvs>) -> Result<(), Error> {
        self.0.insert(key.to_string(), value.to_string());
        Ok(())
    }
}
