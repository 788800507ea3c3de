//! Every file that a document leads to exists.

use std::path::Path;

use super::{files_below, read, root};

#[test]
fn every_relative_link_leads_to_a_file() {
    let documents = files_below("docs").into_iter().filter(|file| file.extension().is_some_and(|extension| extension == "md"));
    let documents = documents.chain([root().join("README.md"), root().join("CHANGELOG.md")]);
    for document in documents {
        let folder = document.parent().expect("a folder");
        let text = read(&document.display().to_string());
        let targets = text.split("](").skip(1).filter_map(|rest| rest.split([')', '#']).next());
        for target in targets.filter(|target| !target.is_empty() && !target.contains("://")) {
            assert!(folder.join(Path::new(target)).exists(), "{}: {target}", document.display());
        }
    }
}
