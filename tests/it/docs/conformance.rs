//! `docs/conformance.md`: every module that is listed is played, with the outcome that is said, and every probe is there.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use super::{files_below, read};

const FOLDER: &str = "tests/browser/interop/";

/// Reads all tests of a folder.
fn tests_of(folder: &str) -> String {
    files_below(&format!("{FOLDER}{folder}")).iter().map(|file| fs::read_to_string(file).expect("a readable file")).collect()
}

/// Returns the texts between quotation marks that follow a mark.
fn quoted<'a>(code: &'a str, mark: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
    code.split(mark).skip(1).filter_map(|rest| rest.split_once('\''))
}

/// Returns the modules that are played, with their outcome; a plain test of that name has to pass.
fn played(code: &str) -> BTreeMap<&str, &str> {
    let modules = quoted(code, "module('").filter_map(|(name, rest)| Some((name, rest.strip_prefix(", '")?.split('\'').next()?)));
    let plain = quoted(code, "test('").filter(|(name, _)| name.starts_with("oidcc-")).map(|(name, _)| (name, "passes"));
    modules.chain(plain).collect()
}

/// Returns the first and the last cell of the rows whose first cell is a name that begins so.
fn rows<'a>(document: &'a str, prefix: &str) -> Vec<(&'a str, &'a str)> {
    let cells = document.lines().filter_map(|line| line.strip_prefix("| `")?.strip_suffix(" |")?.split_once("` | "));
    cells.filter(|(name, _)| name.starts_with(prefix)).map(|(name, rest)| (name, rest.rsplit(" | ").next().unwrap_or(rest))).collect()
}

#[test]
fn cf_01_every_module_is_played_and_comes_to_what_is_said() {
    let (document, code) = (read("docs/conformance.md"), tests_of("conformance"));
    let rows = rows(&document, "oidcc-");
    let said: BTreeMap<&str, &str> = rows.iter().map(|(name, outcome)| (*name, outcome.split(':').next().unwrap_or_default())).collect();

    assert!(said.len() > 50, "{}", said.len());
    assert_eq!(rows.len(), said.len(), "a module is listed twice");
    assert_eq!(said, played(&code), "left: docs/conformance.md, right: {FOLDER}conformance");
}

#[test]
fn cf_01_every_probe_is_listed_and_every_listed_one_is_there() {
    let (document, code) = (read("docs/conformance.md"), tests_of("probes"));
    let listed: BTreeSet<&str> = rows(&document, "probe_").into_iter().map(|(name, _)| name).collect();
    let tried: BTreeSet<&str> = quoted(&code, "test('").map(|(name, _)| name).collect();

    assert_eq!(listed, tried, "left: docs/conformance.md, right: {FOLDER}probes");
}
