//! `docs/security.md`: what is said to be met has a test that names it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use super::{files_below, read, root};

/// Returns every id of the checklist's lines, with what is said of it.
fn statuses(document: &str) -> BTreeMap<String, String> {
    let rows = document.lines().map(|line| line.split('|').map(str::trim).collect::<Vec<_>>()).filter(|cells| cells.len() == 6);
    rows.filter(|cells| is_id(cells[1])).map(|cells| (cells[1].to_owned(), cells[4].to_owned())).collect()
}

/// Tells an id such as `PW-03`.
fn is_id(text: &str) -> bool {
    text.len() == 5
        && text.bytes().enumerate().all(|(index, b)| match index {
            0 | 1 => b.is_ascii_uppercase(),
            2 => b == b'-',
            _ => b.is_ascii_digit(),
        })
}

/// Returns the ids at the beginnings of test names, as in `so_04_ht_01_an_answer…`, and those in what the CI runs.
fn tested() -> BTreeSet<String> {
    let mut ids = BTreeSet::new();
    for folder in ["src", "tests/it"] {
        for file in files_below(folder) {
            let code = fs::read_to_string(&file).unwrap_or_default();
            code.split("fn ").skip(1).for_each(|rest| ids.extend(ids_of_name(rest)));
        }
    }
    for file in files_below("tests/browser").into_iter().chain(files_below(".ci")) {
        let text = fs::read_to_string(&file).unwrap_or_default();
        ids.extend(text.split(|c: char| !c.is_ascii_alphanumeric() && c != '-').filter(|word| is_id(word)).map(str::to_owned));
    }
    ids
}

fn ids_of_name(name: &str) -> Vec<String> {
    let words: Vec<&str> = name.split(|c: char| !c.is_ascii_alphanumeric()).collect();
    let pairs = words.chunks(2).map(|pair| pair.join("-").to_uppercase());
    pairs.take_while(|id| is_id(id)).collect()
}

#[test]
fn what_is_met_has_a_test_that_names_it() {
    let tested = tested();
    let statuses = statuses(&read("docs/security.md"));

    assert!(statuses.len() > 80, "{}", statuses.len());
    for (id, status) in statuses {
        assert!(status == "met" || status.starts_with("partly: ") || status.starts_with("not yet"), "{id}: {status}");
        assert!(status != "met" || tested.contains(&id), "{id} is met, but no test names it");
    }
}

#[test]
fn every_file_that_the_checklist_names_exists() {
    let document = read("docs/security.md");
    let names = document.lines().filter(|line| line.starts_with("| ")).flat_map(|line| line.split('`').skip(1).step_by(2));
    for name in names.filter(|name| {
        name.contains(".rs")
            || name.contains(".toml")
            || (name.ends_with('/') && name.chars().all(|c| c.is_ascii_lowercase() || matches!(c, '/' | '_')) && name.len() > 1)
    }) {
        assert!(root().join("src").join(name).exists() || root().join(name).exists(), "{name}");
    }
}

#[test]
fn si_01_sessions_are_opened_in_the_ways_of_the_list_and_no_other() {
    let listed = read("docs/security.md");
    let table = listed.split("(SI-01)\n").nth(1).expect("the list").split("\n## ").next().expect("its end");
    let listed: BTreeSet<&str> =
        table.lines().filter(|line| line.starts_with("| ")).filter_map(|line| line.split('`').rev().nth(1)).collect();

    let opens = |code: &str| [".open_session(", ".reopen_session("].iter().any(|call| code.contains(call));
    let files = files_below("src").into_iter().filter(|file| !file.ends_with("tests.rs") && !file.ends_with("testing.rs"));
    let opening = files.filter(|file| opens(before_tests(&fs::read_to_string(file).unwrap_or_default())));
    let opening: BTreeSet<String> =
        opening.filter_map(|file| Some(file.strip_prefix(root().join("src")).ok()?.display().to_string())).collect();

    assert_eq!(opening.iter().map(String::as_str).collect::<BTreeSet<_>>(), listed, "left: the code, right: docs/security.md");
}

fn before_tests(code: &str) -> &str {
    code.split("#[cfg(test)]").next().unwrap_or_default()
}
