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
        let hash: String = sha256[..HASH_BYTES].iter().map(|byte| format!("{byte:02x}")).collect();
        let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
        let hashed = format!("{stem}.{hash}.{extension}");
        if let (Some(mark), Ok(svg)) = (stem.strip_prefix("marks/"), std::str::from_utf8(&bytes)) {
            self.marks.insert(mark.to_owned(), svg.trim().to_owned());
        }
        self.urls.insert(name.to_owned(), format!("{PREFIX}{hashed}"));
        self.assets.insert(hashed, Asset { bytes, mime: mime(extension) });
    }
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
