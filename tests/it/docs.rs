//! What the documents promise, held against the code.

mod checklist;
mod conformance;
mod deploy;
mod events;
mod failures;
mod links;

use std::fs;
use std::path::{Path, PathBuf};

/// Reads a file of the repository.
#[track_caller]
fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Lists the files below a folder of the repository.
fn files_below(folder: &str) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
            let path = entry.expect("a readable entry").path();
            if path.is_dir() { folders.push(path) } else { files.push(path) }
        }
    }
    files
}

/// Reads every Rust file of the crate.
fn code() -> String {
    let files = files_below("src").into_iter().filter(|file| file.extension().is_some_and(|extension| extension == "rs"));
    files.map(|file| fs::read_to_string(file).expect("a readable file")).collect()
}
