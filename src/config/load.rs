//! Reads the sources, merges them and checks the whole.
//!
//! defaults → file → environment → files of secrets → checks of each value →
//! checks of what belongs together.

use std::path::{Path, PathBuf};

use super::settings::{self, Settings};
use super::{Config, ConfigError, check, environment, file, provider_check, secrets};

/// The file that is read if it is there and none is named.
const DEFAULT_FILE: &str = "genkan.toml";

/// Where the settings come from.
#[derive(Clone, Debug, Default)]
pub struct Source {
    /// The file named with `--config`; absent: `genkan.toml` if it is there.
    pub file: Option<PathBuf>,
}

impl Source {
    /// Returns the file that is read: the one that was named, or `genkan.toml` if there is one.
    pub fn path(&self) -> Option<&Path> {
        self.file.as_deref().or_else(|| Some(Path::new(DEFAULT_FILE)).filter(|path| path.exists()))
    }
}

/// Reads and checks every source.
///
/// # Errors
///
/// [`ConfigError`] for the first key that is unknown, unreadable or out of range.
pub fn load(source: &Source) -> Result<Config, ConfigError> {
    load_with(source.path(), environment::variables())
}

/// Reads one file, if any, and the given variables.
fn load_with(path: Option<&Path>, variables: Vec<(String, String)>) -> Result<Config, ConfigError> {
    let mut settings = path.map_or_else(|| Ok(Settings::default()), file::read)?;
    environment::apply(&mut settings, variables)?;
    settings::check_kinds(&mut settings)?;
    secrets::resolve(&mut settings)?;
    let mut config = settings.extract()?;
    check::check(&mut config, &settings)?;
    provider_check::check(&config.providers, &settings)?;
    Ok(config)
}

#[cfg(test)]
#[path = "load_tests.rs"]
mod tests;
