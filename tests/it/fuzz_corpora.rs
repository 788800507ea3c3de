//! The corpora of the fuzz targets, replayed: what was found once is looked at again in every run.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use genkan::fuzz::{TARGETS, run};

const FUZZ: &str = "tests/fuzz";

/// Returns the names in a folder, without what follows a dot.
fn names(folder: &Path) -> BTreeSet<String> {
    let files = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    files.map(|file| file.expect("a file").path().file_stem().expect("a name").to_string_lossy().into_owned()).collect()
}

#[test]
fn dp_07_every_file_of_every_corpus_is_read_and_what_has_to_hold_holds() {
    for (name, _) in TARGETS {
        let corpus = Path::new(FUZZ).join("corpus").join(name);
        let files: Vec<_> = fs::read_dir(&corpus).expect("a corpus").map(|file| file.expect("a file").path()).collect();
        assert!(files.len() >= 5, "{name} has hardly a corpus");
        for file in files {
            println!("{}", file.display());
            run(name, &fs::read(&file).expect("a readable file"));
        }
    }
}

#[test]
fn dp_07_every_target_has_its_program_and_its_corpus_and_no_other_is_there() {
    let targets: BTreeSet<_> = TARGETS.iter().map(|(name, _)| (*name).to_owned()).collect();

    assert_eq!(names(&Path::new(FUZZ).join("fuzz_targets")), targets);
    assert_eq!(names(&Path::new(FUZZ).join("corpus")), targets);
    let manifest = fs::read_to_string(Path::new(FUZZ).join("Cargo.toml")).expect("the manifest");
    for name in targets {
        assert!(manifest.contains(&format!("name = \"{name}\"")), "{name}");
    }
}
