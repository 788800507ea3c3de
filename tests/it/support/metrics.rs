//! The counters of this process, which every test of the binary shares.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use genkan::ops::metrics::{self, Exporter};

static EXPORTER: LazyLock<Exporter> = LazyLock::new(|| metrics::install().expect("nobody else counts"));

/// Counts from now on.
pub fn start() {
    LazyLock::force(&EXPORTER);
}

/// Returns the values of a counter whose labels hold a provider, by all of its labels.
pub fn of_provider(counter: &str, provider: &str) -> BTreeMap<String, u64> {
    let text = EXPORTER.render();
    let series = text.lines().filter_map(|line| line.strip_prefix(counter)?.strip_prefix('{')?.split_once("} "));
    let wanted = format!("provider=\"{provider}\"");
    series
        .filter(|(labels, _)| labels.contains(&wanted))
        .map(|(labels, value)| (labels.to_owned(), value.parse().expect("a count")))
        .collect()
}

/// Returns the value of one counter; labels may stand in any order.
pub fn count(counter: &str, labels: &[(&str, &str)]) -> u64 {
    let text = EXPORTER.render();
    let series = text.lines().filter_map(|line| line.strip_prefix(counter)?.strip_prefix('{')?.split_once("} "));
    let has = |all: &str| labels.iter().all(|(name, value)| all.contains(&format!("{name}=\"{value}\"")));
    series.filter(|(all, _)| has(all)).map(|(_, value)| value.parse::<u64>().expect("a count")).sum()
}
