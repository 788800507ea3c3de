//! Who may use whom: the table of the crate's map, checked against every `use`.

use std::fs;
use std::path::{Path, PathBuf};

/// Module, what of ours it must not use, and which crates it must not use.
const RULES: &[(&str, &[&str], &[&str])] = &[
    (
        "domain",
        &["store", "provider", "signin", "account", "web", "ops", "config", "lab", "cli", "app"],
        &["diesel", "actix_web", "askama", "reqwest", "tokio"],
    ),
    (
        "store",
        &["provider", "signin", "account", "web", "ops", "lab", "cli", "app"],
        &["actix_web", "actix_session", "askama", "reqwest", "openidconnect"],
    ),
    (
        "keys",
        &["provider", "signin", "account", "issuer", "web", "ops", "lab", "cli", "app"],
        &["diesel", "actix_web", "actix_session", "askama", "reqwest"],
    ),
    ("provider", &["store", "signin", "account", "web", "lab", "cli", "app"], &["diesel", "actix_web", "actix_session", "askama"]),
    ("fuzz", &["store", "account", "lab", "cli", "app", "config"], &["diesel", "askama", "reqwest", "tokio"]),
    ("account", &["provider", "web", "lab", "cli", "app"], &["diesel", "actix_web", "actix_session", "askama"]),
    (
        "mail",
        &["account", "provider", "signin", "web", "lab", "cli", "app"],
        &["diesel", "actix_web", "actix_session", "askama", "reqwest"],
    ),
    ("text", &["account", "provider", "store", "web::pages", "lab", "cli", "app"], &["diesel", "actix_web", "askama"]),
    ("ops", &["account", "web", "lab", "cli", "app"], &["diesel", "actix_web", "actix_session", "askama"]),
    ("signin", &["web", "lab", "cli", "app"], &["diesel", "actix_web", "actix_session", "askama"]),
    ("ops", &["web", "lab", "cli", "app"], &["diesel", "actix_web", "actix_session", "askama"]),
    ("ops/alarm", &["account", "provider", "web", "lab", "cli", "app"], &["diesel", "actix_web", "askama"]),
    ("issuer", &["provider", "signin", "account", "web", "lab", "cli", "app"], &["diesel", "actix_web", "actix_session", "askama"]),
    ("web", &["lab", "cli"], &["diesel", "openidconnect", "reqwest"]),
    (
        "lab",
        &["account", "app", "cli", "clock", "config", "domain", "ops", "provider", "random", "secret", "signin", "store", "web"],
        &["diesel"],
    ),
];

#[test]
fn modules_use_only_what_the_map_allows() {
    let mut broken = Vec::new();
    for (module, modules, crates) in RULES {
        for file in files_of(module) {
            let code = code_of(&file);
            let uses = |needle: &str| code.contains(needle);
            broken.extend(
                modules
                    .iter()
                    .filter(|other| uses(&format!("crate::{other}::")))
                    .map(|other| format!("{}: crate::{other}", file.display())),
            );
            broken.extend(crates.iter().filter(|other| uses(&format!("{other}::"))).map(|other| format!("{}: {other}", file.display())));
        }
    }

    assert!(broken.is_empty(), "against the map of src/lib.rs:\n{}", broken.join("\n"));
}

#[test]
fn files_stay_within_three_hundred_lines() {
    let long: Vec<_> = files_below(Path::new("src"))
        .into_iter()
        .filter(|file| fs::read_to_string(file).expect("a readable file").lines().count() > 300)
        .map(|file| file.display().to_string())
        .filter(|file| file != "src/signin/failure/cause.rs")
        .collect();

    assert!(long.is_empty(), "split these: {long:?}");
}

fn files_of(module: &str) -> Vec<PathBuf> {
    let folder = Path::new("src").join(module);
    if folder.is_dir() { files_below(&folder) } else { vec![folder.with_extension("rs")] }
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).expect("a readable folder") {
        let path = entry.expect("a readable entry").path();
        if path.is_dir() {
            files.extend(files_below(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files
}

/// The code without comments and without its unit tests.
fn code_of(file: &Path) -> String {
    let text = fs::read_to_string(file).expect("a readable file");
    let code = text.split("#[cfg(test)]").next().unwrap_or_default();
    code.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}
