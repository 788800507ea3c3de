//! What `deploy/` shows and alerts on, held against what genkan counts.

use std::collections::BTreeSet;

use genkan::signin::failure::{Category, Cause};

use super::read;

const FILES: [&str; 2] = ["deploy/grafana/genkan.json", "deploy/prometheus/genkan.rules.yml"];

/// Finds the words of a text that begin with `prefix`.
fn words<'a>(text: &'a str, prefix: &str) -> BTreeSet<&'a str> {
    let is_of_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    text.split(|c| !is_of_word(c)).filter(|word| word.starts_with(prefix)).collect()
}

#[test]
fn every_series_of_the_dashboard_and_the_alerts_is_documented() {
    let guide = read("docs/operators.md");
    for file in FILES {
        for name in words(&read(file), "genkan_") {
            let series = name.trim_end_matches("_bucket").trim_end_matches("_count");
            assert!(guide.contains(&format!("| `{series}` |")), "{file}: {name}");
        }
    }
}

#[test]
fn every_category_is_shown_and_every_cause_that_is_left_out_exists() {
    let (dashboard, rules) = (read(FILES[0]), read(FILES[1]));
    for category in Category::ALL {
        assert!(dashboard.contains(category.as_str()), "{}", category.as_str());
    }
    let left_out = rules.split("cause!~\"").nth(1).and_then(|rest| rest.split('"').next()).expect("causes that are left out");
    for pattern in left_out.split('|') {
        let stem = pattern.trim_end_matches(".*");
        assert!(Cause::ALL.iter().any(|cause| cause.as_str().starts_with(stem)), "{pattern}");
    }
}

#[test]
fn the_dashboard_is_whole() {
    let dashboard: serde_json::Value = serde_json::from_str(&read(FILES[0])).expect("JSON");
    let panels = dashboard["panels"].as_array().expect("panels");

    assert!(panels.len() >= 10 && panels.iter().all(|panel| panel["targets"][0]["expr"].is_string() && panel["title"].is_string()));
}
