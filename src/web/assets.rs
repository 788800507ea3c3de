//! The files of `static/`, embedded and named by their content.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::LazyLock;

use askama::filters::HtmlSafe;
use rust_embed::RustEmbed;

/// Where static files are served.
pub const PREFIX: &str = "/static/";
/// How many bytes of the SHA-256 of its content stand in a file's name.
const HASH_BYTES: usize = 8;
/// The mark of a provider that has none of its own.
const GENERIC_MARK: &str = "key";

#[derive(RustEmbed)]
#[folder = "static/"]
struct Files;

/// A static file as it is served: for a year, since its name changes with its content.
#[derive(Clone, Debug)]
pub struct Asset {
    /// The content.
    pub bytes: Cow<'static, [u8]>,
    /// The `Content-Type`.
    pub mime: &'static str,
}

struct Catalogue {
    urls: BTreeMap<String, String>,
    assets: BTreeMap<String, Asset>,
    marks: BTreeMap<String, String>,
}

static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(Catalogue::build);

impl Catalogue {
    fn build() -> Self {
        let mut catalogue = Self { urls: BTreeMap::new(), assets: BTreeMap::new(), marks: BTreeMap::new() };
        for name in Files::iter() {
            if let Some(file) = Files::get(&name) {
                catalogue.add(&name, file.data, file.metadata.sha256_hash());
            }
        }
        catalogue
    }

    fn add(&mut self, name: &str, bytes: Cow<'static, [u8]>, sha256: [u8; 32]) {
        let hash = sha256.iter().take(HASH_BYTES).fold(0_u64, |hash, byte| hash << 8 | u64::from(*byte));
        let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
        let hashed = format!("{stem}.{hash:016x}.{extension}");
        if let (Some(mark), Ok(svg)) = (stem.strip_prefix("marks/"), std::str::from_utf8(&bytes)) {
            self.marks.insert(mark.to_owned(), svg.trim().to_owned());
        }
        let bytes = match std::str::from_utf8(&bytes) {
            Ok(sheet) if extension == "css" => Cow::Owned(compact(sheet).into_bytes()),
            _ => bytes,
        };
        self.urls.insert(name.to_owned(), format!("{PREFIX}{hashed}"));
        self.assets.insert(hashed, Asset { bytes, mime: mime(extension) });
    }
}

/// Takes out of a style sheet what only its readers need: comments, and blanks beside punctuation. Our texts in quotes hold neither.
fn compact(sheet: &str) -> String {
    let is_mark = |c: char| matches!(c, '{' | '}' | ';' | ',');
    let code: String = sheet
        .split("/*")
        .enumerate()
        .map(|(at, part)| if at == 0 { part } else { part.split_once("*/").map_or("", |(_, code)| code) })
        .collect();
    let mut compact = String::with_capacity(code.len());
    for word in code.split_inclusive(is_mark).map(str::trim) {
        compact.push_str(&word.split_whitespace().collect::<Vec<_>>().join(" "));
        while compact.chars().rev().nth(1) == Some(' ') && compact.ends_with(is_mark) {
            let mark = compact.pop().unwrap_or_default();
            compact.truncate(compact.trim_end().len());
            compact.push(mark);
        }
    }
    compact
}

/// Returns the type of a file by its extension; only what `static/` holds.
fn mime(extension: &str) -> &'static str {
    match extension {
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        _ => "application/octet-stream",
    }
}

/// Returns the address of a file; the address of nothing if there is no such file (a test looks).
pub fn url(name: &'static str) -> &'static str {
    CATALOGUE.urls.get(name).map_or(name, String::as_str)
}

/// Finds a file by its hashed name, as it stands in a URL after [`PREFIX`].
pub fn find(hashed: &str) -> Option<&'static Asset> {
    CATALOGUE.assets.get(hashed)
}

/// An inline SVG from `static/marks`: a constant of this binary, so safe as HTML.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark(&'static str);

/// Returns the mark of a name; the generic one if there is none.
pub fn mark(name: &str) -> Mark {
    let marks = &CATALOGUE.marks;
    Mark(marks.get(name).or_else(|| marks.get(GENERIC_MARK)).map_or("", String::as_str))
}

impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl HtmlSafe for Mark {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_style_sheet_loses_comments_and_blanks_and_nothing_else() {
        let sheet = "/* a, b */\n:root { --ink: #123; }\n@media (min-width: 40em) and (hover) { a > b, c d { margin: 0 1px; } }\nq { quotes: \"x y\" } /* end */\n";

        assert_eq!(compact(sheet), ":root{--ink: #123;}@media (min-width: 40em) and (hover){a > b,c d{margin: 0 1px;}}q{quotes: \"x y\"}");
    }

    #[test]
    fn an_address_is_named_by_content_and_leads_to_the_file() {
        for (name, mime) in [("style.css", "text/css; charset=utf-8"), ("favicon.svg", "image/svg+xml")] {
            let hashed = url(name).strip_prefix(PREFIX).expect("a static address");
            let asset = find(hashed).expect("the file of an address");

            assert_ne!(hashed, name);
            assert_eq!(asset.mime, mime);
            assert!(!asset.bytes.is_empty());
            assert!(find(name).is_none(), "only the hashed name may be cached for a year");
        }
        assert!(find("../Cargo.toml").is_none());
    }

    #[test]
    fn every_mark_is_one_plain_drawing_in_the_colour_of_the_text() {
        for (name, svg) in &CATALOGUE.marks {
            assert!(svg.starts_with("<svg class=\"mark\"") && svg.ends_with("</svg>"), "{name}");
            assert!(svg.contains("aria-hidden=\"true\"") && svg.contains("currentColor"), "{name}");
            for forbidden in ["<script", "<style", "style=", "href", "id=", " on"] {
                assert!(!svg.contains(forbidden), "{name} has {forbidden}");
            }
        }
    }

    #[test]
    fn a_provider_without_a_mark_gets_the_generic_one() {
        assert_eq!(mark("no-such-provider"), mark(GENERIC_MARK));
        assert_ne!(mark("lab"), mark(GENERIC_MARK));
        assert_eq!(mark("../style"), mark(GENERIC_MARK));
    }
}
