//! `docs/operators.md`: every event of the log (security.md LG-01).

use std::collections::BTreeSet;

use super::{code, read};

/// Where an event's name stands in the code.
const MARKS: [&str; 5] = ["event = \"", "Event::signin(\"", "Event::account(\"", "Event::new(\"", " note(\""];

fn events_of(code: &str) -> BTreeSet<String> {
    let after = |mark: &'static str| code.split(mark).skip(1).filter_map(|rest| rest.split('"').next());
    MARKS.into_iter().flat_map(after).map(str::to_owned).collect()
}

fn documented(document: &str) -> BTreeSet<String> {
    let events = document.split("### Events").nth(1).expect("a section with every event").split("\n## ").next().expect("its text");
    let rows = events.lines().filter_map(|line| line.strip_prefix("| `"));
    rows.filter_map(|row| row.split('`').next()).map(str::to_owned).collect()
}

#[test]
fn lg_01_every_event_stands_in_the_operators_guide_and_no_other_does() {
    let events = events_of(&code());

    assert!(events.len() > 20, "the code is searched for the wrong words: {events:?}");
    assert_eq!(events, documented(&read("docs/operators.md")), "left: the code, right: docs/operators.md");
}

#[test]
fn every_series_stands_in_the_operators_guide() {
    let (code, guide) = (code(), read("docs/operators.md"));
    for kind in ["counter", "gauge", "histogram"] {
        for series in code.split(&format!("describe_{kind}!(\"")).skip(1).filter_map(|rest| rest.split('"').next()) {
            assert!(guide.contains(&format!("| `{series}` | {kind} |")), "{series}");
        }
    }
}
